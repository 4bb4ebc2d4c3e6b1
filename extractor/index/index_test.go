package index

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/diag"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/source"
)

// open indexes an archive. Its comment says what is read, in lines such as
// "platforms: linux/amd64".
func open(t testing.TB, a *txtar.Archive) (*Index, diag.List, error) {
	t.Helper()
	return openStored(t, a, nil)
}

// openStored does so with a store.
func openStored(t testing.TB, a *txtar.Archive, store Store) (*Index, diag.List, error) {
	t.Helper()
	cfg := Config{Store: store}
	var src source.Config
	platform := func(s string) Platform {
		p, err := ParsePlatform(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for line := range strings.Lines(string(a.Comment)) {
		key, value, ok := strings.Cut(line, ": ")
		words := strings.Fields(value)
		switch {
		case !ok:
		case key == "packages":
			cfg.Packages = words
		case key == "platforms":
			for _, w := range words {
				cfg.Platforms = append(cfg.Platforms, platform(w))
			}
		case key == "runs":
			cfg.Runs = append(cfg.Runs, Run{Symbol: words[0]})
		case key == "extra":
			cfg.Extra = append(cfg.Extra, Extra{platform(words[0]), words[1:]})
		case key == "synthetic":
			src.Synthetic = append(src.Synthetic, source.Synthetic{Path: words[0], Text: "package gen\n\nconst A = 1\n", Versions: []string{"v1", "v2"}})
		}
	}
	repo, versions := fixture.OpenArchive(t, a, src)
	var snapshots []*source.Snapshot
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, s)
	}
	return New(snapshots, cfg)
}

// sound indexes an archive in whose code nothing is wrong.
func sound(t testing.TB, a *txtar.Archive) *Index {
	t.Helper()
	x, problems, err := open(t, a)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return x
}

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

// TestSourceProblems: what is wrong with the source is a diagnostic at its place, and
// the rest is indexed.
func TestSourceProblems(t *testing.T) {
	const good = "-- v1/src/p/z.go --\npackage p\n\nfunc fine() {}\n"
	cases := []struct {
		name, archive string
		want          []string
	}{
		{"syntax", "-- v1/src/p/a.go --\npackage p\n\nfunc {\n", []string{
			"v1:src/p/a.go:3:1: error: N131 expected 'IDENT', found '{' (on linux/amd64, windows/amd64)",
		}},
		{"types, on one platform", "-- v1/src/p/a_linux.go --\npackage p\n\nvar x = y\n", []string{
			"v1:src/p/a_linux.go:3:1: error: N131 undefined: y (on linux/amd64)",
		}},
		{"import", "-- v1/src/p/a.go --\npackage p\n\nimport \"q\"\n\nvar _ = q.X\n", []string{
			"v1:src/p/a.go:3:1: error: N131 could not import q (not in the tree, or no file of it on this platform) (on linux/amd64, windows/amd64)",
		}},
		{"linkname", "-- v1/src/p/a.go --\npackage p\n\nimport _ \"unsafe\"\n\n//go:linkname gone q.gone\n", []string{
			"v1:src/p/a.go:5:1: error: N131 linkname of gone, which is not declared (on linux/amd64, windows/amd64)",
		}},
		{"directive", "-- v1/src/p/a.s --\n#endif\n#pragma once\n", []string{
			"v1:src/p/a.s:1:1: error: N131 #endif without #ifdef (on linux/amd64, windows/amd64)",
			"v1:src/p/a.s:2:1: error: N131 unknown directive #pragma (on linux/amd64, windows/amd64)",
		}},
		{"include", "-- v1/src/p/a_windows.s --\n#include \"gone.h\"\n", []string{
			"v1:src/p/a_windows.s:1:1: error: N131 include \"gone.h\" is not in the tree (on windows/amd64)",
		}},
		{"macro of itself", "-- v1/src/p/a.s --\n#define A(x) A(x x)\n\tA(1)\n", []string{
			"v1:src/p/a.s:2:1: error: N131 macro A expands to too much (on linux/amd64, windows/amd64)",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x, problems, err := open(t, txtar.Parse([]byte("packages: p\nplatforms: linux/amd64 windows/amd64\n"+good+c.archive)))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range problems {
				got = append(got, d.String())
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if len(x.Slices("v1", "p.fine")) != 1 {
				t.Error("the rest of the package is not indexed")
			}
		})
	}
}

func TestNewFails(t *testing.T) {
	cases := []struct{ name, archive, want string }{
		{"two packages", "-- v1/src/p/a.go --\npackage p\n-- v1/src/p/b.go --\npackage q\n", "index v1: select the files of p for linux/amd64: "},
		{"experiments", "-- v1/src/p/a.go --\npackage p\n-- v1/src/internal/buildcfg/exp.go --\npackage buildcfg\n", "index v1: src/internal/buildcfg/exp.go: no function ParseGOEXPERIMENT"},
		{"no baseline", "-- v1/src/internal/buildcfg/exp.go --\npackage buildcfg\n\nfunc ParseGOEXPERIMENT() {}\n", "index v1: src/internal/buildcfg/exp.go: no literal of the baseline"},
		{"unknown expression", "-- v1/src/internal/buildcfg/exp.go --\npackage buildcfg\n\nfunc ParseGOEXPERIMENT() { x := f() }\n", "index v1: src/internal/buildcfg/exp.go: cannot evaluate *ast.CallExpr before the baseline"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := open(t, txtar.Parse([]byte("packages: p\nplatforms: linux/amd64\n"+c.archive)))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s…", err, c.want)
			}
		})
	}
}

func TestParsePlatform(t *testing.T) {
	for _, s := range []string{"linux/amd64", "plan9/386"} {
		p, err := ParsePlatform(s)
		if err != nil || p.String() != s {
			t.Errorf("ParsePlatform(%q) = %v, %v", s, p, err)
		}
	}
	for _, s := range []string{"", "linux", "/amd64", "linux/", "linux/amd64/v1"} {
		if p, err := ParsePlatform(s); err == nil {
			t.Errorf("ParsePlatform(%q) = %v, want an error", s, p)
		}
	}
}

func TestCanonical(t *testing.T) {
	cases := map[string]string{
		"runtime.schedinit":               "runtime.schedinit",
		"runtime·rt0_go":                  "runtime.rt0_go",
		"runtime∕internal∕atomic·Load":    "runtime/internal/atomic.Load",
		"runtime.(*mheap).init":           "runtime.mheap.init",
		"_rt0_amd64_linux":                "_rt0_amd64_linux",
		"runtime·gogo<>":                  "runtime.gogo<>",
		"internal/runtime/maps.(*Map).Do": "internal/runtime/maps.Map.Do",
	}
	for name, want := range cases {
		if got := Canonical(name); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	x := sound(t, txtar.Parse([]byte(`packages: p q
platforms: linux/amd64
-- v1/src/p/a.go --
package p

func findRunnable() {}
func schedinit()    {}
func sched()        {}
func mallocinit()   {}

type heap int

func (h *heap) init() {}
func a() {}
func b() {}
func c() {}
func d() {}
-- v1/src/q/a.go --
package q

func Alginit()   {}
func schedinit() {}
`)))
	cases := []struct {
		name string
		want []string
	}{
		{"p.findrunnable", []string{"p.findRunnable"}},
		{"p.shedinit", []string{"p.schedinit", "q.schedinit"}},
		{"p.alginit", []string{"q.Alginit"}},
		{"p.(*heap).int", []string{"p.heap.init"}},
		{"p.x", []string{"p.a", "p.b", "p.c"}},
		{"p.nothingLikeIt", nil},
		{"schedinit", []string{"p.schedinit", "q.schedinit"}},
	}
	for _, c := range cases {
		if d := cmp.Diff(c.want, x.Suggest("v1", c.name)); d != "" {
			t.Errorf("Suggest(%q): %s", c.name, d)
		}
	}
}

func TestLex(t *testing.T) {
	cases := []struct{ name, path, text, want string }{
		{"go", "a.go", "x := f(1) // c\ny++\r\n", "1 x|1 :=|1 f|1 (|1 1|1 )|1 // c*|2 y|2 ++"},
		{"explicit semicolon", "a.go", "for ; ; {}", "1 for|1 ;|1 ;|1 {|1 }"},
		{"raw string", "a.go", "`a\r\nb` + 'c'", "1 `a\r\nb`|2 +|2 'c'"},
		{"comment over lines", "a.go", "/* a\r\n*/ x", "1 /* a\r\n*/*|2 x"},
		{"assembly", "a.s", "MOVQ\t$runtime·g0(SB), DI // g0\n\tRET\n", "1 MOVQ|1 $|1 runtime·g0|1 (|1 SB|1 )|1 ,|1 DI|1 // g0*|2 RET"},
		{"header", "a.h", "#define A 1\n", "1 #|1 define|1 A|1 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, tok := range Lex(c.path, []byte(c.text)) {
				s := fmt.Sprintf("%d %s", tok.Line, tok.Text)
				if tok.Comment {
					s += "*"
				}
				got = append(got, s)
			}
			if d := cmp.Diff(c.want, strings.Join(got, "|")); d != "" {
				t.Error(d)
			}
		})
	}
}

// FuzzLex: tokens are the text but for white space, on the lines they say.
func FuzzLex(f *testing.F) {
	f.Add(true, []byte("package p // c\r\nvar s = `a\r\n` + \"b\" /* d\r\n */ &^= '\\n' \xff ¶\n"))
	f.Add(false, []byte("TEXT ·f(SB), 0, $0 // c\n#define A \\\n1\n"))
	f.Fuzz(func(t *testing.T, isGo bool, text []byte) {
		path := "a.s"
		if isGo {
			path = "a.go"
		}
		end := 0
		gap := func(from, to int) {
			between := string(text[from:to])
			if from == 0 {
				between = strings.TrimPrefix(between, "\ufeff")
			}
			if strings.Trim(between, " \t\r\n") != "" {
				t.Errorf("%q is no token", between)
			}
		}
		for _, tok := range Lex(path, text) {
			if tok.Start < end || tok.End <= tok.Start || tok.End > len(text) || tok.Text != string(text[tok.Start:tok.End]) {
				t.Fatalf("token %+v behind %d of %d bytes", tok, end, len(text))
			}
			gap(end, tok.Start)
			if want := 1 + bytes.Count(text[:tok.Start], []byte("\n")); tok.Line != want {
				t.Errorf("token %+v is on line %d", tok, want)
			}
			end = tok.End
		}
		gap(end, len(text))
	})
}
