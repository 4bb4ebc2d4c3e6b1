package render

import (
	"html/template"
	"path"
	"slices"
	"strconv"
	"strings"

	"beforemain/extractor/change"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

// Diff shows what became of a slice: lines that stayed, and beside or below each
// other, as the style sheet has it, those that went and those that came.
type Diff struct {
	ID, Label            string // of the platforms; the label may be empty
	Old, New             *index.Slice
	OldTokens, NewTokens []syntax.Token
	Blocks               []change.Block
	OldHref, NewHref     string // addresses upstream; may be empty
	Words                Words
}

var diffTemplate = template.Must(template.New("diff").Parse(
	`<section class="diff"{{with .ID}} id="{{.}}"{{end}}{{with .Label}} aria-label="{{.}}"{{end}}>` +
		`<div class="caption">{{with .Label}}<strong>{{.}}</strong>{{end}}{{template "side" .Old}}<span aria-hidden="true">→</span>{{template "side" .New}}</div>{{.Body}}</section>{{define "side"}}<span>{{if .Href}}<a href="{{.Href}}">{{.Place}}</a>{{else}}{{.Place}}{{end}} <span class="tag">{{.Tag}}</span></span>{{end}}`))

// diffSide is what the caption says of one side.
type diffSide struct{ Href, Place, Tag string }

func newDiffSide(s *index.Slice, href string) diffSide {
	return diffSide{href, path.Base(s.Path) + ":" + lineRange(s.Start, s.End), s.Version.Tag}
}

// HTML returns the comparison. Within it, the text of "del" elements and of lines without
// a sign is the old text byte for byte, and that of "ins" elements and lines without a
// sign the new one.
func (d Diff) HTML() template.HTML {
	w := diffWriter{Diff: d,
		old: sweep(d.Old.Text, markLayer(d.Old.Text, d.Blocks, false), tokenLayer(len(d.Old.Text), d.OldTokens)),
		new: sweep(d.New.Text, markLayer(d.New.Text, d.Blocks, true), tokenLayer(len(d.New.Text), d.NewTokens)),
	}
	for i, b := range d.Blocks {
		if b.Kind == change.Same {
			w.same(b, i == 0, i == len(d.Blocks)-1)
		} else {
			w.pair(b)
		}
	}
	return execute(diffTemplate, struct {
		ID, Label string
		Old, New  diffSide
		Body      template.HTML
	}{d.ID, d.Label, newDiffSide(d.Old, d.OldHref), newDiffSide(d.New, d.NewHref), template.HTML(w.b.String())})
}

// markLayer is what differs within the lines of one text.
func markLayer(text []byte, blocks []change.Block, new bool) layer {
	var marks []mark
	for _, b := range blocks {
		side := b.Old
		if new {
			side = b.New
		}
		for _, m := range side.Marks {
			marks = append(marks, mark{Span: source.Span{Start: m.Start, End: m.End}, class: "w"})
		}
	}
	return newLayer(len(text), marks)
}

type diffWriter struct {
	Diff
	old, new []string // lines, as HTML
	b        strings.Builder
}

// Around a change that many equal lines stand; the others are folded, if that is
// worth a fold.
const (
	around   = 3
	foldable = 4
)

// same writes equal lines.
func (w *diffWriter) same(b change.Block, first, last bool) {
	head, tail := b.New.First+around, b.New.End-around
	if first {
		head = b.New.First
	}
	if last {
		tail = b.New.End
	}
	if tail-head < foldable {
		head, tail = b.New.End, b.New.End
	}
	w.lines("code", "span", w.New.Start, w.new, b.New.First, head)
	if head < tail {
		count := strconv.Itoa(tail - head)
		w.b.WriteString(`<details class="fold"><summary><span>` + template.HTMLEscapeString(w.Words.With("equal_lines", "Count", count)) +
			`</span> <small>` + lineRange(w.New.Start+head, w.New.Start+tail-1) + `</small></summary>`)
		w.lines("code", "span", w.New.Start, w.new, head, tail)
		w.b.WriteString(`</details>`)
	}
	w.lines("code", "span", w.New.Start, w.new, tail, b.New.End)
}

// pair writes what went and what came.
func (w *diffWriter) pair(b change.Block) {
	class := "pair"
	if b.Kind == change.Comment {
		class += " talk"
	}
	w.b.WriteString(`<div class="` + class + `">`)
	if b.Kind == change.Comment && slices.ContainsFunc(w.Blocks, func(b change.Block) bool { return b.Kind == change.Code }) {
		w.b.WriteString(`<p class="talk-label">` + template.HTMLEscapeString(w.Words["comment_only"]) + `</p>`)
	}
	w.lines("code old", "del", w.Old.Start, w.old, b.Old.First, b.Old.End)
	w.lines("code new", "ins", w.New.Start, w.new, b.New.First, b.New.End)
	w.b.WriteString(`</div>`)
}

// lines writes lines [first,end), counted from 0, of a text that begins on a line of its file.
func (w *diffWriter) lines(class, tag string, start int, html []string, first, end int) {
	if first >= end {
		return
	}
	w.b.WriteString(`<pre class="` + class + `" translate="no"><code>`)
	for n := first; n < end; n++ {
		line := html[n]
		if !strings.HasSuffix(line, "\n") {
			line += "\n" // the last of a file
		}
		w.b.WriteString(`<` + tag + ` class="l" data-n="` + strconv.Itoa(start+n) + `">` + line + `</` + tag + `>`)
	}
	w.b.WriteString(`</code></pre>`)
}
