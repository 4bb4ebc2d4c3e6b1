package index

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRealSpineAssembly: in the assembly of the spine, each symbol that an operand
// names has a place to link to, and so has each label, macro and constant of Go.
func TestRealSpineAssembly(t *testing.T) {
	r, x := realIndex(t)
	count := map[Kind]int{}
	for _, v := range x.Versions() {
		for _, symbol := range r.book.spine() {
			for _, s := range x.Slices(v.Name, symbol) {
				if !s.Asm {
					continue
				}
				named := map[string]bool{}
				for _, o := range x.References(s) {
					count[o.Kind]++
					if o.Path == "" {
						t.Errorf("%s %s: %s leads nowhere", v.Name, symbol, o.Symbol)
					}
					named[strings.TrimPrefix(string(s.Text[o.Span.Start-s.Span.Start:o.Span.End-s.Span.Start]), "$")] = true
				}
				for _, m := range operand.FindAllStringSubmatch(string(s.Text), -1) {
					const parameter = "NAME" // of the macros beside debugCallV2
					if m[1] != parameter && !named[m[1]] && !inactive(s, m[1]) {
						t.Errorf("%s %s on %v: %s is no occurrence", v.Name, symbol, s.Platforms, m[0])
					}
				}
			}
		}
	}
	if count[Function] < 500 || count[Label] < 200 || count[Macro] < 100 || count[Field] < 100 {
		t.Errorf("occurrences by kind: %v", count)
	}
}

// operand is a symbol operand of assembly, as a person would look for it.
var operand = regexp.MustCompile(`([\pL_·∕][\pL\d_·∕]*)(?:<>|<ABIInternal>)?(?:[+-][\w]+)?\(SB\)`)

// inactive reports whether every line that names an operand is a comment, or is
// assembled on no platform of the slice.
func inactive(s *Slice, name string) bool {
	line := s.Start - 1
	for text := range strings.Lines(string(s.Text)) {
		line++
		code, _, _ := strings.Cut(text, "//")
		if strings.Contains(code, name) && slices.ContainsFunc(s.Platforms, func(p Platform) bool { return s.Active(p, line) }) {
			return false
		}
	}
	return true
}
