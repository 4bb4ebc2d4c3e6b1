package main

import (
	"encoding/hex"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const head = `<!doctype html><html lang="en"><head><title>x</title><meta name="description" content="x"><link rel="canonical" href="https://x.example/b/en/"><link rel="alternate" hreflang="en" href="https://x.example/b/en/"><link rel="alternate" hreflang="zh-CN" href="https://x.example/b/zh/"></head><body>`
const zhHead = `<!doctype html><html lang="zh-CN"><head><title>甲</title><meta name="description" content="甲"><link rel="canonical" href="https://x.example/b/zh/"><link rel="alternate" hreflang="en" href="https://x.example/b/en/"><link rel="alternate" hreflang="zh-CN" href="https://x.example/b/zh/"></head><body>`

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		want []string
	}{
		{"fine", `<h1 id="a">x</h1><a href="#a">a</a><a href="../zh/">zh</a><a href="https://go.dev/">out</a>`, nil},
		{"two headings", `<h1>x</h1><h1>y</h1>`, []string{"en/index.html: 2 h1 elements"}},
		{"doubled id", `<h1 id="a">x</h1><p id="a">`, []string{`en/index.html: the id "a" stands twice`}},
		{"dead page", `<h1>x</h1><a href="../fr/">`, []string{"en/index.html: dead link ../fr/: no such page"}},
		{"dead fragment", `<h1>x</h1><a href="../zh/#b">`, []string{"en/index.html: dead link ../zh/#b: no such id"}},
		{"rooted link", `<h1>x</h1><a href="/zh/">`, nil},
		{"style attribute", `<h1 style="color:red">x</h1>`, []string{"en/index.html: <h1 style=…> is refused by the content security policy"}},
		{"inline script", `<h1>x</h1><script>1</script>`, []string{"en/index.html: an inline <script> is refused by the content security policy"}},
		{"image without words", `<h1>x</h1><img src="../a.js"><img src="../a.js" alt="">`, []string{"en/index.html: 1 images without alt"}},
		{"much to load", `<h1>x</h1><script src="/a.js"></script>`, []string{"en/index.html: 16412 bytes of scripts; at most 15360"}},
		{"another host", `<h1>x</h1><script src="https://y.example/a.js"></script>`, []string{"en/index.html: https://y.example/a.js is of another host"}},
		{"javascript link", `<h1>x</h1><a href="javascript:1">`, []string{"en/index.html: dead link javascript:1: the scheme javascript"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := readSite(fstest.MapFS{
				"en/index.html": {Data: []byte(head + c.body)},
				"zh/index.html": {Data: []byte(zhHead + `<h1>甲</h1>`)},
				"a.js":          {Data: noise(16 << 10)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, s.check()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCheckHreflangPairs(t *testing.T) {
	s, err := readSite(fstest.MapFS{
		"en/index.html": {Data: []byte(head + `<h1>x</h1>`)},
		"zh/index.html": {Data: []byte(`<!doctype html><html lang="zh-CN"><title>甲</title><meta name="description" content="甲"><link rel="canonical" href="https://x.example/b/zh/"><h1>甲</h1>`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"en/index.html: hreflang zh-CN: zh/index.html does not point back"}
	if d := cmp.Diff(want, s.check()); d != "" {
		t.Error(d)
	}
}

// noise does not get smaller when it is compressed.
func noise(n int) []byte {
	text := make([]byte, n)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(text)
	return text
}

// A page of an old version that is missing is not made up for by the newest.
func TestCheckOfVersions(t *testing.T) {
	page := func(canonical, hreflang string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`<!doctype html><html lang="en"><title>x</title><meta name="description" content="x">` +
			`<link rel="canonical" href="https://x.example` + canonical + `"><link rel="alternate" hreflang="en" href="https://x.example` + hreflang + `"><h1>x</h1>`)}
	}
	s, err := readSite(fstest.MapFS{
		"en/a/index.html":    page("/b/en/a/", "/b/en/a/"),
		"v1/en/b/index.html": page("/b/v2/en/a/", "/b/v1/en/a/"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"v1/en/b/index.html: hreflang en: no page https://x.example/b/v1/en/a/",
		`v1/en/b/index.html: no canonical page: "https://x.example/b/v2/en/a/"`,
	}
	if d := cmp.Diff(want, s.check()); d != "" {
		t.Error(d)
	}
}

func TestCheckNeedsWhatSearchEnginesShow(t *testing.T) {
	s, err := readSite(fstest.MapFS{
		"en/index.html":     {Data: []byte(`<html lang="en"><h1>x</h1>`)},
		"en/404.html":       {Data: []byte(`<html lang="en"><title>x</title><meta name="description" content="x"><meta name="robots" content="noindex"><h1>x</h1>`)},
		"en/big/index.html": {Data: []byte(head + `<h1>x</h1><p>` + hex.EncodeToString(noise(140<<10)))},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := s.check()
	for i, want := range []string{
		`en/big/index.html: 1[0-9]{5} bytes are sent; at most 122880`, `en/big/index.html: 2[0-9]{5} bytes; at most 204800`,
		`en/big/index.html: hreflang en: .*`, `en/big/index.html: hreflang zh-CN: .*`, `en/index.html: no canonical page: ""`, `en/index.html: no title, or no description`,
	} {
		if i >= len(got) || !regexp.MustCompile("^"+want+"$").MatchString(got[i]) {
			t.Errorf("problem %d of %q, want %s", i, got, want)
		}
	}
}

// TestRunSaysWhatIsMissing: a site that is not made yet, and arguments that are none.
func TestRunSaysWhatIsMissing(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "usage: sitecheck FOLDER\n"},
		{[]string{"a", "b"}, "usage: sitecheck FOLDER\n"},
		{[]string{"nowhere"}, "sitecheck: there is no folder nowhere: make the site with go run ./tools/book build\n"},
		{[]string{"main.go"}, "sitecheck: there is no folder main.go: make the site with go run ./tools/book build\n"},
		{[]string{empty}, "sitecheck: " + empty + ": no HTML files there\n"},
	} {
		var stderr strings.Builder
		if code := run(c.args, io.Discard, &stderr); code != 2 || stderr.String() != c.want {
			t.Errorf("%q: exit %d, %q; want 2, %q", c.args, code, stderr.String(), c.want)
		}
	}
}
