package content

import (
	"html/template"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"beforemain/extractor/annotation"
	"beforemain/extractor/markdown"
	"beforemain/extractor/render"
)

// glossarySlug is the chapter below which the terms are listed.
const glossarySlug = "glossary"

func termID(id string) string { return "term-" + id }

// glossary lists the terms as a dictionary of the language would.
func (e edition) glossary(page string) template.HTML {
	words := e.Words[e.lang]
	g := render.Glossary{Also: words["term_also"], Used: words["term_used"]}
	for _, t := range e.sortedTerms() {
		term := render.Term{
			ID:   termID(t.ID),
			Name: t.Name[e.lang],
			Also: t.Also[e.lang],
			HTML: render.Prose(t.Text[e.lang], e.resolve(page)),
		}
		for _, lang := range e.Book.Languages {
			if name := t.Name[lang]; lang != e.lang && name != "" && name != term.Name {
				term.Elsewhere = append(term.Elsewhere, render.Named{Lang: lang, Name: name})
			}
		}
		for _, i := range e.uses[t.ID] {
			c := e.chapterLink(i)
			term.Used = append(term.Used, render.Use{Title: c.Title, Href: relative(page, c.URL)})
		}
		g.Terms = append(g.Terms, term)
	}
	return render.Terms(g)
}

func (e edition) sortedTerms() []annotation.Term {
	order := collate.New(language.Make(e.lang))
	terms := slices.Clone(e.Terms)
	slices.SortStableFunc(terms, func(a, b annotation.Term) int {
		return order.CompareString(a.Name[e.lang], b.Name[e.lang])
	})
	return terms
}

// hint is what a link to a term says of it before it is followed.
func (e edition) hint(id string) string {
	for _, t := range e.Terms {
		if t.ID == id && t.Text[e.lang] != nil {
			return t.Text[e.lang].FirstSentence()
		}
	}
	return ""
}

// collectUses notes which chapters link a term, themselves or in the notes on their symbols.
func (l *Layout) collectUses() {
	used := map[string]map[int]bool{}
	note := func(p *markdown.Prose, chapter int) {
		for _, link := range p.Links() {
			if link.Scheme == "term" {
				if used[link.Target] == nil {
					used[link.Target] = map[int]bool{}
				}
				used[link.Target][chapter] = true
			}
		}
	}
	for i, place := range l.chapters {
		if c := l.text[l.Book.Languages[0]+"/"+place.Slug]; c != nil {
			eachNode(c.Body, func(n annotation.Node) {
				if n.Prose != nil {
					note(n.Prose, i)
				}
			})
		}
	}
	for _, a := range l.Notes {
		if at, ok := l.position[a.Symbol]; ok {
			for _, t := range a.Texts {
				note(t.Prose, l.spine[at].chapter)
			}
		}
	}
	for id, chapters := range used {
		for i := range l.chapters {
			if chapters[i] {
				l.uses[id] = append(l.uses[id], i)
			}
		}
	}
}
