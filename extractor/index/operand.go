package index

import (
	"fmt"
	"slices"
	"strings"
)

// hole stands in a pattern for what is looked for.
const hole = "?"

// Operand returns what stands on one line of a slice in the place of the ? of a
// pattern, such as SUBQ $(?), SP. The pattern is a run of tokens, as a note quotes one;
// the ? is one token or more with their parentheses in pairs, and at the end of the
// pattern all that is left of the line. Only lines that are active on the platform
// count, and exactly one of them has to match.
func (s *Slice) Operand(on Platform, pattern string) (string, error) {
	var want []string
	for _, t := range Lex(s.Path, []byte(pattern)) {
		want = append(want, t.Text)
	}
	i := slices.Index(want, hole)
	if i < 1 || slices.Contains(want[i+1:], hole) {
		return "", fmt.Errorf("%q needs one ? behind a word", pattern)
	}
	var line []string
	var found []string
	flush := func() {
		if text, ok := fill(line, want[:i], want[i+1:]); ok {
			found = append(found, text)
		}
		line = line[:0]
	}
	number := 0
	for _, t := range Lex(s.Path, s.Text) {
		if t.Comment || !s.Active(on, s.Start+t.Line-1) {
			continue
		}
		if t.Line != number {
			flush()
			number = t.Line
		}
		line = append(line, t.Text)
	}
	flush()
	if len(found) != 1 {
		return "", fmt.Errorf("%q matches %d lines of %s, want one", pattern, len(found), s.Symbol)
	}
	return found[0], nil
}

// fill returns what stands in line between a run of tokens and another, the shortest.
func fill(line, before, after []string) (string, bool) {
	for i := 0; i+len(before) < len(line); i++ {
		if !slices.Equal(line[i:i+len(before)], before) {
			continue
		}
		from := i + len(before)
		if len(after) == 0 {
			return strings.Join(line[from:], " "), true
		}
		depth := 0
		for to := from; to+len(after) <= len(line) && depth >= 0; to++ {
			if to > from && depth == 0 && slices.Equal(line[to:to+len(after)], after) {
				return strings.Join(line[from:to], " "), true
			}
			switch line[to] {
			case "(":
				depth++
			case ")":
				depth--
			}
		}
	}
	return "", false
}
