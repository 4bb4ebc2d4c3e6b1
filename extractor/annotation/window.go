package annotation

import (
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/index"
)

// windowLines is how many lines of code on either side of an anchor have to be as they
// were when its note was reviewed. Two flag about 9 % of the anchors a release; the
// whole function would flag 47 %.
const windowLines = 2

// codeLine is a line that a review compares.
type codeLine struct {
	number int    // in the file
	code   string // tokens with a space between
}

// counts reports whether a line holds code, and not only a comment or a condition of
// the preprocessor.
func (l *sourceLine) counts() bool {
	if len(l.code) == 0 {
		return false
	}
	word := l.code[0]
	if word == "#" && len(l.code) > 1 {
		word += l.code[1]
	}
	return !slices.Contains([]string{"#ifdef", "#ifndef", "#else", "#endif"}, word)
}

// window returns the lines of code from first to last and windowLines on either side,
// within the slice. Comments, spacing and what is not assembled on the platform do not count.
func (m *matcher) window(s *index.Slice, p index.Platform, first, last int) []codeLine {
	var code []codeLine
	before := 0 // lines of code that stand before first
	after := 0
	lines := m.lines(s)
	for i := range lines {
		n := s.Start + i
		if !lines[i].counts() || !s.Active(p, n) {
			continue
		}
		if n > last {
			if after++; after > windowLines {
				break
			}
		}
		if n < first {
			before++
		}
		code = append(code, codeLine{n, strings.Join(lines[i].code, " ")})
	}
	return code[max(before-windowLines, 0):]
}

// Window returns the code that a review of the anchor compares, a line each: its own
// lines and the two lines of code on either side, as tokens. Two anchors with equal
// windows stand in equal code.
func (a Anchor) Window() []string {
	m := &matcher{texts: map[textKey][]sourceLine{}}
	return codes(m.window(a.Slice, a.Platforms[0], a.First, a.Last))
}

func codes(lines []codeLine) []string {
	list := make([]string, len(lines))
	for i, l := range lines {
		list[i] = l.code
	}
	return list
}

// Position returns where the value of a key of the block stands: go, on, at,
// until, after or reviewed; the block itself if it has no such key.
func (b *Block) Position(key string) token.Position { return b.pos(key) }
