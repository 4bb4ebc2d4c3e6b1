package epub

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"beforemain/extractor/content"
	"beforemain/extractor/render"
)

// volume is an edition that has become files.
type volume struct {
	Edition
	site      *url.URL
	layouts   *template.Template
	byAddress map[string]*document // by the address of a page below the site's root
	documents []*document          // in the order in which they are read
}

// document is a file that is read.
type document struct {
	name    string // in the book's folder: boot/args.xhtml
	address string // of its page, below the site's root
	root    *html.Node
	ids     map[string]bool
	drawn   bool // it holds an SVG
}

func newVolume(e Edition, theme fs.FS) (*volume, error) {
	v := &volume{Edition: e, byAddress: map[string]*document{}}
	var err error
	if v.site, err = url.Parse(e.Site); err != nil {
		return nil, err
	}
	v.layouts = template.New("").Funcs(template.FuncMap{
		"i18n": v.Words.Fill, "url": v.url, "tag": render.LangTag, "outline": outline, "changed": changed,
		"ticks": ticks, "odd": odd, "next": next, "list": list,
	})
	if v.layouts, err = v.layouts.ParseFS(theme, "*.html"); err != nil {
		return nil, err
	}
	for _, p := range e.Pages {
		if err := v.page(p); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Path, err)
		}
	}
	if err := v.nav(); err != nil {
		return nil, err
	}
	if err := v.cover(); err != nil {
		return nil, err
	}
	var problems []error
	for _, d := range v.documents {
		for _, err := range v.relink(d) {
			problems = append(problems, fmt.Errorf("%s: %w", d.name, err))
		}
	}
	return v, errors.Join(problems...)
}

// page frames a page of the site.
func (v *volume) page(p content.Page) error {
	c := p.Common()
	name := strings.TrimSuffix(p.Path, path.Ext(p.Path)) + ".xhtml"
	switch c.Kind { // their paths begin with "_", for Hugo
	case "home", "symbols":
		name = c.Kind + ".xhtml"
	}
	title, role := c.Title, map[string]string{"home": "titlepage", "chapter": "chapter", "symbols": "index"}[c.Kind]
	if strings.Contains(string(p.Body), `<dl class="glossary">`) {
		role = "glossary"
	}
	d, err := v.frame(name, title, role, c.Kind+".html", p)
	if err == nil {
		d.address = c.URL
		v.byAddress[c.URL] = d
	}
	return err
}

// nav makes the table of contents that reading systems show, and puts it behind the first page.
func (v *volume) nav() error {
	data := struct {
		Home     content.HomeParams
		Outline  map[string][]content.TOCEntry // of chapters, by their addresses
		Symbols  content.IndexParams
		Glossary *content.Common
	}{Outline: map[string][]content.TOCEntry{}}
	for i, p := range v.Pages {
		switch params := p.Params.(type) {
		case content.HomeParams:
			data.Home = params
		case content.IndexParams:
			data.Symbols = params
		case content.ChapterParams:
			data.Outline[params.URL] = params.TOC
			if v.documents[i].role() == "glossary" {
				data.Glossary = &params.Common
			}
		}
	}
	if _, err := v.frame(navName, v.Words["contents"], "", "nav.html", data); err != nil {
		return err
	}
	last := len(v.documents) - 1
	v.documents = slices.Insert(v.documents[:last:last], min(1, last), v.documents[last])
	return nil
}

// cover makes the page of the cover, the first.
func (v *volume) cover() error {
	if v.Cover == nil {
		return nil
	}
	if _, err := v.frame("cover.xhtml", v.name(), "cover", "cover.html", struct{ Picture, Says string }{coverName, v.name()}); err != nil {
		return err
	}
	last := len(v.documents) - 1
	v.documents = slices.Concat(v.documents[last:], v.documents[:last])
	return nil
}

// frame fills a layout with the data, and makes a document of it.
func (v *volume) frame(name, title, role, layout string, data any) (*document, error) {
	var main, whole bytes.Buffer
	if err := v.layouts.ExecuteTemplate(&main, layout, data); err != nil {
		return nil, err
	}
	err := v.layouts.ExecuteTemplate(&whole, "frame.html", struct {
		Lang, Title, Style, Role, Kind string
		Main                           template.HTML
	}{v.Lang, title, link(name, styleName, ""), role, strings.TrimSuffix(layout, ".html"), template.HTML(main.String())})
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(&whole)
	if err != nil {
		return nil, err
	}
	d := &document{name: name, root: root}
	d.adapt()
	v.documents = append(v.documents, d)
	return d, d.collect()
}

// url makes an address below the site's root a whole one; relink makes it a link to the
// file where there is one.
func (v *volume) url(address string) string { return v.Site + address }

// ticks cuts a text at its backticks: every second piece is code.
func ticks(s string) []string { return strings.Split(s, "`") }

func odd(n int) bool { return n%2 == 1 }

func next(n int) int { return n + 1 }

func list(values ...any) []any { return values }

// changed returns the versions whose code differs from the version before.
func changed(strip []content.StripCell) []content.StripCell {
	return slices.DeleteFunc(slices.Clone(strip), func(c content.StripCell) bool { return !c.Changed })
}

// heading is a heading of a chapter with those below it.
type heading struct {
	content.TOCEntry
	Below []heading
}

// outline nests headings.
func outline(entries []content.TOCEntry) []heading {
	var headings []heading
	for i := 0; i < len(entries); {
		end := i + 1
		for end < len(entries) && entries[end].Level > entries[i].Level {
			end++
		}
		headings = append(headings, heading{entries[i], outline(entries[i+1 : end])})
		i = end
	}
	return headings
}
