package content

import (
	"maps"
	"slices"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

func (e edition) symbol(s spineSymbol) (Page, error) {
	variants := e.Index.Slices(e.version.Name, s.name)
	on := platforms(variants)
	p := SymbolParams{
		Common:     e.common("symbol", s.name, e.addresses(s.name)),
		Name:       s.name,
		Chapter:    e.chapterLink(s.chapter),
		Part:       e.Book.Parts[e.chapters[s.chapter].part].Title[e.lang],
		PartURL:    e.partURL(e.chapters[s.chapter].part),
		Prev:       e.neighbour(s.name, -1),
		Next:       e.neighbour(s.name, +1),
		Platforms:  render.LabelLine(on, e.Book.Platforms),
		FactParams: e.facts(s.name, variants, false),
		Observed:   e.observed(s.name),
		AddNote:    e.addNote(s.name, variants[0]),
		Related:    e.related(variants),
	}
	p.Description = e.word("about_symbol", "Symbol", s.name, "Version", e.version.Name)
	strip, err := e.strip(s.name, p.Versions)
	if err != nil {
		return Page{}, err
	}
	p.Strip = strip
	for _, i := range e.near(s.name, nil) {
		if i != s.chapter {
			p.Mentions = append(p.Mentions, e.chapterLink(i))
		}
	}
	ids := &render.IDs{}
	var tabs []render.Variant
	for _, v := range variants {
		label, detail := render.Label(v.Platforms, e.Book.Platforms)
		html, err := e.listing(p.URL, v, 0, 0, ids)
		if err != nil {
			return Page{}, err
		}
		tabs = append(tabs, render.Variant{ID: variantID(v.Platforms), Label: label, Detail: detail, On: v.Platforms, Listing: html})
	}
	p.Calls = e.named(e.callees(s.name, on, variants, ids))
	body := render.Variants(tabs, e.word("variants"))
	return Page{Path: e.symbolPath(s.name), Params: p, Body: body}, nil
}

// card shows a function that the book does not read, but that one it reads leads to.
func (e edition) card(name string) (Page, error) {
	variants := e.Index.Slices(e.version.Name, name)
	on := platforms(variants)
	p := CardParams{
		Common:     e.common("card", name, e.addresses(name)),
		Name:       name,
		Asm:        !slices.ContainsFunc(variants, func(v *index.Slice) bool { return !v.Asm }),
		FactParams: e.facts(name, variants, true),
	}
	p.Description = e.word("about_card", "Symbol", name, "Version", e.version.Name)
	for _, i := range e.near(name, p.Callers) {
		p.Near = append(p.Near, e.chapterLink(i))
	}
	c := render.Card{Lang: e.Book.SourceLanguage}
	var shared [][]index.Platform // of each signature
	for _, v := range variants {
		text := v.Signature()
		i := slices.IndexFunc(c.Signatures, func(s render.Signature) bool { return s.Text == text })
		if i < 0 {
			i = len(c.Signatures)
			c.Signatures = append(c.Signatures, render.Signature{Path: v.Path, Text: text})
			shared = append(shared, nil)
		}
		shared[i] = append(shared[i], v.Platforms...)
		if c.Doc == "" {
			c.Doc = v.Doc()
		}
	}
	for i := range c.Signatures {
		c.Signatures[i].Label = render.LabelLine(shared[i], on) // none if all share it
	}
	body, err := c.HTML()
	return Page{Path: e.symbolPath(name), Params: p, Body: body}, err
}

// addresses returns where a symbol's page or card is in any edition.
func (e edition) addresses(symbol string) func(version, lang string) address {
	return func(v, lang string) address {
		name := e.counterpart(symbol, e.version.Name, v)
		if e.reach(v, name) == "" {
			return address{uncalled: name != ""}
		}
		a := address{url: e.urls.symbol(v, lang, name)}
		if name != symbol {
			a.symbol = name
		}
		return a
	}
}

// facts gathers where a symbol is defined and declared, and what leads to it; with
// only, from the book's own symbols.
func (e edition) facts(name string, variants []*index.Slice, only bool) FactParams {
	var f FactParams
	for _, v := range variants {
		f.Places = append(f.Places, e.places(v)...)
	}
	on := platforms(variants)
	for _, at := range e.Index.Declarations(e.version.Name, name) {
		if at.Prototype && slices.ContainsFunc(variants, func(v *index.Slice) bool { return v.Asm }) {
			f.Declared = append(f.Declared, PlaceParam{
				Path: at.Path, Start: at.Line, Platforms: render.LabelLine(at.Platforms, on),
				Href: upstream(e.Book.Upstream, e.version, at.Path, at.Line, at.Line),
			})
		}
	}
	f.Callers = e.named(e.callers(name, on, only))
	return f
}

// places lists where a variant stands: equal text may be in several files.
func (e edition) places(v *index.Slice) []PlaceParam {
	var list []PlaceParam
	on := map[index.Place][]index.Platform{}
	for _, at := range v.Places {
		key := index.Place{Path: at.Path, Start: at.Start}
		if on[key] == nil {
			end := at.Start + v.End - v.Start
			p := PlaceParam{
				Path: at.Path, Start: at.Start, Constraint: v.ConstraintOn(at.Platform),
				Href: upstream(e.Book.Upstream, e.version, at.Path, at.Start, end),
			}
			if end > at.Start {
				p.End = end
			}
			list = append(list, p)
		}
		on[key] = append(on[key], at.Platform)
	}
	for i, p := range list {
		list[i].Platforms = render.LabelLine(on[index.Place{Path: p.Path, Start: p.Start}], e.Book.Platforms)
	}
	return list
}

// near returns the chapters that a symbol belongs near: those that name it, and those
// of its callers.
func (e edition) near(name string, callers []EdgeGroup) []int {
	found := map[int]bool{}
	for _, i := range e.mentions[name] {
		found[i] = true
	}
	for _, c := range callers {
		if i, ok := e.position[c.Name]; ok {
			found[e.spine[i].chapter] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// platforms lists those of all variants.
func platforms(variants []*index.Slice) []index.Platform {
	var list []index.Platform
	for _, v := range variants {
		list = append(list, v.Platforms...)
	}
	return list
}

// symbolPath names the file of a symbol's page or card in the generated tree.
func (e edition) symbolPath(name string) string {
	return "symbols/" + fileName(e.urls.slugs[name]) + ".html"
}

// fileName makes a slug fit for one file of the generated tree; the page's
// address stands in its front matter.
func fileName(slug string) string {
	return strings.ReplaceAll(slug, "/", "--")
}

// variantID names what some platforms share by the first of them.
func variantID(on []index.Platform) string {
	return on[0].OS + "-" + on[0].Arch
}

// neighbour returns the symbol before or after this one in the order of execution.
func (e edition) neighbour(name string, step int) *SymbolLink {
	for i := e.position[name] + step; i >= 0 && i < len(e.spine); i += step {
		if s := e.spine[i].name; e.has(e.version.Name, s) {
			return &SymbolLink{s, e.urls.symbol(e.version.Name, e.lang, s)}
		}
	}
	return nil
}

// strip says for each version that was read, oldest first, whether the symbol's
// text differs from the one before. versions are the links of the page's switch, newest first.
func (e edition) strip(name string, versions []VersionLink) ([]StripCell, error) {
	var cells []StripCell
	before := ""
	for i := len(versions) - 1; i >= 0; i-- {
		v := versions[i]
		if e.nearest[v.Name] != v.Name {
			continue
		}
		cell := StripCell{Version: v.Name, URL: v.URL, Absent: v.Absent, Current: v.Current}
		there := name
		if v.Symbol != "" {
			there = v.Symbol
		}
		now := fingerprint(e.Index.Slices(v.Name, there))
		cell.Changed = now != "" && before != "" && now != before
		if now != "" {
			before = now
		}
		if p, ok := e.before(v.Name); ok && cell.Changed {
			c, err := e.differing(p, there)
			if err != nil {
				return nil, err
			}
			if c != nil {
				cell.Change = e.urls.change(e.lang, p, there)
			}
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// fingerprint identifies the text of a symbol over its variants.
func fingerprint(variants []*index.Slice) string {
	var hashes []string
	for _, v := range variants {
		hashes = append(hashes, v.SHA256)
	}
	return strings.Join(hashes, " ")
}
