package render

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"
	"strings"

	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

// mark puts a class on a span of text, or a link if it has an href.
type mark struct {
	source.Span
	class       string
	href, title string
}

// layer is a list of marks in order that do not overlap.
type layer []mark

// newLayer sorts marks and drops those that overlap an earlier one or are not in a
// text of that size.
func newLayer(size int, marks []mark) layer {
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.Start, b.Start) })
	l := marks[:0]
	end := 0
	for _, m := range marks {
		if end <= m.Start && m.Start < m.End && m.End <= size {
			l = append(l, m)
			end = m.End
		}
	}
	return l
}

// tokenLayer gives tokens their classes. What is plain or an operator needs none,
// and tokens of one class that adjoin are one mark.
func tokenLayer(size int, tokens []syntax.Token) layer {
	marks := make([]mark, 0, len(tokens))
	for _, t := range tokens {
		last := len(marks) - 1
		switch {
		case t.Class == syntax.Plain || t.Class == syntax.Operator:
		case last >= 0 && marks[last].End == t.Start && marks[last].class == string(t.Class):
			marks[last].End = t.End
		default:
			marks = append(marks, mark{Span: t.Span, class: string(t.Class)})
		}
	}
	return newLayer(size, marks)
}

// run is a piece of one line on which no layer changes, with the mark of each layer
// or nil.
type run struct {
	source.Span
	marks []*mark
}

// sweeper walks once over a text and all its layers.
type sweeper struct {
	text   []byte
	layers []layer // outermost first
	at     []int   // in each layer, the first mark that is not passed
	runs   []run   // of the line
	marks  []*mark // what the runs' marks are cut from
	out    bytes.Buffer
}

// sweep merges layers, outermost first, into the HTML of the text's lines, each with
// its newline. No element is longer than its line or holds only blanks.
func sweep(text []byte, layers ...layer) []string {
	s := &sweeper{text: text, layers: layers, at: make([]int, len(layers))}
	var lines []string
	for start := 0; start < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		s.out.Reset()
		s.split(start, end)
		s.write(s.runs, 0)
		lines = append(lines, s.out.String())
		start = end
	}
	return lines
}

// split cuts a line where a mark begins or ends.
func (s *sweeper) split(start, end int) {
	s.runs, s.marks = s.runs[:0], s.marks[:0]
	for start < end {
		next := end
		for i, l := range s.layers {
			for s.at[i] < len(l) && l[s.at[i]].End <= start {
				s.at[i]++
			}
			var here *mark
			if s.at[i] < len(l) {
				if m := &l[s.at[i]]; m.Start > start {
					next = min(next, m.Start)
				} else {
					here, next = m, min(next, m.End)
				}
			}
			s.marks = append(s.marks, here)
		}
		n := len(s.layers)
		s.add(source.Span{Start: start, End: next}, s.marks[len(s.marks)-n:])
		start = next
	}
}

// blanks are the characters that show no colour.
const blanks = " \t\r\n\f\v"

// add appends a run, its blanks at either end apart: they keep their links only.
func (s *sweeper) add(span source.Span, marks []*mark) {
	text := s.text[span.Start:span.End]
	word := bytes.TrimLeft(text, blanks)
	left := span.Start + len(text) - len(word)
	right := left + len(bytes.TrimRight(word, blanks))
	if left == span.Start && right == span.End || !slices.ContainsFunc(marks, isClass) {
		s.runs = append(s.runs, run{span, marks})
		return
	}
	blank := make([]*mark, len(marks))
	for i, m := range marks {
		if m != nil && m.href != "" {
			blank[i] = m
		}
	}
	for _, r := range []run{
		{source.Span{Start: span.Start, End: left}, blank},
		{source.Span{Start: left, End: right}, marks},
		{source.Span{Start: right, End: span.End}, blank},
	} {
		if r.Start < r.End {
			s.runs = append(s.runs, r)
		}
	}
}

func isClass(m *mark) bool { return m != nil && m.href == "" }

// write writes runs with the layers from depth inwards.
func (s *sweeper) write(runs []run, depth int) {
	if depth == len(s.layers) {
		for _, r := range runs {
			escapeText(&s.out, s.text[r.Start:r.End])
		}
		return
	}
	for len(runs) > 0 {
		m := runs[0].marks[depth]
		n := slices.IndexFunc(runs, func(r run) bool { return r.marks[depth] != m })
		if n < 0 {
			n = len(runs)
		}
		if m == nil {
			s.write(runs[:n], depth+1)
		} else {
			s.element(m, runs[:n], depth+1)
		}
		runs = runs[n:]
	}
}

// element writes one element around runs. Where all of them have the same class in
// the next layer, the element takes that too; but not a number's, since a.n is the
// number of a line.
func (s *sweeper) element(m *mark, runs []run, depth int) {
	class := m.class
	for depth < len(s.layers) {
		inner := runs[0].marks[depth]
		if !isClass(inner) || inner.class == string(syntax.Number) || slices.ContainsFunc(runs, func(r run) bool { return r.marks[depth] != inner }) {
			break
		}
		class += " " + inner.class
		depth++
	}
	tag := "span"
	if m.href != "" {
		tag = "a"
	}
	s.out.WriteString("<" + tag + ` class="` + class + `"`)
	if m.href != "" {
		s.out.WriteString(` href="` + template.HTMLEscapeString(m.href) + `"`)
	}
	if m.title != "" {
		s.out.WriteString(` title="` + template.HTMLEscapeString(m.title) + `"`)
	}
	s.out.WriteByte('>')
	s.write(runs, depth)
	s.out.WriteString("</" + tag + ">")
}

// textEscaper makes source text safe inside an element. A carriage return is written
// as a reference, since a browser would read it as a newline.
var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func escapeText(b *bytes.Buffer, text []byte) {
	if !bytes.ContainsAny(text, "&<>\r") {
		b.Write(text)
		return
	}
	b.WriteString(textEscaper.Replace(string(text)))
}
