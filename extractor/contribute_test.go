package extractor

import (
	"context"
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/annotation"
	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
)

// pagesOf lays the small book out, with changed files, by version, language and path.
// Warnings are no problem.
func pagesOf(t *testing.T, changed map[string]string) map[string]content.Page {
	t.Helper()
	result, problems, err := Run(context.Background(), clock(t, changed))
	if err != nil || problems.Count(diag.Error) > 0 {
		t.Fatal(err, problems)
	}
	got := map[string]content.Page{}
	err = result.Editions(func(v source.Version, lang string, pages []content.Page) error {
		for _, p := range pages {
			got[v.Name+"/"+lang+"/"+p.Path] = p
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// clockFile returns a file of the small book.
func clockFile(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(clock(t, nil).Root, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tickNotes are on clock.tick: an anchor read against v1 only, and a translation of
// the comment above it.
const tickNotes = "---\nsymbol: clock.tick\n---\n\n" +
	"## plus\n\n```anchor\nat:       return n + 1\nreviewed: v1.0.0\n```\n\n### en One more\n\nIt counts.\n\n### zh 加一\n\n<!-- of: en 000000 -->\n数一下。\n\n" +
	"## doc\n\n```comment\nat:       // tick is one beat.\nreviewed: v1.0.0\n```\n\n### zh\n\n一拍。\n"

// changedClock is the small book, with another tick in its second version.
func changedClock(t *testing.T) Config {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/clock.txtar")
	if err != nil {
		t.Fatal(err)
	}
	other := strings.NewReplacer("\treturn n + 1", "\tn++\n\treturn n + 1", "tick is one beat", "tick is a beat")
	for i, f := range archive.Files {
		if f.Name == "v2/src/clock/clock.go" {
			archive.Files[i].Data = []byte(other.Replace(string(f.Data)))
		}
	}
	return openArchive(t, archive, map[string]string{
		"annotations/clock/tick.md": tickNotes,
		BookFile:                    strings.Replace(clockFile(t, BookFile), "[source]\n", "[source]\nlanguage = \"en\"\n", 1),
	})
}

// A note that only has the scaffold's text is a note that is missing.
func TestStatusOfAScaffold(t *testing.T) {
	const scaffold = "---\nsymbol: clock.tick\n---\n\n## plus\n\n```anchor\nat:       return n + 1\nreviewed: v1.2.0\n```\n\n### en …\n\n…\n"
	for _, p := range pagesOf(t, map[string]string{"annotations/clock/tick.md": scaffold}) {
		status, ok := p.Params.(content.StatusParams)
		if !ok || status.Version.Name != "v2" {
			continue
		}
		for _, row := range status.Rows {
			if row.Name == "clock.tick" && (row.Covered != 0 || row.Missing != 1) {
				t.Errorf("%s: %+v", status.URL, row)
			}
		}
	}
}

func TestFreshness(t *testing.T) {
	result, problems, err := Run(context.Background(), changedClock(t))
	if err != nil || problems.Count(diag.Error) > 0 {
		t.Fatal(err, problems)
	}
	bodies := map[string]string{}
	status := map[string]content.StatusParams{}
	err = result.Editions(func(v source.Version, lang string, pages []content.Page) error {
		for _, p := range pages {
			bodies[v.Name+"/"+lang+"/"+p.Path] = string(p.Body)
			if s, ok := p.Params.(content.StatusParams); ok {
				status[v.Name+"/"+lang] = s
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const page = "symbols/clock.tick.html"
	for name, c := range map[string]struct{ has, not []string }{
		"v1/en/" + page: {not: []string{"last checked", "older than", "translation only", "not shown"}},
		"v2/en/" + page: {has: []string{`<span class="stale">last checked against v1.0.0</span>`}, not: []string{"older than", "not shown"}},
		"v1/zh/" + page: {has: []string{`<span class="stale">译文比原文旧</span>`, "只看译文", "一拍。", `class="code original"`}, not: []string{"上次对照", "未显示"}},
		"v2/zh/" + page: {has: []string{`上次对照：v1.0.0`, `译文比原文旧`, "1 段译文未显示"}, not: []string{"只看译文", "一拍。"}},
	} {
		for _, s := range c.has {
			if !strings.Contains(bodies[name], s) {
				t.Errorf("%s lacks %q:\n%s", name, s, bodies[name])
			}
		}
		for _, s := range c.not {
			if strings.Contains(bodies[name], s) {
				t.Errorf("%s has %q", name, s)
			}
		}
	}
	row := func(lang string) content.StatusRow { return status["v2/"+lang].Rows[1] }
	if len(status) != 2 {
		t.Fatalf("%d editions say how the notes are, want the newest in both languages", len(status))
	}
	for lang, want := range map[string]content.StatusRow{
		"en": {Name: "clock.tick", URL: "en/symbols/clock.tick/", Covered: 2, Versions: 2, StatusCount: content.StatusCount{Notes: 1, Review: 1}},
		"zh": {Name: "clock.tick", URL: "zh/symbols/clock.tick/", Covered: 2, Versions: 2, StatusCount: content.StatusCount{Notes: 1, Outdated: 1, Review: 2, Hidden: 1}},
	} {
		if d := cmp.Diff(want, row(lang)); d != "" {
			t.Errorf("%s (-want +got):\n%s", lang, d)
		}
		total := want.StatusCount
		total.Notes += 2 // of the other symbols
		if s := status["v2/"+lang]; s.Symbols != 3 || s.Bare != 0 || s.Comments != (lang == "zh") || s.Total != total {
			t.Errorf("%s: the sum is %+v", lang, s)
		}
	}
}

func TestEditLinks(t *testing.T) {
	const start = "annotations/clock/Start.md"
	book := clockFile(t, BookFile)
	without := pagesOf(t, nil)
	with := pagesOf(t, map[string]string{BookFile: "repository = \"https://host.example/me/book/\"\nbranch = \"trunk\"\n" + book})
	for lang, line := range map[string]string{"zh": "19", "en": "23"} {
		name := "v2/" + lang + "/symbols/clock.Start.html"
		if body := string(without[name].Body); strings.Contains(body, "edit") {
			t.Errorf("%s: a book without a repository has a link to it", name)
		}
		if want := `href="https://host.example/me/book/edit/trunk/` + start + "#L" + line + `"`; !strings.Contains(string(with[name].Body), want) {
			t.Errorf("%s lacks %s:\n%s", name, want, with[name].Body)
		}
		chapter := "v2/" + lang + "/boot/tick.html"
		if got := without[chapter].Params.(content.ChapterParams).Edit; got != "" {
			t.Errorf("without a repository the chapter is edited at %q", got)
		}
		if got, want := with[chapter].Params.(content.ChapterParams).Edit, "https://host.example/me/book/edit/trunk/site/content/"+lang+"/boot/tick.md"; got != want {
			t.Errorf("the chapter is edited at %q, want %q", got, want)
		}
	}
	if lines := strings.Split(clockFile(t, start), "\n"); lines[18] != "### zh 上弦" || lines[22] != "### en Winding" {
		t.Errorf("line 19 is %q, and line 23 %q", lines[18], lines[22])
	}
}

// TestAddNote: the prefilled file has a name that nobody has taken and, once its writer
// has said where and what, is a note without a mistake.
func TestAddNote(t *testing.T) {
	book := clockFile(t, BookFile)
	if p := pagesOf(t, nil)["v2/zh/symbols/clock.Start.html"].Params.(content.SymbolParams); p.AddNote != "" {
		t.Errorf("without a repository a note is begun at %q", p.AddNote)
	}
	with := pagesOf(t, map[string]string{BookFile: "repository = \"https://host.example/me/book\"\n" + book})
	for name, want := range map[string]struct{ folder, file, first, at string }{
		"v2/zh/symbols/clock.Start.html": {"clock", "Start.note-1.md", "### zh …", "return n"},
		"v1/en/symbols/clock.Start.html": {"clock", "Start.note-1.md", "### en …", "return n"},
		"v2/en/symbols/clock.read.html":  {"clock", "read.note-1.md", "### en …", "TEXT ·read(SB),NOSPLIT,$0-8"},
	} {
		u, err := url.Parse(with[name].Params.(content.SymbolParams).AddNote)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Path; got != "/me/book/new/main/annotations/"+want.folder {
			t.Errorf("%s: the folder is %s", name, got)
		}
		if got := u.Query().Get("filename"); got != want.file {
			t.Errorf("%s: the file is %s, want %s", name, got, want.file)
		}
		text := u.Query().Get("value")
		if i := strings.Index(text, "\n### "); !strings.HasPrefix(text[i+1:], want.first) {
			t.Errorf("%s: the origin is not in the reader's language:\n%s", name, text)
		}
		file := "annotations/" + want.folder + "/" + want.file
		if _, list := annotation.Read(fstest.MapFS{file: &fstest.MapFile{Data: []byte(text)}}, "annotations"); list.Count(diag.Error) == 0 {
			t.Errorf("%s: nothing says that the note does not know its line", name)
		}
		_, problems, err := Run(context.Background(), clock(t, map[string]string{file: strings.Replace(text, "at:       ", "at:       "+want.at, 1)}))
		if err != nil || problems.Count(diag.Error) > 0 {
			t.Errorf("%s: %v, %v of\n%s", name, err, problems, text)
		}
	}
}
