package content

import (
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/markdown"
	"beforemain/extractor/search"
	"beforemain/extractor/source"
)

// Documents returns what readers can search for in one language: sections of chapters,
// symbols, notes and terms, each once with the versions that it reads the same in.
func (l *Layout) Documents(versions []source.Version, lang string) []search.Document {
	f := finder{sections: map[*markdown.Prose][]markdown.Section{}, at: map[string]int{}}
	// Newest first, so that the order of reading is the newest's.
	for i := len(versions) - 1; i >= 0; i-- {
		e := edition{l, versions[i], lang}
		for n := range l.chapters {
			e.findChapter(&f, n)
		}
		for _, s := range l.spine {
			if l.has(e.version.Name, s.name) {
				e.findSymbol(&f, search.Symbol, s.name)
			}
		}
		for _, name := range l.cards[e.version.Name] {
			e.findSymbol(&f, search.Card, name)
		}
		e.findNotes(&f)
		e.findTerms(&f)
	}
	return f.docs
}

// finder gathers documents. Versions share most of them.
type finder struct {
	docs     []search.Document
	at       map[string]int // by all that a reader sees, the document's place in docs
	sections map[*markdown.Prose][]markdown.Section
}

func (f *finder) add(e edition, d search.Document) {
	d.URL = strings.TrimPrefix(d.URL, e.urls.root(e.version.Name, e.lang))
	d.Text = strings.TrimSpace(d.Text)
	key := strings.Join([]string{d.URL, d.Title, d.Context, d.Text}, "\x00")
	if i, ok := f.at[key]; ok {
		f.docs[i].Versions = append(f.docs[i].Versions, e.version.Name)
		return
	}
	f.at[key] = len(f.docs)
	d.Versions = []string{e.version.Name}
	f.docs = append(f.docs, d)
}

func (f *finder) cut(p *markdown.Prose) []markdown.Section {
	if f.sections[p] == nil {
		f.sections[p] = p.Sections()
	}
	return f.sections[p]
}

// findChapter adds a chapter section by section, as this version shows it.
func (e edition) findChapter(f *finder, n int) {
	text := e.chapterText(e.chapters[n].Slug)
	url := e.urls.chapter(e.version.Name, e.lang, text.Slug)
	docs := []search.Document{{Kind: search.Chapter, URL: url, Title: text.Title, Text: text.Lede}}
	e.eachShown(text.Body, func(p *markdown.Prose) {
		for _, s := range f.cut(p) {
			if s.Heading.ID != "" {
				docs = append(docs, search.Document{Kind: search.Section, URL: url + "#" + s.Heading.ID, Title: s.Heading.Title, Context: text.Title})
			}
			docs[len(docs)-1].Text += "\n" + s.Text
		}
	})
	for _, d := range docs {
		f.add(e, d)
	}
}

// eachShown calls f for the prose that stands in this version.
func (e edition) eachShown(nodes []annotation.Node, f func(*markdown.Prose)) {
	for _, n := range nodes {
		switch {
		case n.Prose != nil:
			f(n.Prose)
		case n.Block != nil && n.Block.Go.Contains(e.version.Name):
			e.eachShown(n.Block.Body, f)
		}
	}
}

// findSymbol adds a symbol with its comment, and with the translations of it.
func (e edition) findSymbol(f *finder, kind search.Kind, name string) {
	variants := e.Index.Slices(e.version.Name, name)
	d := search.Document{Kind: kind, URL: e.urls.symbol(e.version.Name, e.lang, name), Title: name, Context: variants[0].Path}
	for _, r := range e.Book.Renames {
		if r.To == name && !e.has(e.version.Name, r.From) {
			d.Also = append(d.Also, r.From)
		}
	}
	for _, v := range variants {
		if doc := v.Doc(); doc != "" {
			d.Text = doc
			break
		}
	}
	for _, a := range e.comments[name] {
		if text, ok := a.Text(e.lang); ok && e.translates(a) && e.stands[a][e.version.Name] {
			d.Text += "\n" + text.Prose.Plain()
		}
	}
	f.add(e, d)
}

// findNotes adds the notes that explain lines, at the page of their symbol.
func (e edition) findNotes(f *finder) {
	for _, a := range e.Notes {
		text, ok := a.Text(e.lang)
		explains := slices.ContainsFunc(a.Blocks, func(b annotation.Block) bool { return b.Kind == annotation.AnchorKind })
		if _, page := e.position[a.Symbol]; !ok || !explains || !e.stands[a][e.version.Name] || !page {
			continue
		}
		f.add(e, search.Document{
			Kind:    search.Note,
			URL:     e.urls.symbol(e.version.Name, e.lang, a.Symbol) + "#" + e.noteID(a),
			Title:   strings.ReplaceAll(text.Title, "`", ""),
			Context: a.Symbol,
			Text:    text.Prose.Plain(),
		})
	}
}

// findTerms adds the glossary: a term is found by its names in every language.
func (e edition) findTerms(f *finder) {
	for _, t := range e.Terms {
		d := search.Document{Kind: search.Term, URL: e.urls.chapter(e.version.Name, e.lang, glossarySlug) + "#" + termID(t.ID), Title: t.Name[e.lang]}
		for _, lang := range e.Book.Languages {
			if name := t.Name[lang]; name != "" && name != d.Title {
				d.Also = append(d.Also, name)
			}
			d.Also = append(d.Also, t.Also[lang]...)
		}
		d.Context = strings.Join(d.Also, " · ")
		if p := t.Text[e.lang]; p != nil {
			d.Text = p.Plain()
		}
		f.add(e, d)
	}
}
