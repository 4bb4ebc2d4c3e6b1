package index

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"beforemain/extractor/internal/fixture"
)

// TestGolden compares every slice of every archive, with its occurrences under its lines.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	golden := fixture.Goldens(t, "testdata/golden")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			x := sound(t, a)
			golden(t, name+".txt", dump(x))
		})
	}
}

// dump writes all that an index says.
func dump(x *Index) []byte {
	var b bytes.Buffer
	for _, v := range x.Versions() {
		for _, symbol := range x.Symbols(v.Name) {
			for _, s := range x.Slices(v.Name, symbol) {
				mark(&b, x, s)
			}
		}
		edges(&b, x, v.Name)
	}
	return b.Bytes()
}

// mark writes a slice: its lines, each with the occurrences in it below, and which
// lines are not assembled where.
func mark(b *bytes.Buffer, x *Index, s *Slice) {
	fmt.Fprintf(b, "== %s %s %v\n", s.Version.Name, s.Symbol, s.Platforms)
	for _, p := range s.Places {
		fmt.Fprintf(b, "-- %s:%d on %s\n", p.Path, p.Start, p.Platform)
	}
	if s.BodyStart != s.Start {
		fmt.Fprintf(b, "-- declared at line %d\n", s.BodyStart)
	}
	for _, p := range s.Platforms {
		var off []int
		for line := s.Start; line <= s.End; line++ {
			if !s.Active(p, line) {
				off = append(off, line)
			}
		}
		if off != nil {
			fmt.Fprintf(b, "-- left out on %s: %d\n", p, off)
		}
	}
	occurrences := x.References(s)
	start := s.Span.Start
	for line := range strings.Lines(string(s.Text)) {
		fmt.Fprintf(b, "\t%s", line)
		for len(occurrences) > 0 && occurrences[0].Span.Start < start+len(line) {
			o := occurrences[0]
			occurrences = occurrences[1:]
			before, word := line[:o.Span.Start-start], line[o.Span.Start-start:o.Span.End-start]
			blank := strings.Map(func(r rune) rune {
				if r != '\t' {
					return ' '
				}
				return r
			}, before)
			fmt.Fprintf(b, "\t%s%s %s %s\n", blank, strings.Repeat("^", len([]rune(word))), o.Role, target(o.Target, s))
			for _, other := range o.Elsewhere {
				fmt.Fprintf(b, "\t%s%s or %s\n", blank, strings.Repeat(" ", len([]rune(word))), target(other, s))
			}
		}
		start += len(line)
	}
	b.WriteString("\n")
}

// target writes where an occurrence in s leads, and on which platforms if not on all of s.
func target(o Target, s *Slice) string {
	text := fmt.Sprintf("%s %s", o.Kind, o.Symbol)
	if o.Path != "" {
		text += fmt.Sprintf(" at %s:%d", o.Path, o.Line)
	}
	if o.Value != "" {
		text += " = " + o.Value
	}
	if len(o.Platforms) < len(s.Platforms) {
		text += fmt.Sprint(" on ", o.Platforms)
	}
	return text
}

// edges writes what leads to each symbol of a version.
func edges(b *bytes.Buffer, x *Index, version string) {
	for _, symbol := range x.Symbols(version) {
		for _, e := range x.Callers(version, symbol) {
			fmt.Fprintf(b, "%s: %s %s %s at %s:%d on %v\n", version, e.From, e.Kind, e.To, e.Path, e.Line, e.Platforms)
		}
	}
}

func TestStable(t *testing.T) {
	a, err := txtar.ParseFile("testdata/variants.txtar")
	if err != nil {
		t.Fatal(err)
	}
	x := sound(t, a)
	one, two := x.Slices("v1", "p.start"), x.Slices("v1", "p.start")
	if len(one) != 2 || len(two) != 2 || one[0] != two[0] || one[1] != two[1] {
		t.Errorf("the same call gives %v and %v", one, two)
	}
	one[0] = nil
	if x.Slices("v1", "p.start")[0] == nil {
		t.Error("a caller can change what the index holds")
	}
	for _, c := range []struct{ version, symbol string }{{"v1", "p.gone"}, {"v1", "p.plan9"}, {"v1", "p.testing"}, {"v9", "p.start"}} {
		if got := x.Slices(c.version, c.symbol); got != nil {
			t.Errorf("%s has %s: %v", c.version, c.symbol, got)
		}
	}
}
