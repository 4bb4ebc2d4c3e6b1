package epub

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"beforemain/extractor/content"
	"beforemain/extractor/render"
	"beforemain/extractor/source"
)

// small is an edition of a home page, a chapter, an index, a symbol and a card.
func small(t *testing.T, chapter string) Edition {
	t.Helper()
	var entries map[string]struct{ Other string }
	if _, err := toml.DecodeFile("../../themes/margin/i18n/en.toml", &entries); err != nil {
		t.Fatal(err)
	}
	words := render.Words{}
	for key, e := range entries {
		words[key] = e.Other
	}
	version := source.Version{Name: "v1", Tag: "v1.0.0"}
	common := func(kind, title, url string) content.Common {
		return content.Common{Kind: kind, Title: title, URL: url, Version: content.VersionParam{Name: "v1", Tag: "v1.0.0", Newest: true}}
	}
	tick := content.ChapterLink{Number: 1, Slug: "tick", Title: "A beat & more", URL: "en/boot/tick/"}
	start := content.SymbolLink{Name: "clock.Start", URL: "en/symbols/clock.Start/"}
	ring := content.SymbolLink{Name: "clock.ring", URL: "en/symbols/clock.ring/"}
	return Edition{
		Title: "A small book", Tagline: "Three symbols", Authors: "Nobody", Cover: []byte("a picture"), Site: "https://small.example/book/", Lang: "en", Version: version, Words: words,
		Pages: []content.Page{
			{Path: "_index.html", Body: "<p>A clock.</p>", Params: content.HomeParams{
				Common: common("home", "A small book", "en/"), BookTitle: "A small book", Tagline: "Three symbols",
				Parts: []content.PartParam{{Title: "All of it", Chapters: []content.ChapterLink{tick}}},
			}},
			{Path: "boot/tick.html", Body: template.HTML(chapter), Params: content.ChapterParams{
				Common: common("chapter", tick.Title, tick.URL), Number: 1, Part: "All of it", Symbols: []content.SymbolLink{start},
				TOC: []content.TOCEntry{{ID: "start", Title: "Start", Level: 2}, {ID: "wind", Title: "Wind", Level: 3}, {ID: "stop", Title: "Stop", Level: 2}},
			}},
			{Path: "symbols/_index.html", Params: content.IndexParams{
				Common: common("symbols", "Symbols", "en/symbols/"),
				Groups: []content.SymbolGroup{{Title: tick.Title, URL: tick.URL, Symbols: []content.SymbolIndexLine{{Name: start.Name, URL: start.URL, Path: "src/clock/clock.go"}}}},
				Cards:  []content.SymbolLink{ring},
			}},
			{Path: "symbols/clock.Start.html", Body: `<section class="variant v1" id="linux-amd64" aria-label="linux amd64"><pre class="code"><code><span class="l" id="clock.go-L3"><a class="n" href="#clock.go-L3" data-n="3" tabindex="-1" aria-hidden="true"></a>func Start()
</span></code></pre></section>`, Params: content.SymbolParams{
				Common: common("symbol", start.Name, start.URL), Name: start.Name, Chapter: tick,
				Strip: []content.StripCell{{Version: "v0", URL: "v0/en/symbols/clock.Start/"}, {Version: "v1", URL: start.URL, Change: "en/changes/v1/", Changed: true}},
				Calls: []content.EdgeGroup{{Name: ring.Name, URL: ring.URL, Edges: []content.EdgeParam{{Place: "clock.go:4", Href: "https://up.example/clock.go#L4", Kind: "jump", Reason: "the `spring` pulls"}}}},
			}},
			{Path: "symbols/clock.ring.html", Body: "<p>Rings.</p>", Params: content.CardParams{Common: common("card", ring.Name, ring.URL), Name: ring.Name}},
		},
	}
}

const smallChapter = `<h2 id="start">Start</h2><p>One<br>two&nbsp;three &amp; <a href="../../symbols/clock.Start/#clock.go-L3">there</a>,
<a href="https://up.example/x">up</a>, <a href="../../changes/">elsewhere</a>, <a href="../../../v0/en/boot/tick/">before</a>, <span lang="zh-CN">钟</span></p>
<h3 id="wind">Wind</h3><details class="fold"><summary>Folded <small>3–4</small></summary><pre><code>x < y</code></pre></details>
<div class="caption"><label class="choice"><input type="checkbox"> only</label></div>
<div class="note" id="note-a"><h3><a href="#note-a">A note</a></h3></div>
<div class="figure"><figure><div class="wide"><svg viewBox="0 0 9 9" role="group" aria-label="A clock" xmlns="http://www.w3.org/2000/svg"><a href="#start"><text x="1" y="2">Start</text></a></svg></div>
<figcaption>A clock</figcaption></figure>
<details><summary>As a table</summary><table><tbody><tr><td><code>_rt0_amd64</code></td><td>2</td><td>3</td><td>4</td> <td>5</td></tr></tbody></table></details></div>
<h2 id="stop">Stop</h2>`

func write(t *testing.T, e Edition) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, e, os.DirFS("../../themes/margin/epub")); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unzip(t *testing.T, text []byte) (names []string, files map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, files[f.Name] = append(names, f.Name), string(b)
	}
	return names, files
}

func TestWriteMakesTheFiles(t *testing.T) {
	text := write(t, small(t, smallChapter))
	names, files := unzip(t, text)
	want := []string{
		"mimetype", "META-INF/container.xml", "EPUB/package.opf", "EPUB/toc.ncx", "EPUB/style.css", "EPUB/cover.png", "EPUB/cover.xhtml",
		"EPUB/home.xhtml", "EPUB/nav.xhtml", "EPUB/boot/tick.xhtml", "EPUB/symbols.xhtml", "EPUB/symbols/clock.Start.xhtml", "EPUB/symbols/clock.ring.xhtml",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if got := string(text[30:58]); got != "mimetypeapplication/epub+zip" {
		t.Errorf("the file begins with %q", got)
	}
	for name, text := range files {
		if ext := path.Ext(name); ext == ".css" || ext == ".png" || ext == "" {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s is not XML: %v", name, err)
				break
			}
		}
	}
	for _, part := range []string{
		`<dc:identifier id="id">https://small.example/book/#v1-en</dc:identifier>`, `<dc:title id="title">A small book · v1</dc:title>`,
		`<dc:creator>Nobody</dc:creator>`, `<dc:language>en</dc:language>`, `<meta property="dcterms:modified">1980-01-01T00:00:00Z</meta>`,
		`<item id="cover" href="cover.png" media-type="image/png" properties="cover-image">`, `<meta name="cover" content="cover">`, `<spine toc="toc">`,
		`href="boot/tick.xhtml" media-type="application/xhtml+xml" properties="svg"`, `href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"`,
	} {
		if !strings.Contains(files["EPUB/package.opf"], part) {
			t.Errorf("the package lacks %s", part)
		}
	}
}

func TestWriteIsTheSameEachTime(t *testing.T) {
	if !bytes.Equal(write(t, small(t, smallChapter)), write(t, small(t, smallChapter))) {
		t.Error("two files of one edition differ")
	}
}

func TestPagesAreAdapted(t *testing.T) {
	_, files := unzip(t, write(t, small(t, smallChapter)))
	for _, c := range []struct{ name, file, want string }{
		{"void elements are closed", "boot/tick", "One<br/>two\u00a0three &amp; "},
		{"a page of the book, and its line", "boot/tick", `<a href="../symbols/clock.Start.xhtml#clock.go-L3">there</a>`},
		{"upstream", "boot/tick", `<a href="https://up.example/x">up</a>`},
		{"a page of the site only", "boot/tick", `<a href="https://small.example/book/en/changes/">elsewhere</a>`},
		{"another version", "boot/tick", `<a href="https://small.example/book/v0/en/boot/tick/">before</a>`},
		{"a foreign run", "boot/tick", `<span lang="zh-CN" xml:lang="zh-CN">钟</span>`},
		{"a fold is open", "boot/tick", `<div class="unfolded fold"><p class="summary">Folded <small>3–4</small></p><pre><code>x &lt; y</code></pre></div>`},
		{"a button is gone", "boot/tick", `<div class="caption"></div>`},
		{"a note does not link itself", "boot/tick", `<h3>A note</h3>`},
		{"a picture", "boot/tick", `<svg viewBox="0 0 9 9" aria-label="A clock" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><title>A clock</title><rect x="0" y="0" width="9" height="9" class="plate"></rect><a xlink:href="#start" xlink:title="Start">`},
		{"the numbers stand behind the picture", "boot/tick", "<figcaption>A clock</figcaption></figure>\n<div class=\"unfolded\"><p class=\"summary\">As a table</p>"},
		{"a table of many columns", "boot/tick", `<table class="many"><tbody><tr><td><code>_rt0_<wbr/>amd64</code></td>`},
		{"a line has its number", "symbols/clock.Start", "<span class=\"l\" id=\"clock.go-L3\" data-n=\"3\">func Start()\n</span>"},
		{"a platform has a heading", "symbols/clock.Start", `<h2 class="on" translate="no">linux amd64</h2>`},
		{"what changed", "symbols/clock.Start", `<a href="https://small.example/book/en/changes/v1/">v1</a>`},
		{"a card", "symbols/clock.Start", `<a href="clock.ring.xhtml" translate="no"><code>clock.ring</code></a>`},
		{"code in a reason", "symbols/clock.Start", `the <code translate="no">spring</code> pulls`},
		{"the cover", "cover", `<body class="cover" epub:type="cover">
<div class="cover"><img src="cover.png" alt="A small book · v1"/></div>`},
		{"nested headings", "nav", `<ol><li><a href="boot/tick.xhtml#start">Start</a><ol><li><a href="boot/tick.xhtml#wind">Wind</a></li></ol></li><li><a href="boot/tick.xhtml#stop">Stop</a></li></ol>`},
		{"the beginning", "nav", `<a epub:type="bodymatter" href="boot/tick.xhtml">`},
		{"the index", "nav", `<a epub:type="index" href="symbols.xhtml">Symbols</a>`},
	} {
		if !strings.Contains(files["EPUB/"+c.file+".xhtml"], c.want) {
			t.Errorf("%s: %s lacks %s", c.name, c.file, c.want)
		}
	}
}

func TestLinksThatLeadNowhere(t *testing.T) {
	for _, href := range []string{"#no", "../../symbols/clock.Start/#no"} {
		err := Write(io.Discard, small(t, smallChapter+`<p><a href="`+href+`">x</a></p>`), os.DirFS("../../themes/margin/epub"))
		if err == nil || !strings.Contains(err.Error(), href) {
			t.Errorf("%s: %v", href, err)
		}
	}
	err := Write(io.Discard, small(t, smallChapter+`<p id="start"></p>`), os.DirFS("../../themes/margin/epub"))
	if err == nil || !strings.Contains(err.Error(), "the id start stands twice") {
		t.Errorf("an id twice: %v", err)
	}
}

func TestLink(t *testing.T) {
	for _, c := range []struct{ from, to, fragment, want string }{
		{"home.xhtml", "boot/a.xhtml", "", "boot/a.xhtml"},
		{"boot/a.xhtml", "home.xhtml", "x", "../home.xhtml#x"},
		{"boot/a.xhtml", "boot/b.xhtml", "", "b.xhtml"},
		{"boot/a.xhtml", "symbols/b.xhtml", "", "../symbols/b.xhtml"},
		{"boot/a.xhtml", "boot/a.xhtml", "é", "#%C3%A9"},
		{"boot/a.xhtml", "symbols/b c.xhtml", "", "../symbols/b%20c.xhtml"},
	} {
		if got := link(c.from, c.to, c.fragment); got != c.want {
			t.Errorf("from %s to %s#%s: %s, want %s", c.from, c.to, c.fragment, got, c.want)
		}
	}
}

// TestStylesNeedNothingNew: old reading systems know neither custom properties nor
// :is(), and drop the whole rule.
func TestStylesNeedNothingNew(t *testing.T) {
	style, err := styleSheet(os.DirFS("../../themes/margin/epub"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"var(", ":is(", ":has(", ":where(", "light-dark(", "-inline", "-block-", "@import", "url("} {
		if bytes.Contains(style, []byte(word)) {
			t.Errorf("a style sheet holds %s", word)
		}
	}
}

func TestUnwrapKeepsTheOrder(t *testing.T) {
	root, err := html.Parse(strings.NewReader(`<p id="a">1<a href="#a">2<b>3</b></a>4</p>`))
	if err != nil {
		t.Fatal(err)
	}
	d := &document{root: root}
	d.adapt()
	if got, err := d.text(); err != nil || !strings.Contains(string(got), `<p id="a">12<b>3</b>4</p>`) {
		t.Errorf("%s, %v", got, err)
	}
}

func TestOldReadersFindTheContents(t *testing.T) {
	_, files := unzip(t, write(t, small(t, smallChapter)))
	var toc struct {
		Points []navPoint `xml:"navMap>navPoint"`
	}
	if err := xml.Unmarshal([]byte(files["EPUB/toc.ncx"]), &toc); err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func(points []navPoint, depth string)
	walk = func(points []navPoint, depth string) {
		for _, p := range points {
			lines = append(lines, depth+p.Label+" → "+p.Content.Src)
			walk(p.Below, depth+" ")
		}
	}
	walk(toc.Points, "")
	want := []string{
		"A small book → home.xhtml",
		"All of it → boot/tick.xhtml", " 1 · A beat & more → boot/tick.xhtml", "  Start → boot/tick.xhtml#start", "   Wind → boot/tick.xhtml#wind", "  Stop → boot/tick.xhtml#stop",
		"Symbols → symbols.xhtml", " A beat & more → symbols/clock.Start.xhtml", "  clock.Start → symbols/clock.Start.xhtml",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
}
