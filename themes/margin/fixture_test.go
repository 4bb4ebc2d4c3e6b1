package margin_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// status has a row for every symbol; the first has something of each kind.
func (e edition) status() {
	var rows []params
	for _, part := range parts {
		for _, c := range part.chapters {
			for _, n := range c.symbols {
				row := params{"name": n, "url": e.root(newestOf(n), e.lang) + "symbols/" + n + "/", "notes": 12, "covered": 2, "versions": 2,
					"missing": 0, "outdated": 0, "review": 0, "shown": 0, "hidden": 0}
				if rows == nil {
					row["covered"], row["missing"], row["outdated"], row["review"], row["shown"], row["hidden"] = 1, 3, 2, 4, 5, 6
				}
				rows = append(rows, row)
			}
		}
	}
	there := func(version string) string {
		if version != versions[0] {
			return "-"
		}
		return "status/"
	}
	total := params{"notes": 84, "missing": 3, "outdated": 2, "review": 4, "shown": 5, "hidden": 6}
	e.write("status.html", "status", words{"注记的现状", "State of the notes"}.in(e.lang), "status/", "",
		params{"rows": rows, "total": total, "symbols": len(rows), "bare": 1, "comments": e.lang == "zh"}, there)
}

// changes has a table, the page of two versions with a group of each kind, and a comparison.
func (e edition) changes() {
	root := e.root(versions[0], e.lang) + "changes/"
	only := func(path string) func(string) string {
		return func(version string) string {
			if version != versions[0] {
				return "-"
			}
			return path
		}
	}
	pair := versions[1] + "-" + versions[0]
	pairs := []params{{"old": versions[1], "new": versions[0], "url": root + pair + "/", "current": true}}
	name := "boot.firstLight"
	page := e.root(versions[0], e.lang) + "symbols/" + name + "/"
	compare := root + pair + "/" + name + "/"
	var rows []params
	for _, what := range []string{"same", "comment", "code", "added", "gone", "renamed", "absent"} {
		cell := params{"what": what}
		if what == "comment" || what == "code" || what == "renamed" {
			cell["url"] = compare
		}
		rows = append(rows, params{"name": name, "url": page, "cells": []params{cell}})
	}
	e.write("changes.html", "changes", words{"变化", "Changes"}.in(e.lang), "changes/", "", params{"pairs": pairs, "rows": rows}, only("changes/"))

	tell := params{"name": name, "url": page, "change": compare, "added": 12, "removed": 3, "on": "linux · darwin", "came": "windows", "went": "dragonfly",
		"before": "boot.dawn", "after": "src/boot/aRatherLongFileNameThatHasToWrapSomewhere_linux.go"}
	var groups []params
	for _, what := range []string{"added", "gone", "renamed", "moved", "code", "comment"} {
		groups = append(groups, params{"what": what, "symbols": []params{tell, {"name": "boot.resize", "url": page}}})
	}
	e.write("changes/"+pair+".html", "release", words{"从旧到新", "From old to new"}.in(e.lang), "changes/"+pair+"/", "",
		params{"old": params{"name": versions[1], "tag": versions[1] + ".5"}, "new": params{"name": versions[0], "tag": versions[0] + ".4"}, "all": root,
			"story": e.root(versions[0], e.lang) + "boot/light/", "pairs": pairs, "groups": groups, "moved": []params{{"name": name, "url": page}},
			"same": []params{{"name": "boot.resize", "url": page}}}, only("changes/"+pair+"/"))

	long := `if n, err := parse(<span class="w">strings.TrimSpace(environment("A_VERY_LONG_NAME_OF_A_VARIABLE"))</span>, 10, 32); err == nil {`
	body := `<section class="diff" id="linux-amd64" aria-label="linux"><div class="caption"><strong>linux</strong><span><a href="https://upstream.example/a">first.go:1–9</a> <span class="tag">1.26.5</span></span><span aria-hidden="true">→</span><span>first.go:1–9 <span class="tag">1.27.4</span></span></div>` +
		`<pre class="code" translate="no"><code><span class="l" data-n="1"><span class="d">func</span> first() {` + "\n" + `</span></code></pre>` +
		`<div class="pair"><pre class="code old" translate="no"><code><del class="l" data-n="2">	` + long + "\n" + `</del></code></pre><pre class="code new" translate="no"><code><ins class="l" data-n="2">	` + long + "\n" + `</ins></code></pre></div>` +
		`<div class="pair talk"><p class="talk-label">…</p><pre class="code new" translate="no"><code><ins class="l" data-n="3">	<span class="c">// light</span>` + "\n" + `</ins></code></pre></div>` +
		`<details class="fold"><summary><span>4 …</span> <small>4–7</small></summary><pre class="code" translate="no"><code><span class="l" data-n="4">}` + "\n" + `</span></code></pre></details></section>`
	e.write("changes/"+pair+"/"+name+".html", "change", name, "changes/"+pair+"/"+name+"/", body,
		params{"name": name, "before": "boot.dawn", "old": params{"name": versions[1], "symbol": "boot.dawn"}, "new": params{"name": versions[0], "symbol": name, "url": page},
			"release": root + pair + "/", "pairs": pairs, "kind_of": "code", "tell": tell, "same": "windows", "chapter": e.link(parts[0].chapters[1])}, only("changes/"+pair+"/"+name+"/"))
}

// newestOf returns the newest version that has a symbol.
func newestOf(symbol string) string {
	for _, v := range versions {
		if has(v, symbol) {
			return v
		}
	}
	return ""
}

func (e edition) symbols() {
	var groups []params
	for _, p := range parts {
		for _, c := range p.chapters {
			var list []params
			for _, n := range e.names(c) {
				n["path"] = "src/boot/first.go"
				list = append(list, n)
			}
			if list != nil {
				groups = append(groups, params{"title": c.title.in(e.lang), "url": e.link(c)["url"], "symbols": list})
			}
		}
	}
	e.write("symbols/_index.html", "symbols", words{"符号", "Symbols"}.in(e.lang), "symbols/", "", params{"groups": groups, "cards": e.cardLinks()}, nil)
}

func (e edition) cardLinks() []params {
	var list []params
	for _, c := range cards[e.version] {
		list = append(list, params{"name": c, "url": e.root(e.version, e.lang) + "symbols/" + c + "/"})
	}
	return list
}

func (e edition) card(name string) {
	there := func(version string) string {
		if !slices.Contains(cards[version], name) {
			return "-"
		}
		return "symbols/" + name + "/"
	}
	p := params{"name": name, "asm": name == "boot.fuse", "near": []params{e.link(parts[1].chapters[0])},
		"places":  []params{{"path": "src/boot/hand.go", "start": 5, "end": 9, "href": "https://upstream.example/hand.go", "constraint": "linux && (amd64 || arm64) && !cgo"}},
		"callers": []params{e.edges("boot.firstLight", "x", params{"place": "first.go:131", "href": "https://upstream.example/first.go#L131", "platforms": "linux · darwin"})},
	}
	e.write("symbols/"+name+".html", "card", name, "symbols/"+name+"/", e.text["card.body"], p, there)
}

// edges groups the edges to or from a symbol.
func (e edition) edges(name, reach string, edges ...params) params {
	g := params{"name": name, "edges": edges}
	if reach != "" {
		g["reach"] = reach
	}
	if reach == "x" || reach == "y" {
		g["url"] = e.root(e.version, e.lang) + "symbols/" + name + "/"
	}
	return g
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

func (e edition) symbol(name string, c chapter) {
	there := func(version string) string {
		switch {
		case has(version, name):
			return "symbols/" + name + "/"
		case renamed[name] != "" && has(version, renamed[name]):
			return "symbols/" + renamed[name] + "/"
		}
		return "-"
	}
	var strip []params
	for i := len(versions) - 1; i >= 0; i-- {
		v := versions[i]
		cell := params{"version": v, "current": v == e.version, "changed": i == 0 && there(versions[1]) != "-", "absent": there(v) == "-"}
		if there(v) != "-" {
			cell["url"] = e.root(v, e.lang) + there(v)
		}
		strip = append(strip, cell)
	}
	first := e.listing("first.go", "src/boot/first.go")
	if name == "_start" {
		first = e.listing("start.s", "src/boot/start.s")
	}
	label := words{"平台", "Platforms"}.in(e.lang)
	body := `<div class="variants"><nav class="tabs" aria-label="` + label + `"><a class="t1" href="#linux-amd64">linux · darwin</a><a class="t2" href="#windows-amd64">windows <small>amd64</small></a></nav>` +
		`<section class="variant v1" id="linux-amd64" data-on="linux/amd64 darwin/arm64" aria-label="linux · darwin">` + first + `</section>` +
		`<section class="variant v2" id="windows-amd64" data-on="windows/amd64" aria-label="windows amd64">` + e.listing("windows.go", "src/boot/first_windows.go") + `</section></div>`
	p := params{"name": name, "add_note": addNote(name), "chapter": e.link(c), "part": parts[0].title.in(e.lang), "part_url": e.root(e.version, e.lang) + "#part-1", "strip": strip, "platforms": "linux, darwin, windows",
		"places": []params{
			{"path": "src/boot/first.go", "start": 118, "end": 160, "href": "https://upstream.example/first.go", "platforms": "linux · darwin", "constraint": "unix && !windows"},
			{"path": "src/boot/first_windows.go", "start": 40, "end": 44, "href": "https://upstream.example/first_windows.go", "platforms": "windows amd64"},
		},
		"declared": []params{{"path": "src/boot/stubs.go", "start": 7, "href": "https://upstream.example/stubs.go#L7", "platforms": ""}},
		"callers":  e.callers(),
		"observed": params{
			"platform": "linux/amd64", "step": 2, "of": 3, "thread": 0, "g": "g0", "time": "197", "insn": "3,167", "evidence": "run",
			"machine": "Abacus", "date": "2026-01-02", "prev": e.step("_start"), "next": e.step("boot.resize"),
		},
		"calls": e.calls(),
		"related": []params{
			{"name": "boot.limit", "kind": "constant", "value": "3", "href": "https://upstream.example/limit.go#L1"},
			{"name": "boot.house.fuse", "kind": "field", "value": "136", "href": "https://upstream.example/house.go#L4"},
			{"name": "boot.house.hall", "kind": "field", "href": "https://upstream.example/house.go#L5"},
		},
		"mentions": []params{e.link(parts[0].chapters[1])}}
	if names := e.names(c); len(names) > 1 {
		p["next"] = names[1]
		p["prev"] = names[0]
	}
	e.write("symbols/"+strings.ReplaceAll(name, "/", "--")+".html", "symbol", name, "symbols/"+name+"/", body, p, there)
}

// addNote is the address that begins a note, with its first lines in it; one symbol
// has none, as where a book has no repository.
func addNote(name string) string {
	if name == "_start" {
		return ""
	}
	return "https://host.example/book/new/main/annotations/boot?filename=" + url.QueryEscape(name) +
		".note-1.md&value=" + url.QueryEscape("---\nsymbol: "+name+"\n---\n\n## note-1\n\n```anchor\nat:       \nreviewed: go1.27.4\n```\n\n### zh …\n\n…\n")
}

// step names a symbol in observed order.
func (e edition) step(name string) params {
	return params{"name": name, "url": e.root(e.version, e.lang) + "symbols/" + name + "/"}
}

// callers has an edge of each kind, and more of them than are in sight.
func (e edition) callers() []params {
	place := func(kind string) params {
		return params{"place": "start.s:24", "href": "https://upstream.example/start.s#L24", "kind": kind}
	}
	list := []params{
		e.edges("_start", "x", place("jump"), params{"place": "start_arm64.s:9", "href": "https://upstream.example/start_arm64.s#L9", "platforms": "arm64"}),
		e.edges(words{"房东", "the landlord"}.in(e.lang), "outside", params{"platforms": "windows amd64",
			"reason": words{"他把 `_start` 的地址记在门上", "he noted the address of `_start` on the door"}.in(e.lang)}),
		e.edges("boot.getHand", "y", place("go"), place("argument")),
		e.edges("internal/house/attic.somethingThatIsFarAwayAndHasALongName", "", place("address")),
		e.edges("boot.door", "", place("data"), place("linkname")),
	}
	list[0]["more"] = 3
	return list
}

func (e edition) calls() []params {
	var list []params
	for i := range 14 {
		name := fmt.Sprintf("boot.step%d", i)
		list = append(list, e.edges(name, "", params{"place": "first.go:123", "href": "https://upstream.example/first.go#L123", "count": 4}))
	}
	return append([]params{e.edges("boot.resize", "x", params{"place": "first.go:150", "href": "#windows-amd64"})}, list...)
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
