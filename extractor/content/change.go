package content

import (
	"html/template"
	"strings"

	"beforemain/extractor/change"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

// ChangeParams compares the texts of one symbol over a pair.
type ChangeParams struct {
	Common
	Name    string        `json:"name"`
	Before  string        `json:"before,omitempty"` // its name in the older version, if another
	Old     VersionLink   `json:"old"`
	New     VersionLink   `json:"new"`
	Release string        `json:"release"` // the page of the pair
	Pairs   []PairLink    `json:"pairs"`   // over which the symbol's text differs
	Kind    string        `json:"kind_of"` // "code" or "comment"
	Tell    ReleaseSymbol `json:"tell"`
	Same    string        `json:"same,omitempty"` // platforms on which it does not differ
	Chapter ChapterLink   `json:"chapter"`
}

// change compares the texts of a symbol over a pair.
func (e edition) change(c comparison) (Page, error) {
	name := c.name()
	word := func(key string) string { return e.word(key, "Symbol", name, "Old", c.old.Name, "New", c.new.Name) }
	at := func(lang string) string { return e.urls.change(lang, c.pair, name) }
	p := ChangeParams{
		Common:  e.only("change", word("change_title"), at),
		Name:    name,
		Old:     e.sideLink(c.old.Name, c.before),
		New:     e.sideLink(c.new.Name, c.after),
		Release: e.urls.release(e.lang, c.pair),
		Kind:    kindWord(c.kind),
		Tell:    e.tell(c),
		Chapter: e.chapterLink(e.spine[e.position[name]].chapter),
	}
	p.Description = word("change_how")
	if c.before != c.after {
		p.Before = c.before
	}
	for _, other := range e.pairs() {
		// Over a rename the text goes by another name before.
		d, err := e.differing(other, e.counterpart(name, c.new.Name, other.new.Name))
		if err != nil {
			return Page{}, err
		}
		if d != nil {
			p.Pairs = append(p.Pairs, PairLink{Old: other.old.Name, New: other.new.Name, URL: e.urls.change(e.lang, other, d.name()), Current: other == c.pair})
		}
	}
	var body strings.Builder
	var all, same []index.Platform
	ids := &render.IDs{}
	for _, part := range c.parts {
		all = append(all, part.platforms...)
	}
	for _, part := range c.parts {
		if part.kind == change.Same {
			same = append(same, part.platforms...)
			continue
		}
		old, err := e.tokens.of(part.old)
		if err != nil {
			return Page{}, err
		}
		new, err := e.tokens.of(part.new)
		if err != nil {
			return Page{}, err
		}
		id := ids.Claim(variantID(part.platforms))
		body.WriteString(string(render.Diff{
			ID: id, Label: render.LabelLine(part.platforms, all),
			Old: part.old, New: part.new, OldTokens: old, NewTokens: new, Blocks: part.blocks,
			OldHref: upstream(e.Book.Upstream, c.old, part.old.Path, part.old.Start, part.old.End),
			NewHref: upstream(e.Book.Upstream, c.new, part.new.Path, part.new.Start, part.new.End),
			Words:   e.Words[e.lang],
		}.HTML()))
	}
	if len(same) > 0 {
		p.Same = render.LabelLine(same, all)
	}
	return Page{Path: "changes/" + c.pair.name() + "/" + fileName(e.urls.slugs[name]) + ".html", Params: p, Body: template.HTML(body.String())}, nil
}

// sideLink leads to a symbol in one version, if it has a page or a card there.
func (e edition) sideLink(version, symbol string) VersionLink {
	link := VersionLink{Name: version, Symbol: symbol}
	if e.reach(version, symbol) != "" {
		link.URL = e.urls.symbol(version, e.lang, symbol)
	}
	return link
}
