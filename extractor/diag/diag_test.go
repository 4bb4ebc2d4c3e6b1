package diag

import (
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sample() List {
	var l List
	l.Warnf(token.Position{Filename: "b.md", Line: 2, Column: 1}, "N104", "%q needs review", "seed")
	l.Errorf(token.Position{Filename: "a.md", Line: 9, Column: 5}, "N101", "anchor not found").
		Relate("nearest: %s", "x.go:3").Relate("fix: write it out")
	l.Errorf(token.Position{Filename: "a.md", Line: 2, Column: 7}, "N107", "fragment longer than 80 characters")
	l.Sort()
	return l
}

func TestPrint(t *testing.T) {
	var b strings.Builder
	if err := sample().Print(&b); err != nil {
		t.Fatal(err)
	}
	want := `a.md:2:7: error: N107 fragment longer than 80 characters
a.md:9:5: error: N101 anchor not found
    nearest: x.go:3
    fix: write it out
b.md:2:1: warning: N104 "seed" needs review
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestPrintJSON(t *testing.T) {
	var b strings.Builder
	if err := sample()[2:].PrintJSON(&b); err != nil {
		t.Fatal(err)
	}
	want := `{"file":"b.md","line":2,"column":1,"severity":"warning","code":"N104","message":"\"seed\" needs review","related":[]}` + "\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestCount(t *testing.T) {
	l := sample()
	if got := [2]int{l.Count(Error), l.Count(Warning)}; got != [2]int{2, 1} {
		t.Errorf("errors, warnings = %v, want [2 1]", got)
	}
}

func TestPrintGitHub(t *testing.T) {
	var l List
	l.Errorf(token.Position{Filename: "a,b:c.md", Line: 9, Column: 5}, "N101", "100%% of %q", "x").
		Relate("fix: on: linux, darwin").Relate("two\r\n::stop-commands::x")
	l.Warnf(token.Position{Filename: "b.md", Line: 2, Column: 1}, "N104", "needs review")
	var b strings.Builder
	if err := l.PrintGitHub(&b); err != nil {
		t.Fatal(err)
	}
	want := `::error file=a%2Cb%3Ac.md,line=9,col=5,title=N101::100%25 of "x"%0Afix: on: linux, darwin%0Atwo\r\n::stop-commands::x
::warning file=b.md,line=2,col=1,title=N104::needs review
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

// A message quotes what anybody may have written.
func TestPrintHostile(t *testing.T) {
	var l List
	l.Errorf(token.Position{Filename: "a\n::error::.md", Line: 1, Column: 1}, "N109", "\x1b[31m%s", "x\u202ey").Relate("a\n::set-env name=x::y\u2028")
	var b strings.Builder
	if err := l.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := `a\n::error::.md:1:1: error: N109 \x1b[31mx\u202ey
    a\n::set-env name=x::y\u2028
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}
