package annotation

import (
	"go/token"
	"io/fs"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
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
	Go       scope.Range
	On       []string // as in a block
	Reason   map[string]string
	Pos      token.Position
}

// ReadEdges reads the tables [[outside]], [[run]] and [[edge]]. A file that is not
// there holds none.
func ReadEdges(fsys fs.FS, name string) (Edges, diag.List) {
	text, list, ok := scan.ReadFile(fsys, name)
	if !ok {
		return Edges{}, list
	}
	return parseEdges(name, text)
}

var edgeKeys = []string{"outside", "run", "edge", "id", "name", "symbol", "argument", "from", "to", "go", "on", "reason"}

func parseEdges(name string, text []byte) (Edges, diag.List) {
	p := scan.NewPage(name, text)
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
	if !p.Decode(&file, edgeKeys) {
		return Edges{}, p.List
	}
	edges := Edges{Outside: file.Outside, Runs: file.Run}
	starts := p.Tables("[[outside]]")
	for i := range edges.Outside {
		o := &edges.Outside[i]
		o.Pos = p.Table(starts, i)
		o.ID = p.Seen(o.Pos, "the id", o.ID)
		for lang, name := range o.Name {
			o.Name[lang] = p.Seen(o.Pos, "the name", name)
		}
	}
	starts = p.Tables("[[edge]]")
	for i, e := range file.Edge {
		t := Told{From: e.From, To: e.To, Reason: e.Reason, Pos: p.Table(starts, i)}
		for lang, reason := range t.Reason {
			t.Reason[lang] = p.Seen(t.Pos, "the reason", reason)
		}
		if e.Go != "" {
			var err error
			if t.Go, err = scope.ParseRange(e.Go); err != nil {
				p.Errorf(t.Pos, "%v", err).Relate("fix: go = \"1.18\", \"1.17..1.21\" or \"1.26+\"")
			}
		}
		t.On = scope.Split(e.On)
		edges.Told = append(edges.Told, t)
	}
	return edges, p.List
}

// Covers reports whether the edge holds on a platform.
func (t Told) Covers(p index.Platform) bool {
	return scope.Covers(t.On, p)
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
