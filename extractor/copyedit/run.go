package copyedit

import (
	"bytes"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"beforemain/extractor/markdown"
)

// Characters of a run that stand for what is no text.
const (
	code    = '\ufffc' // a code span
	picture = '\ufffd' // a picture
	lineEnd = '\n'     // the end of a line of the file, which may show as a space
)

// run is text that a reader sees in one piece, without its markup: a paragraph, a
// heading, a cell, a title. The marks around a character, such as those of emphasis,
// belong to its place in the source.
type run struct {
	lang   string
	runes  []rune
	start  []int // of each rune, in source
	end    []int
	source []byte
	place  func(offset int) token.Position
	han    bool // some character is Han
}

// at returns a character, 0 outside of the run.
func (r *run) at(i int) rune {
	if i < 0 || i >= len(r.runes) {
		return 0
	}
	return r.runes[i]
}

// past returns the first character from i on, in steps of one or minus one, that is no space.
func (r *run) past(i, step int) rune {
	for r.at(i) == ' ' || r.at(i) == lineEnd {
		i += step
	}
	return r.at(i)
}

func (r *run) add(c rune, start, end int) {
	if c == '\t' || c == '\u00a0' {
		c = ' '
	}
	r.han = r.han || isHan(c)
	r.runes, r.start, r.end = append(r.runes, c), append(r.start, start), append(r.end, end)
}

// runsOf returns the runs of a text.
func runsOf(t Text) []*run {
	if t.Prose == nil {
		return []*run{lineRun(t)}
	}
	f := &flattener{prose: t.Prose, lang: t.Lang}
	_ = ast.Walk(t.Prose.Doc, f.visit)
	return f.runs
}

// fences enclose what is no text in a line: code, and what is filled in, in the theme's
// words or in a picture.
var fences = [][2]string{{"`", "`"}, {"{{", "}}"}, {"{", "}"}}

// lineRun makes a run of a line.
func lineRun(t Text) *run {
	r := &run{lang: t.Lang, source: []byte(t.Line), place: func(offset int) token.Position {
		pos := t.Pos
		if !t.Escaped {
			pos.Column += offset
		}
		return pos
	}}
	for i := 0; i < len(t.Line); {
		end := i
		for _, f := range fences {
			if rest, ok := strings.CutPrefix(t.Line[i:], f[0]); ok {
				if n := strings.Index(rest, f[1]); end == i && n >= 0 {
					end = i + len(f[0]) + n + len(f[1])
				}
			}
		}
		if end > i {
			r.add(code, i, end)
		} else {
			c, size := utf8.DecodeRuneInString(t.Line[i:])
			end = i + size
			r.add(c, i, end)
		}
		i = end
	}
	return r
}

// flattener collects the runs of a document.
type flattener struct {
	prose *markdown.Prose
	lang  string
	runs  []*run
	run   *run // the one that is being read
	open  int  // bytes of markup right before the next character
}

func (f *flattener) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *extast.TableCell:
		f.block(entering)
		return ast.WalkContinue, nil
	case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock, *ast.RawHTML:
		return ast.WalkSkipChildren, nil
	}
	if f.run == nil {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.CodeSpan:
		if entering {
			f.codeSpan(n)
		}
		return ast.WalkSkipChildren, nil
	case *ast.Image:
		if entering {
			at := min(max(n.Pos(), 0), len(f.prose.Source))
			f.add(picture, at, at)
		}
		return ast.WalkSkipChildren, nil
	case *ast.Emphasis:
		if entering {
			f.open += n.Level
		} else {
			f.close(func(end int) int { return end + n.Level })
		}
	case *ast.Link:
		if entering {
			f.open++
		} else {
			f.close(f.linkEnd)
		}
	case *ast.Text:
		if entering {
			f.text(n)
		}
	}
	return ast.WalkContinue, nil
}

// block begins a run, or ends it.
func (f *flattener) block(entering bool) {
	f.open = 0
	if entering {
		f.run = &run{lang: f.lang, source: f.prose.Source, place: f.prose.Position}
		return
	}
	if f.run != nil && len(f.run.runes) > 0 {
		f.runs = append(f.runs, f.run)
	}
	f.run = nil
}

// add appends a character, with the markup that stands right before it. Where signs that
// are markup and signs that are none follow one another, how many belong to which is a
// guess; no two characters share any.
func (f *flattener) add(c rune, start, end int) {
	from := max(start-f.open, 0)
	if n := len(f.run.end); n > 0 {
		f.run.end[n-1] = min(f.run.end[n-1], max(start, f.run.start[n-1]))
		from = max(from, f.run.end[n-1])
	}
	f.run.add(c, from, max(from, end))
	f.open = 0
}

// close gives the markup that ends here to the last character.
func (f *flattener) close(behind func(end int) int) {
	if n := len(f.run.end); n > 0 {
		f.run.end[n-1] = min(behind(f.run.end[n-1]), len(f.prose.Source))
	}
}

// linkEnd returns where a link ends whose text ends at an offset.
func (f *flattener) linkEnd(end int) int {
	rest := f.prose.Source[end:]
	if len(rest) < 2 || rest[0] != ']' {
		return end
	}
	if rest[1] != '(' && rest[1] != '[' {
		return end + 1
	}
	depth := 0
	for i, c := range rest[1:] {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return end + i + 2
			}
		}
	}
	return end + 1
}

// codeSpan adds a code span as one character.
func (f *flattener) codeSpan(n *ast.CodeSpan) {
	first, ok := n.FirstChild().(*ast.Text)
	last, ok2 := n.LastChild().(*ast.Text)
	if !ok || !ok2 {
		return
	}
	source := f.prose.Source
	start, end := first.Segment.Start, last.Segment.Stop
	if start > 0 && source[start-1] == ' ' { // one space beside a back-quote is no code
		start--
	}
	for start > 0 && source[start-1] == '`' {
		start--
	}
	if end < len(source) && source[end] == ' ' {
		end++
	}
	for end < len(source) && source[end] == '`' {
		end++
	}
	f.add(code, start, end)
}

// text adds the characters of a text, with escapes and references resolved.
func (f *flattener) text(n *ast.Text) {
	source, stop := f.prose.Source, n.Segment.Stop
	for i := n.Segment.Start; i < stop; {
		switch {
		case source[i] == '\\' && i+1 < stop && util.IsPunct(source[i+1]):
			f.add(rune(source[i+1]), i, i+2)
			i += 2
			continue
		case source[i] == '&':
			if end := bytes.IndexByte(source[i:min(i+40, stop)], ';'); end > 0 {
				reference := source[i : i+end+1]
				if plain := util.ResolveEntityNames(util.ResolveNumericReferences(slices.Clone(reference))); !bytes.Equal(plain, reference) {
					c, _ := utf8.DecodeRune(plain)
					f.add(c, i, i+end+1)
					i += end + 1
					continue
				}
			}
		}
		c, size := utf8.DecodeRune(source[i:])
		f.add(c, i, i+size)
		i += size
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		f.add(lineEnd, stop, stop)
	}
}
