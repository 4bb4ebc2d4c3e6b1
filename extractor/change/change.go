// Package change finds what differs between two texts of a symbol.
package change

import (
	"bytes"
	"strings"

	"znkr.io/diff"
	"znkr.io/diff/textdiff"

	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

// Text is a text with the tokens that cover it.
type Text struct {
	Bytes  []byte
	Tokens []syntax.Token
}

// Block is lines that both texts have, or lines of the one that stand where the other
// has its own. Either side of what differs may be empty, not both.
type Block struct {
	Kind     Kind
	Old, New Side
}

// Side is the half of a block that belongs to one text.
type Side struct {
	First, End int           // lines, from 0, the end not meant
	Marks      []source.Span // what the other side has not, in bytes of the text
}

// Lines returns how many lines the side has.
func (s Side) Lines() int { return s.End - s.First }

// Kind says in what a block's sides differ.
type Kind int

// Spaces alone are no difference of code.
const (
	Same    Kind = iota
	Comment      // in comments only
	Code
)

// Between compares two texts by lines. The blocks are in order and cover both texts,
// and neighbours are never both Same.
func Between(old, new Text) []Block {
	var blocks []Block
	var b Block // that is being gathered
	begun := false
	flush := func() {
		if begun {
			blocks = append(blocks, b)
		}
		b = Block{Old: Side{First: b.Old.End, End: b.Old.End}, New: Side{First: b.New.End, End: b.New.End}}
		begun = false
	}
	for _, e := range textdiff.Edits(old.Bytes, new.Bytes, textdiff.IndentHeuristic()) {
		kind := Code
		if e.Op == diff.Match {
			kind = Same
		}
		if begun && kind != b.Kind {
			flush()
		}
		b.Kind, begun = kind, true
		if e.Op != diff.Insert {
			b.Old.End++
		}
		if e.Op != diff.Delete {
			b.New.End++
		}
	}
	flush()
	x, y := newUnits(old), newUnits(new)
	for i := range blocks {
		if blocks[i].Kind != Same {
			x.compare(y, &blocks[i])
		}
	}
	return blocks
}

// Of returns the greatest kind among blocks, and how many lines of code or, where
// nothing but comments differ, of comment came and went.
func Of(blocks []Block) (kind Kind, added, removed int) {
	for _, b := range blocks {
		kind = max(kind, b.Kind)
	}
	for _, b := range blocks {
		if b.Kind == kind && kind != Same {
			added += b.New.Lines()
			removed += b.Old.Lines()
		}
	}
	return kind, added, removed
}

// unit is what is compared within lines: a token, or a word of a comment.
type unit struct {
	source.Span
	text    string
	comment bool
}

// units are those of a text, and where its lines begin.
type units struct {
	list  []unit
	lines []int // offsets, and the text's end
}

func newUnits(t Text) units {
	u := units{lines: []int{0}}
	for at := range t.Bytes {
		if t.Bytes[at] == '\n' || at == len(t.Bytes)-1 {
			u.lines = append(u.lines, at+1)
		}
	}
	for _, token := range t.Tokens {
		// A token is cut at blanks: those of a comment are its words, and neighbours of
		// one class are one token.
		for at := token.Start; at < token.End; {
			word := at + len(t.Bytes[at:token.End]) - len(bytes.TrimLeft(t.Bytes[at:token.End], " \t\r\n"))
			end := token.End
			switch token.Class {
			case syntax.String:
			case syntax.Operator: // several adjoin in one token
				end = min(word+1, token.End)
			default:
				if n := bytes.IndexAny(t.Bytes[word:token.End], " \t\r\n"); n >= 0 {
					end = word + n
				}
			}
			if word < end {
				u.list = append(u.list, unit{source.Span{Start: word, End: end}, string(t.Bytes[word:end]), token.Class == syntax.Comment})
			}
			at = end
		}
	}
	return u
}

// in returns the units that begin on the lines of a side.
func (u units) in(s Side) []unit {
	from, to := u.lines[s.First], u.lines[s.End]
	first := 0
	for first < len(u.list) && u.list[first].Start < from {
		first++
	}
	end := first
	for end < len(u.list) && u.list[end].Start < to {
		end++
	}
	return u.list[first:end]
}

// compare finds the kind of a block and marks what differs within its lines.
func (u units) compare(other units, b *Block) {
	x, y := u.in(b.Old), other.in(b.New)
	if code(x) == code(y) {
		b.Kind = Comment
	}
	if len(x) == 0 || len(y) == 0 {
		return
	}
	marked := map[bool][]bool{false: make([]bool, len(x)), true: make([]bool, len(y))}
	equal := 0
	for _, e := range diff.EditsFunc(x, y, func(a, b unit) bool { return a.text == b.text }) {
		switch e.Op {
		case diff.Delete:
			marked[false][e.PosX] = true
		case diff.Insert:
			marked[true][e.PosY] = true
		default:
			equal += len(e.X.text)
		}
	}
	// Where little is left of the old lines, marks would cover all of them.
	const least = 0.3
	if float64(equal) < least*float64(max(size(x), size(y))) {
		return
	}
	b.Old.Marks, b.New.Marks = spans(x, marked[false]), spans(y, marked[true])
}

func code(list []unit) string {
	var b strings.Builder
	for _, u := range list {
		if !u.comment {
			b.WriteString(u.text)
		}
	}
	return b.String()
}

func size(list []unit) int {
	n := 0
	for _, u := range list {
		n += len(u.text)
	}
	return n
}

// spans joins marked units that have only blanks between them.
func spans(list []unit, marked []bool) []source.Span {
	var joined []source.Span
	for i, u := range list {
		switch last := len(joined) - 1; {
		case !marked[i]:
		case i > 0 && marked[i-1]:
			joined[last].End = u.End
		default:
			joined = append(joined, u.Span)
		}
	}
	return joined
}
