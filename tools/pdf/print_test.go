package pdf

import (
	"bytes"
	"html/template"
	"os"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"beforemain/extractor/content"
	"beforemain/extractor/render"
	"beforemain/extractor/source"
	"beforemain/tools/need"
)

// TestPrint prints a book of two chapters twice, and looks at what only the file shows.
func TestPrint(t *testing.T) {
	program, err := FindChromium()
	need.That(t, "browser", err)
	e := small()
	e.Version = source.Version{Name: "v2", Tag: "v2.1"}
	e.Versions = []Version{{"v1", "v1.9", "2021-02-03"}, {"v2", "v2.1", "2022-03-04"}}
	e.Keywords = []string{"v2", "é"}
	e.Words = themeWords(t)
	for i, p := range e.Pages { // a table, whose cells refer to their heads, and a page for each
		if c, ok := p.Params.(content.ChapterParams); ok {
			e.Pages[i].Body += template.HTML(`<table><thead><tr><th scope="col">永</th><th scope="col">b</th></tr></thead><tbody><tr><th scope="row">c</th><td>` + c.Title + `</td></tr></tbody></table>`)
		}
	}
	var files [][]byte
	for range 2 {
		set, err := Set(e, Config{Chromium: program, Paper: "a5", Theme: os.DirFS("../../themes/margin"), Scratch: t.TempDir(), Progress: func(s string) { t.Log(s) }})
		if err != nil {
			t.Fatal(err)
		}
		file, report, err := set.Print(t.Context())
		if err != nil && strings.Contains(err.Error(), fontsWanted) {
			need.That(t, "pdf", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if report.Passes != 2 {
			t.Errorf("%d passes", report.Passes)
		}
		files = append(files, file)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same book makes other bytes")
	}
	doc, err := Read(files[0])
	if err != nil {
		t.Fatal(err)
	}
	info, err := doc.ctx.DereferenceDict(*doc.ctx.Info)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"Title": "Book · v2", "Keywords": "v2; é", "CreationDate": "D:20220304000000+00'00'", "ModDate": "D:20220304000000+00'00'",
	} {
		if got, err := types.StringLiteralToString(info[key].(types.StringLiteral)); err != nil || got != want {
			t.Errorf("%s %q (%v), want %q", key, got, err, want)
		}
	}
	pages, err := doc.Destinations()
	if err != nil {
		t.Fatal(err)
	}
	for _, start := range []string{"part-1", "listings", "index"} {
		if pages[start]%2 != 1 {
			t.Errorf("%s begins on page %d, a left one", start, pages[start])
		}
	}
}

func themeWords(t *testing.T) render.Words {
	t.Helper()
	var entries map[string]struct{ Other string }
	if _, err := toml.DecodeFile("../../themes/margin/i18n/en.toml", &entries); err != nil {
		t.Fatal(err)
	}
	words := render.Words{}
	for key, e := range entries {
		words[key] = e.Other
	}
	return words
}
