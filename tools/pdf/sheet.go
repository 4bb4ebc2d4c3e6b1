package pdf

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"beforemain/extractor/content"
)

// sheet is what the theme's print/book.html shows.
type sheet struct {
	Title, Tagline string
	Lang           string // as in the lang attribute
	Name, Tag      string // of the version
	Site           string
	Colophon       *link
	Versions       []Version
	Machines       []string
	Paper          paper
	Parts          []*part
	Groups         []*group // the symbols, by the chapter that they belong to
	Index          []entry
}

type part struct {
	ID, Title string
	Chapters  []*chapter
}

type chapter struct {
	ID, Title, Lede string
	Number          int // 0 in the back matter
	Sections        []link
	Symbols         []link
	Body            template.HTML
}

// link names a place of the book.
type link struct{ ID, Name string }

type group struct {
	Chapter string // id
	Title   string
	Number  int
	Symbols []*symbol
}

type symbol struct {
	ID, Name, Platforms string
	Body                template.HTML
}

// entry is a line of the index: where a symbol's listing is, and the chapters that show it.
type entry struct {
	link
	Chapters []string // ids
}

// paper is a size of paper, in millimetres. Columns is how many characters of code a line
// holds there.
type paper struct {
	Name              string // as CSS has it
	Width             int
	Top, Side, Bottom int // margins
	Columns           int
}

var papers = map[string]paper{
	"a4":     {"A4", 210, 22, 19, 20, 100},
	"letter": {"letter", 216, 22, 19, 20, 102},
	"a5":     {"A5", 148, 16, 13, 15, 74},
}

// measure is how many pixels of CSS, 96 an inch, fit between the margins.
func (p paper) measure() int { return int(float64(p.Width-2*p.Side) / 25.4 * 96) }

// Papers are the names of the sizes that there are.
func Papers() []string { return []string{"a4", "letter", "a5"} }

// colophonSlug is the chapter that the imprint points to.
const colophonSlug = "colophon"

// newSheet gathers the edition: parts and chapters in the order of the contents, then
// the listings of all symbols.
func newSheet(e Edition, cfg Config) (*sheet, error) {
	size, ok := papers[cfg.Paper]
	if !ok {
		return nil, fmt.Errorf("no paper %q: there is %s", cfg.Paper, strings.Join(Papers(), ", "))
	}
	s := &sheet{
		Title: e.Title, Tagline: e.Tagline, Lang: e.Lang, Name: e.Version.Name, Tag: e.Version.Tag, Site: e.Site, Paper: size,
		Versions: e.Versions, Machines: e.Machines,
	}
	if e.Lang == "zh" {
		s.Lang = "zh-CN" // the book is in simplified characters
	}
	p := newPress(e, size.Columns)
	chapters := s.addChapters(e.Pages, p)
	for _, page := range e.Pages {
		var err error
		switch params := page.Params.(type) {
		case content.ChapterParams:
			err = p.take(chapters[params.URL].ID, params.URL, page.Body, quoting)
			cfg.Progress(params.Title)
		case content.SymbolParams:
			s.addSymbol(params, p, chapters)
			err = p.take(p.keys[params.URL], params.URL, page.Body, whole)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", page.Path, err)
		}
	}
	p.join()
	for _, c := range chapters {
		var err error
		if c.Body, err = p.html(c.ID); err != nil {
			return nil, err
		}
	}
	for _, g := range s.Groups {
		for _, sym := range g.Symbols {
			var err error
			if sym.Body, err = p.html(sym.ID); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(s.Index, func(a, b entry) int { return strings.Compare(sortKey(a.Name), sortKey(b.Name)) })
	return s, nil
}

// sortKey puts runtime.mstart under m, where a reader looks for it.
func sortKey(name string) string {
	path := name[strings.LastIndexByte(name, '/')+1:]
	if _, after, ok := strings.Cut(path, "."); ok {
		path = after
	}
	return strings.ToLower(strings.TrimLeft(path, "_")) + "\x00" + name
}

// addChapters lays out the contents and returns the chapters by the address of their page.
func (s *sheet) addChapters(pages []content.Page, p *press) map[string]*chapter {
	chapters := map[string]*chapter{}
	for _, page := range pages {
		if home, ok := page.Params.(content.HomeParams); ok {
			for i, of := range home.Parts {
				part := &part{ID: fmt.Sprintf("part-%d", i+1), Title: of.Title}
				for _, l := range of.Chapters {
					c := &chapter{ID: p.keys[l.URL], Title: l.Title, Lede: l.Lede, Number: l.Number}
					chapters[l.URL] = c
					if l.Slug == colophonSlug {
						s.Colophon = &link{c.ID, c.Title}
					}
					part.Chapters = append(part.Chapters, c)
				}
				s.Parts = append(s.Parts, part)
			}
		}
	}
	for _, page := range pages {
		params, ok := page.Params.(content.ChapterParams)
		if !ok {
			continue
		}
		c := chapters[params.URL]
		for _, h := range params.TOC {
			if h.Level == 2 {
				c.Sections = append(c.Sections, link{p.keep(c.ID, h.ID), h.Title})
			}
		}
		for _, l := range params.Symbols {
			c.Symbols = append(c.Symbols, link{p.keys[l.URL], l.Name})
		}
	}
	return chapters
}

// starts lists what begins on a right page, in order. The contents do without help: before
// them are the title and the imprint, a page each.
func (s *sheet) starts() []string {
	var list []string
	for _, p := range s.Parts {
		list = append(list, p.ID)
	}
	return append(list, "listings", "index")
}

// chapters is how many there are.
func (s *sheet) chapters() int {
	n := 0
	for _, p := range s.Parts {
		n += len(p.Chapters)
	}
	return n
}

func (s *sheet) addSymbol(params content.SymbolParams, p *press, chapters map[string]*chapter) {
	own := chapters[params.Chapter.URL]
	if len(s.Groups) == 0 || s.Groups[len(s.Groups)-1].Chapter != own.ID {
		s.Groups = append(s.Groups, &group{Chapter: own.ID, Title: own.Title, Number: own.Number})
	}
	g := s.Groups[len(s.Groups)-1]
	sym := &symbol{ID: p.keys[params.URL], Name: params.Name, Platforms: params.Platforms}
	g.Symbols = append(g.Symbols, sym)
	line := entry{link: link{sym.ID, sym.Name}, Chapters: []string{own.ID}}
	for _, c := range params.Mentions {
		line.Chapters = append(line.Chapters, chapters[c.URL].ID)
	}
	s.Index = append(s.Index, line)
}
