package index

import (
	"strings"
	"testing"
	"time"

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

func TestDoc(t *testing.T) {
	x := sound(t, txtar.Parse([]byte(`packages: p
platforms: linux/amd64
-- v1/src/p/a.go --
package p

// lines is one,
// two.
//
//go:nosplit
func lines()

/*
 * star is as runtime.chansend has it.
 */
func star() {}

/* short */ /* and more */
func short() {}

func none() {} // behind

type (
	// T is of a group.
	T int // behind
)
-- v1/src/p/a.s --
// lines in assembly
/* and a block
of it */
TEXT ·lines(SB), 0, $0 // behind
	RET
`)))
	for symbol, want := range map[string]string{
		"p.star":  "* star is as runtime.chansend has it.",
		"p.short": "short\n and more",
		"p.none":  "",
		"p.T":     "T is of a group.",
		"p.lines": "lines in assembly\n and a block\nof it",
	} {
		if d := cmp.Diff(want, x.Slices("v1", symbol)[0].Doc()); d != "" {
			t.Errorf("%s: %s", symbol, d)
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

// TestSuggestLong: what no symbol is near to, however long, is said at once.
func TestSuggestLong(t *testing.T) {
	x := sound(t, txtar.Parse([]byte("packages: p\nplatforms: linux/amd64\n-- v1/src/p/a.go --\npackage p\n\n"+
		"var heapArenaIndexOfTheFirst, heapArenaIndexOfTheSecond, heapArenaIndexOfTheThird int\n")))
	start := time.Now()
	if got := x.Suggest("v1", "p."+strings.Repeat("x", 1<<25)); got != nil {
		t.Errorf("suggests %q", got)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}
