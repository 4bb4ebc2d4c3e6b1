package content

import (
	"strings"

	"beforemain/extractor/change"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

// ReleaseParams is what changed over one pair.
type ReleaseParams struct {
	Common
	Old    VersionParam    `json:"old"`
	New    VersionParam    `json:"new"`
	All    string          `json:"all"`             // the table
	Story  string          `json:"story,omitempty"` // the place in a chapter that tells it
	Pairs  []PairLink      `json:"pairs"`
	Groups []ReleaseGroup  `json:"groups"`
	Same   []SymbolLink    `json:"same,omitempty"`
	Moved  []ReleaseSymbol `json:"moved,omitempty"` // in the observed order
}

// ReleaseGroup is symbols of which one thing is to be told: "added", "gone",
// "renamed", "moved" to another file, "code" or "comment".
type ReleaseGroup struct {
	What    string          `json:"what"`
	Symbols []ReleaseSymbol `json:"symbols"`
}

// ReleaseSymbol is a symbol on the page of a pair.
type ReleaseSymbol struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`    // of its page, in the newer of the pair's versions that has it
	Change  string `json:"change,omitempty"` // of the page that compares its text
	Before  string `json:"before,omitempty"` // what it was called, or the file it stood in
	After   string `json:"after,omitempty"`  // the file it stands in
	Added   int    `json:"added,omitempty"`  // lines
	Removed int    `json:"removed,omitempty"`
	On      string `json:"on,omitempty"`   // the platforms that it changed on, if not all of them
	Came    string `json:"came,omitempty"` // those that have it since
	Went    string `json:"went,omitempty"` // those that lack it since
}

// release tells what changed over a pair, in the order in which the symbols run.
func (e edition) release(p pair, list []comparison) Page {
	word := func(key string) string { return e.word(key, "Old", p.old.Name, "New", p.new.Name) }
	at := func(lang string) string { return e.urls.release(lang, p) }
	r := ReleaseParams{
		Common: e.only("release", word("release_title"), at),
		Old:    VersionParam{Name: p.old.Name, Tag: p.old.Tag},
		New:    VersionParam{Name: p.new.Name, Tag: p.new.Tag},
		All:    e.urls.changes(e.lang),
		Pairs:  e.pairLinks(e.pairs(), p),
	}
	r.Description = word("release_how")
	if slug, place, _ := strings.Cut(e.Book.Stories[p.new.Name], "#"); slug != "" && p.neighbours {
		r.Story = e.urls.chapter(e.urls.newest, e.lang, slug) + "#" + place
	}
	groups := map[string][]ReleaseSymbol{}
	for _, c := range list {
		t := e.tell(c)
		told := false
		add := func(what string, t ReleaseSymbol) {
			groups[what] = append(groups[what], t)
			told = true
		}
		switch {
		case c.before == "":
			add("added", t)
		case c.after == "":
			add("gone", t)
		case c.before != c.after:
			renamed := t
			renamed.Before = c.before
			add("renamed", renamed)
		}
		old, new := e.path(p.old.Name, c.before), e.path(p.new.Name, c.after)
		if old != "" && new != "" && old != new && c.before == c.after {
			moved := t
			moved.Before, moved.After = old, new
			add("moved", moved)
		}
		if c.differs() || len(c.came)+len(c.went) > 0 {
			what := "code"
			if c.kind == change.Comment && len(c.came)+len(c.went) == 0 {
				what = "comment"
			}
			add(what, t)
		}
		if !told {
			r.Same = append(r.Same, SymbolLink{c.name(), t.URL})
		}
	}
	for _, what := range []string{"added", "gone", "renamed", "moved", "code", "comment"} {
		if len(groups[what]) > 0 {
			r.Groups = append(r.Groups, ReleaseGroup{what, groups[what]})
		}
	}
	r.Moved = e.reordered(p)
	return Page{Path: "changes/" + p.name() + ".html", Params: r}
}

// tell says of a comparison what its line on the pair's page does.
func (e edition) tell(c comparison) ReleaseSymbol {
	version := c.new.Name
	if c.after == "" {
		version = c.old.Name
	}
	t := ReleaseSymbol{Name: c.name(), URL: e.urls.symbol(version, e.lang, c.name()), Added: c.added, Removed: c.removed}
	if c.differs() {
		t.Change = e.urls.change(e.lang, c.pair, c.name())
	}
	var all, on []index.Platform
	for _, part := range c.parts {
		all = append(all, part.platforms...)
		if part.kind == c.kind {
			on = append(on, part.platforms...)
		}
	}
	t.On = render.LabelLine(on, all)
	if c.before != "" && c.after != "" {
		t.Came, t.Went = e.label(c.came), e.label(c.went)
	}
	return t
}

// label names platforms among all of the book.
func (e edition) label(list []index.Platform) string {
	if len(list) == 0 {
		return ""
	}
	return render.LabelLine(list, e.Book.everywhere())
}

// reordered returns the symbols that the recorded starts of both versions have in
// another order, on the first platform that was recorded.
func (e edition) reordered(p pair) []ReleaseSymbol {
	was, is := e.trace(p.old.Name, ""), e.trace(p.new.Name, "")
	if was == nil || is == nil {
		return nil
	}
	set := moved(e.spineSteps(was), e.spineSteps(is))
	var list []ReleaseSymbol
	for _, s := range e.spineSteps(is) {
		if set[s.Symbol] && e.has(p.new.Name, s.Symbol) {
			list = append(list, ReleaseSymbol{Name: s.Symbol, URL: e.urls.symbol(p.new.Name, e.lang, s.Symbol)})
		}
	}
	return list
}
