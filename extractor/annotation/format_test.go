package annotation

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat(t *testing.T) {
	const head = "---\nsymbol: clock.tick\n---\n"
	for _, tt := range []struct {
		name, in, want string
		order          []string
	}{
		{
			name: "spacing",
			in: "\ufeff---\r\nsymbol:   clock.tick  \r\n---\r\n## a  \r\n```anchor\r\ngo: 1.17+\r\n\r\n  at:   x := 1: // two  \r\nreviewed:go1.17.1\r\n```\r\n\r\n\r\n" +
				"###  zh   标题 \r\n正文  \r\n第二行 \r\n\r\n\r\n### en\r\n\r\n",
			want: head + "\n## a\n\n```anchor\ngo:       1.17+\nat:       x := 1: // two\nreviewed: go1.17.1\n```\n\n### zh 标题\n\n正文  \n第二行\n\n### en\n",
		},
		{
			name:  "order",
			order: []string{"c", "a", "d"},
			in:    head + "\n## a\n\n## b\n\n## c\n\n## d\n",
			want:  head + "\n## c\n\n## a\n\n## b\n\n## d\n",
		},
		{
			name: "what is no field stays",
			in:   head + "## a\n```anchor\nat： x\nrevewed: go1\n\tat: y\nat: z\n```\n",
			want: head + "\n## a\n\n```anchor\nat： x\nrevewed: go1\n\tat: y\nat:       z\n```\n",
		},
		{
			name: "stamp",
			in:   head + "## a\n### zh 甲\n乙\n### en A\n\n<!-- of: zh 4f1c2d -->  \n\n\nB\n",
			want: head + "\n## a\n\n### zh 甲\n\n乙\n\n### en A\n\n<!-- of: zh 4f1c2d -->\nB\n",
		},
		{
			name: "headings in code are none",
			in:   head + "## a\n### zh 甲\n\n```\n## b\n\n\n### en\n```\n",
			want: head + "\n## a\n\n### zh 甲\n\n```\n## b\n\n\n### en\n```\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Format("x.md", []byte(tt.in), tt.order)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFormatRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                                       `x.md:1: the file does not begin with "---"`,
		"---\nsymbol: x\n":                       `x.md:1: the front matter is not closed`,
		"---\nsymbol: x\n---\n## a\n```anchor\n": `x.md:5: the fenced block is not closed`,
		"---\nsymbol: x\n---\n## a\n### zh\n~~~\n": `x.md:6: the fenced block is not closed`,
		"---\nsymbol: \xff\n---\n":                 `x.md:2: the file is not UTF-8 text here`,
		"---\nsymbol: x\n---\nab\rc\n":             `x.md:4: `,
	} {
		if _, err := Format("x.md", []byte(in), nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Format(%q) = %v, want %s", in, err, want)
		}
	}
}

// notesAsSaid is what a file of notes says, without where it says it.
func notesAsSaid(name string, text []byte) []string {
	notes, list := Parse(name, text)
	var said []string
	for _, a := range notes {
		s := fmt.Sprintf("%q %q", a.Symbol, a.ID)
		for _, b := range a.Blocks {
			s += fmt.Sprintf(" %s[%s %q %q %q %q %q]", b.Kind, b.Go, b.On, b.At, b.Until, b.After, b.Reviewed)
		}
		for _, t := range a.Texts {
			s += fmt.Sprintf(" %s %q %q %q", t.Lang, t.Title, t.Of, strings.TrimRight(string(t.Prose.Source), " \n"))
		}
		said = append(said, s)
	}
	for _, d := range list {
		said = append(said, d.Code) // messages may name lines
	}
	slices.Sort(said)
	return said
}

func checkFormat(t *testing.T, name string, text []byte, order []string) []byte {
	t.Helper()
	once, err := Format(name, text, order)
	if err != nil {
		return nil
	}
	twice, err := Format(name, once, order)
	if err != nil {
		t.Fatalf("formatted: %v\n%q", err, once)
	}
	if !bytes.Equal(once, twice) {
		t.Errorf("not idempotent:\n%q\n%q\n%q", text, once, twice)
	}
	if d := cmp.Diff(notesAsSaid(name, text), notesAsSaid(name, once)); d != "" {
		t.Errorf("the notes differ:\n%s\n%q\n%q", d, text, once)
	}
	return once
}

func FuzzFormat(f *testing.F) {
	f.Add("---\nsymbol: clock.tick\n---\n\n## a\n```anchor\nat: x\nreviewed: go1.1\n```\n### zh 甲\n乙\n### en A\n<!-- of: zh 4f1c2d -->\nB\n## b\n", "b,a")
	f.Add("---\nsymbol: x\n---\ntext\n## a\n``` fold\n at:y\n````\n  text\n### zh\n~~~\n## c\n~~~\n", "c")
	f.Fuzz(func(t *testing.T, text, order string) {
		checkFormat(t, "x.md", []byte(text), strings.Split(order, ","))
	})
}

// TestFormatBook formats the book's own notes: in the order that they have it
// may not change what they say.
func TestFormatBook(t *testing.T) {
	root := os.DirFS("../../annotations")
	n := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		n++
		if checkFormat(t, name, text, nil) == nil {
			t.Errorf("%s is refused", name)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files, %v", n, err)
	}
}
