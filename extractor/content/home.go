package content

import (
	"beforemain/extractor/annotation"
)

// homeSlug is the chapter file that holds the home page's own words.
const homeSlug = "home"

func (e edition) home() (Page, error) {
	title := e.Book.Title[e.lang]
	p := HomeParams{
		Common: e.common("home", title, func(v, lang string) address {
			return address{url: e.urls.home(v, lang)}
		}),
		BookTitle: title,
		Tagline:   e.Book.Tagline[e.lang],
	}
	p.Description = p.Tagline
	if e.version.Name == e.urls.newest {
		p.Status = e.urls.status(e.lang)
	}
	if len(e.Book.Versions) > 1 {
		p.Changes = e.urls.changes(e.lang)
		if e.Book.updated() != "" {
			p.Feed = p.Changes + "feed.xml"
		}
	}
	p.Downloads = e.downloads()
	for i, part := range e.Book.Parts {
		pp := PartParam{Title: part.Title[e.lang], Back: part.Back}
		for n, c := range e.chapters {
			if c.part == i {
				link := e.chapterLink(n)
				link.Lede = e.chapterText(c.Slug).Lede
				link.Symbols = e.symbolLinks(c.Symbols)
				link.Stretch = e.stretch(c.Symbols)
				pp.Chapters = append(pp.Chapters, link)
			}
		}
		p.Parts = append(p.Parts, pp)
	}
	page := Page{Path: "_index.html"}
	if text := e.text[e.lang+"/"+homeSlug]; text != nil {
		body, _, err := e.weave(text, p.URL)
		if err != nil {
			return Page{}, err
		}
		page.Body = body
		p.Edit = e.Book.edit(text.Pos)
	}
	page.Params = p
	return page, nil
}

func (e edition) symbolIndex() Page {
	common := e.common("symbols", e.word("symbols"), func(v, lang string) address {
		return address{url: e.urls.symbols(v, lang)}
	})
	common.Description = e.word("about_symbols", "Version", e.version.Name)
	p := IndexParams{Common: common}
	for n, c := range e.chapters {
		link := e.chapterLink(n)
		group := SymbolGroup{Title: link.Title, URL: link.URL}
		for _, s := range c.Symbols {
			if e.has(e.version.Name, s) {
				group.Symbols = append(group.Symbols, SymbolIndexLine{
					Name: s,
					URL:  e.urls.symbol(e.version.Name, e.lang, s),
					Path: e.Index.Slices(e.version.Name, s)[0].Path,
				})
			}
		}
		if len(group.Symbols) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	for _, name := range e.cards[e.version.Name] {
		p.Cards = append(p.Cards, SymbolLink{name, e.urls.symbol(e.version.Name, e.lang, name)})
	}
	return Page{Path: "symbols/_index.html", Params: p}
}

// chapterText returns the text of a chapter; a language that lacks it shows the origin's.
func (e edition) chapterText(slug string) *annotation.Chapter {
	for _, lang := range append([]string{e.lang}, e.Book.Languages...) {
		if c := e.text[lang+"/"+slug]; c != nil {
			return c
		}
	}
	return &annotation.Chapter{Slug: slug, Title: slug}
}

// partURL is the part's place in the table of contents.
func (e edition) partURL(i int) string {
	return e.urls.home(e.version.Name, e.lang) + "#part-" + itoa(i+1)
}

func (e edition) chapterLink(i int) ChapterLink {
	c := e.chapters[i]
	return ChapterLink{
		Number: c.number,
		Slug:   c.Slug,
		Title:  e.chapterText(c.Slug).Title,
		URL:    e.urls.chapter(e.version.Name, e.lang, c.Slug),
	}
}

// symbolLinks links those of the symbols that the version has.
func (e edition) symbolLinks(names []string) []SymbolLink {
	var links []SymbolLink
	for _, s := range names {
		if e.has(e.version.Name, s) {
			links = append(links, SymbolLink{s, e.urls.symbol(e.version.Name, e.lang, s)})
		}
	}
	return links
}
