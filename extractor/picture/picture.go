// Package picture reads drawings of what the sources say, and works out their numbers.
package picture

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
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
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
	Nodes    []Node
	Edges    []Edge
	Columns  []string // platforms, of lanes; a node without a place in them stands in all
	Numbers  []Number
	Steps    []Step // of memory
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
	Go  scope.Range
	On  []string // as in a block
	Pos token.Position

	Written string // the value of "on"
}

// Node is a node of a graph. Symbol is a function of the spine that it links to, and
// names it if it has no label.
//
// A node that looks "across" lies over the whole width: those before it in the file stand
// above, those after it below. One that looks "outside" is no step, and bears no number,
// nor does one whose name is no name of the source.
//
// In lanes a node is a step in the columns of the platforms that it stands on; those of
// one Row stand beside one another.
type Node struct {
	Element
	ID, Symbol, Look, Row string
	Label, Note           Label
}

// Named reports whether the node bears a name of the source.
func (n Node) Named() bool {
	_, plain := n.Label[""]
	return plain || len(n.Label) == 0
}

// Edge leads from one node of a graph to another. It stands where both of them do.
type Edge struct {
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

// Expressions returns the expressions in all texts of a label, sorted.
func (l Label) Expressions() []string {
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
	return scope.Covers(e.On, p)
}

// Read reads every TOML file in dir. A folder that is not there holds none.
func Read(fsys fs.FS, dir string) ([]*Picture, diag.List) {
	var list diag.List
	var pictures []*Picture
	names, _ := fs.Glob(fsys, path.Join(dir, "*.toml")) // the pattern is well formed
	for _, name := range names {
		text, problems, ok := scan.ReadFile(fsys, name)
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

// maxParts is how many parts of one kind, such as nodes, a picture may have.
const maxParts = 200

// few returns the parts of one kind that a picture may have, and reports that it has more:
// to lay out a graph, or to look for the name that was meant, takes more than the square
// of them.
func few[T any](p *scan.Page, list []T, header string) []T {
	if len(list) <= maxParts {
		return list
	}
	p.Errorf(p.Table(p.Tables(header), maxParts), "the picture has %d times %s; at most %d", len(list), header, maxParts).Relate("fix: make two pictures of it")
	return list[:maxParts]
}

// rawElement is an element as written.
type rawElement struct {
	Go, On string
}

func parsePicture(name string, text []byte) (*Picture, diag.List) {
	p := scan.NewPage(name, text)
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
	if !p.Decode(&file, pictureKeys) {
		return nil, p.List
	}
	pic := &Picture{
		Name: strings.TrimSuffix(path.Base(name), ".toml"), Pos: p.Pos(0, 0),
		Kind: file.Kind, On: file.On, Numbered: file.Numbered, Columns: file.Columns,
	}
	pic.Title = label(p, pic.Pos, file.Title)
	pic.Caption = label(p, pic.Pos, file.Caption)
	p.OneOf(pic.Pos, "kind", pic.Kind, pictureKinds)
	starts := p.Tables("[[node]]")
	for i, n := range few(p, file.Node, "[[node]]") {
		e := element(p, n.rawElement, p.Table(starts, i))
		p.OneOf(e.Pos, "look", n.Look, nodeLooks)
		pic.Nodes = append(pic.Nodes, Node{e, n.ID, index.Canonical(n.Symbol), n.Look, n.Row, label(p, e.Pos, n.Label), label(p, e.Pos, n.Note)})
	}
	starts = p.Tables("[[edge]]")
	for i, d := range few(p, file.Edge, "[[edge]]") {
		e := element(p, d.rawElement, p.Table(starts, i))
		p.OneOf(e.Pos, "look", d.Look, edgeLooks)
		pic.Edges = append(pic.Edges, Edge{e, d.From, d.To, d.Look, label(p, e.Pos, d.Label)})
	}
	pic.Numbers = readNumbers(p, file.Number)
	pic.Steps = readSteps(p, file.Step)
	return pic, p.List
}

// element reads where a part of a picture stands.
func element(p *scan.Page, raw rawElement, pos token.Position) Element {
	e := Element{Pos: pos, Written: raw.On}
	if raw.Go != "" {
		var err error
		if e.Go, err = scope.ParseRange(raw.Go); err != nil {
			p.Errorf(pos, "%v", err).Relate("fix: go = \"1.18\", \"1.17..1.21\" or \"1.26+\"")
		}
	}
	if raw.On != "" {
		e.On = scope.Split(raw.On)
	}
	return e
}

// label reports what cannot be seen in a label.
func label(p *scan.Page, pos token.Position, l Label) Label {
	for lang, text := range l {
		l[lang] = p.Seen(pos, "the label", text)
	}
	return l
}

// Values looks up a name in an expression of a label, at a version and on a platform.
type Values func(version string, on index.Platform, expression string) (string, bool)

// At returns the values of one version and platform. A nil Values has none.
func (v Values) At(version string, on index.Platform) Value {
	return func(expression string) (string, bool) {
		if v == nil {
			return "", false
		}
		return v(version, on, expression)
	}
}
