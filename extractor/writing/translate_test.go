package writing

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/annotation"
	"beforemain/extractor/writing/po"
)

// readNotes reads the notes of one file.
func readNotes(name string, text []byte) []*annotation.Annotation {
	notes, _ := annotation.Read(fstest.MapFS{name: {Data: text}}, ".")
	return notes
}

// roundTrip writes the translations of a file as PO, lets change edit them, and reads
// them back into the text.
func roundTrip(t *testing.T, name string, text []byte, change func(*po.Message)) []byte {
	t.Helper()
	notes := readNotes(name, text)
	messages := Messages("en", "en", notes, nil, nil)
	for i := range messages {
		change(&messages[i])
	}
	_, read, problems := po.Parse("en.po", po.Format("en", messages))
	translations, _, more := Translations("en.po", read, notes, nil)
	if problems = append(problems, more...); len(problems) > 0 {
		t.Fatal(problems)
	}
	var edits []Edit
	for i := range translations {
		e, changes, problems := translations[i].Edit("en", text)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if changes {
			edits = append(edits, e)
		}
	}
	after, err := Apply(text, edits)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// TestTranslateBook takes the book's own notes through PO and back: nothing changes,
// and a changed text changes alone.
func TestTranslateBook(t *testing.T) {
	root := os.DirFS("../../annotations")
	stamps := regexp.MustCompile(`<!-- of: zh [0-9a-f]{6} -->\n`)
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
		same := roundTrip(t, name, text, func(*po.Message) {})
		if d := cmp.Diff(string(text), string(same)); d != "" {
			t.Errorf("%s: a round trip changes it:\n%s", name, d)
		}
		changed := roundTrip(t, name, text, func(m *po.Message) { m.Text += " +" })
		back := roundTrip(t, name, changed, func(m *po.Message) { m.Text = strings.TrimSuffix(m.Text, " +") })
		plain := func(b []byte) string {
			return strings.TrimRight(strings.ReplaceAll(stamps.ReplaceAllString(string(b), ""), "\n\n\n", "\n\n"), "\n")
		}
		if d := cmp.Diff(plain(text), plain(back)); d != "" {
			t.Errorf("%s: there and back:\n%s", name, d)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files, %v", n, err)
	}
}

const translateFile = "---\nsymbol: clock.tick\n---\n\n## one\n\n```anchor\nat:       n++\nreviewed: v1\n```\n\n### zh 加一\n\n加一。\n\n## two\n\n```anchor\nat:       return\nreviewed: v1\n```\n\n### zh …\n\n…\n\n### en Two\n\nTwo.\n"

func TestTranslationEdit(t *testing.T) {
	stamp := "<!-- of: zh " + annotation.Stamp("加一 加一。") + " -->"
	add := func(s string) string {
		return strings.Replace(translateFile, "加一。\n", "加一。\n\n### en One\n\n"+s, 1)
	}
	for _, tt := range []struct {
		name, title, prose string
		want               string // a file, or what is wrong
	}{
		{"new", "One", "One more.\n\nAnd more.\n", add(stamp + "\nOne more.\n\nAnd more.\n")},
		{"heading", "One", "One.\n\n## evil\n\nText.", "x.po:9:1: error: N109 "},
		{"section", "One", "One.\n\n### zh Other\n\nText.", "x.po:9:1: error: N109 "},
		{"title of two lines", "One\n## evil", "One.", "x.po:9:1: error: N109 "},
		{"open fence", "One", "```\nOne.", "x.po:9:1: error: N109 "},
		{"block", "One", "One.\n\n```anchor\nat: x\n```", "x.po:9:1: error: N109 "},
		{"raw HTML", "One", "<script>alert(1)</script>", "x.po:9:1: error: N112 raw HTML"},
		{"link", "One", "[a](javascript:alert)", "x.po:9:1: error: N112 "},
		{"carriage return", "One", "a\r\nb", "x.po:9:1: error: N109 "},
		{"no title", "", "One.", "x.po:9:1: error: N109 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := []byte(translateFile)
			notes := readNotes("x.md", text)
			messages := []po.Message{{Context: "x.md#one title", ID: "加一", Text: tt.title, Line: 5}, {Context: "x.md#one", ID: "加一。", Text: tt.prose, Line: 9}}
			list, _, problems := Translations("x.po", messages, notes, nil)
			if len(problems) > 0 || len(list) != 1 {
				t.Fatal(list, problems)
			}
			e, changes, problems := list[0].Edit("en", text)
			if strings.HasPrefix(tt.want, "x.po") {
				if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), tt.want) {
					t.Fatalf("got %v, want %s", problems, tt.want)
				}
				if r := problems[0].Related; len(r) == 0 || !strings.HasPrefix(r[len(r)-1], "fix: ") {
					t.Errorf("%v has no fix: %q", problems[0], r)
				}
				return
			}
			got, err := Apply(text, []Edit{e})
			if err != nil || !changes || len(problems) > 0 {
				t.Fatal(err, changes, problems)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

// A note's texts may stand in another file than its blocks.
func TestTranslationElsewhere(t *testing.T) {
	const blocks = "---\nsymbol: p.a\n---\n\n## one\n\n```anchor\nat: x\n```\n"
	const own = "## one\n\n### zh 题\n\n文\n"
	added := "\n### en Title\n\n<!-- of: zh " + annotation.Stamp("题 文") + " -->\nText\n"
	for _, tt := range []struct{ name, texts string }{
		{"alone", "---\nsymbol: p.a\n---\n\n" + own},
		{"behind another note", "---\nsymbol: p.a\n---\n\n## two\n\n### zh 二\n\n文二\n\n" + own},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{"a.md": {Data: []byte(blocks)}, "b.md": {Data: []byte(tt.texts)}}
			notes, _ := annotation.Read(fsys, ".")
			list, _, problems := Translations("x.po", []po.Message{{Context: "a.md#one", ID: "文", Text: "Text", Line: 3}, {Context: "a.md#one title", ID: "题", Text: "Title", Line: 6}}, notes, nil)
			if len(list) != 1 || len(problems) > 0 {
				t.Fatal(list, problems)
			}
			if file := list[0].File("en"); file != "b.md" {
				t.Fatalf("it goes to %s", file)
			}
			e, changes, problems := list[0].Edit("en", []byte(tt.texts))
			got, err := Apply([]byte(tt.texts), []Edit{e})
			if err != nil || !changes || len(problems) > 0 {
				t.Fatal(err, changes, problems)
			}
			if d := cmp.Diff(tt.texts+added, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTranslationOfOrigin(t *testing.T) {
	text := []byte(translateFile)
	list, _, _ := Translations("x.po", []po.Message{{Context: "x.md#one", ID: "加一。", Text: "减一。", Line: 9}}, readNotes("x.md", text), nil)
	_, changes, problems := list[0].Edit("zh", text)
	if changes || len(problems) != 1 || problems[0].Message != `zh is the language that "one" was written in` || len(problems[0].Related) != 1 {
		t.Errorf("changes: %t, %v", changes, problems)
	}
}

func TestTranslationsUnknown(t *testing.T) {
	notes := readNotes("x.md", []byte(translateFile))
	list, fuzzy, problems := Translations("x.po", []po.Message{
		{Context: "../../etc/passwd#one", ID: "a", Text: "b", Line: 3},
		{Context: "x.md#one", ID: "a", Text: "b", Fuzzy: true, Line: 6},
		{Context: "x.md#three", ID: "a", Line: 9},
	}, notes, nil)
	if len(list) > 0 || fuzzy != 1 || len(problems) != 1 || problems[0].Pos.Line != 3 {
		t.Errorf("Translations = %v, %d, %v", list, fuzzy, problems)
	}
}

func FuzzTranslation(f *testing.F) {
	f.Add("One", "One more.\n\n#### x\n")
	f.Add("a\nb", "```\n## x\n### en y")
	f.Fuzz(func(t *testing.T, title, prose string) {
		text := []byte(translateFile)
		notes := readNotes("x.md", text)
		list, _, _ := Translations("x.po", []po.Message{{Context: "x.md#one title", ID: "加一", Text: title, Line: 5}, {Context: "x.md#one", ID: "加一。", Text: prose, Line: 9}}, notes, nil)
		for i := range list {
			e, changes, problems := list[i].Edit("en", text)
			if len(problems) > 0 || !changes {
				continue
			}
			got, err := Apply(text, []Edit{e})
			if err != nil {
				t.Fatal(err)
			}
			after, errors := annotation.Parse("x.md", got)
			if len(errors) > 0 || len(after) != 2 || len(after[0].Texts) != 2 || len(after[1].Texts) != 2 {
				t.Errorf("%v\n%s", errors, got)
			}
		}
	})
}
