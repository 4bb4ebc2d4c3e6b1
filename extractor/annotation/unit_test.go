package annotation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

func TestParseRange(t *testing.T) {
	all := []string{"go1.9", "go1.17", "go1.18", "go1.21", "go1.26", "go2.0"}
	for _, test := range []struct {
		in   string
		want string // the versions it holds, or the error's end
	}{
		{"1.18", "go1.18"},
		{"go1.18", "go1.18"},
		{"1.17..1.21", "go1.17 go1.18 go1.21"},
		{"1.21+", "go1.21 go1.26 go2.0"},
		{"1.9..2", "go1.9 go1.17 go1.18 go1.21 go1.26 go2.0"},
		{"v1.26.0+", "go1.26 go2.0"},
		{"1.30..1.31", ""},
		{"", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"..1.22", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.17..", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.17..1.21+", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.17 .. 1.21", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.+17", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"-1", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.99999999999", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.21..1.17", "ends before it begins"},
		{"1.10..1.9", "ends before it begins"},
	} {
		r, err := ParseRange(test.in)
		if err != nil {
			if test.want == "" || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("ParseRange(%q) = %v, want %q", test.in, err, test.want)
			}
			continue
		}
		got := strings.Join(slices.DeleteFunc(slices.Clone(all), func(v string) bool { return !r.Contains(v) }), " ")
		if got != test.want {
			t.Errorf("ParseRange(%q) holds %q, want %q", test.in, got, test.want)
		}
		if back, err := ParseRange(r.String()); err != nil || !cmp.Equal(back, r, cmp.AllowUnexported(Range{})) {
			t.Errorf("ParseRange(%q) of %q = %v, %v", r.String(), test.in, back, err)
		}
	}
	if !(Range{}).Contains("tip") {
		t.Error("the zero range lacks a version")
	}
}

func TestVersionSet(t *testing.T) {
	var all []source.Version
	for _, n := range []string{"go1.17", "go1.18", "go1.19", "go1.20", "go1.21"} {
		all = append(all, source.Version{Name: n})
	}
	for _, test := range []struct {
		in     []int
		names  string
		ranges string
	}{
		{nil, "", ""},
		{[]int{0}, "go1.17", "1.17"},
		{[]int{0, 1, 2}, "go1.17..go1.19", "1.17..1.19"},
		{[]int{3, 4}, "go1.20..go1.21", "1.20+"},
		{[]int{4}, "go1.21", "1.21+"},
		{[]int{0, 2, 3}, "go1.17, go1.19..go1.20", "1.17 1.19..1.20"},
	} {
		s := versionSet{}
		for _, i := range test.in {
			s[i] = true
		}
		if got := s.names(all); got != test.names {
			t.Errorf("names of %v = %q, want %q", test.in, got, test.names)
		}
		if got := strings.Join(s.ranges(all), " "); got != test.ranges {
			t.Errorf("ranges of %v = %q, want %q", test.in, got, test.ranges)
		}
	}
}

func TestFragment(t *testing.T) {
	const goText = `	randinit() // must run before mallocinit
	fastrandinit()
	x, y := f(a,b), "a // b"
	/* one
	   two words
	*/
	//go:nosplit
	call(` + "`raw\n\ttext`" + `) // raw
	if x { y() }
`
	const asmText = `	MOVQ	DI, AX		// argc
	CALL	runtime·schedinit(SB)
	JEQ	2(PC); MOVQ CX, DX
	MOVQ	AX, ret+8(FP) /* result */
`
	for _, test := range []struct {
		name, fragment string
		want           []int
	}{
		{"x.go", "randinit()", []int{1}},
		{"x.go", "randinit ( )", []int{1}},
		{"x.go", "randinit() // another comment", []int{1}},
		{"x.go", "andinit()", nil},
		{"x.go", "()", []int{1, 2, 10}},
		{"x.go", "// must run before", []int{1}},
		{"x.go", "//   must   run before mallocinit", []int{1}},
		{"x.go", "// run before", nil},
		{"x.go", "// must run bef", nil},
		{"x.go", "// b", nil},
		{"x.go", "// two words", []int{5}},
		{"x.go", "//go:nosplit", []int{7}},
		{"x.go", "f(a, b)", []int{3}},
		{"x.go", "x, y := f(a, b), \"a // b\"", []int{3}},
		{"x.go", "x, y := f(a, b), \"a //  b\"", nil},
		{"x.go", "call(", []int{8}},
		{"x.go", "text", nil},
		{"x.go", "y()", []int{10}},
		{"x.go", "//", nil},
		{"x.go", "/* a comment only */", nil},
		{"x.s", "MOVQ DI, AX", []int{1}},
		{"x.s", "CALL runtime·schedinit(SB)", []int{2}},
		{"x.s", "CALL schedinit(SB)", nil},
		{"x.s", "MOVQ CX, DX", []int{3}},
		{"x.s", "MOVQ AX, ret+8(FP)", []int{4}},
		{"x.s", "ret+8(FP)", []int{4}},
		{"x.s", "// argc", []int{1}},
		{"x.s", "MOVQ", []int{1, 3, 4}},
	} {
		text := goText
		if strings.HasSuffix(test.name, ".s") {
			text = asmText
		}
		f := newFragment(test.fragment)
		parts := f.parts(test.name)
		var got []int
		for i, l := range splitLines(test.name, []byte(text)) {
			if f.matches(&l, parts) {
				got = append(got, i+1)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q matches lines %v, want %v", test.name, test.fragment, got, test.want)
		}
	}
}

// The tool may be asked for fewer versions than the book has. What it cannot see
// is then no error.
func TestFewerVersions(t *testing.T) {
	s := readSmall(t, "testdata/resolve.txtar")
	all := describe(s.anchors)
	for i, v := range s.book.Versions {
		x := s.only(t, v.Name)
		anchors, list := Resolve(s.book, s.notes, x)
		list = append(list, Check(s.book, s.notes, nil, nil, anchors, x)...)
		if len(list) > 0 {
			t.Errorf("%s alone: %v", v.Name, list)
		}
		for line := range strings.Lines(describe(anchors)) {
			if !strings.Contains(all, line) {
				t.Errorf("%s alone has %s", v.Name, line)
			}
		}
		if len(anchors) == 0 {
			t.Errorf("version %d has no anchors", i)
		}
	}
}

// only returns an index of one version.
func (s *small) only(t *testing.T, name string) *index.Index {
	t.Helper()
	for i, v := range s.book.Versions {
		if v.Name == name {
			return newIndex(t, s.snapshots[i:i+1], s.config)
		}
	}
	t.Fatalf("no version %s", name)
	return nil
}

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
	if d := cmp.Diff([]Heading{{"two", "Two", 2}}, c.Body[1].Block.Body[0].Prose.Headings()); d != "" {
		t.Error(d)
	}
	missing, list := ReadChapter(fsys, "d.md", "zh", "second")
	if missing != nil || len(list) != 1 || list[0].Code != "N120" || list.Count(diag.Error) != 0 {
		t.Errorf("a chapter that is not there = %v, %v", missing, list)
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
		lines := newPage("x", []byte(text)).lines
		inFile := func(what string, pos interface{ String() string }, line, column int) {
			if line < 1 || line > len(lines) || column < 1 || column > len(lines[line-1])+1 {
				t.Fatalf("%s at %s, outside of %q", what, pos, text)
			}
		}
		check := func(p *Prose, exact bool) {
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
		notes, list := parseNotes("x", []byte(text))
		for _, a := range notes {
			inFile("note", a.Pos, a.Pos.Line, a.Pos.Column)
			for _, b := range a.Blocks {
				inFile("block", b.Pos, b.Pos.Line, b.Pos.Column)
				for _, field := range b.fields {
					inFile("field", field.pos, field.pos.Line, field.pos.Column)
				}
			}
			for _, text := range a.Texts {
				check(text.Prose, true)
			}
		}
		c, more := parseChapter("x", "en", "x", []byte(text))
		list = append(list, more...)
		eachProse(c.Body, func(p *Prose) { check(p, true) })
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

func eachProse(nodes []Node, f func(*Prose)) {
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
	text := Text{Lang: "zh", Title: "A title", Prose: &Prose{Source: []byte("Some text.\n")}}
	if got := text.StampLine(); got != "<!-- of: zh "+want+" -->" {
		t.Errorf("StampLine = %s", got)
	}
}

// What a page says of a note in one version is in its anchors there.
func TestStale(t *testing.T) {
	s := readSmall(t, "testdata/fresh.txtar")
	for _, test := range []struct{ id, stale string }{
		{"read-everywhere", ""},
		{"comments-do-not-count", ""},
		{"changed", "v3 v5"},
		{"two-lines-away", ""},
		{"within-a-fold", "v3"},
		{"not-pinned-any-more", "v1 v2 v3 v4 v5"},
		{"an-older-patch", "v2 v3"},
		{"unknown", ""},
		{"missing", "v1 v2"},
		{"before-its-range", "v3 v4"},
	} {
		var got []string
		for _, a := range s.anchors {
			if a.Annotation.ID == test.id && a.Stale {
				got = append(got, a.Slice.Version.Name)
			}
		}
		if got := strings.Join(got, " "); got != test.stale {
			t.Errorf("%s is stale in %q, want %q", test.id, got, test.stale)
		}
	}
	for _, a := range s.anchors {
		want := []string{"one ( )", "two ( )", "three ( )", "four ( )", "five ( )"}
		if a.Annotation.ID == "comments-do-not-count" && !slices.Equal(a.Window(), want) {
			t.Errorf("window in %s = %q, want %q", a.Slice.Version.Name, a.Window(), want)
		}
	}
}
