package margin_test

import (
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const baseURL = "https://example.org/"

// page is a published page as a reader's browser parses it.
type page struct {
	url  string // absolute
	root *html.Node
}

// pages parses what the fixture's site publishes, but for the bare redirect at its root.
func pages(t *testing.T) []page {
	t.Helper()
	files := site(t)
	var list []page
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" || name == "index.html" {
			return err
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		root, err := html.Parse(f)
		list = append(list, page{baseURL + strings.TrimSuffix(name, "index.html"), root})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// all returns the elements that match, in document order.
func (p page) all(match func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			list = append(list, n)
		}
	}
	return list
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func named(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func link(rel string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == "link" && attr(n, "rel") == rel }
}

func classed(class string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(attr(n, "class")), class) }
}

func TestPagesAreThere(t *testing.T) {
	got := map[string]bool{}
	for _, p := range pages(t) {
		got[strings.TrimPrefix(p.url, baseURL)] = true
	}
	for _, want := range []string{
		"zh/", "en/", "go1.26/zh/", "go1.26/en/boot/light/", "zh/symbols/", "en/symbols/boot.firstLight/",
		"go1.26/zh/symbols/internal/house/cellar.veryLongSymbolNameForTheSakeOfWrapping/", "zh/404.html", "en/404.html", "zh/status/", "en/status/",
		"zh/changes/", "en/changes/go1.26-go1.27/", "zh/changes/go1.26-go1.27/boot.firstLight/",
	} {
		if !got[want] {
			t.Errorf("no page %s", want)
		}
	}
}

func TestPagesAreSound(t *testing.T) {
	for _, p := range pages(t) {
		if n := len(p.all(named("h1"))); n != 1 {
			t.Errorf("%s: %d h1", p.url, n)
		}
		want := "zh-CN"
		if strings.Contains(p.url, "/en/") {
			want = "en"
		}
		if got := attr(p.all(named("html"))[0], "lang"); got != want {
			t.Errorf("%s: lang %q, want %q", p.url, got, want)
		}
		ids := map[string]bool{}
		for _, n := range p.all(func(*html.Node) bool { return true }) {
			if id := attr(n, "id"); id != "" && ids[id] {
				t.Errorf("%s: id %q twice", p.url, id)
			} else {
				ids[id] = true
			}
			if n.Data == "style" || n.Data == "script" && (n.FirstChild != nil || !strings.HasPrefix(attr(n, "src"), "/js/") || attr(n, "integrity") == "") {
				t.Errorf("%s: an inline %s", p.url, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: attribute %s on %s", p.url, a.Key, n.Data)
				}
				if strings.Contains(strings.ToLower(a.Key+a.Val), "zgotmplz") {
					t.Errorf("%s: html/template refused something on %s", p.url, n.Data)
				}
			}
		}
		for _, n := range p.all(func(*html.Node) bool { return true }) {
			if ref := attr(n, "aria-labelledby"); ref != "" && !ids[ref] {
				t.Errorf("%s: aria-labelledby names no id: %q", p.url, ref)
			}
		}
		sheets := p.all(link("stylesheet"))
		if len(sheets) != 1 || !strings.HasPrefix(attr(sheets[0], "href"), "/css/") || attr(sheets[0], "integrity") == "" {
			t.Errorf("%s: want one local style sheet with its integrity", p.url)
		}
	}
}

func TestLinksResolve(t *testing.T) {
	all := pages(t)
	there := map[string]map[string]bool{}
	for _, p := range all {
		ids := map[string]bool{"": true}
		for _, n := range p.all(func(n *html.Node) bool { return attr(n, "id") != "" }) {
			ids[attr(n, "id")] = true
		}
		there[p.url] = ids
	}
	for _, p := range all {
		base, err := url.Parse(p.url)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range p.all(named("a")) {
			ref, err := base.Parse(attr(n, "href"))
			if err != nil {
				t.Errorf("%s: %v", p.url, err)
				continue
			}
			if ref.Host != base.Host {
				continue
			}
			fragment := ref.Fragment
			ref.Fragment = ""
			if ids := there[ref.String()]; ids == nil || !ids[fragment] {
				t.Errorf("%s: dead link %s", p.url, attr(n, "href"))
			}
		}
	}
}

func TestAlternates(t *testing.T) {
	all := pages(t)
	alternates := map[string]map[string]string{} // page → hreflang → page
	for _, p := range all {
		alternates[p.url] = map[string]string{}
		for _, n := range p.all(link("alternate")) {
			alternates[p.url][attr(n, "hreflang")] = attr(n, "href")
		}
	}
	for _, p := range all {
		if path.Base(p.url) == "404.html" {
			if len(alternates[p.url]) > 0 || len(p.all(link("canonical"))) > 0 {
				t.Errorf("%s: what is not found has no other address", p.url)
			}
			continue
		}
		canonical := p.all(link("canonical"))
		if len(canonical) != 1 || alternates[attr(canonical[0], "href")] == nil {
			t.Errorf("%s: want one canonical page that exists", p.url)
			continue
		}
		if strings.HasSuffix(p.url, "/boot/") {
			continue // made by Hugo itself; they borrow the home page's
		}
		own := attr(p.all(named("html"))[0], "lang")
		if got := alternates[p.url][own]; got != p.url {
			t.Errorf("%s: its own hreflang %s is %q", p.url, own, got)
		}
		for _, lang := range []string{"zh-CN", "en"} {
			other := alternates[p.url][lang]
			if alternates[other][own] != p.url {
				t.Errorf("%s: hreflang %s is %q, which does not point back", p.url, lang, other)
			}
		}
		if got, want := alternates[p.url]["x-default"], alternates[p.url]["zh-CN"]; got != want {
			t.Errorf("%s: x-default %q, want %q", p.url, got, want)
		}
	}
}

func TestCanonicalIsNewest(t *testing.T) {
	want := map[string]string{
		"go1.26/zh/boot/light/":          "zh/boot/light/",
		"zh/boot/light/":                 "zh/boot/light/",
		"go1.26/en/symbols/boot.wick/":   "en/symbols/boot.filament/",
		"go1.26/en/symbols/boot.resize/": "en/symbols/boot.resize/",
		"en/symbols/boot.lampInit/":      "en/symbols/boot.lampInit/",
		"go1.26/zh/":                     "zh/",
		"go1.26/zh/symbols/":             "zh/symbols/",
	}
	for _, p := range pages(t) {
		if w, ok := want[strings.TrimPrefix(p.url, baseURL)]; ok {
			if got := attr(p.all(link("canonical"))[0], "href"); got != baseURL+w {
				t.Errorf("%s: canonical %s, want %s", p.url, got, baseURL+w)
			}
			delete(want, strings.TrimPrefix(p.url, baseURL))
		}
	}
	for missing := range want {
		t.Errorf("no page %s", missing)
	}
}

func TestOldEditionsSaySo(t *testing.T) {
	for _, p := range pages(t) {
		old := strings.HasPrefix(p.url, baseURL+"go1.26/")
		banners := p.all(classed("banner"))
		if (len(banners) == 1) != old {
			t.Errorf("%s: %d banners", p.url, len(banners))
			continue
		}
		if !old || path.Base(p.url) == "404.html" {
			continue
		}
		var target string
		for n := range banners[0].Descendants() {
			if n.Data == "a" {
				target = baseURL + strings.TrimPrefix(attr(n, "href"), "/")
			}
		}
		if canonical := attr(p.all(link("canonical"))[0], "href"); target != canonical {
			t.Errorf("%s: the banner leads to %q, want %q", p.url, target, canonical)
		}
	}
}

func TestAbsentVersionsAreNotLinked(t *testing.T) {
	for _, p := range pages(t) {
		if !strings.HasSuffix(p.url, "/boot.lampInit/") {
			continue
		}
		absent := p.all(classed("absent"))
		if len(absent) != 2 { // in the switch and in the strip
			t.Errorf("%s: %d absent versions, want 2", p.url, len(absent))
		}
		for _, n := range absent {
			for d := range n.Descendants() {
				if d.Data == "a" {
					t.Errorf("%s: an absent version is linked to %s", p.url, attr(d, "href"))
				}
			}
		}
	}
}

// TestSitemaps: the index names a sitemap a language and version, and each is there.
func TestSitemaps(t *testing.T) {
	files := site(t)
	text, err := fs.ReadFile(files, "sitemap.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zh/sitemap.xml", "en/sitemap.xml", "go1.26/zh/sitemap.xml", "go1.26/en/sitemap.xml"} {
		if !strings.Contains(string(text), "<loc>"+baseURL+name+"</loc>") {
			t.Errorf("the index does not name %s", name)
		}
		if _, err := fs.Stat(files, name); err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(string(text), "<loc>"); n != 4 {
		t.Errorf("the index names %d sitemaps, want 4:\n%s", n, text)
	}
}
