package index

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRealSchedinit(t *testing.T) {
	_, x := realIndex(t)
	got := x.Slices("go1.17", "runtime.schedinit")
	if len(got) != 1 {
		t.Fatalf("%d variants, want 1", len(got))
	}
	s := got[0]
	type place struct {
		Path                   string
		Start, BodyStart, End  int
		Platforms              int
		First, Last, SHA256Len string
	}
	lines := strings.SplitAfter(string(s.Text), "\n")
	want := place{"src/runtime/proc.go", 646, 654, 746, 6, "// The bootstrap sequence is:\n", "}\n", "64"}
	if d := cmp.Diff(want, place{s.Path, s.Start, s.BodyStart, s.End, len(s.Platforms), lines[0], lines[len(lines)-2], fmt.Sprint(len(s.SHA256))}); d != "" {
		t.Error(d)
	}
}

// spineRanges are the symbols of the book's spine that not every version has.
var spineRanges = map[string]string{
	"_rt0_arm64":                    "go1.26..go1.27",
	"internal/runtime/maps.AlgInit": "go1.27..go1.27",
	"runtime.alginit":               "go1.17..go1.26",
	"runtime.checkfds":              "go1.22..go1.27",
	"runtime.defaultGOMAXPROCS":     "go1.25..go1.27",
	"runtime.defaultGOMAXPROCSInit": "go1.25..go1.27",
	"runtime.doInit1":               "go1.21..go1.27",
	"runtime.fastrandinit":          "go1.17..go1.21",
	"runtime.findRunnable":          "go1.19..go1.27",
	"runtime.findrunnable":          "go1.17..go1.18",
	"runtime.finishDebugVarsSetup":  "go1.25..go1.27",
	"runtime.getCPUCount":           "go1.25..go1.27",
	"runtime.getGodebugEarly":       "go1.20..go1.27",
	"runtime.getproccount":          "go1.17..go1.24",
	"runtime.initPageTrace":         "go1.20..go1.22",
	"runtime.listHeadManual.init":   "go1.26..go1.27",
	"runtime.lockVerifyMSize":       "go1.24..go1.27",
	"runtime.mProfStackInit":        "go1.23..go1.27",
	"runtime.parseRuntimeDebugVars": "go1.25..go1.27",
	"runtime.parsedebugvars":        "go1.17..go1.24",
	"runtime.randinit":              "go1.22..go1.27",
	"runtime.rwmutex.init":          "go1.20..go1.27",
	"runtime.secure":                "go1.19..go1.27",
	"runtime.stkobjinit":            "go1.18..go1.27",
	"runtime.ticksType.init":        "go1.22..go1.27",
	"runtime.traceLockInit":         "go1.21..go1.27",
}

func TestRealSpine(t *testing.T) {
	r, x := realIndex(t)
	spine := r.book.spine()
	if len(spine) < 80 {
		t.Fatalf("book.toml lists %d symbols", len(spine))
	}
	versions := x.Versions()
	got := map[string]string{}
	for _, symbol := range spine {
		var has []string
		for _, v := range versions {
			if len(x.Slices(v.Name, symbol)) > 0 {
				has = append(has, v.Name)
			}
		}
		switch {
		case len(has) == 0:
			t.Errorf("no version has %s", symbol)
		case len(has) < len(versions):
			got[symbol] = has[0] + ".." + has[len(has)-1]
			if n := minor(has[len(has)-1]) - minor(has[0]) + 1; n != len(has) {
				t.Errorf("%s comes and goes: %v", symbol, has)
			}
		}
	}
	if d := cmp.Diff(spineRanges, got); d != "" {
		t.Error(d)
	}
}

// TestRealSlices checks what must hold of every slice of every symbol.
func TestRealSlices(t *testing.T) {
	r, x := realIndex(t)
	for i, v := range x.Versions() {
		symbols := x.Symbols(v.Name)
		if len(symbols) < 3000 {
			t.Errorf("%s has %d symbols", v.Name, len(symbols))
		}
		for _, symbol := range symbols {
			var platforms []Platform
			for _, s := range x.Slices(v.Name, symbol) {
				platforms = append(platforms, s.Platforms...)
				f, err := r.snapshots[i].ReadFile(s.Path)
				if err != nil {
					t.Fatal(err)
				}
				if err := wholeLines(s, f.Text); err != nil {
					t.Errorf("%s %s: %v", v.Name, symbol, err)
				}
			}
			for i, p := range platforms {
				if slices.Contains(platforms[:i], p) {
					t.Errorf("%s has two slices of %s on %s", v.Name, symbol, p)
				}
			}
		}
	}
}

// wholeLines checks a slice against the text of its file.
func wholeLines(s *Slice, text []byte) error {
	if s.Span.Start < 0 || s.Span.Start >= s.Span.End || s.Span.End > len(text) {
		return fmt.Errorf("span %v of a file of %d bytes", s.Span, len(text))
	}
	if !bytes.Equal(s.Text, text[s.Span.Start:s.Span.End]) {
		return fmt.Errorf("text is not that of %s at %v", s.Path, s.Span)
	}
	if before := bytes.Count(text[:s.Span.Start], []byte("\n")) + 1; before != s.Start {
		return fmt.Errorf("starts at line %d, says %d", before, s.Start)
	}
	if n := strings.Count(string(s.Text), "\n"); n != s.End-s.Start+1 || !strings.HasSuffix(string(s.Text), "\n") {
		return fmt.Errorf("%d lines, says %d–%d", n, s.Start, s.End)
	}
	if s.Start > s.BodyStart || s.BodyStart > s.End {
		return fmt.Errorf("declaration at line %d, not in %d–%d", s.BodyStart, s.Start, s.End)
	}
	return nil
}

// TestRealReferences checks that the occurrences in the spine name what the text says.
func TestRealReferences(t *testing.T) {
	r, x := realIndex(t)
	count := 0
	for _, v := range x.Versions() {
		for _, symbol := range r.book.spine() {
			for _, s := range x.Slices(v.Name, symbol) {
				end, defined := s.Span.Start, false
				for _, o := range x.References(s) {
					if o.Span.Start < end || o.Span.End > s.Span.End {
						t.Errorf("%s %s: %s at %v is out of order", v.Name, symbol, o.Symbol, o.Span)
						continue
					}
					end = o.Span.End
					word := string(s.Text[o.Span.Start-s.Span.Start : o.Span.End-s.Span.Start])
					if !named(word, o.Target) {
						t.Errorf("%s %s: %q is taken for the %s %s", v.Name, symbol, word, o.Kind, o.Symbol)
					}
					defined = defined || o.Role == Definition && o.Symbol == symbol
					count++
				}
				if !defined {
					t.Errorf("%s %s on %v does not define itself", v.Name, symbol, s.Platforms)
				}
			}
		}
	}
	if count < 25000 {
		t.Errorf("%d occurrences in the spine", count)
	}
}

// named reports whether a word of the source may name a target. A macro of go_asm.h
// names a field as its struct's alias does: m_tls, stack_lo.
func named(word string, o Target) bool {
	symbol := strings.TrimSuffix(o.Symbol, "<>")
	switch word = strings.TrimPrefix(Canonical(word), "."); {
	case o.Kind == Header || strings.HasSuffix(symbol, " "+word):
		return true
	case strings.HasPrefix(word, "const_"):
		return base(symbol) == strings.TrimPrefix(word, "const_")
	case strings.HasSuffix(word, "__size"):
		return o.Kind == Type
	case o.Kind == Field && strings.Contains(word, "_") && base(symbol) != word:
		return strings.HasSuffix(word, "_"+base(symbol))
	}
	return base(symbol) == base(word)
}

func TestRealSuggest(t *testing.T) {
	_, x := realIndex(t)
	for _, c := range []struct{ version, name, want string }{
		{"go1.27", "runtime.findrunnable", "runtime.findRunnable"},
		{"go1.27", "runtime.alginit", "internal/runtime/maps.AlgInit"},
		{"go1.17", "runtime.parseDebugVars", "runtime.parsedebugvars"},
		{"go1.17", "runtime·shedinit", "runtime.schedinit"},
	} {
		if got := x.Suggest(c.version, c.name); len(got) == 0 || len(got) > 3 || got[0] != c.want {
			t.Errorf("%s in %s: suggests %v, want %s first", c.name, c.version, got, c.want)
		}
	}
}
