package scan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownKeys(t *testing.T) {
	const text = `nmae = "x"
[[node]]
note = "right"

[[edge]]
note = "of a node"

[[edge]]
from = "a"
zzz  = 1
`
	var to struct {
		Name string
		Node []struct{ Note string }
		Edge []struct{ From string }
	}
	p := NewPage("x.toml", []byte(text))
	if !p.Decode(&to, []string{"name", "node", "note", "edge", "from"}) {
		t.Fatal(p.List)
	}
	var got []string
	for _, d := range p.List {
		got = append(got, d.String()+" "+strings.Join(d.Related, " "))
	}
	slices.Sort(got)
	want := []string{
		`x.toml:10:1: error: N109 unknown key "zzz" fix: use one of name, node, note, edge, from`,
		`x.toml:1:1: error: N109 unknown key "nmae"; did you mean "name"? fix: name`,
		`x.toml:6:1: error: N109 the key "note" does not stand in a table of this kind fix: remove it, or put it into the table that it is of`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
