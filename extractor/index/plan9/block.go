package plan9

import (
	"strings"
	"text/scanner"
)

// Lines is an inclusive range of lines, from 1.
type Lines struct{ First, Last int }

// Contains reports whether line is one of them.
func (l Lines) Contains(line int) bool { return l.First <= line && line <= l.Last }

// Block is the lines of one definition: a TEXT with its instructions, the DATA and GLOBL
// of one symbol that follow one another, or the one line of a macro that defines something.
// Head is the line of the TEXT, of the first DATA or GLOBL, or of the macro; the lines
// from First to it are the comment that stands directly above.
type Block struct {
	Lines
	Head int
	data string // the symbol of DATA and GLOBL as it is written, "" for others
}

// File is an assembly or header file, read for no platform in particular.
type File struct {
	Path   string
	tokens []token // without comments, '\n' included
	text   string
	starts []int // offset of each line from line 1, and of the text's end
	lines  []lineKind
	blocks []Block // by First; no platform chosen
}

type lineKind byte

const (
	blank lineKind = iota
	comment
	control // a directive of the preprocessor
	code
)

// Parse reads a file. Its path is what problems and the search for includes name.
func Parse(path string, text []byte) *File {
	f := &File{Path: path, text: string(text)}
	for line := range strings.Lines(f.text) {
		f.starts = append(f.starts, len(line))
	}
	end := 0
	for i, n := range f.starts {
		f.starts[i] = end
		end += n
	}
	f.starts = append(f.starts, end)
	f.lines = make([]lineKind, len(f.starts)+2)
	for _, t := range Lex(text) {
		if t.Kind == scanner.Comment {
			f.mark(t.Line, t.Line+strings.Count(t.Text, "\n"), comment)
			continue
		}
		f.tokens = append(f.tokens, token{Token: t, file: f})
	}
	f.tokens = append(f.tokens, token{Token: Token{'\n', "", len(text), len(f.starts)}, file: f})
	f.delimit()
	return f
}

// mark raises the kind of lines; code beats directives, and they beat comments.
func (f *File) mark(first, last int, kind lineKind) {
	for l := first; l <= last && l < len(f.lines); l++ {
		f.lines[l] = max(f.lines[l], kind)
	}
}

// Block returns the lines of the definition whose statement stands at line.
func (f *File) Block(line int) Block {
	for _, b := range f.blocks {
		if b.Head == line || b.data != "" && line > b.Head && b.Contains(line) {
			return b
		}
	}
	return Block{Lines: Lines{f.lead(line), line}, Head: line}
}

// Span returns the half-open range of bytes that whole lines take.
func (f *File) Span(l Lines) (start, end int) {
	last := len(f.starts) - 1
	return f.starts[min(l.First-1, last)], f.starts[min(l.Last, last)]
}

// lead returns the first line of the comment directly above line, or line.
func (f *File) lead(line int) int {
	for line > 1 && f.lines[line-1] == comment {
		line--
	}
	return line
}

// nesting is what a directive does to the depth of #ifdef: +1, 0 or -1.
type nesting map[int]int

// delimit finds the blocks with every branch of every #ifdef in place.
func (f *File) delimit() {
	depth := nesting{}
	var rest []token
	bol := true
	for i := 0; i < len(f.tokens); i++ {
		t := f.tokens[i]
		if !bol || t.Kind != '#' {
			bol = t.Kind == '\n'
			rest = append(rest, t)
			continue
		}
		var words []token
		words, i = directive(f.tokens, i)
		last := t.Line
		if i < len(f.tokens) {
			last = f.tokens[i].Line
		}
		f.mark(t.Line, last, control)
		if len(words) > 0 {
			switch words[0].Text {
			case "ifdef", "ifndef":
				depth[t.Line] = 1
			case "endif":
				depth[t.Line] = -1
			}
		}
	}
	f.group(heads(f, rest), depth)
}

// head is a statement that begins a block.
type head struct {
	line int
	data string // the symbol of DATA and GLOBL as it is written, "" for others
	call bool   // a macro's use
}

// heads marks the lines of code and returns the statements that begin blocks.
func heads(f *File, tokens []token) []head {
	var list []head
	for _, s := range statements(tokens, func(token, string, ...any) {}) {
		f.mark(s.first.Line, s.last.Line, code)
		h := head{line: s.first.Line, call: isTopCall(f, s)}
		switch {
		case h.call:
		case !s.defines():
			continue
		case s.op.Text != "TEXT":
			h.data, _, _ = name(s.operands[0], "")
		}
		if n := len(list); n > 0 && list[n-1].line == h.line {
			continue // a second statement on one line
		}
		list = append(list, h)
	}
	return list
}

// isTopCall reports whether s is the use of a macro at the left edge, as in CALLFN(·call16, 16).
func isTopCall(f *File, s statement) bool {
	if len(s.labels) > 0 || len(s.operands) == 0 || len(s.operands[0]) == 0 {
		return false
	}
	paren := s.operands[0][0]
	left := s.op.Offset == 0 || f.text[s.op.Offset-1] == '\n'
	return left && paren.Kind == '(' && paren.Offset == s.op.End()
}

// group makes blocks of heads.
func (f *File) group(heads []head, depth nesting) {
	for i, h := range heads {
		b := Block{Lines: Lines{f.lead(h.line), h.line}, Head: h.line, data: h.data}
		switch n := len(f.blocks); {
		case h.data != "" && n > 0 && f.blocks[n-1].data == h.data:
			f.blocks[n-1].Last = h.line
			continue
		case h.data == "" && !h.call:
			limit := len(f.lines) - 1
			if i+1 < len(heads) {
				limit = f.lead(heads[i+1].line) - 1
			}
			b.Last = f.lastLine(h.line, limit, depth)
		}
		f.blocks = append(f.blocks, b)
	}
}

// lastLine returns the last line of the TEXT at head: its last line of code before
// limit, and the #endif of an #ifdef that was opened inside.
func (f *File) lastLine(head, limit int, depth nesting) int {
	last := head
	var open []int // lines of the #ifdefs that are open
	for l := head + 1; l <= limit; l++ {
		switch {
		case depth[l] > 0:
			open = append(open, l)
		case depth[l] < 0 && len(open) > 0:
			if open[len(open)-1] <= last {
				last = l
			}
			open = open[:len(open)-1]
		case f.lines[l] == code:
			last = l
		}
	}
	return last
}
