package margin_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

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
