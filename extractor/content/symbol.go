package content

import (
	"slices"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

func (e edition) symbol(s spineSymbol) (Page, error) {
	variants := e.Index.Slices(e.version.Name, s.name)
	p := SymbolParams{
		Common: e.common("symbol", s.name, func(v, lang string) (string, string) {
			name := e.counterpart(s.name, e.version.Name, v)
			if name == "" {
				return "", ""
			}
			if name == s.name {
				return e.urls.symbol(v, lang, name), ""
			}
			return e.urls.symbol(v, lang, name), name
		}),
		Name:    s.name,
		Chapter: e.chapterLink(s.chapter),
		Prev:    e.neighbour(s.name, -1),
		Next:    e.neighbour(s.name, +1),
	}
	p.Strip = e.strip(s.name, p.Versions)
	for _, slug := range e.mentions[s.name] {
		if i := slices.IndexFunc(e.chapters, func(c chapterPlace) bool { return c.Slug == slug }); i != s.chapter {
			p.Mentions = append(p.Mentions, e.chapterLink(i))
		}
	}
	ids := &render.IDs{}
	var tabs []render.Variant
	var everywhere []index.Platform
	for _, v := range variants {
		label, detail := render.Label(v.Platforms, e.Book.Platforms)
		html, err := e.listing(p.URL, v, 0, 0, ids)
		if err != nil {
			return Page{}, err
		}
		tabs = append(tabs, render.Variant{ID: variantID(v), Label: label, Detail: detail, Listing: html})
		everywhere = append(everywhere, v.Platforms...)
		p.Places = append(p.Places, PlaceParam{
			Path: v.Path, Start: v.Start, End: v.End,
			Href:      upstream(e.Book.Upstream, e.version, v.Path, v.Start, v.End),
			Platforms: joinLabel(label, detail),
		})
	}
	p.Platforms = joinLabel(render.Label(everywhere, e.Book.Platforms))
	body := render.Variants(tabs, e.Words[e.lang]["variants"])
	return Page{Path: "symbols/" + fileName(e.urls.slugs[s.name]) + ".html", Params: p, Body: body}, nil
}

// fileName makes a slug fit for one file of the generated tree; the page's
// address stands in its front matter.
func fileName(slug string) string {
	return strings.ReplaceAll(slug, "/", "--")
}

func variantID(s *index.Slice) string {
	return s.Platforms[0].OS + "-" + s.Platforms[0].Arch
}

func joinLabel(label, detail string) string {
	return strings.TrimSpace(label + " " + detail)
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
func (e edition) strip(name string, versions []VersionLink) []StripCell {
	var cells []StripCell
	before := ""
	for i := len(versions) - 1; i >= 0; i-- {
		v := versions[i]
		if e.nearestBuilt(v.Name) != v.Name {
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
		cells = append(cells, cell)
	}
	return cells
}

// fingerprint identifies the text of a symbol over its variants.
func fingerprint(variants []*index.Slice) string {
	var hashes []string
	for _, v := range variants {
		hashes = append(hashes, v.SHA256)
	}
	return strings.Join(hashes, " ")
}
