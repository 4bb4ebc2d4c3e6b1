package check

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// maxPaste is how many equal lines in a row are source that somebody pasted. Pasted
// source stays as it is in every version, and nobody notices when it is wrong.
const maxPaste = 5

// proseLine is a line of prose that may have been pasted; number is its place in the
// prose, from 0, and column the bytes before its text.
type proseLine struct {
	text           string // spacing folded
	number, column int
}

// pasteFinder finds lines of symbols in prose. It reads each symbol once.
type pasteFinder struct {
	x        *index.Index
	versions []source.Version
	symbols  map[string]map[string]pasted // by maxPaste lines
}

// pasted is where maxPaste lines stand in the source.
type pasted struct {
	slice    *index.Slice // of the newest version
	line     int          // in the file
	versions scope.Set
}

// of returns every run of maxPaste lines of a symbol, in all versions and variants.
func (f *pasteFinder) of(symbol string) map[string]pasted {
	if runs, ok := f.symbols[symbol]; ok {
		return runs
	}
	runs := map[string]pasted{}
	f.symbols[symbol] = runs
	for i, v := range f.versions {
		for _, s := range f.x.Slices(v.Name, symbol) {
			lines := foldLines(s.Text)
			for k := 0; k+maxPaste <= len(lines); k++ {
				key := runKey(lines[k:])
				had, ok := runs[key]
				if !ok {
					had.versions = scope.Set{}
				}
				had.versions[i] = true
				had.slice, had.line = s, s.Start+lines[k].number
				runs[key] = had
			}
		}
	}
	return runs
}

// foldLines returns the lines of a text that are not empty.
func foldLines(text []byte) []proseLine {
	var lines []proseLine
	number := 0
	for line := range bytes.Lines(text) {
		if words := bytes.Fields(line); len(words) > 0 {
			column := bytes.Index(line, words[0])
			lines = append(lines, proseLine{string(bytes.Join(words, []byte(" "))), number, column})
		}
		number++
	}
	return lines
}

// runKey joins the first maxPaste lines.
func runKey(lines []proseLine) string {
	parts := make([]string, maxPaste)
	for i := range parts {
		parts[i] = lines[i].text
	}
	return strings.Join(parts, "\n")
}

// noteLines returns the lines of a note's prose, without the marks of a quotation.
func noteLines(p *markdown.Prose) []proseLine {
	lines := foldLines(p.Source)
	for i := range lines {
		for {
			rest, quoted := strings.CutPrefix(lines[i].text, "> ")
			if !quoted {
				break
			}
			lines[i].text = rest
			lines[i].column += len("> ")
		}
	}
	return lines
}

// codeLines returns the lines of the blocks of code in a chapter's prose, a list a block.
func codeLines(p *markdown.Prose) [][]proseLine {
	var blocks [][]proseLine
	_ = ast.Walk(p.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && (n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock) {
			var block []proseLine
			for i := range n.Lines().Len() {
				segment := n.Lines().At(i)
				start := bytes.LastIndexByte(p.Source[:segment.Start], '\n') + 1
				for _, l := range foldLines(segment.Value(p.Source)) {
					l.number = bytes.Count(p.Source[:segment.Start], []byte("\n"))
					l.column += segment.Start - start
					block = append(block, l)
				}
			}
			blocks = append(blocks, block)
		}
		return ast.WalkContinue, nil
	})
	return blocks
}

// pastes reports runs of lines in prose that are lines of one of the symbols; own is the
// symbol that a note is about, "" in a chapter.
func (c *checker) pastes(p *markdown.Prose, lines []proseLine, own string, symbols []string) {
	for i := 0; i+maxPaste <= len(lines); {
		symbol, at, ok := c.paste.find(lines[i:], symbols)
		if !ok {
			i++
			continue
		}
		n := maxPaste
		for i+n < len(lines) {
			next, more := c.paste.of(symbol)[runKey(lines[i+n-maxPaste+1:])]
			both := intersect(at.versions, next.versions)
			if !more || both.Newest() < 0 {
				break // what follows is of no version that has the lines before
			}
			at.versions = both
			n++
		}
		c.reportPaste(p, lines[i], lines[i+n-1], n, own, symbol, at)
		i += n
	}
}

func intersect(a, b scope.Set) scope.Set {
	both := scope.Set{}
	for i := range a {
		if a[i] && b[i] {
			both[i] = true
		}
	}
	return both
}

// find returns the first of the symbols that the first lines are of.
func (f *pasteFinder) find(lines []proseLine, symbols []string) (string, pasted, bool) {
	key := runKey(lines)
	for _, symbol := range symbols {
		if at, ok := f.of(symbol)[key]; ok {
			return symbol, at, true
		}
	}
	return "", pasted{}, false
}

func (c *checker) reportPaste(p *markdown.Prose, first, last proseLine, n int, own, symbol string, at pasted) {
	pos := p.Pos
	if first.number > 0 {
		pos.Column = 1
	}
	pos.Line += first.number
	pos.Column += first.column
	d := c.list.Errorf(pos, "N108", "lines %d..%d repeat %d lines of %s (%s)", pos.Line, p.Pos.Line+last.number, n, symbol, at.versions.Names(c.versions))
	d.Relate("%s:%d: %s", at.slice.Path, at.line, annotation.Quote(first.text))
	switch own {
	case "":
		d.Relate("fix: {{< slice %s >}}", symbol)
	case symbol:
		d.Relate("fix: remove these lines: they stand beside the note, and \"until:\" says how many it is about")
	default:
		d.Relate("fix: [`%s`](sym:%s)", symbol, symbol)
	}
}

// notePastes reports source that was pasted into a note.
func (c *checker) notePastes(a *annotation.Annotation) {
	for _, t := range a.Texts {
		if lines := noteLines(t.Prose); len(lines) >= maxPaste {
			c.pastes(t.Prose, lines, a.Symbol, c.symbols([]string{a.Symbol}, t.Prose))
		}
	}
}

// chapterPastes reports source that was pasted into a chapter: of the symbols that it
// pulls in or links.
func (c *checker) chapterPastes(nodes []annotation.Node) {
	var symbols []string
	var all []*markdown.Prose
	var walk func([]annotation.Node)
	walk = func(nodes []annotation.Node) {
		for _, n := range nodes {
			switch {
			case n.Slice != nil:
				symbols = append(symbols, n.Slice.Symbol)
			case n.Block != nil:
				walk(n.Block.Body)
			case n.Prose != nil:
				all = append(all, n.Prose)
			}
		}
	}
	walk(nodes)
	for _, p := range all {
		symbols = c.symbols(symbols, p)
	}
	for _, p := range all {
		for _, block := range codeLines(p) {
			if len(block) >= maxPaste {
				c.pastes(p, block, "", symbols)
			}
		}
	}
}

// symbols adds those that the prose links, each once.
func (c *checker) symbols(list []string, p *markdown.Prose) []string {
	for _, l := range p.Links() {
		if name := index.Canonical(l.Target); l.Scheme == "sym" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
