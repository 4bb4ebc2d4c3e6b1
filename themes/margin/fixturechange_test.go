package margin_test

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
