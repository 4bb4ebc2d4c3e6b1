package annotation

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/diag"
	"beforemain/extractor/markdown"
)

func TestReadChapter(t *testing.T) {
	fsys := fstest.MapFS{"c.md": {Data: []byte(`---
title: "启动：\"头\""
lede: What it is about.
---

One [link](sym:p.start).

{{< go "1.21+" >}}

## Two {#two}

{{< on "windows, linux/amd64" >}}
{{< slice p.start on="linux/amd64" note="locks" >}}
{{< /on >}}

Three.
{{< /go >}}
Four.
`)}}
	c, list := ReadChapter(fsys, "c.md", "zh", "first")
	if len(list) > 0 {
		t.Fatal(list)
	}
	want := `启动："头" | What it is about. | c.md:1:1
6: "One [link](sym:p.start).\n"
8: go 1.21+
  10: "## Two {#two}\n"
  12: on windows linux/amd64
    13: slice p.start linux/amd64 locks
  16: "Three.\n"
18: "Four.\n"
`
	got := fmt.Sprintf("%s | %s | %s\n%s", c.Title, c.Lede, c.Pos, outline(c.Body, ""))
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]markdown.Heading{{ID: "two", Title: "Two", Level: 2}}, c.Body[1].Block.Body[0].Prose.Headings()); d != "" {
		t.Error(d)
	}
	missing, list := ReadChapter(fsys, "d.md", "zh", "second")
	if missing != nil || len(list) != 1 || list[0].Code != "N120" || list.Count(diag.Error) != 0 {
		t.Errorf("a chapter that is not there = %v, %v", missing, list)
	}
}

func TestChapterHead(t *testing.T) {
	for _, tt := range []struct{ name, value, title, want string }{
		{"plain", `One`, "One", ""},
		{"quoted", `"One: \"two\""`, `One: "two"`, ""},
		{"empty", `""`, "", `c.md:2:8: error: N109 "title" is empty`},
		{"blank", `" \t"`, " \t", `c.md:2:8: error: N109 "title" is empty`},
		{"no text", `"a\xffb"`, "a?b", `c.md:2:8: error: N109 "title" is not UTF-8 text`},
		{"hidden", `"a\u202eb"`, "a b", "c.md:2:8: error: N112 title holds"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, list := parseChapter("c.md", "en", "c", []byte("---\ntitle: "+tt.value+"\nlede: l\n---\nx\n"))
			if c.Title != tt.title || len(list) > 1 || (len(list) == 0) != (tt.want == "") {
				t.Fatalf("title %q, %v", c.Title, list)
			}
			if len(list) > 0 && (!strings.HasPrefix(list[0].String(), tt.want) || len(list[0].Related) == 0) {
				t.Errorf("got %v %q, want %s", list[0], list[0].Related, tt.want)
			}
		})
	}
}

func outline(nodes []Node, indent string) string {
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.Prose != nil:
			fmt.Fprintf(&b, "%s%d: %q\n", indent, n.Prose.Pos.Line, n.Prose.Source)
		case n.Slice != nil:
			fmt.Fprintf(&b, "%s%d: slice %s %s %s\n", indent, n.Slice.Pos.Line, n.Slice.Symbol, n.Slice.On, n.Slice.Note)
		case n.Block.On != nil:
			fmt.Fprintf(&b, "%s%d: on %s\n%s", indent, n.Block.Pos.Line, strings.Join(n.Block.On, " "), outline(n.Block.Body, indent+"  "))
		default:
			fmt.Fprintf(&b, "%s%d: go %s\n%s", indent, n.Block.Pos.Line, n.Block.Go, outline(n.Block.Body, indent+"  "))
		}
	}
	return b.String()
}
