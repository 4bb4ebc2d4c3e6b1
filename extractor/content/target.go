package content

import (
	"path"
	"slices"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/markdown"
	"beforemain/extractor/render"
)

// cardKinds are the edges over which a function of the spine needs another at once:
// it is called, or its address is.
var cardKinds = []index.EdgeKind{index.Call, index.Jump, index.Go, index.Argument, index.Address}

// collectCards finds, for each version that was read, the functions that have a card:
// those outside of the spine that one of the spine leads to.
func (l *Layout) collectCards() map[string][]string {
	cards := map[string][]string{}
	for _, v := range l.Index.Versions() {
		seen := map[string]bool{}
		for _, s := range l.spine {
			if !l.has(v.Name, s.name) {
				continue
			}
			for _, e := range l.Index.Callees(v.Name, s.name) {
				if _, ok := l.position[e.To]; ok || seen[e.To] || !slices.Contains(cardKinds, e.Kind) {
					continue
				}
				seen[e.To] = true
				if l.Index.Kind(v.Name, e.To) == index.Function && l.has(v.Name, e.To) {
					cards[v.Name] = append(cards[v.Name], e.To)
				}
			}
		}
		slices.Sort(cards[v.Name])
	}
	return cards
}

// reach says whether a symbol has a page in a version, or a card, or neither ("").
func (l *Layout) reach(version, symbol string) render.Reach {
	if _, ok := l.position[symbol]; ok && l.has(version, symbol) {
		return render.ToPage
	}
	if _, ok := slices.BinarySearch(l.cards[l.nearest[version]], symbol); ok {
		return render.ToCard
	}
	return ""
}

// links turns the occurrences of a slice into links, to the nearest place that tells
// more: the symbol's page in this edition, its card, a line of the same slice, the
// line at the tag upstream.
//
// A quote, which is a slice on a page that does not own its listing, links within the
// book only, and the name that it defines to the page that has the rest. A chapter
// quotes a dozen functions: with some 130 bytes for each constant and field, its page
// would pass 200 KiB, for links that the symbol's page has anyway.
func (e edition) links(page string, s *index.Slice, quoted bool) []render.Link {
	var links []render.Link
	for _, o := range e.Index.References(s) {
		l := render.Link{Span: o.Span, Title: title(s, o)}
		own := o.Path == s.Path && s.Start <= o.Line && o.Line <= s.End
		reach := e.reach(e.version.Name, o.Symbol)
		switch {
		case o.Role == index.Definition && o.Symbol == s.Symbol && quoted, o.Role == index.Reference && reach != "":
			l.Reach, l.Href = reach, relative(page, e.urls.symbol(e.version.Name, e.lang, o.Symbol))
		case quoted:
		case own && o.Role == index.Reference:
			l.Reach, l.Line, l.Title = render.ToCard, o.Line, ""
		case !own && o.Path != "":
			l.Reach, l.Href = render.Upstream, upstream(e.Book.Upstream, e.version, o.Path, o.Line, o.Line)
		}
		if l.Href != "" || l.Line > 0 {
			links = append(links, l)
		}
	}
	return links
}

// title says what the text of an occurrence does not: the full name, the value, and
// what differs elsewhere. It is short, since a page has hundreds.
func title(s *index.Slice, o index.Occurrence) string {
	text := index.Canonical(string(s.Text[o.Span.Start-s.Span.Start : o.Span.End-s.Span.Start]))
	name := o.Symbol
	switch {
	case o.Kind == index.Macro:
		name = place(o.Path, o.Line)
	case o.Kind == index.Label, o.Kind == index.Header, name == text, name == packageOf(s.Symbol)+"."+strings.TrimPrefix(text, "."):
		name = ""
	}
	list := []string{strings.TrimSpace(name + value(o.Target))}
	for _, other := range o.Elsewhere[:min(len(o.Elsewhere), 2)] {
		what := other.Symbol
		if what == o.Symbol {
			what = strings.TrimSpace(value(other))
		}
		if what == "" || other.Value == o.Value && other.Symbol == o.Symbol {
			what = place(other.Path, other.Line)
		}
		list = append(list, render.LabelLine(other.Platforms, s.Platforms)+": "+what)
	}
	if list[0] == "" {
		list = list[1:]
	}
	return strings.Join(list, "; ")
}

// value writes the value of a constant, and the offset of a field or the size of a
// type where assembly asks for it.
func value(t index.Target) string {
	switch {
	case t.Value == "":
		return ""
	case t.Kind == index.Constant:
		return " = " + t.Value
	}
	return " · " + t.Value
}

// place names a line in short. The file's folder is that of the package.
func place(file string, line int) string { return path.Base(file) + ":" + itoa(line) }

// packageOf returns the import path of a symbol, or "" for one that has none.
func packageOf(symbol string) string {
	slash := strings.LastIndexByte(symbol, '/') + 1
	dot := strings.IndexByte(symbol[slash:], '.')
	return symbol[:slash+max(dot, 0)]
}

// resolve returns the function that turns a link of the prose on a page into
// an address. A symbol that this version lacks is linked in the newest that has
// it; one without a page or card is only named.
func (e edition) resolve(page string) func(markdown.Link) render.Target {
	return func(link markdown.Link) render.Target {
		switch link.Scheme {
		case "chap":
			return render.Target{Href: relative(page, e.urls.chapter(e.version.Name, e.lang, link.Target))}
		case "term":
			to := e.urls.chapter(e.version.Name, e.lang, glossarySlug)
			t := render.Target{Href: relative(page, to+"#"+termID(link.Target)), Class: "term"}
			if page != to { // there the whole explanation stands on the page
				t.Title = e.hint(link.Target)
			}
			return t
		case "sym":
			name := index.Canonical(link.Target)
			for _, v := range e.nearestVersions() {
				if e.reach(v, name) != "" {
					t := render.Target{Href: relative(page, e.urls.symbol(v, e.lang, name)), Class: "sym"}
					if v != e.version.Name {
						t.Title, t.Class = v, "sym elsewhere"
					}
					return t
				}
			}
			return render.Target{}
		}
		return render.Target{Href: link.Target}
	}
}

// nearestVersions lists this version, then the others, newest first.
func (e edition) nearestVersions() []string {
	names := []string{e.version.Name}
	for i := len(e.Book.Versions) - 1; i >= 0; i-- {
		if n := e.Book.Versions[i].Name; n != e.version.Name {
			names = append(names, n)
		}
	}
	return names
}
