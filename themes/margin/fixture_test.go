package margin_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// The fixture is a small book in the form in which the generator hands one to
// Hugo: a tree for each version and language, of pages with JSON front matter.
var (
	languages = []string{"zh", "en"}
	versions  = []string{"go1.27", "go1.26"} // newest first
	tags      = map[string]string{"go1.27": "go1.27.4", "go1.26": "go1.26.11"}
)

type params = map[string]any

type words struct{ zh, en string }

func (w words) in(lang string) string {
	if lang == "zh" {
		return w.zh
	}
	return w.en
}

var book = words{"示例之书", "The Example Book"}

var parts = []struct {
	title    words
	back     bool
	chapters []chapter
}{
	{words{"天亮之前", "Before dawn"}, false, []chapter{
		{"house", words{"房子：灯在哪里", "The house: where the lamps are"}, words{"有哪些房间，线从哪里来，为什么要从楼梯开始。", "Which rooms there are, where the wires come from, and why one begins on the stairs."}, nil},
		{"entry", words{"入口：第一条指令", "The entry: the first instruction"}, words{"内核把控制权交出来的那一刻，寄存器和栈里有什么。", "What the registers and the stack hold at the moment when the kernel lets go."}, []string{"_start"}},
	}},
	{words{"点灯", "Light"}, false, []chapter{
		{"light", words{"firstLight：把灯点亮", "firstLight: from dark to lit"}, words{"先锁，再线，后灯；次序反了会怎样。", "Locks, wires, lamps; and what breaks in another order."}, []string{"boot.firstLight", "boot.wick", "boot.filament", "boot.lampInit", "internal/house/cellar.veryLongSymbolNameForTheSakeOfWrapping", "boot.resize"}},
		{"people", words{"人：谁先醒", "People: who wakes first"}, words{"灯亮了，第一个人走下楼梯。", "The lamps are lit, and the first person comes down the stairs."}, nil},
	}},
	{words{"书末", "Back matter"}, true, []chapter{
		{"glossary", words{"术语", "Glossary"}, words{"书里用到的词。", "The words that the book uses."}, nil},
	}},
}

type chapter struct {
	slug        string
	title, lede words
	symbols     []string
}

// absent symbols by version; of a pair under renamed one is absent from each.
var (
	absent  = map[string][]string{"go1.26": {"boot.lampInit", "boot.filament"}, "go1.27": {"boot.wick"}}
	renamed = map[string]string{"boot.wick": "boot.filament", "boot.filament": "boot.wick"}
)

// cards by version. The older version has boot.fuse too, and nothing calls it there.
var cards = map[string][]string{"go1.27": {"boot.getHand", "boot.fuse"}, "go1.26": {"boot.getHand"}}

func has(version, symbol string) bool {
	for _, s := range absent[version] {
		if s == symbol {
			return false
		}
	}
	return true
}

// writeFixture writes the trees below dir as <version>/<language>/….
func writeFixture(t *testing.T, dir string) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/fixture.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, f := range archive.Files {
		text[f.Name] = strings.TrimSuffix(string(f.Data), "\n")
	}
	for _, v := range versions {
		for _, l := range languages {
			e := edition{t, filepath.Join(dir, v, l), v, l, text}
			e.home()
			e.symbols()
			if v == versions[0] {
				e.status()
				e.changes()
			}
			for _, c := range cards[v] {
				e.card(c)
			}
			for _, p := range parts {
				for _, c := range p.chapters {
					e.chapter(c, p.title)
					for _, s := range c.symbols {
						if has(v, s) {
							e.symbol(s, c)
						}
					}
				}
			}
		}
	}
}

// edition is the tree of one version in one language.
type edition struct {
	t             *testing.T
	dir           string
	version, lang string
	text          map[string]string
}

func (e edition) root(version, lang string) string {
	if version == versions[0] {
		return lang + "/"
	}
	return version + "/" + lang + "/"
}

// write puts a page in the tree. at is its address below the root of an edition.
func (e edition) write(name, kind, title, at, body string, p params, there func(version string) string) {
	e.t.Helper()
	if there == nil {
		there = func(string) string { return at }
	}
	p["title"], p["kind"], p["url"] = title, kind, e.root(e.version, e.lang)+at
	p["version"] = params{"name": e.version, "tag": tags[e.version], "newest": e.version == versions[0]}
	var switches, langs []params
	for _, v := range versions {
		s := params{"name": v, "current": v == e.version, "newest": v == versions[0], "absent": there(v) == "-", "uncalled": kind == "card" && there(v) == "-"}
		if there(v) != "-" {
			s["url"] = e.root(v, e.lang) + there(v)
			if p["canonical"] == nil {
				p["canonical"] = s["url"]
			}
			if v == versions[0] && v != e.version {
				p["newest_url"] = s["url"]
			}
		}
		if there(v) != "-" && there(v) != at {
			s["symbol"] = renamed[title]
		}
		switches = append(switches, s)
	}
	for _, l := range languages {
		langs = append(langs, params{"lang": l, "url": e.root(e.version, l) + at, "current": l == e.lang})
	}
	p["versions"], p["languages"] = switches, langs
	front, err := json.MarshalIndent(params{"title": title, "type": kind, "url": at, "params": p}, "", " ")
	if err != nil {
		e.t.Fatal(err)
	}
	file := filepath.Join(e.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		e.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(string(front)+"\n\n"+e.resolve(body)+"\n"), 0o666); err != nil {
		e.t.Fatal(err)
	}
}

// resolve writes the addresses of symbols out.
func (e edition) resolve(body string) string {
	return strings.ReplaceAll(body, "/SYMBOLS/", "/"+e.root(e.version, e.lang)+"symbols/")
}

func (e edition) home() {
	var list []params
	for _, p := range parts {
		var chapters []params
		for _, c := range p.chapters {
			link := e.link(c)
			link["lede"] = c.lede.in(e.lang)
			link["symbols"] = e.names(c)
			link["stretch"] = params{"first": 1, "last": 1, "of": 63}
			chapters = append(chapters, link)
		}
		list = append(list, params{"title": p.title.in(e.lang), "back": p.back, "chapters": chapters})
	}
	p := params{
		"book_title": book.in(e.lang), "parts": list, "edit": "https://host.example/book/edit/main/site/content/home.md#L5",
		"tagline": words{"一座房子怎样亮起来：从第一条指令读到第一个人醒来", "How a house is lit, read in its own source"}.in(e.lang),
	}
	if e.version == versions[0] {
		p["status"] = e.root(e.version, e.lang) + "status/"
		p["changes"] = e.root(e.version, e.lang) + "changes/"
	}
	e.write("_index.html", "home", book.in(e.lang), "", e.text["home."+e.lang], p, nil)
}

func (e edition) chapter(c chapter, part words) {
	body, ok := e.text[c.slug+"."+e.lang]
	if !ok {
		body = e.text["other."+e.lang]
	}
	p := params{"lede": c.lede.in(e.lang), "description": c.lede.in(e.lang), "part": part.in(e.lang), "part_url": e.root(e.version, e.lang) + "#part-1", "stretch": params{"first": 2, "last": 5, "of": 63, "time": "1,234"},
		"symbols": e.names(c), "edit": "https://upstream.example/edit/" + c.slug + ".md"}
	for k, v := range e.link(c) {
		if k == "number" {
			p[k] = v
		}
	}
	var toc []params
	for _, m := range regexp.MustCompile(`<h([23]) id="([^"]+)">([^<]+)<`).FindAllStringSubmatch(body, -1) {
		toc = append(toc, params{"id": m[2], "title": m[3], "level": int(m[1][0] - '0')})
	}
	p["toc"] = toc
	before, after := neighbours(c.slug)
	if before != nil {
		p["prev"] = e.link(*before)
	}
	if after != nil {
		p["next"] = e.link(*after)
	}
	body = strings.ReplaceAll(body, "[start.s]", e.listing("start.s", "src/boot/start.s"))
	e.write("boot/"+c.slug+".html", "chapter", c.title.in(e.lang), "boot/"+c.slug+"/", body, p, nil)
}

func (e edition) link(c chapter) params {
	link := params{"slug": c.slug, "title": c.title.in(e.lang), "url": e.root(e.version, e.lang) + "boot/" + c.slug + "/"}
	n := 0
	for _, p := range parts {
		for _, x := range p.chapters {
			n++
			if x.slug == c.slug && !p.back {
				link["number"] = n
			}
		}
	}
	return link
}

func (e edition) names(c chapter) []params {
	var list []params
	for _, s := range c.symbols {
		if has(e.version, s) {
			list = append(list, params{"name": s, "url": e.root(e.version, e.lang) + "symbols/" + s + "/"})
		}
	}
	return list
}

func neighbours(slug string) (before, after *chapter) {
	var all []chapter
	for _, p := range parts {
		all = append(all, p.chapters...)
	}
	for i := range all {
		if all[i].slug == slug && i > 0 {
			before = &all[i-1]
		}
		if all[i].slug == slug && i+1 < len(all) {
			after = &all[i+1]
		}
	}
	return before, after
}
