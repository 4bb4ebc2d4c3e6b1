package annotation

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
)

// Picture is a drawing of something that the sources say: annotations/pictures/NAME.toml.
// Only what its kind takes is set beside what all have.
type Picture struct {
	Name     string
	Kind     string
	Title    Label  // what a reader who cannot see it is told
	Caption  Label  // below it
	On       string // the platform whose code and numbers it shows; "" for all alike
	Numbered bool   // the nodes stand in the order in which their functions first run
	Nodes    []PictureNode
	Edges    []PictureEdge
	Columns  []string // platforms, of lanes; a node without a place in them stands in all
	Numbers  []PictureNumber
	Steps    []MemoryStep // of memory
	Pos      token.Position
}

// The kinds of pictures, and the looks of their elements.
var (
	pictureKinds = []string{"graph", "lanes", "memory"}
	pictureKeys  = []string{
		"kind", "title", "caption", "on", "numbered", "columns", "node", "edge", "row", "number",
		"id", "symbol", "label", "note", "look", "go", "from", "to",
		"name", "value", "of", "line", "step", "column", "cell", "at", "arrow", "register", "bracket",
	}
	nodeLooks = []string{"", "across", "outside", "strong"}
	edgeLooks = []string{"", "weak", "back"}
)

// Element is what every part of a picture has: where it stands.
type Element struct {
	Go  Range
	On  []string // as in a block
	Pos token.Position

	on string // as written
}

// PictureNode is a node of a graph. Symbol is a function of the spine that it links to, and
// names it if it has no label.
//
// A node that looks "across" lies over the whole width: those before it in the file stand
// above, those after it below. One that looks "outside" is no step, and bears no number,
// nor does one whose name is no name of the source.
//
// In lanes a node is a step in the columns of the platforms that it stands on; those of
// one Row stand beside one another.
type PictureNode struct {
	Element
	ID, Symbol, Look, Row string
	Label, Note           Label
}

// Named reports whether the node bears a name of the source.
func (n PictureNode) Named() bool {
	_, plain := n.Label[""]
	return plain || len(n.Label) == 0
}

// PictureEdge leads from one node of a graph to another. It stands where both of them do.
type PictureEdge struct {
	Element
	From, To, Look string
	Label          Label
}

// Label is a text in a picture by language, or under "" one for all of them. In braces
// stand expressions whose value is read off the sources: {g__size}.
type Label map[string]string

// UnmarshalTOML reads a string, or a table of strings by language.
func (l *Label) UnmarshalTOML(v any) error {
	*l = Label{}
	switch v := v.(type) {
	case string:
		(*l)[""] = v
		return nil
	case map[string]any:
		for lang, text := range v {
			s, ok := text.(string)
			if !ok {
				return fmt.Errorf("the text in %s is no string", lang)
			}
			(*l)[lang] = s
		}
		return nil
	}
	return errors.New(`a label is a string, or one a language: { zh = "…", en = "…" }`)
}

var expressionForm = regexp.MustCompile(`\{([^{}]*)\}`)

// In returns the text in a language, its expressions as written.
func (l Label) In(lang string) string {
	if s, ok := l[lang]; ok {
		return s
	}
	return l[""]
}

// Value looks up what an expression of a label is worth, as text; it is false for one
// that has no value.
type Value func(expression string) (string, bool)

// Fill returns the text in a language with the values of its expressions.
func (l Label) Fill(lang string, value Value) string {
	return expressionForm.ReplaceAllStringFunc(l.In(lang), func(s string) string {
		if v, ok := value(strings.TrimSpace(s[1 : len(s)-1])); ok {
			return v
		}
		return s
	})
}

// expressions returns the expressions in all texts of a label, sorted.
func (l Label) expressions() []string {
	var list []string
	for _, text := range l {
		for _, m := range expressionForm.FindAllStringSubmatch(text, -1) {
			list = append(list, strings.TrimSpace(m[1]))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Stands reports whether the element is part of the picture at a version. A picture of
// one platform leaves out what does not hold there.
func (e Element) Stands(p *Picture, version string) bool {
	if !e.Go.Contains(version) {
		return false
	}
	shown, err := index.ParsePlatform(p.On)
	return err != nil || e.Covers(shown)
}

// Covers reports whether the element stands on a platform.
func (e Element) Covers(p index.Platform) bool {
	return len(e.On) == 0 || slices.ContainsFunc(e.On, p.Matches)
}

// ReadPictures reads every TOML file in dir. A folder that is not there holds none.
func ReadPictures(fsys fs.FS, dir string) ([]*Picture, diag.List) {
	var list diag.List
	var pictures []*Picture
	names, _ := fs.Glob(fsys, path.Join(dir, "*.toml")) // the pattern is well formed
	for _, name := range names {
		text, problems, ok := readText(fsys, name)
		list = append(list, problems...)
		if !ok {
			continue
		}
		p, problems := parsePicture(name, text)
		list = append(list, problems...)
		if p != nil {
			pictures = append(pictures, p)
		}
	}
	return pictures, list
}

// few returns the parts of one kind that a picture may have, and reports that it has more:
// to lay out a graph, or to look for the name that was meant, takes more than the square
// of them.
func few[T any](p *page, list []T, header string) []T {
	if len(list) <= maxParts {
		return list
	}
	p.errorf(p.table(p.tables(header), maxParts), "the picture has %d times %s; at most %d", len(list), header, maxParts).Relate("fix: make two pictures of it")
	return list[:maxParts]
}

// rawElement is an element as written.
type rawElement struct {
	Go, On string
}

func parsePicture(name string, text []byte) (*Picture, diag.List) {
	p := newPage(name, text)
	var file struct {
		Kind           string
		Title, Caption Label
		On             string
		Numbered       bool
		Columns        []string
		Node           []struct {
			rawElement
			ID, Symbol, Look, Row string
			Label, Note           Label
		}
		Edge []struct {
			rawElement
			From, To, Look string
			Label          Label
		}
		Number []rawNumber
		Step   []rawStep
	}
	if !p.decode(&file, pictureKeys) {
		return nil, p.list
	}
	pic := &Picture{
		Name: strings.TrimSuffix(path.Base(name), ".toml"), Pos: p.pos(0, 0),
		Kind: file.Kind, On: file.On, Numbered: file.Numbered, Columns: file.Columns,
	}
	pic.Title = p.label(pic.Pos, file.Title)
	pic.Caption = p.label(pic.Pos, file.Caption)
	p.oneOf(pic.Pos, "kind", pic.Kind, pictureKinds)
	starts := p.tables("[[node]]")
	for i, n := range few(p, file.Node, "[[node]]") {
		e := p.element(n.rawElement, p.table(starts, i))
		p.oneOf(e.Pos, "look", n.Look, nodeLooks)
		pic.Nodes = append(pic.Nodes, PictureNode{e, n.ID, index.Canonical(n.Symbol), n.Look, n.Row, p.label(e.Pos, n.Label), p.label(e.Pos, n.Note)})
	}
	starts = p.tables("[[edge]]")
	for i, d := range few(p, file.Edge, "[[edge]]") {
		e := p.element(d.rawElement, p.table(starts, i))
		p.oneOf(e.Pos, "look", d.Look, edgeLooks)
		pic.Edges = append(pic.Edges, PictureEdge{e, d.From, d.To, d.Look, p.label(e.Pos, d.Label)})
	}
	pic.Numbers = p.numbers(file.Number)
	pic.Steps = p.memory(file.Step)
	return pic, p.list
}

// element reads where a part of a picture stands.
func (p *page) element(raw rawElement, pos token.Position) Element {
	e := Element{Pos: pos, on: raw.On}
	if raw.Go != "" {
		var err error
		if e.Go, err = ParseRange(raw.Go); err != nil {
			p.errorf(pos, "%v", err).Relate("fix: go = \"1.18\", \"1.17..1.21\" or \"1.26+\"")
		}
	}
	if raw.On != "" {
		e.On = onList(raw.On)
	}
	return e
}

// label reports what cannot be seen in a label.
func (p *page) label(pos token.Position, l Label) Label {
	for lang, text := range l {
		l[lang] = p.seen(pos, "the label", text)
	}
	return l
}

// oneOf reports a value of a key that is none of those known.
func (p *page) oneOf(pos token.Position, key, value string, known []string) {
	if slices.Contains(known, value) {
		return
	}
	d := p.errorf(pos, "no %s %q%s", key, value, didYouMean(value, known))
	if near, ok := nearest(value, known); ok {
		d.Relate("fix: %s = %q", key, near)
	} else {
		d.Relate("fix: use one of %s", strings.TrimPrefix(strings.Join(known, ", "), ", "))
	}
}
