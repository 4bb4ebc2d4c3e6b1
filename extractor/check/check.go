// Package check holds what people wrote against the index and the measurements.
package check

import (
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// Prose reports links, pulls and languages that lead nowhere: in the notes, the
// chapters and the glossary. The anchors are those that [anchor.Resolve] returned.
func Prose(book scope.Book, notes []*annotation.Annotation, chapters []*annotation.Chapter, terms []annotation.Term, anchors []anchor.Anchor, x *index.Index) diag.List {
	c := &checker{book: book, x: x, versions: x.Versions(), notes: map[string][]*annotation.Annotation{}, anchors: map[pulled][]index.Platform{}}
	c.paste = &pasteFinder{x, c.versions, map[string]map[string]pasted{}}
	for _, t := range terms {
		c.terms = append(c.terms, t.ID)
	}
	for _, a := range notes {
		c.notes[a.Symbol] = append(c.notes[a.Symbol], a)
	}
	for _, a := range anchors {
		k := pulled{a.Slice, a.Annotation.ID}
		c.anchors[k] = append(c.anchors[k], a.Platforms...)
	}
	for _, a := range notes {
		c.note(a)
		c.notePastes(a)
	}
	for _, ch := range chapters {
		c.body(ch.Body, passage{scope.All(book.Versions), scope.All(c.versions), book.Platforms})
		c.chapterPastes(ch.Body)
	}
	c.translations(chapters)
	c.shown(notes, chapters)
	for _, t := range terms {
		c.term(t)
	}
	return c.list
}

type checker struct {
	book     scope.Book
	x        *index.Index
	versions []source.Version // those of the index
	terms    []string
	notes    map[string][]*annotation.Annotation // by symbol
	anchors  map[pulled][]index.Platform
	paste    *pasteFinder
	list     diag.List
}

// pulled is a note in a slice.
type pulled struct {
	slice *index.Slice
	id    string
}

// passage is where a part of a chapter stands.
type passage struct {
	book      scope.Set        // of the book's versions
	versions  scope.Set        // of the index's
	platforms []index.Platform // those of the book that all blocks around it name
}

// standsOn reports whether the passage stands on a platform.
func (in passage) standsOn(p index.Platform) bool {
	return slices.Contains(in.platforms, p)
}

// within returns the part of a passage that stands in a range.
func (c *checker) within(in passage, r scope.Range) passage {
	inner := passage{scope.Set{}, scope.Set{}, in.platforms}
	for i, v := range c.book.Versions {
		inner.book[i] = in.book[i] && r.Contains(v.Name)
	}
	for i, v := range c.versions {
		inner.versions[i] = in.versions[i] && r.Contains(v.Name)
	}
	return inner
}

func (c *checker) note(a *annotation.Annotation) {
	for _, t := range a.Texts {
		c.language(t.Lang, t.Pos, "### %s "+strings.ReplaceAll(t.Title, "%", "%%"))
	}
	for _, lang := range c.book.Languages {
		// A comment of the source needs no translation into its own language.
		if t, ok := a.Text(lang); ok && t.Placeholder() {
			c.list.Warnf(t.Pos, "N120", "%q has no text yet: %s stands where it goes", a.ID, annotation.Placeholder).
				Relate("fix: write the title and the text")
			break
		} else if ok && t.Lang != lang && !a.Translates() {
			c.list.Warnf(a.Pos, "N120", "%q has no %s text; %s is shown with a badge", a.ID, lang, t.Lang).
				Relate("fix: ### %s <title>", lang)
		}
	}
	in := scope.Set{}
	for i, v := range c.versions {
		in[i] = slices.ContainsFunc(a.Blocks, func(b annotation.Block) bool { return b.Go.Contains(v.Name) })
	}
	for _, t := range a.Texts {
		for _, l := range t.Prose.Links() {
			if l.Scheme != "sym" {
				c.link(l)
				continue
			}
			name := index.Canonical(l.Target)
			if !slices.Contains(c.book.Symbols, name) && in.Newest() >= 0 && scope.Equal(c.missing(name, in), in) {
				c.unknownSymbol(l.Pos, "link sym:"+l.Target, name)
			}
		}
	}
}

// shown reports symbols whose notes stand on no page: the book has none of them, and no
// chapter pulls them in.
func (c *checker) shown(notes []*annotation.Annotation, chapters []*annotation.Chapter) {
	pages := map[string]bool{}
	for _, s := range c.book.Symbols {
		pages[s] = true
	}
	for _, ch := range chapters {
		eachNode(ch.Body, nil, nil, func(n annotation.Node, _ []source.Version, _ []index.Platform) {
			if n.Slice != nil {
				pages[n.Slice.Symbol] = true
			}
		})
	}
	for _, a := range notes {
		if !pages[a.Symbol] && c.exists(a.Symbol) {
			pages[a.Symbol] = true // told once
			c.list.Warnf(a.SymbolPos, "N159", "the notes of %s are shown nowhere: the book has no page of it, and no chapter shows it", a.Symbol).
				Relate("fix: {{< slice %s >}} in a chapter, or the symbol in a part of book.toml", a.Symbol)
		}
	}
}

// language reports a language that the book does not have; form is the line that
// would be right.
func (c *checker) language(lang string, pos token.Position, form string) {
	if slices.Contains(c.book.Languages, lang) {
		return
	}
	d := c.list.Errorf(pos, "N109", "the book has no language %q (it has %s)", lang, strings.Join(c.book.Languages, ", "))
	near, ok := scan.Nearest(lang, c.book.Languages)
	if !ok {
		near = c.book.Languages[0]
	}
	d.Relate("fix: "+form, near)
}

func (c *checker) term(t annotation.Term) {
	for _, lang := range c.book.Languages {
		if t.Name[lang] == "" || t.Text[lang] == nil {
			what := "text"
			if t.Name[lang] == "" {
				what = "name"
			}
			c.list.Warnf(t.Pos, "N120", "the term %q lacks its name or its text in %s", t.ID, lang).
				Relate("fix: %s = { %s = \"…\" }, beside the other languages", what, lang)
		}
	}
	for _, lang := range t.Languages() {
		c.language(lang, t.Pos, "%s = …")
		if p := t.Text[lang]; p != nil {
			for _, l := range p.Links() {
				if name := index.Canonical(l.Target); l.Scheme == "sym" && !slices.Contains(c.book.Symbols, name) {
					c.unknownSymbol(l.Pos, "link sym:"+l.Target, name)
				}
				c.link(l)
			}
		}
	}
}

// link checks links into the book that are no symbols.
func (c *checker) link(l markdown.Link) {
	switch l.Scheme {
	case "chap":
		c.oneOf(l, "chapter", c.book.Chapters)
	case "term":
		c.oneOf(l, "term", c.terms)
	}
}

func (c *checker) oneOf(l markdown.Link, what string, names []string) {
	if slices.Contains(names, l.Target) {
		return
	}
	d := c.list.Errorf(l.Pos, "N111", "link %s:%s: no such %s%s", l.Scheme, l.Target, what, scan.DidYouMean(l.Target, names))
	if near, ok := scan.Nearest(l.Target, names); ok {
		d.Relate("fix: %s:%s", l.Scheme, near)
	} else {
		d.Relate("fix: write the text without a link, or give the book this %s", what)
	}
}

func (c *checker) unknownSymbol(pos token.Position, what, name string) {
	if c.exists(name) {
		c.list.Errorf(pos, "N111", "%s: the book has no page of this symbol", what).
			Relate("fix: write `%s` without a link", name)
		return
	}
	d := c.list.Errorf(pos, "N111", "%s: no such symbol%s", what, scan.DidYouMean(name, c.book.Symbols))
	near, ok := scan.Nearest(name, c.book.Symbols)
	link, isLink := strings.CutPrefix(what, "link ")
	switch {
	case !ok:
		d.Relate("fix: write `%s` without a link", name)
	case isLink:
		scheme, _, _ := strings.Cut(link, ":")
		d.Relate("fix: %s:%s", scheme, near)
	default:
		d.Relate("fix: {{< slice %s >}}", near)
	}
}

// exists reports whether a version of the index has a symbol.
func (c *checker) exists(symbol string) bool {
	return slices.ContainsFunc(c.versions, func(v source.Version) bool { return len(c.x.Slices(v.Name, symbol)) > 0 })
}

// missing returns those of the versions that lack a symbol.
func (c *checker) missing(symbol string, in scope.Set) scope.Set {
	lacks := scope.Set{}
	for i, v := range c.versions {
		if in[i] && len(c.x.Slices(v.Name, symbol)) == 0 {
			lacks[i] = true
		}
	}
	return lacks
}

func (c *checker) body(nodes []annotation.Node, in passage) {
	for _, n := range nodes {
		switch {
		case n.Prose != nil:
			c.prose(n.Prose, in)
		case n.Slice != nil:
			c.pull(n.Slice, in)
		case n.Block != nil:
			c.condition(n.Block, in)
		}
	}
}

func (c *checker) condition(b *annotation.Condition, in passage) {
	bad := scope.CheckRange(c.book, b.Go, b.At)
	bad = append(bad, scope.CheckPlatforms(c.book, b.On, b.At, b.Written)...)
	c.list = append(c.list, bad...)
	inner := c.within(in, b.Go)
	inner.platforms = slices.DeleteFunc(slices.Clone(in.platforms), func(p index.Platform) bool { return !scope.Covers(b.On, p) })
	if len(inner.platforms) == 0 && len(in.platforms) > 0 && len(bad) == 0 {
		c.list.Errorf(b.At, "N109", "this passage stands on no platform: the block around it has only %s", scope.Join(in.platforms)).
			Relate("fix: {{< on %q >}}", in.platforms[0])
	}
	if inner.book.Newest() < 0 && in.book.Newest() >= 0 && len(bad) == 0 {
		c.list.Errorf(b.At, "N109", "this passage stands in no version: the block around it has only %s", in.book.Names(c.book.Versions)).
			Relate("fix: {{< go %q >}}", in.book.Ranges(c.book.Versions)[0])
	}
	c.body(b.Body, inner)
}

func (c *checker) prose(p *markdown.Prose, in passage) {
	for _, l := range p.Links() {
		if l.Scheme != "sym" {
			c.link(l)
			continue
		}
		name := index.Canonical(l.Target)
		if !slices.Contains(c.book.Symbols, name) {
			c.unknownSymbol(l.Pos, "link sym:"+l.Target, name)
			continue
		}
		c.absent(l.Pos, name, c.missing(name, in.versions), in)
	}
}

// absent reports versions of a passage that lack what it names.
func (c *checker) absent(pos token.Position, name string, lacks scope.Set, in passage) {
	if lacks.Newest() < 0 {
		return
	}
	d := c.list.Errorf(pos, "N105", "%s is not in %s, where this passage stands%s", name, lacks.Names(c.versions),
		scope.OtherName(c.book, c.x, c.versions, name, lacks))
	c.relateBlock(d, lacks, in)
}

// relateBlock proposes the version block that something should stand in.
func (c *checker) relateBlock(d *diag.Diagnostic, lacks scope.Set, in passage) {
	rest := scope.Set{}
	for i := range c.versions {
		rest[i] = in.versions[i] && !lacks[i]
	}
	if ranges := rest.Ranges(c.versions); len(ranges) > 0 {
		d.Relate("fix: {{< go %q >}}", ranges[len(ranges)-1])
	} else {
		d.Relate("fix: take it out of this passage: none of its versions has it")
	}
}

func (c *checker) pull(p *annotation.Pull, in passage) {
	if bad := scope.CheckPlatforms(c.book, scope.Split(p.On), p.OnPos, p.On); len(bad) > 0 {
		c.list = append(c.list, bad...)
		return
	}
	lacks := c.missing(p.Symbol, in.versions)
	whole := len(c.versions) == len(c.book.Versions)
	if whole && !slices.Contains(c.book.Symbols, p.Symbol) && !c.exists(p.Symbol) {
		c.unknownSymbol(p.Pos, "slice "+p.Symbol, p.Symbol)
		return
	}
	c.absent(p.Pos, p.Symbol, lacks, in)
	if p.Note != "" && !c.hasNote(p) {
		return
	}
	noPlatform, noNote, notHere := scope.Set{}, scope.Set{}, scope.Set{}
	for i, v := range c.versions {
		if !in.versions[i] || lacks[i] {
			continue
		}
		s := p.Variant(c.x.Slices(v.Name, p.Symbol), c.book.Platforms)
		switch {
		case s == nil:
			noPlatform[i] = true
		case p.On == "" && len(in.platforms) > 0 && !slices.ContainsFunc(s.Platforms, in.standsOn):
			notHere[i] = true
		case p.Note != "" && !slices.ContainsFunc(c.anchors[pulled{s, p.Note}], func(o index.Platform) bool { return p.On == "" || o.Matches(p.On) }):
			noNote[i] = true
		}
	}
	if len(noPlatform) > 0 {
		d := c.list.Errorf(p.OnPos, "N105", "%s is not on %s in %s, where this passage stands", p.Symbol, p.On, noPlatform.Names(c.versions))
		c.relateBlock(d, noPlatform, in)
	}
	if len(notHere) > 0 {
		c.list.Errorf(p.Pos, "N105", "what is shown of %s in %s is not on %s, where this passage stands", p.Symbol, notHere.Names(c.versions), scope.Join(in.platforms)).
			Relate("fix: {{< slice %s on=%q >}}, or take it out of this passage", p.Symbol, in.platforms[0])
	}
	if len(noNote) > 0 {
		d := c.list.Errorf(p.NotePos, "N105", "note %q of %s has no place in %s, where this passage stands", p.Note, p.Symbol, noNote.Names(c.versions))
		c.relateBlock(d, noNote, in)
	}
}

func (c *checker) hasNote(p *annotation.Pull) bool {
	var ids []string
	for _, a := range c.notes[p.Symbol] {
		ids = append(ids, a.ID)
	}
	if slices.Contains(ids, p.Note) {
		return true
	}
	d := c.list.Errorf(p.NotePos, "N111", "%s has no note %q%s", p.Symbol, p.Note, scan.DidYouMean(p.Note, ids))
	if near, ok := scan.Nearest(p.Note, ids); ok {
		d.Relate("fix: note=%q", near)
	} else {
		d.Relate("fix: {{< slice %s >}}", p.Symbol)
	}
	return false
}

// stands reports versions and platforms that the book does not have, all of them at pos:
// where in a table or a {{< … >}} they are written is not known.
func stands(book scope.Book, r scope.Range, on []string, pos token.Position) diag.List {
	list := append(scope.CheckRange(book, r, pos), scope.CheckPlatforms(book, on, pos, strings.Join(on, ", "))...)
	for i := range list {
		list[i].Pos = pos
	}
	return list
}
