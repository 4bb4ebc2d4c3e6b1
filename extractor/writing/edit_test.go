package writing

import (
	"go/token"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/scan"
)

func TestApply(t *testing.T) {
	at := func(line, column int) token.Position {
		return token.Position{Filename: "x.md", Line: line, Column: column}
	}
	for _, tt := range []struct {
		name, text, want string
		edits            []Edit
	}{
		{"in order", "one\ntwo\nthree\n", "1\ntwo two\n3\n", []Edit{{at(3, 1), "three", "3"}, {at(1, 1), "one", "1"}, {at(2, 4), "", " two"}}},
		{"line ends", "one\r\ntwo\r\n", "one\r\nnew\r\ntwo\r\n", []Edit{{at(2, 1), "", "new\n"}}},
		{"byte order mark", "\ufeffone\n", "\ufefftwo\n", []Edit{{at(1, 1), "one", "two"}}},
		{"at the end", "one", "one\ntwo\n", []Edit{{at(2, 1), "", "two\n"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Apply([]byte(tt.text), tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
	for _, edits := range [][]Edit{
		{{at(1, 1), "two", "2"}},
		{{at(4, 1), "", "x"}},
		{{at(1, 1), "one", "1"}, {at(1, 2), "n", "N"}},
	} {
		if got, err := Apply([]byte("one\ntwo\n"), edits); err == nil {
			t.Errorf("Apply(%v) = %q, want an error", edits, got)
		}
	}
}

func TestEditStamp(t *testing.T) {
	const head = "---\nsymbol: clock.tick\n---\n\n## a\n\n```anchor\nat:       x\nreviewed: v1\n```\n\n### zh 甲\n\n乙  丙\n\n"
	stamp := "<!-- of: zh " + annotation.Stamp("甲 乙 丙") + " -->"
	for _, tt := range []struct{ name, text, want string }{
		{"new", head + "### en A\n\nB\n", head + "### en A\n\n" + stamp + "\nB\n"},
		{"no empty line", head + "### en A\nB\n", head + "### en A\n\n" + stamp + "\nB\n"},
		{"other", head + "### en A\n\n<!-- of: zh 000000 -->  \n\nB\n", head + "### en A\n\n" + stamp + "  \n\nB\n"},
		{"title alone, at the end", head + "### en A", head + "### en A\n\n" + stamp + "\n"},
		{"title alone", head + "### en A\n\n## b\n", head + "### en A\n\n" + stamp + "\n\n## b\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			notes, _ := annotation.Parse("x.md", []byte(tt.text))
			e, changes := StampNote(notes[0], []byte(tt.text), notes[0].Texts[1])
			got, err := Apply([]byte(tt.text), []Edit{e})
			if err != nil || !changes {
				t.Fatal(changes, err)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Error(d)
			}
			notes, list := annotation.Parse("x.md", got)
			if len(list) > 0 || notes[0].Outdated("en") || notes[0].Texts[1].Of == "" {
				t.Errorf("not read as fresh: %v", list)
			}
			if _, changes := StampNote(notes[0], got, notes[0].Texts[1]); changes {
				t.Error("changes again")
			}
		})
	}
}

func TestStampChapter(t *testing.T) {
	const origin = "---\ntitle: t\nlede: l\n---\nx\n"
	chapter := func(lang, text string) (*annotation.Chapter, diag.List) {
		return annotation.ReadChapter(fstest.MapFS{"c.md": {Data: []byte(text)}}, "c.md", lang, "c")
	}
	o, _ := chapter("zh", origin)
	want := "---\ntitle: t\nlede: l\n" + o.StampLine() + "\n---\nx\n"
	for name, text := range map[string]string{
		"none":            origin,
		"other":           strings.Replace(want, o.Stamp(), "000000", 1),
		"no stamp":        strings.Replace(want, o.StampLine(), "of: zh x", 1),
		"more than one":   strings.Replace(want, o.Stamp(), o.Stamp()+" "+o.Stamp(), 1),
		"a key, no value": strings.Replace(want, o.StampLine(), "of:", 1),
		"a space before":  strings.Replace(want, o.StampLine(), " of :  ", 1),
		"too long":        strings.Replace(want, o.StampLine(), "of: "+strings.Repeat("x", scan.MaxValue+1), 1),
		"no text":         strings.Replace(want, o.StampLine(), "of: zh \xff", 1),
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := chapter("en", text)
			e, changes := StampChapter(c, o)
			got, err := Apply([]byte(text), []Edit{e})
			if err != nil || !changes {
				t.Fatal(changes, err)
			}
			if d := cmp.Diff(want, string(got)); d != "" {
				t.Error(d)
			}
			c, list := chapter("en", string(got))
			if _, changes := StampChapter(c, o); changes || len(list) > 0 {
				t.Errorf("not read as fresh: %t, %v", changes, list)
			}
		})
	}
}
