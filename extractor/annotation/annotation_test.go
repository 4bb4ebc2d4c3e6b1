package annotation

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
)

func TestRead(t *testing.T) {
	fsys := fstest.MapFS{"notes/a.md": {Data: []byte("---\r\nsymbol: p.start\r\n---\r\n\r\n## one\r\n\r\n```anchor\r\nat: work()\r\nreviewed: v1\r\n```\r\n\r\n" +
		"### zh 标题\r\n\r\n文。\r\n\r\n### en Title\r\n\r\n<!-- of: zh 1cd943 -->\r\n\r\nText.\r\n")}, "notes/b.txt": {Data: []byte("?")}}
	notes, list := Read(fsys, "notes")
	if len(list) > 0 || len(notes) != 1 {
		t.Fatal(notes, list)
	}
	ja, _ := notes[0].Text("ja")
	en, _ := notes[0].Text("en")
	got := fmt.Sprintf("%s %s %s / %s %q / %s %s %q %s", notes[0].Symbol, notes[0].ID, notes[0].Pos, ja.Title, ja.Prose.Source, en.Title, en.Of, en.Prose.Source, en.Prose.Pos)
	want := `p.start one notes/a.md:5:4 / 标题 "文。\n" / Title zh 1cd943 "Text.\n" notes/a.md:20:1`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if notes, list := Read(fsys, "nowhere"); notes != nil || list != nil {
		t.Errorf("a folder that is not there = %v, %v", notes, list)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("---\nsymbol: p.start\n---\n\n## one\n\n```anchor\ngo: 1..2\nat: work()\nreviewed: v1\n```\n\n### en Title\n\nText [a](sym:b).\n")
	f.Add("---\ntitle: \"x\"\nlede: y\n---\n{{< go \"1+\" >}}\n## A {#a}\n{{< slice p.x on=\"linux\" >}}\n{{< /go >}}\n")
	f.Add("[[term]]\nid = \"a\"\nname = { en = \"x\" }\ntext = { en = \"[a](b) <b>\" }\n")
	f.Add("---\nsymbol: p\n---\n## a\n```fold\nat： “x”\n\t\u00a0\n### zh\n~~~\n## no\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines := scan.NewPage("x", []byte(text)).Lines
		inFile := func(what string, pos interface{ String() string }, line, column int) {
			if line < 1 || line > len(lines) || column < 1 || column > len(lines[line-1])+1 {
				t.Fatalf("%s at %s, outside of %q", what, pos, text)
			}
		}
		check := func(p *markdown.Prose, exact bool) {
			if exact && len(p.Source) > 0 {
				first, _, _ := strings.Cut(string(p.Source), "\n")
				if lines[p.Pos.Line-1] != first {
					t.Fatalf("prose %q is not at %s of %q", p.Source, p.Pos, text)
				}
			}
			if !exact {
				return
			}
			for _, l := range p.Links() {
				inFile("link", l.Pos, l.Pos.Line, l.Pos.Column)
			}
		}
		notes, list := Parse("x", []byte(text))
		for _, a := range notes {
			inFile("note", a.Pos, a.Pos.Line, a.Pos.Column)
			for _, b := range a.Blocks {
				inFile("block", b.Pos, b.Pos.Line, b.Pos.Column)
				for _, field := range b.fields {
					inFile("field", field.Pos, field.Pos.Line, field.Pos.Column)
				}
			}
			for _, text := range a.Texts {
				check(text.Prose, true)
			}
		}
		c, more := parseChapter("x", "en", "x", []byte(text))
		list = append(list, more...)
		eachProse(c.Body, func(p *markdown.Prose) { check(p, true) })
		for _, d := range list {
			inFile(d.Code, d.Pos, d.Pos.Line, d.Pos.Column)
		}
		terms, _ := parseGlossary("x", []byte(text))
		for _, term := range terms {
			for _, p := range term.Text {
				check(p, false)
			}
		}
	})
}

func eachProse(nodes []Node, f func(*markdown.Prose)) {
	for _, n := range nodes {
		if n.Prose != nil {
			f(n.Prose)
		}
		if n.Block != nil {
			eachProse(n.Block.Body, f)
		}
	}
}

func TestStamp(t *testing.T) {
	const want = "63a17a" // printf 'A title Some text.' | sha256sum
	for _, text := range []string{"A title\nSome text.\n", "A title Some text.", "  A title\n\nSome\ttext.  \r\n"} {
		if got := Stamp(text); got != want {
			t.Errorf("Stamp(%q) = %s, want %s", text, got, want)
		}
	}
	if Stamp("A title\nSome text!\n") == want {
		t.Error("a sign more and the stamp is the same")
	}
	text := Text{Lang: "zh", Title: "A title", Prose: &markdown.Prose{Source: []byte("Some text.\n")}}
	if got := text.StampLine(); got != "<!-- of: zh "+want+" -->" {
		t.Errorf("StampLine = %s", got)
	}
}
