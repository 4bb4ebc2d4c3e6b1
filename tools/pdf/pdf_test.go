package pdf

import (
	"html/template"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"beforemain/extractor/content"
)

func TestEmptyBoxes(t *testing.T) {
	wide := map[string]bool{"F4": true, "F5": false}
	for _, c := range []struct {
		content string
		want    int
	}{
		{"BT /F4 16 Tf <0044004500000046> Tj ET", 1},
		{"BT /F4 16 Tf <00440045> Tj ET", 0},
		{"BT /F4 16 Tf <01000044> Tj ET", 0}, // the zeros of two codes
		{"/F5 16 Tf (m) Tj 16 0 Td <00> Tj", 1},
		{`/F5 16 Tf (a\000\(b\)) Tj`, 1},
		{`/F4 9 Tf [(\000\000) 12 <0001>] TJ`, 1},
		{"/P <</MCID 0 >>BDC /F5 9 Tf (abc) Tj EMC", 0},
	} {
		if got := emptyBoxes([]byte(c.content), wide); got != c.want {
			t.Errorf("%s: %d, want %d", c.content, got, c.want)
		}
	}
}

func TestCandidates(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"HOME": "/Users/g", "ProgramFiles": `C:\Program Files`, "LocalAppData": `C:\g`}[name]
	}
	for goos, want := range map[string]string{
		"linux":   "chromium",
		"darwin":  "/Users/g/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"windows": `C:\Program Files\Google\Chrome\Application\chrome.exe`,
	} {
		if got := candidates(goos, env); !slices.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", goos, got, want)
		}
		if missing[goos] == "" {
			t.Errorf("%s: nothing is said of what to install", goos)
		}
	}
}

func TestFindChromiumSaysWhatToInstall(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the browser is not looked for in PATH only")
	}
	t.Setenv("PATH", t.TempDir())
	_, err := FindChromium()
	if err == nil || !strings.Contains(err.Error(), "apt install chromium") || !strings.Contains(err.Error(), "--chromium") {
		t.Errorf("%v", err)
	}
}

// small is an edition of two chapters and a symbol.
func small() Edition {
	common := func(url, title string) content.Common { return content.Common{URL: url, Title: title} }
	one := content.ChapterLink{Number: 1, Slug: "one", Title: "One", URL: "en/boot/one/"}
	two := content.ChapterLink{Slug: "two", Title: "Two", URL: "en/boot/two/"}
	return Edition{
		Title: "Book", Lang: "en", Site: "https://book.example/",
		Pages: []content.Page{
			{Path: "_index.html", Params: content.HomeParams{Common: common("en/", ""), Parts: []content.PartParam{{Title: "Part", Chapters: []content.ChapterLink{one, two}}}}},
			{Path: "symbols/_index.html", Params: content.IndexParams{Common: common("en/symbols/", "")}},
			{Path: "boot/one.html", Params: content.ChapterParams{Common: common(one.URL, "One"), Number: 1, TOC: []content.TOCEntry{{ID: "a", Title: "A", Level: 2}}},
				Body: template.HTML(`<h2 id="a">A</h2><p><a href="../two/#b">b</a> <a href="../two/#b">again</a> <a href="../two/#gone">gone</a> ` +
					`<a href="../../symbols/x.f/#note-x.f-n">note</a> <a href="../../symbols/card/">card</a> <a href="https://go.dev/">go</a></p>` +
					`<div class="listing"><details class="fold"><summary>folded <small>3</small></summary><pre class="code"><code><span data-n="7">hidden
</span></code></pre></details></div>`)},
			{Path: "boot/two.html", Params: content.ChapterParams{Common: common(two.URL, "Two")}, Body: `<h3 id="b">B</h3><p id="c">c</p>`},
			{Path: "symbols/x.f.html", Params: content.SymbolParams{Common: common("en/symbols/x.f/", "x.f"), Name: "x.f", Chapter: one, Mentions: []content.ChapterLink{two}},
				Body: template.HTML(`<div class="listing"><div class="passage noted"><pre class="code on" translate="no"><code><span class="l" id="f.go-L3"><a class="n" href="#f.go-L3" data-n="3"></a><span class="k">func</span> <a class="u" href="https://x/">f</a>() <span class="c">// c</span>
</span><span class="l" id="f.go-L4"><a class="n" href="#f.go-L4" data-n="4"></a>` + strings.Repeat("x", 120) + `
</span></code></pre><div class="notes"><div class="note" role="note" id="note-x.f-n"><h3><a href="#note-x.f-n">Why</a></h3><p>so</p><footer><span class="range">v1–v2</span><a class="edit" href="x">edit</a></footer></div></div></div>` +
					`<details class="fold"><summary>folded</summary><pre class="code"><code><span data-n="7">shown
</span></code></pre></details></div>`)},
		},
	}
}

func TestSheet(t *testing.T) {
	s, err := newSheet(small(), Config{Paper: "a4", Progress: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	one, two, f := string(s.Parts[0].Chapters[0].Body), string(s.Parts[0].Chapters[1].Body), string(s.Groups[0].Symbols[0].Body)
	for _, c := range []struct{ name, text, want string }{
		{"a heading one level down, with the id of the contents", one, `<h3 id="c-one:a">A</h3>`},
		{"a link into another chapter, with its page", one, `<a href="#c-two:b" data-ref="c-two:b">b</a>`},
		{"the second time without", one, `<a href="#c-two:b">again</a>`},
		{"a place that is gone is its page", one, `<a href="#c-two" data-ref="c-two">gone</a>`},
		{"a note of a listing", one, `<a href="#s-1:note-x.f-n" data-ref="s-1:note-x.f-n">note</a>`},
		{"a page that is not in the book is on the web", one, `<a href="https://book.example/en/symbols/card/">card</a>`},
		{"another site stays", one, `<a href="https://go.dev/">go</a>`},
		{"a fold as a caption", one, `<div class="fold"><p class="summary">folded <small>3</small></p></div>`},
		{"an id that is used", two, `<h4 id="c-two:b">B</h4>`},
		{"an id that is not", two, `<p>c</p>`},
		{"a line with few elements", f, `<pre class="code on" data-lines="3–4"><code><span class="k">func</span> f() <span class="c">// c</span>`},
		{"a long line", f, `<span class="long">xxx`},
		{"a note with its lines and without controls", f, `<div class="note" role="note" id="s-1:note-x.f-n"><p class="note-title" data-lines="3–4">Why</p><p>so</p></div>`},
		{"an open fold", f, "shown"},
	} {
		if !strings.Contains(c.text, c.want) {
			t.Errorf("%s: no %s in\n%s", c.name, c.want, c.text)
		}
	}
	if strings.Contains(one, "hidden") {
		t.Errorf("a chapter shows what it folds away:\n%s", one)
	}
	if got := s.Index; len(got) != 1 || got[0].ID != "s-1" || !slices.Equal(got[0].Chapters, []string{"c-one", "c-two"}) {
		t.Errorf("index %v", got)
	}
}

func TestSortKey(t *testing.T) {
	names := []string{"runtime.schedinit", "_rt0_amd64", "internal/runtime/maps.AlgInit", "runtime.mheap.init"}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(sortKey(a), sortKey(b)) })
	if want := []string{"internal/runtime/maps.AlgInit", "runtime.mheap.init", "_rt0_amd64", "runtime.schedinit"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

func TestSides(t *testing.T) {
	starts := []string{"one", "two", "index"}
	pages := map[string]int{"contents": 3, "one": 6, "a": 8, "two": 9, "b": 9, "index": 12}
	first := sides{}.next(pages, starts)
	if want := map[string]int{"contents": 3, "one": 7, "a": 9, "two": 11, "b": 11, "index": 15}; !maps.Equal(first.pages, want) {
		t.Errorf("pages %v, want %v", first.pages, want)
	}
	if want := map[string]bool{"one": true, "two": true, "index": true}; !maps.Equal(first.blank, want) {
		t.Errorf("empty pages before %v, want %v", first.blank, want)
	}
	if again := first.next(first.pages, starts); !maps.Equal(again.pages, first.pages) || !maps.Equal(again.blank, first.blank) {
		t.Errorf("what is right is moved: %v", again)
	}
	first.pages["two"]++ // the pass made a page more than was thought
	first.pages["b"]++
	first.pages["index"]++
	if next := first.next(first.pages, starts); next.blank["two"] || next.pages["two"] != 11 || next.pages["index"] != 15 {
		t.Errorf("an empty page that is no more needed: %v", next)
	}
}
