package extractor

import (
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const tinyBook = `title = { en = "A clock" }
base_url = "https://clock.example/"
languages = ["en"]
[source]
packages = ["clock"]
[[source.synthetic]]
path = "src/z.go"
go = "1.2+"
[[version]]
name = "v1.2"
tag = "v1.2.0"
date = "2026-01-02"
[platforms]
all = ["linux/amd64"]
extra = [{ platform = "windows/arm64", symbols = ["clock.tick"] }]
[[part]]
title = { en = "One" }
[[part.chapter]]
slug = "tick"
symbols = ["clock.tick"]
`

// FuzzBook: a book.toml is refused in a sentence that names it, or all that is made of it
// can be made, and nothing in it leads out of a folder.
func FuzzBook(f *testing.F) {
	f.Add(tinyBook)
	for _, s := range []string{"../../x", "/etc", "a/b", "..", "", ".", "a b", "\\\\x", "-x", "é", "x\\u0000", "CON"} {
		f.Add(strings.Replace(tinyBook, `"v1.2"`, `"`+s+`"`, 1))
		f.Add(strings.Replace(tinyBook, `"v1.2.0"`, `"`+s+`"`, 1))
		f.Add(strings.Replace(tinyBook, `"tick"`, `"`+s+`"`, 1))
		f.Add(strings.ReplaceAll(tinyBook, `"src/z.go"`, `"`+s+`"`))
	}
	f.Add("a = " + strings.Repeat("[", 1000))
	f.Add(strings.Repeat("[a.b.c]\n", 50) + "x = 1e999\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ReadBook(fstest.MapFS{BookFile: {Data: []byte(text)}})
		if err != nil {
			if !strings.HasPrefix(err.Error(), BookFile+":") || len(err.Error()) > 500+8*len(text) {
				t.Errorf("error %q", err)
			}
			return
		}
		if _, err := b.Scope(); err != nil {
			t.Error(err)
		}
		if _, err := b.contentBook(); err != nil {
			t.Error(err)
		}
		all, err := b.Select(nil)
		if err != nil || len(all) == 0 || all[len(all)-1] != b.Newest() {
			t.Errorf("versions %v, %v", all, err)
		}
		for _, v := range all {
			if one, err := b.Select([]string{v.Name}); err != nil || len(one) != 1 || one[0] != v {
				t.Errorf("version %v is %v, %v", v, one, err)
			}
			for _, lang := range b.Languages {
				if dir := filepath.Join("/tree", v.Name, lang); filepath.Dir(filepath.Dir(dir)) != "/tree" {
					t.Errorf("%q leads to %s", v.Name, dir)
				}
			}
			if tag := filepath.Join("/refs/tags", v.Tag); !strings.HasPrefix(tag, "/refs/tags/") {
				t.Errorf("the tag %q leads to %s", v.Tag, tag)
			}
		}
		for _, lang := range b.Languages {
			for _, c := range b.chapterFiles(lang) {
				if !fs.ValidPath(c.name) || !strings.HasPrefix(c.name, chaptersDir+"/") {
					t.Errorf("the chapter %q is %q", c.slug, c.name)
				}
			}
			if name := wordsFile(b.Theme, lang); !fs.ValidPath(name) {
				t.Errorf("the words are in %q", name)
			}
		}
		for _, s := range b.synthetic() {
			if !fs.ValidPath(s.Path) {
				t.Errorf("a file at %q", s.Path)
			}
		}
		if len(b.milestones()) > len(b.Spine()) || len(b.words()) < 3 {
			t.Errorf("%d milestones of %d symbols", len(b.milestones()), len(b.Spine()))
		}
	})
}

// TestBookNames: what folders are named after cannot lead to others.
func TestBookNames(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`"v1.2"`, `"../v1.2"`, `the version "../v1.2" is not made of letters, digits, "_" and, behind the first of them, "." and "-"`},
		{`"v1.2"`, `".."`, `the version ".." is not made of letters, digits, "_" and, behind the first of them, "." and "-"`},
		{`"tick"`, `""`, `the chapter "" is not made of letters, digits, "_" and, behind the first of them, "." and "-"`},
		{`"v1.2.0"`, `"../../config"`, `"../../config" is no name of a tag`},
		{`"v1.2.0"`, `"v1/../../x"`, `"v1/../../x" is no name of a tag`},
		{`"tick"`, `"/etc/passwd"`, `the chapter "/etc/passwd" is not made of letters, digits, "_" and, behind the first of them, "." and "-"`},
		{`"src/z.go"`, `"../z.go"`, `"../z.go" is no path within a folder`},
		{`["clock"]`, `["clock", "../x"]`, `"../x" is no path within a folder`},
		{`languages = ["en"]`, `languages = ["en"]` + "\ntheme = \"../x\"", `the theme "../x" is not made of letters, digits, "_" and, behind the first of them, "." and "-"`},
		{`languages = ["en"]`, `languages = ["en"]` + "\nmeasured = \"/etc\"", `"/etc" is no path within a folder`},
		{`A clock`, strings.Repeat("a", maxFile), `it has more than 256 KiB`},
		{`A clock`, `A clock`, ``},
		{`"v1.2.0"`, `"release/v1.2.0"`, ``},
	} {
		_, err := ReadBook(fstest.MapFS{BookFile: {Data: []byte(strings.Replace(tinyBook, c.old, c.new, 1))}})
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), BookFile+": ")
		}
		if got != c.want {
			t.Errorf("%.50s: got %.300s, want %s", c.new, got, c.want)
		}
	}
	several := strings.NewReplacer(`["en"]`, `["en"]`+"\ntheme = \".x\"", `"tick"`, `".y"`, `"v1.2"`, `".z"`).Replace(tinyBook)
	for range 20 {
		if _, err := ReadBook(fstest.MapFS{BookFile: {Data: []byte(several)}}); err == nil || !strings.Contains(err.Error(), `the theme ".x"`) {
			t.Fatalf("error %v, want that of the theme", err)
		}
	}
}

// FuzzDownloads: what is read can be offered, and what cannot is told.
func FuzzDownloads(f *testing.F) {
	f.Add(`[{"version":"v1.2","lang":"en","kind":"pdf","url":"https://files.example/en.pdf","bytes":8384331,"date":"2026-11-26"}]`)
	f.Add(`[{"kind":"epub","url":"javascript:alert(1)","bytes":1,"date":"2026-11-26"}]`)
	f.Add(`[null, {"kind":"exe"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		list, problems := readDownloads(fstest.MapFS{DownloadsFile: {Data: []byte(text)}})
		if len(list) > 0 && len(problems) > 0 || len(problems) > 1 {
			t.Errorf("%v and %v", list, problems)
		}
		for _, d := range list {
			u, err := url.Parse(d.URL)
			if err != nil || u.Scheme != "https" || u.Host == "" {
				t.Errorf("the address %q", d.URL)
			}
			if _, err := time.Parse(time.DateOnly, d.Date); err != nil || d.Bytes <= 0 || len(d.Kind) > 4 {
				t.Errorf("%+v", d)
			}
		}
	})
}

func TestHostileDownloads(t *testing.T) {
	const good = `{"version":"v1.2","kind":"pdf","url":"https://files.example/en.pdf","bytes":8384331,"date":"2026-11-26"}`
	for _, c := range []struct{ old, new, want string }{
		{`https:`, `javascript:`, `the url "javascript://files.example/en.pdf" of a file does not begin with https://`},
		{`"pdf"`, `"exe"`, `the kind "exe" of https://files.example/en.pdf is none of pdf, epub and zip`},
		{`8384331`, `-1`, `https://files.example/en.pdf has -1 bytes`},
		{`2026-11-26`, `<b>`, `the date of https://files.example/en.pdf: parsing time "<b>" as "2006-01-02": cannot parse "<b>" as "2006"`},
		{`v1.2`, strings.Repeat("v", maxFile), `site/downloads.json: it has more than 256 KiB`},
		{`v1.2`, `v9`, ``},
	} {
		_, problems := readDownloads(fstest.MapFS{DownloadsFile: {Data: []byte("[" + strings.Replace(good, c.old, c.new, 1) + "]")}})
		got := ""
		for _, p := range problems {
			got += p.Message
			if len(p.Related) != 1 {
				t.Errorf("%s: no fix", p)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Error(d)
		}
	}
}
