package content

import (
	"html/template"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

func (e edition) chapter(i int) (Page, error) {
	place := e.chapters[i]
	text := e.chapterText(place.Slug)
	p := ChapterParams{
		Common: e.common("chapter", text.Title, func(v, lang string) address {
			return address{url: e.urls.chapter(v, lang, place.Slug)}
		}),
		Number:  place.number,
		Lede:    text.Lede,
		Part:    e.Book.Parts[place.part].Title[e.lang],
		PartURL: e.partURL(place.part),
		Stretch: e.stretch(place.Symbols),
		Symbols: e.symbolLinks(place.Symbols),
	}
	p.Description = text.Lede
	p.Edit = e.Book.edit(text.Pos)
	if i > 0 {
		prev := e.chapterLink(i - 1)
		p.Prev = &prev
	}
	if i+1 < len(e.chapters) {
		next := e.chapterLink(i + 1)
		p.Next = &next
	}
	body, toc, err := e.weave(text, p.URL)
	if err != nil {
		return Page{}, err
	}
	p.TOC = toc
	if place.Slug == glossarySlug {
		body += e.glossary(p.URL)
	}
	return Page{Path: "boot/" + place.Slug + ".html", Params: p, Body: body}, nil
}

// weave renders a chapter for this edition: prose, the passages that hold for
// the version, and the slices that it pulls in.
func (e edition) weave(text *annotation.Chapter, page string) (template.HTML, []TOCEntry, error) {
	w := weaver{edition: e, page: page, ids: &render.IDs{}}
	body, err := w.nodes(text.Body)
	return body, w.toc, err
}

type weaver struct {
	edition
	page string
	ids  *render.IDs
	toc  []TOCEntry
}

func (w *weaver) nodes(nodes []annotation.Node) (template.HTML, error) {
	var b strings.Builder
	for _, n := range nodes {
		part, err := w.node(n)
		if err != nil {
			return "", err
		}
		b.WriteString(string(part))
	}
	return template.HTML(b.String()), nil
}

func (w *weaver) node(n annotation.Node) (template.HTML, error) {
	switch {
	case n.Prose != nil:
		for _, h := range n.Prose.Headings() {
			w.toc = append(w.toc, TOCEntry(h))
		}
		return render.Prose(n.Prose, w.resolve(w.page)), nil
	case n.Slice != nil:
		return w.pull(n.Slice)
	case n.Figure != nil:
		return w.figure(n.Figure), nil
	case n.Order != nil:
		return w.order(n.Order), nil
	case n.Picture != nil:
		return w.picture(n.Picture)
	case n.Block != nil && n.Block.Go.Contains(w.version.Name):
		body, err := w.nodes(n.Block.Body)
		if err != nil || len(n.Block.On) == 0 {
			return body, err
		}
		return render.Only(strings.Join(n.Block.On, ", "), body), nil
	}
	return "", nil
}

// pull shows a slice, or the lines of one note, on one platform.
func (w *weaver) pull(pull *annotation.Pull) (template.HTML, error) {
	variants := w.Index.Slices(w.version.Name, pull.Symbol)
	slice := pull.Variant(variants, w.Book.everywhere())
	if slice == nil {
		return "", nil // check.Prose has reported it
	}
	var first, last int
	if pull.Note != "" {
		if first, last = w.lines(pull, slice); first == 0 {
			return "", nil
		}
	}
	return w.listing(w.page, slice, first, last, w.ids)
}

// lines returns the lines of the note that is pulled in, or 0 where it does not stand.
func (w *weaver) lines(pull *annotation.Pull, slice *index.Slice) (first, last int) {
	for _, a := range w.notes[slice] {
		here := func(p index.Platform) bool { return pull.On == "" || p.Matches(pull.On) }
		if a.Annotation.ID == pull.Note && slices.ContainsFunc(a.Platforms, here) {
			return a.First, a.Last
		}
	}
	return 0, 0
}
