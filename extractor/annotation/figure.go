package annotation

import (
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

// Figure shows what was measured. Name says how; On is a platform, "" for the first.
type Figure struct {
	Name, Program, On string
	Pos               token.Position
}

// figures are the names of figures: the order of first calls by version, what threads
// did over time, who called whom, how long programs take, the time between marks,
// instructions, memory, and threads; what the book reads, and what was recorded where.
var figures = []string{"order", "timeline", "tree", "wall", "phases", "instructions", "memory", "threads", "versions", "records"}

// Order states in which order functions first run on the first thread. It is compared
// with the traces of the versions and platforms in which it stands.
type Order struct {
	Symbols []string
	On      []string // platforms, as in a block; none means all
	Pos     token.Position

	Places []token.Position
}

func (p *chapterParser) figure(name argument, args []argument) {
	f := &Figure{Pos: name.pos}
	for _, a := range args {
		switch {
		case a.key == "" && f.Name == "":
			f.Name, f.Pos = a.value, a.pos
		case a.key == "program":
			f.Program = a.value
		case a.key == "on":
			f.On = a.value
		default:
			p.Errorf(a.pos, "{{< figure >}} takes a name, program=\"…\" and on=\"…\"%s", scan.DidYouMean(a.key, []string{"program", "on"})).
				Relate("fix: {{< figure %s on=\"linux/amd64\" >}}", f.Name)
		}
	}
	if !slices.Contains(figures, f.Name) {
		p.Errorf(f.Pos, "no figure %q%s", f.Name, scan.DidYouMean(f.Name, figures)).Relate("fix: use one of %s", strings.Join(figures, ", "))
		return
	}
	p.add(Node{Figure: f})
}

func (p *chapterParser) order(name argument, args []argument) {
	o := &Order{Pos: name.pos}
	for _, a := range args {
		switch a.key {
		case "":
			o.Symbols = append(o.Symbols, index.Canonical(a.value))
			o.Places = append(o.Places, a.pos)
		case "on":
			o.On = scope.Split(a.value)
		default:
			p.Errorf(a.pos, "{{< order >}} takes symbols and on=\"…\"").Relate("fix: {{< order <symbol> <symbol> on=\"linux\" >}}")
		}
	}
	if len(o.Symbols) < 2 {
		p.Errorf(name.pos, "{{< order >}} needs two symbols at least").Relate("fix: {{< order <symbol> <symbol> >}}")
		return
	}
	p.add(Node{Order: o})
}

// Depiction shows a picture in a chapter.
type Depiction struct {
	Name string
	Pos  token.Position
}

func (p *chapterParser) picture(name argument, args []argument) {
	if len(args) != 1 || args[0].key != "" || args[0].value == "" {
		p.Errorf(name.pos, "{{< picture >}} takes the name of a picture").Relate("fix: {{< picture <name> >}}, for annotations/pictures/<name>.toml")
		return
	}
	p.add(Node{Picture: &Depiction{args[0].value, args[0].pos}})
}
