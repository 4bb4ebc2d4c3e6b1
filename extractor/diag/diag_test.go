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
