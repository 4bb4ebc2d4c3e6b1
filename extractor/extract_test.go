package extractor

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/content"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/search"
	"beforemain/extractor/source"
)

// clock opens the second book, testdata/clock.txtar.
func clock(t *testing.T, changed map[string]string) Config {
	t.Helper()
	return open(t, "testdata/clock.txtar", changed)
}

// open opens the book in a txtar file; changed replaces some of the files that
// its author wrote.
func open(t *testing.T, file string, changed map[string]string) Config {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return openArchive(t, archive, changed)
}

func openArchive(t *testing.T, archive *txtar.Archive, changed map[string]string) Config {
	t.Helper()
	root := fstest.MapFS{}
	var tree txtar.Archive
	for _, f := range archive.Files {
		if tag, path, _ := strings.Cut(f.Name, "/"); tag == "v1" || tag == "v2" {
			full := map[string]string{"v1": "v1.0.0", "v2": "v1.2.0"}[tag]
			tree.Files = append(tree.Files, txtar.File{Name: full + "/" + path, Data: f.Data})
			continue
		}
		root[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for name, text := range changed {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	repo, _ := fixture.OpenArchive(t, &tree, source.Config{})
	return Config{Root: root, Repo: repo}
}

func TestSecondBook(t *testing.T) {
	result, problems, err := Run(context.Background(), clock(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
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
	// A home page, an index and a chapter an edition; v2 has a symbol more, and the
	// state of the notes, the table of changes, the page of v1 with v2, and Start of both.
	if want := 2 * (3 + 2 + 3 + 3 + 1 + 3); len(got) != want {
		t.Errorf("%d pages, want %d", len(got), want)
	}
	for _, c := range []struct {
		page string
		has  []string
		not  []string
	}{
		{"v1/en/symbols/clock.Start.html", []string{"note-clock.Start-wind", "Counting begins here", `href="../clock.tick/"`, "v1.0.0"}, []string{"clock.read"}},
		{"v2/zh/symbols/clock.Start.html", []string{"从头数起", `href="../clock.read/"`}, []string{"Counting"}},
		{"v2/en/symbols/clock.read.html", []string{`id="linux-amd64"`, `id="darwin-arm64"`, "time-stamp counter", "CNTVCT_EL0"}, nil},
		{"v1/en/boot/tick.html", []string{`id="start"`}, []string{"hardware"}},
		{"v2/en/boot/tick.html", []string{"hardware", "CNTVCT_EL0"}, []string{"RDTSC"}},
		{"v2/en/_index.html", []string{"A clock."}, nil},
	} {
		p, ok := got[c.page]
		if !ok {
			t.Errorf("no page %s", c.page)
			continue
		}
		for _, s := range c.has {
			if !strings.Contains(string(p.Body), s) {
				t.Errorf("%s lacks %q:\n%s", c.page, s, p.Body)
			}
		}
		for _, s := range c.not {
			if strings.Contains(string(p.Body), s) {
				t.Errorf("%s has %q", c.page, s)
			}
		}
	}
	symbol := got["v1/en/symbols/clock.Start.html"].Params.(content.SymbolParams)
	want := []content.VersionLink{
		{Name: "v2", URL: "en/symbols/clock.Start/", Newest: true},
		{Name: "v1", URL: "v1/en/symbols/clock.Start/", Current: true},
	}
	if d := cmp.Diff(want, symbol.Versions); d != "" {
		t.Errorf("the version switch (-want +got):\n%s", d)
	}
	absent := got["v2/en/symbols/clock.read.html"].Params.(content.SymbolParams)
	if !absent.Versions[1].Absent {
		t.Errorf("clock.read is not said to be absent in v1: %+v", absent.Versions)
	}
}

// A picture is as its version is, in the words of each language, and tells those who
// cannot see it what it shows.
func TestPictures(t *testing.T) {
	result, _, err := Run(context.Background(), clock(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string]string{
		"v1 zh": `(?s)<figure class="figure" id="picture-way">.* aria-label="从开始到读数" .*<a href="../../symbols/clock.Start/"><text [^>]*><tspan>1</tspan>&#160;Start</text></a>.* y="[0-9]+">分水岭</text>.*<figcaption>从上到下。</figcaption>`,
		"v1 en": `(?s) aria-label="From the start to the reading" .*>watershed</text>`,
		"v2 zh": `(?s) aria-label="从开始到读数" .*class="box strong".*>分水岭</text>.*<a href="../../symbols/clock.read/"><text [^>]*><tspan>2</tspan>&#160;read</text></a><text class="note" .*>读数</text>.*>以后</text>`,
		"v2 en": `(?s) aria-label="From the start to the reading" .*>reads &amp; counts</text>.*>later</text>`,
	}
	seen := 0
	err = result.Editions(func(v source.Version, lang string, pages []content.Page) error {
		for _, p := range pages {
			if p.Path != "boot/tick.html" {
				continue
			}
			seen++
			form := forms[v.Name+" "+lang]
			if !regexp.MustCompile(form).MatchString(string(p.Body)) {
				t.Errorf("%s %s does not match %s:\n%s", v.Name, lang, form, p.Body)
			}
			// One box over all platforms; two where those of a step are no neighbours.
			boxes := map[string]int{">Start</text>": 1, map[string]string{"zh": ">读</text>", "en": ">reads</text>"}[lang]: 2}
			for text, want := range boxes {
				if got := strings.Count(string(p.Body), text); got != want {
					t.Errorf("%s %s has %d × %s, want %d", v.Name, lang, got, text, want)
				}
			}
			if v.Name == "v1" && strings.Contains(string(p.Body), "clock.read") {
				t.Errorf("%s %s shows what is not there yet", v.Name, lang)
			}
		}
		return nil
	})
	if err != nil || seen != len(forms) {
		t.Errorf("%d pages, %v", seen, err)
	}
}

func TestRenamesJoinPages(t *testing.T) {
	result, problems, err := Run(context.Background(), open(t, "testdata/rename.txtar", nil))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	got := map[string]string{}
	err = result.Editions(func(v source.Version, lang string, pages []content.Page) error {
		for _, p := range pages {
			if s, ok := p.Params.(content.SymbolParams); ok {
				line := ""
				for _, l := range s.Versions {
					line += " " + l.URL
				}
				for _, c := range s.Strip {
					line += map[bool]string{true: " changed", false: " same"}[c.Changed]
				}
				got[v.Name+" "+s.Name] = strings.TrimSpace(line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"v1 clock.beat":  "en/symbols/clock.Beat/ v1/en/symbols/clock.beat-2/ same changed",
		"v2 clock.Beat":  "en/symbols/clock.Beat/ v1/en/symbols/clock.beat-2/ same changed",
		"v1 clock.tick":  "en/symbols/clock.tick1/ v1/en/symbols/clock.tick/ same changed",
		"v2 clock.tick":  "en/symbols/clock.tick/ v1/en/symbols/clock.tick/ same changed",
		"v2 clock.tick1": "en/symbols/clock.tick1/ v1/en/symbols/clock.tick/ same changed",
		"v1 clock.same":  "en/symbols/clock.same/ v1/en/symbols/clock.same/ same same",
		"v2 clock.same":  "en/symbols/clock.same/ v1/en/symbols/clock.same/ same same",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the version switch, newest first, and the strip (-want +got):\n%s", d)
	}
}

// TestPartOfABook holds that --versions changes neither URLs nor switches.
func TestPartOfABook(t *testing.T) {
	pages := func(versions ...string) map[string]string {
		cfg := clock(t, nil)
		cfg.Versions = versions
		result, problems, err := Run(context.Background(), cfg)
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		got := map[string]string{}
		err = result.Editions(func(v source.Version, lang string, list []content.Page) error {
			for _, p := range list {
				text, err := p.Encode()
				if err != nil {
					return err
				}
				if v.Name == "v2" {
					got[lang+"/"+p.Path] = string(text)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	whole, part := pages(), pages("v2")
	for name, text := range whole {
		if strings.Contains(name, "/symbols/clock.") || strings.HasSuffix(name, "/status.html") || strings.Contains(name, "/changes") {
			continue // its strip, or its table, tells only of versions that were read
		}
		if d := cmp.Diff(text, part[name]); d != "" {
			t.Errorf("%s (-whole +part):\n%s", name, d)
		}
	}
}

func TestTreeIsReproducible(t *testing.T) {
	var trees [2]string
	for i := range trees {
		result, _, err := Run(context.Background(), clock(t, nil))
		if err != nil {
			t.Fatal(err)
		}
		trees[i] = t.TempDir()
		writeTree(t, result, trees[i])
	}
	if d := cmp.Diff(readTree(t, trees[0]), readTree(t, trees[1])); d != "" {
		t.Error(d)
	}
}

func writeTree(t *testing.T, result *Result, dir string) {
	t.Helper()
	var whole content.Tree
	for _, v := range result.Versions {
		tree, err := result.Tree(v)
		if err != nil || len(tree) == 0 {
			t.Fatalf("%s: %d pages, %v", v.Name, len(tree), err)
		}
		whole = append(whole, tree...)
	}
	if err := whole.Write(dir); err != nil {
		t.Fatal(err)
	}
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(os.DirFS(dir), name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWriteTreeForgetsPages(t *testing.T) {
	result, _, err := Run(context.Background(), clock(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(dir+"/v1/zh/boot", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/v1/zh/boot/gone.html", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	writeTree(t, result, dir)
	if _, err := os.Stat(dir + "/v1/zh/boot/gone.html"); !os.IsNotExist(err) {
		t.Errorf("a page of an earlier build is still there: %v", err)
	}
}

func TestReadBookErrors(t *testing.T) {
	valid, err := fs.ReadFile(clock(t, nil).Root, BookFile)
	if err != nil {
		t.Fatal(err)
	}
	more := "" // with the two that are there, one too many
	for i := range search.MaxVersions - 1 {
		more += fmt.Sprintf("[[version]]\nname = \"w%d\"\ntag = \"w%d\"\n", i, i)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"not TOML", `languages = ["zh", "en"]`, `languages = ["zh", "en"`, "annotations/book.toml:6: "},
		{"unknown key", "upstream  ", "upstraem  ", `unknown key "source.upstraem"`},
		{"no slash", `small.example/`, `small.example`, "does not end in a slash"},
		{"no address", `https://small.example/`, `javascript:alert(1)/`, `base_url "javascript:alert(1)/" is no address that begins with https:// or http://`},
		{"twice", `name = "v2"`, `name = "v1"`, `"v1" stands twice`},
		{"a tag twice", `tag  = "v1.2.0"`, `tag  = "v1.0.0"`, `"v1.0.0" stands twice`},
		{"a language twice", `languages = ["zh", "en"]`, `languages = ["zh", "en", "zh"]`, `"zh" stands twice`},
		{"an extra platform of all", `"darwin/arm64"]`, "\"darwin/arm64\"]\nextra = [{ platform = \"linux/amd64\", symbols = [\"clock.tick\"] }]", `"linux/amd64" stands twice`},
		{"no tag", `tag  = "v1.2.0"`, ``, "a [[version]] lacks its name or its tag"},
		{"platform", `"darwin/arm64"`, `"darwin"`, "darwin"},
		{"more than a search holds", `[platforms]`, more + `[platforms]`, "annotations/book.toml: 33 [[version]] tables; the search in a browser tells 32 apart: drop the oldest"},
		{"no title", `en = "A small book"`, `fr = "Un petit livre"`, `title has no "en"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(string(valid), c.old, c.new, 1)
			if text == string(valid) {
				t.Fatalf("%q does not stand in the book", c.old)
			}
			_, err := ReadBook(fstest.MapFS{BookFile: {Data: []byte(text)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestReach(t *testing.T) {
	b := &Book{Versions: []Version{{Name: "v1"}}}
	if got := b.reach(); got != "v1" {
		t.Errorf("a book of v1 is of %s", got)
	}
	b.Versions = append(b.Versions, Version{Name: "v2"}, Version{Name: "v3"})
	if got := b.reach(); got != "v1–v3" {
		t.Errorf("a book of v1 to v3 is of %s", got)
	}
}

// TestWordsOfTheTheme: words that cannot be read are an error, whatever the reason.
func TestWordsOfTheTheme(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"none", "", `open themes/x/i18n/en.toml: file does not exist`},
		{"too many", strings.Repeat("# words\n", maxFile/8+1), `themes/x/i18n/en.toml: it has more than 256 KiB`},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := fstest.MapFS{}
			if c.text != "" {
				root["themes/x/i18n/en.toml"] = &fstest.MapFile{Data: []byte(c.text)}
			}
			_, problems := readWords(root, "x", "en")
			want := `themes/x/i18n/en.toml:1:1: error: N109 the theme's words in "en" cannot be read: ` + c.want
			if len(problems) != 1 || problems[0].String() != want || len(problems[0].Related) != 1 {
				t.Errorf("got  %v\nwant %s, and a fix", problems, want)
			}
		})
	}
	_, problems := readWords(fstest.MapFS{"themes/x/i18n/en.toml": {Data: []byte("[")}}, "x", "en")
	if len(problems) != 1 || len(problems[0].Related) != 1 {
		t.Errorf("what is no TOML: %v, want one problem with a fix", problems)
	}
}

// TestEdgeOnAnExtraPlatform: an edge holds on the platforms of all symbols, so one that
// names an extra platform would hold nowhere.
func TestEdgeOnAnExtraPlatform(t *testing.T) {
	_, problems, err := Run(context.Background(), clock(t, map[string]string{
		BookFile:  strings.Replace(clockFile(t, BookFile), `"darwin/arm64"]`, "\"darwin/arm64\"]\nextra = [{ platform = \"windows/arm64\", symbols = [\"clock.tick\"] }]", 1),
		EdgesFile: "[[edge]]\nfrom = \"clock.Start\"\nto = \"clock.nowhere\"\non = \"windows/arm64\"\nreason = { zh = \"写\", en = \"w\" }\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if want := EdgesFile + `:1:1: error: N109 unknown platform "windows/arm64"`; len(problems) != 1 || !strings.HasPrefix(problems[0].String(), want) {
		t.Errorf("got  %v\nwant %s", problems, want)
	}
}

func TestRunReportsMistakes(t *testing.T) {
	cfg := clock(t, map[string]string{"annotations/clock/tick.md": "---\nsymbol: clock.tick\n---\n\n## beat\n\n```anchor\nat: return n + 2\nreviewed: v1.2.0\n```\n\n### zh 一\n\n一。\n\n### en One\n\nOne.\n"})
	_, problems, err := Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 1 || problems[0].Code != "N101" || problems[0].Pos.String() != "annotations/clock/tick.md:8:5" {
		t.Errorf("problems: %v, want one N101 at annotations/clock/tick.md:8:5", problems)
	}
}
