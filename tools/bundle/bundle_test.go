package bundle

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func config(t testing.TB) Config {
	t.Helper()
	base, err := url.Parse("https://x.example/b/")
	if err != nil {
		t.Fatal(err)
	}
	return Config{
		Name: "b-v2", Edition: "v2.0.0", BaseURL: base,
		Homes: []Home{
			{Language: "zh", Title: "书", Tagline: "甲 & 乙", Page: "zh/index.html"},
			{Language: "en", Title: "Book", Page: "en/index.html"},
		},
	}
}

func site() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"index.html":           `<meta http-equiv="refresh" content="0; url=https://x.example/b/zh/">`,
		"robots.txt":           "User-agent: *",
		"sitemap.xml":          "<urlset/>",
		"zh/404.html":          "<h1>?</h1>",
		"zh/index.html":        `<link rel="stylesheet" href="/b/css/a.css" integrity="sha384-x"><script src="/b/js/a.js" integrity="sha384-x" defer></script><h1 id=a>书</h1>`,
		"zh/s/f.Do/index.html": `<h1>f.Do</h1>`,
		"zh/s/f.do/index.html": `<h1>f.do</h1><a href="/b/zh/s/f.Do/">`,
		"zh/s/f·é/index.html":  `<h1>f·é</h1>`,
		"en/index.html":        `<h1>Book</h1>`,
		"css/a.css":            "h1 {}",
		"js/a.js":              "1",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// unpack returns the bundle's files by name.
func unpack(t testing.TB, text []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func pack(t testing.TB, cfg Config) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, site(), cfg); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWrite(t *testing.T) {
	text := pack(t, config(t))
	if !bytes.Equal(text, pack(t, config(t))) {
		t.Error("the same site gives other bytes")
	}
	got := unpack(t, text)
	front := got["b-v2/index.html"]
	delete(got, "b-v2/index.html")
	want := map[string]string{
		"b-v2/zh/index.html":          `<link rel="stylesheet" href="../css/a.css"><script src="../js/a.js" defer=""></script><h1 id=a>书</h1>`,
		"b-v2/zh/s/f.Do/index.html":   `<h1>f.Do</h1>`,
		"b-v2/zh/s/f.do~2/index.html": `<h1>f.do</h1><a href="../f.Do/index.html">`,
		"b-v2/zh/s/f~~/index.html":    `<h1>f·é</h1>`,
		"b-v2/en/index.html":          `<h1>Book</h1>`,
		"b-v2/css/a.css":              "h1 {}",
		"b-v2/js/a.js":                "1",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, part := range []string{`<html lang="zh">`, `href="zh/index.html"`, `href="en/index.html"`, `href="css/a.css"`, "v2.0.0", "甲 &amp; 乙", `href="https://x.example/b/"`} {
		if !strings.Contains(front, part) {
			t.Errorf("the first page has no %s:\n%s", part, front)
		}
	}
}

func TestWriteWithoutALanguage(t *testing.T) {
	cfg := config(t)
	cfg.Homes, cfg.Without = cfg.Homes[1:], []string{"zh"}
	for name := range unpack(t, pack(t, cfg)) {
		if strings.Contains(name, "/zh/") {
			t.Errorf("%s is of a language that was left out", name)
		}
	}
	cfg.Homes[0].Page = "fr/index.html"
	if err := Write(io.Discard, site(), cfg); err == nil || !strings.Contains(err.Error(), "fr/index.html") {
		t.Errorf("a home that does not exist gives %v", err)
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"zh/s/runtime.rt0_go/index.html": "zh/s/runtime.rt0_go/index.html",
		"zh/boot/con/index.html":         "zh/boot/~con/index.html",
		"zh/s/Aux.Init/index.html":       "zh/s/~Aux.Init/index.html",
		"zh/s/console/index.html":        "zh/s/console/index.html",
		"zh/s/nul":                       "zh/s/~nul",
		"zh/s/lpt1.txt":                  "zh/s/~lpt1.txt",
		"zh/s/f./index.html":             "zh/s/~f/index.html",
		"zh/../../etc/passwd":            "zh/~/~/etc/passwd",
		`zh\..\x:y*?"<>|`:                "zh~..~x~y~~~~~~",
		"zh/a b/\x00\n":                  "zh/a~b/~~",
		"zh/书":                           "zh/~",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	names, err := siteFiles(site(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b := newBook(names, config(t))
	for _, c := range []struct{ name, ref, want string }{
		{"rooted", "/b/en/", "../../../en/index.html"},
		{"rooted, with an id", "/b/zh/#a", "../../index.html#a"},
		{"relative", "../f.Do/", "../f.Do/index.html"},
		{"relative, a file", "../../index.html", "../../index.html"},
		{"itself", "#a", "#a"},
		{"escaped", "../f%C2%B7%C3%A9/", "../f~~/index.html"},
		{"the first page", "/b/", "../../../index.html"},
		{"absolute", "https://x.example/b/en/", "../../../en/index.html"},
		{"another version", "/b/v1/zh/#a", "https://x.example/b/v1/zh/#a"},
		{"left out", "../404.html", "https://x.example/b/zh/s/404.html"},
		{"beside the book", "/c/", "https://x.example/c/"},
		{"elsewhere", "https://go.dev/", "https://go.dev/"},
		{"mail", "mailto:a@x.example", "mailto:a@x.example"},
		{"an image in the page", "data:image/png;base64,AA==", "data:image/png;base64,AA=="},
	} {
		if got := b.link("zh/s/f.do/index.html", c.ref); got != c.want {
			t.Errorf("%s: %s became %s, want %s", c.name, c.ref, got, c.want)
		}
	}
}

// FuzzRewrite: text is never touched, and no link leads above the bundle.
func FuzzRewrite(f *testing.F) {
	f.Add(`<a href="/b/zh/">x</a><pre>a &lt; b</pre><script>"</a>"</script><svg viewBox="0 0 1 1"><a href="../f.Do/"/></svg>`)
	f.Add(`<a href="../../../../../etc/">`)
	f.Add(`<link rel=canonical href=/b/zh/ integrity=x><!-- <a href="/b/zh/"> -->`)
	names, err := siteFiles(site(), nil)
	if err != nil {
		f.Fatal(err)
	}
	const page = "zh/s/f.do/index.html"
	b := newBook(names, config(f))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := b.rewrite(page, []byte(text))
		if err != nil {
			t.Skip()
		}
		if d := cmp.Diff(textOf(text), textOf(string(got))); d != "" {
			t.Error(d)
		}
		z := html.NewTokenizer(bytes.NewReader(got))
		for z.Next() != html.ErrorToken {
			for _, a := range z.Token().Attr {
				if u, err := url.Parse(a.Val); err == nil && a.Key == "src" && u.Host == "" && u.Scheme == "" && strings.HasPrefix(path.Join(path.Dir(page), u.Path), "../") {
					t.Errorf("%s leads above the bundle", a.Val)
				}
			}
		}
	})
}

func textOf(page string) string {
	var text strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return text.String()
		case html.TextToken:
			text.Write(z.Text())
		}
	}
}
