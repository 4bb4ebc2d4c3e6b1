package annotation

import (
	"errors"
	"go/token"
	"io/fs"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

// Edges is annotations/edges.toml: what the book knows of the way from one function to
// another and no source shows.
type Edges struct {
	Outside []Outside
	Runs    []index.Run
	Told    []Told
}

// Outside is something that is no symbol and leads to one, or is led to: the kernel, a
// new thread.
type Outside struct {
	ID   string
	Name map[string]string // by language
	Pos  token.Position    `toml:"-"`
}

// Told is one edge. From and To name a symbol or the id of an [Outside]. The maps are
// by language.
type Told struct {
	From, To string
	Go       Range
	On       []string // as in a block
	Reason   map[string]string
	Pos      token.Position
}

// ReadEdges reads the tables [[outside]], [[run]] and [[edge]]. A file that is not
// there holds none.
func ReadEdges(fsys fs.FS, name string) (Edges, diag.List) {
	text, list, ok := readText(fsys, name)
	if !ok {
		return Edges{}, list
	}
	return parseEdges(name, text)
}

var edgeKeys = []string{"outside", "run", "edge", "id", "name", "symbol", "argument", "from", "to", "go", "on", "reason"}

func parseEdges(name string, text []byte) (Edges, diag.List) {
	p := newPage(name, text)
	var file struct {
		Outside []Outside
		Run     []index.Run
		Edge    []struct {
			From, To string
			Go       string
			On       string
			Reason   map[string]string
		}
	}
	if !p.decode(&file, edgeKeys) {
		return Edges{}, p.list
	}
	edges := Edges{Outside: file.Outside, Runs: file.Run}
	starts := p.tables("[[outside]]")
	for i := range edges.Outside {
		o := &edges.Outside[i]
		o.Pos = p.table(starts, i)
		o.ID = p.seen(o.Pos, "the id", o.ID)
		for lang, name := range o.Name {
			o.Name[lang] = p.seen(o.Pos, "the name", name)
		}
	}
	starts = p.tables("[[edge]]")
	for i, e := range file.Edge {
		t := Told{From: e.From, To: e.To, Reason: e.Reason, Pos: p.table(starts, i)}
		for lang, reason := range t.Reason {
			t.Reason[lang] = p.seen(t.Pos, "the reason", reason)
		}
		if e.Go != "" {
			var err error
			if t.Go, err = ParseRange(e.Go); err != nil {
				p.errorf(t.Pos, "%v", err).Relate("fix: go = \"1.18\", \"1.17..1.21\" or \"1.26+\"")
			}
		}
		for name := range strings.SplitSeq(e.On, ",") {
			if name = strings.TrimSpace(name); name != "" {
				t.On = append(t.On, name)
			}
		}
		edges.Told = append(edges.Told, t)
	}
	return edges, p.list
}

// decode reads the page as TOML and reports whether it is; keys that it does not
// know are reported too, with the nearest of those known.
func (p *page) decode(to any, known []string) bool {
	meta, err := toml.Decode(strings.Join(p.lines, "\n")+"\n", to)
	if err != nil {
		pos := p.pos(0, 0)
		var wrong toml.ParseError
		if errors.As(err, &wrong) {
			pos = p.within(p.pos(wrong.Position.Line-1, max(wrong.Position.Col, 1)-1), pos)
			err = errors.New(wrong.Message)
		}
		p.errorf(pos, "%v", err).Relate("fix: write it as TOML; https://toml.io says how")
		return false
	}
	unknown := map[string]bool{}
	told := 0
	for _, k := range meta.Undecoded() {
		unknown[k.String()] = true
		if unknown[k[:len(k)-1].String()] {
			continue // within what is unknown already
		}
		if told++; told > maxSame {
			break // to find each takes time in the file
		}
		d := p.errorf(p.keyPos(k), "unknown key %q%s", k[len(k)-1], didYouMean(k[len(k)-1], known))
		if near, ok := nearest(k[len(k)-1], known); ok {
			d.Relate("fix: %s", near)
		} else {
			d.Relate("fix: use one of %s", strings.Join(known, ", "))
		}
	}
	return true
}

// table returns the position of the table i; starts are the lines that tables open on.
func (p *page) table(starts []int, i int) token.Position {
	if i >= len(starts) {
		return p.pos(0, 0) // written in another form
	}
	return p.pos(starts[i], 0)
}

// Covers reports whether the edge holds on a platform.
func (t Told) Covers(p index.Platform) bool {
	return len(t.On) == 0 || slices.ContainsFunc(t.On, p.Matches)
}

// ForIndex returns the edges with those versions and platforms that they hold in.
func (e Edges) ForIndex(versions []source.Version, platforms []index.Platform) []index.Told {
	var list []index.Told
	for _, t := range e.Told {
		told := index.Told{From: t.From, To: t.To, Reason: t.Reason}
		for _, v := range versions {
			if t.Go.Contains(v.Name) {
				told.Versions = append(told.Versions, v.Name)
			}
		}
		for _, p := range platforms {
			if t.Covers(p) {
				told.Platforms = append(told.Platforms, p)
			}
		}
		list = append(list, told)
	}
	return list
}

// CheckEdges reports edges whose ends are no symbol of a version and platform that
// they hold in, and reasons that lack a language. told is what ForIndex made of e.
func CheckEdges(book Book, e Edges, told []index.Told, x *index.Index) diag.List {
	var list diag.List
	var outside []string
	for _, o := range e.Outside {
		outside = append(outside, o.ID)
		for _, lang := range book.Languages {
			if o.Name[lang] == "" {
				list.Warnf(o.Pos, "N120", "%q lacks its name in %s", o.ID, lang).
					Relate("fix: name = { %s = \"…\" }, beside the other languages", lang)
			}
		}
	}
	for i, told := range told {
		pos := e.Told[i].Pos
		for _, lang := range book.Languages {
			if told.Reason[lang] == "" {
				list.Warnf(pos, "N120", "the edge from %s to %s lacks its reason in %s", told.From, told.To, lang).
					Relate("fix: reason = { %s = \"…\" }, beside the other languages", lang)
			}
		}
		if len(told.Versions) == 0 || len(told.Platforms) == 0 {
			list.Errorf(pos, "N105", "the edge from %s to %s holds in no version or on no platform of the book", told.From, told.To).
				Relate("the book has %s on %s", everywhere(book.Versions).names(book.Versions), joinPlatforms(book.Platforms)).
				Relate("fix: correct its \"go\" or its \"on\"")
		}
		for _, end := range []string{told.From, told.To} {
			if !slices.Contains(outside, end) {
				checkEnd(&list, pos, told, end, outside, x)
			}
		}
	}
	return list
}

// checkEnd reports the versions and platforms of an edge that lack the symbol at an end.
func checkEnd(list *diag.List, pos token.Position, told index.Told, symbol string, outside []string, x *index.Index) {
	versions := x.Versions()
	lacks := map[string]versionSet{} // by the platforms that do
	var order []string
	newest := ""
	for i, v := range versions {
		if !slices.Contains(told.Versions, v.Name) {
			continue
		}
		found := map[index.Platform]bool{}
		for _, at := range x.Declarations(v.Name, symbol) {
			for _, p := range at.Platforms {
				found[p] = true
			}
		}
		missing := slices.DeleteFunc(slices.Clone(told.Platforms), func(p index.Platform) bool { return found[p] })
		if len(missing) == 0 {
			continue
		}
		suffix := ""
		if len(missing) < len(told.Platforms) {
			suffix = " on " + joinPlatforms(missing)
		}
		if lacks[suffix] == nil {
			lacks[suffix] = versionSet{}
			order = append(order, suffix)
		}
		lacks[suffix][i] = true
		newest = v.Name
	}
	if len(order) == 0 {
		return
	}
	var where []string
	for _, suffix := range order {
		where = append(where, lacks[suffix].names(versions)+suffix)
	}
	d := list.Errorf(pos, "N105", "%s is not declared in %s", symbol, strings.Join(where, "; "))
	if id, ok := nearest(symbol, outside); ok {
		d.Relate("fix: %q", id)
		return
	}
	if near := x.Suggest(newest, symbol); len(near) > 0 && near[0] != symbol {
		d.Relate("a symbol of similar name in %s is %s", newest, near[0])
	}
	d.Relate("fix: correct its name, or limit the edge with \"go\" or \"on\"")
}
