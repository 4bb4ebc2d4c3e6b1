package content

import (
	"html/template"
	"slices"

	"beforemain/extractor/source"
)

// Page is one page of one edition. Path names its file in the edition's tree;
// Params is [HomeParams], [ChapterParams], [SymbolParams], [CardParams], [IndexParams],
// [StatusParams], [ChangesParams], [ReleaseParams] or [ChangeParams].
type Page struct {
	Path   string
	Params any
	Body   template.HTML
}

// Common is what the theme's layouts read of every page. URLs are relative to
// the root of the site, without a leading slash.
type Common struct {
	root string // of the edition

	Title       string `json:"title"`
	URL         string `json:"url"`
	Kind        string `json:"kind"`
	Description string `json:"description,omitempty"`
	Edit        string `json:"edit,omitempty"`

	Version   VersionParam   `json:"version"`
	Versions  []VersionLink  `json:"versions,omitempty"`
	Languages []LanguageLink `json:"languages"`
	Canonical string         `json:"canonical"`
	NewestURL string         `json:"newest_url,omitempty"`
}

// VersionParam is the version that the page belongs to.
type VersionParam struct {
	Name   string `json:"name"`
	Tag    string `json:"tag"`
	Newest bool   `json:"newest"`
}

// VersionLink is an entry of the version switch, newest first. Symbol is the
// name that the page's symbol has there, if it is another; an absent page has no URL,
// and Uncalled if the version has the symbol, but nothing that the book reads leads to it.
type VersionLink struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	Current bool   `json:"current,omitempty"`
	Newest  bool   `json:"newest,omitempty"`
	Absent  bool   `json:"absent,omitempty"`
	Symbol  string `json:"symbol,omitempty"`

	Uncalled bool `json:"uncalled,omitempty"`

	// Why the page is absent: no version has it before Since, or after Until.
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
}

// LanguageLink is an entry of the language switch.
type LanguageLink struct {
	Lang    string `json:"lang"`
	URL     string `json:"url"`
	Current bool   `json:"current,omitempty"`
}

// HomeParams is the table of contents of an edition.
type HomeParams struct {
	Common
	BookTitle string      `json:"book_title"`
	Tagline   string      `json:"tagline"`
	Parts     []PartParam `json:"parts"`
	Status    string      `json:"status,omitempty"` // the page on the state of the notes
	Feed      string      `json:"changes_feed,omitempty"`
	Changes   string      `json:"changes,omitempty"` // the page on what differs between versions

	Downloads []DownloadLink `json:"downloads,omitempty"`
}

// PartParam is a part with its chapters in execution order.
type PartParam struct {
	Title    string        `json:"title"`
	Back     bool          `json:"back,omitempty"`
	Chapters []ChapterLink `json:"chapters"`
}

// ChapterLink names a chapter; Number is 0 in the back matter.
type ChapterLink struct {
	Number  int          `json:"number,omitempty"`
	Slug    string       `json:"slug"`
	Title   string       `json:"title"`
	Lede    string       `json:"lede,omitempty"`
	URL     string       `json:"url"`
	Symbols []SymbolLink `json:"symbols,omitempty"`
	Stretch *Stretch     `json:"stretch,omitempty"`
}

// SymbolLink names a symbol's page.
type SymbolLink struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// ChapterParams is what a chapter page has beyond its text.
type ChapterParams struct {
	Common
	Number  int          `json:"number,omitempty"`
	Lede    string       `json:"lede,omitempty"`
	Part    string       `json:"part"`
	PartURL string       `json:"part_url"` // where the table of contents has the part
	Stretch *Stretch     `json:"stretch,omitempty"`
	Prev    *ChapterLink `json:"prev,omitempty"`
	Next    *ChapterLink `json:"next,omitempty"`
	Symbols []SymbolLink `json:"symbols,omitempty"`
	TOC     []TOCEntry   `json:"toc,omitempty"`
}

// TOCEntry is a heading of a chapter.
type TOCEntry struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Level int    `json:"level"`
}

// SymbolParams is what a symbol page has beyond its listings.
type SymbolParams struct {
	Common
	Name      string        `json:"name"`
	Chapter   ChapterLink   `json:"chapter"`
	Part      string        `json:"part"`
	PartURL   string        `json:"part_url"`
	Prev      *SymbolLink   `json:"prev,omitempty"`
	Next      *SymbolLink   `json:"next,omitempty"`
	Strip     []StripCell   `json:"strip"`
	Platforms string        `json:"platforms"`
	Mentions  []ChapterLink `json:"mentions,omitempty"`
	AddNote   string        `json:"add_note,omitempty"` // where a reader begins a note
	FactParams
	Observed *Observed      `json:"observed,omitempty"`
	Calls    []EdgeGroup    `json:"calls,omitempty"`
	Related  []RelatedParam `json:"related,omitempty"`
}

// CardParams is what a card has beyond the signature and the comment.
type CardParams struct {
	Common
	Name string        `json:"name"`
	Asm  bool          `json:"asm,omitempty"`
	Near []ChapterLink `json:"near,omitempty"` // chapters of its callers, and those that name it
	FactParams
}

// FactParams is where a symbol stands in the source, and what leads to it.
type FactParams struct {
	Places   []PlaceParam `json:"places"`
	Declared []PlaceParam `json:"declared,omitempty"` // in Go, of what assembly defines
	Callers  []EdgeGroup  `json:"callers,omitempty"`
}

// StripCell says of one version whether the symbol's code differs from the version before.
type StripCell struct {
	Version string `json:"version"`
	URL     string `json:"url,omitempty"`
	Change  string `json:"change,omitempty"` // the page that compares it with the version before
	Changed bool   `json:"changed,omitempty"`
	Absent  bool   `json:"absent,omitempty"`
	Current bool   `json:"current,omitempty"`
}

// PlaceParam is where a variant stands in the source. End is 0 for a single line.
type PlaceParam struct {
	Path       string `json:"path"`
	Start      int    `json:"start"`
	End        int    `json:"end,omitempty"`
	Href       string `json:"href,omitempty"`
	Platforms  string `json:"platforms"`
	Constraint string `json:"constraint,omitempty"`
}

// IndexParams is the symbol index.
type IndexParams struct {
	Common
	Groups []SymbolGroup `json:"groups"`
	Cards  []SymbolLink  `json:"cards,omitempty"`
}

// SymbolGroup groups the symbol index by the chapter that owns the symbols.
type SymbolGroup struct {
	Title   string            `json:"title"`
	URL     string            `json:"url"`
	Symbols []SymbolIndexLine `json:"symbols"`
}

// SymbolIndexLine is one line of the symbol index.
type SymbolIndexLine struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Path string `json:"path"`
}

// edition is one version in one language: what every page of it shares.
type edition struct {
	*Layout
	version source.Version
	lang    string
}

// Pages lays out every page of one edition, in a fixed order.
func (l *Layout) Pages(version source.Version, lang string) ([]Page, error) {
	return l.ChangedPages(version, lang, Difference{All: true})
}

// ChangedPages lays out the pages of one edition that d may have changed.
func (l *Layout) ChangedPages(version source.Version, lang string, d Difference) ([]Page, error) {
	e := edition{l, version, lang}
	var pages []Page
	if d.chapter(e.text[lang+"/"+homeSlug]) {
		p, err := e.home()
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	if d.All {
		pages = append(pages, e.symbolIndex())
	}
	for i, place := range l.chapters {
		if !d.chapter(e.chapterText(place.Slug)) {
			continue
		}
		p, err := e.chapter(i)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	for _, s := range l.spine {
		if !d.symbol(s.name) || !l.has(version.Name, s.name) {
			continue
		}
		p, err := e.symbol(s)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	if version.Name == l.urls.newest {
		pages = append(pages, e.status())
	}
	if !d.All {
		return pages, nil
	}
	changes, err := e.changePages()
	if err != nil {
		return nil, err
	}
	pages = append(pages, changes...)
	for _, name := range l.cards[version.Name] {
		p, err := e.card(name)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// address is where a page is in another edition: nowhere if URL is empty.
type address struct {
	url      string
	symbol   string // the name that the page's symbol has there, if it is another
	uncalled bool   // there is the symbol, but no page of it
}

// common fills what every page has. at gives the page's address in any edition.
func (e edition) common(kind, title string, at func(version, lang string) address) Common {
	here := at(e.version.Name, e.lang).url
	p := Common{root: e.urls.root(e.version.Name, e.lang), Title: title, Kind: kind, URL: here}
	newest := e.urls.newest
	p.Version = VersionParam{e.version.Name, e.version.Tag, e.version.Name == newest}
	for i := len(e.Book.Versions) - 1; i >= 0; i-- {
		v := e.Book.Versions[i].Name
		a := at(v, e.lang)
		p.Versions = append(p.Versions, VersionLink{
			Name: v, URL: a.url, Current: v == e.version.Name, Newest: v == newest, Absent: a.url == "", Symbol: a.symbol, Uncalled: a.uncalled,
		})
		if a.url != "" && p.Canonical == "" {
			p.Canonical = a.url
		}
		if v == newest && v != e.version.Name {
			p.NewestURL = a.url
		}
	}
	reasons(p.Versions)
	for _, lang := range e.Book.Languages {
		p.Languages = append(p.Languages, LanguageLink{Lang: lang, URL: at(e.version.Name, lang).url, Current: lang == e.lang})
	}
	return p
}

// reasons tells of each version that lacks the page whether it is older than all that
// have it, or newer. Links are newest first.
func reasons(links []VersionLink) {
	there := func(l VersionLink) bool { return !l.Absent }
	newest := slices.IndexFunc(links, there)
	if newest < 0 {
		return
	}
	oldest := newest
	for i := newest; i < len(links); i++ {
		if there(links[i]) {
			oldest = i
		}
	}
	for i := range links {
		switch {
		case i < newest:
			links[i].Until = links[newest].Name
		case i > oldest:
			links[i].Since = links[oldest].Name
		}
	}
}

// only is common for a page that only the newest version has: it tells of all versions,
// so that it has no switch.
func (e edition) only(kind, title string, at func(lang string) string) Common {
	p := e.common(kind, title, func(v, lang string) address {
		if v != e.urls.newest {
			return address{}
		}
		return address{url: at(lang)}
	})
	p.Versions = nil
	return p
}
