package check

import (
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/measure"
	"beforemain/extractor/picture"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// Pictures reports pictures that cannot be drawn (N141), whose symbols are no symbols
// where they stand (N105, N111) or whose order a trace contradicts (N140), and chapters
// that show a picture that is not there.
func Pictures(book scope.Book, pictures []*picture.Picture, chapters []*annotation.Chapter, values picture.Values, set *measure.Set, x *index.Index) diag.List {
	c := &pictureChecker{checker: &checker{book: book, x: x, versions: x.Versions()}, values: values}
	var names []string
	for _, p := range pictures {
		names = append(names, p.Name)
		c.picture(p)
		if p.Numbered {
			c.order(p, set)
		}
	}
	for _, ch := range chapters {
		eachDepiction(ch.Body, func(d *annotation.Depiction) {
			if slices.Contains(names, d.Name) {
				return
			}
			wrong := c.list.Errorf(d.Pos, "N111", "no picture %q%s", d.Name, scan.DidYouMean(d.Name, names))
			if near, ok := scan.Nearest(d.Name, names); ok {
				wrong.Relate("fix: {{< picture %s >}}", near)
			} else {
				wrong.Relate("fix: write annotations/pictures/%s.toml", d.Name)
			}
		})
	}
	return c.list
}

func eachDepiction(nodes []annotation.Node, f func(*annotation.Depiction)) {
	for _, n := range nodes {
		switch {
		case n.Picture != nil:
			f(n.Picture)
		case n.Block != nil:
			eachDepiction(n.Block.Body, f)
		}
	}
}

type pictureChecker struct {
	*checker
	values picture.Values
	sums   *picture.Sums // of the picture that is checked
}

func (c *pictureChecker) picture(p *picture.Picture) {
	c.sums = picture.NewSums(p, c.x, c.values)
	whole := picture.Element{Pos: p.Pos}
	if p.On != "" {
		c.onePlatform(p.Pos, "on", p.On)
	}
	for _, name := range p.Columns {
		c.onePlatform(p.Pos, "columns", name)
	}
	for _, lang := range c.book.Languages {
		if p.Title.In(lang) == "" {
			c.list.Errorf(p.Pos, "N141", "the picture %q has no title in %s: who cannot see it is told nothing", p.Name, lang).
				Relate("fix: title = { %s = \"…\" }, beside the other languages", lang)
		}
	}
	c.parts(p)
	c.numbers(p)
	c.label(p, whole, p.Caption)
	for _, s := range p.Steps {
		c.memory(p, s)
	}
	first := map[string]picture.Node{}
	var ids []string
	for _, n := range p.Nodes {
		c.element(n.Element)
		c.label(p, n.Element, n.Label)
		c.label(p, n.Element, n.Note)
		c.symbol(p, n.Element, n.Symbol)
		if n.Label.In(c.book.Languages[0]) == "" && n.Symbol == "" {
			c.list.Errorf(n.Pos, "N141", "the node %q has neither a label nor a symbol", n.ID).Relate("fix: label = { zh = \"…\", en = \"…\" }")
		}
		if had, ok := first[n.ID]; ok && n.ID != "" && c.together(had.Element, n.Element) {
			c.list.Errorf(n.Pos, "N110", "duplicate node id %q in one version (first at %s)", n.ID, scan.Place(had.Pos)).Relate("fix: id = \"%s-2\"", n.ID)
		}
		first[n.ID] = n
		ids = append(ids, n.ID)
	}
	for _, e := range p.Edges {
		c.element(e.Element)
		c.label(p, e.Element, e.Label)
		for _, end := range []string{e.From, e.To} {
			if !slices.Contains(ids, end) {
				d := c.list.Errorf(e.Pos, "N141", "the edge from %q to %q has no node %q%s", e.From, e.To, end, scan.DidYouMean(end, ids))
				if near, ok := scan.Nearest(end, ids); ok {
					d.Relate("fix: %q", near)
				} else {
					d.Relate("fix: [[node]] id = %q, or another end", end)
				}
			}
		}
	}
}

// onePlatform reports a name that is not OS/ARCH where one platform has to stand.
func (c *pictureChecker) onePlatform(pos token.Position, key, name string) {
	bad := scope.CheckPlatforms(c.book, []string{name}, pos, name)
	c.list = append(c.list, bad...)
	if _, err := index.ParsePlatform(name); err != nil && len(bad) == 0 {
		c.list.Errorf(pos, "N141", "%s: %q is several platforms, and here stands one", key, name).
			Relate("fix: %s = one of %s", key, scope.Join(c.book.Platforms))
	}
}

func (c *pictureChecker) element(e picture.Element) {
	c.list = append(c.list, stands(c.book, e.Go, e.On, e.Pos)...)
}

// together reports whether two elements stand in one version on one platform.
func (c *pictureChecker) together(a, b picture.Element) bool {
	version := slices.ContainsFunc(c.book.Versions, func(v source.Version) bool { return a.Go.Contains(v.Name) && b.Go.Contains(v.Name) })
	platform := slices.ContainsFunc(c.book.Platforms, func(p index.Platform) bool { return a.Covers(p) && b.Covers(p) })
	return version && platform
}

// platforms returns those that an element of a picture stands on.
func (c *pictureChecker) platforms(p *picture.Picture, e picture.Element) []index.Platform {
	return slices.DeleteFunc(slices.Clone(c.book.Platforms), func(on index.Platform) bool {
		return p.On != "" && !on.Matches(p.On) || !e.Covers(on)
	})
}

// label reports languages that a label lacks, and expressions without a value.
func (c *pictureChecker) label(p *picture.Picture, e picture.Element, l picture.Label) {
	for _, lang := range c.book.Languages {
		if len(l) > 0 && l.In(lang) == "" {
			c.list.Warnf(e.Pos, "N120", "a label of the picture %q lacks its text in %s", p.Name, lang).
				Relate("fix: { %s = \"…\" }, beside the other languages", lang)
		}
	}
	for _, expression := range l.Expressions() {
		lacks, none := scope.Set{}, map[index.Platform]bool{}
		for i, v := range c.versions {
			if !e.Go.Contains(v.Name) {
				continue
			}
			for _, on := range c.platforms(p, e) {
				if _, err := c.sums.Evaluate(v.Name, on, expression); err != nil {
					lacks[i], none[on] = true, true
				}
			}
		}
		if len(lacks) > 0 {
			c.list.Errorf(e.Pos, "N141", "{%s} has no value in %s on %s", expression, lacks.Names(c.versions), c.some(none)).
				Relate("fix: correct the expression, or limit its element with \"go\" or \"on\"")
		}
	}
}

// symbol reports a symbol that is not where its element stands.
func (c *pictureChecker) symbol(p *picture.Picture, e picture.Element, name string) {
	if name == "" {
		return
	}
	if !slices.Contains(c.book.Symbols, name) {
		c.list.Errorf(e.Pos, "N111", "symbol %s: the book has no page of it%s", name, scan.DidYouMean(name, c.book.Symbols)).
			Relate("fix: symbol = %q", scan.NearestOr(name, c.book.Symbols, "…"))
		return
	}
	lacks, none := scope.Set{}, map[index.Platform]bool{}
	for i, v := range c.versions {
		if !e.Go.Contains(v.Name) {
			continue
		}
		for _, on := range c.platforms(p, e) {
			if !slices.ContainsFunc(c.x.Slices(v.Name, name), func(s *index.Slice) bool { return slices.Contains(s.Platforms, on) }) {
				lacks[i], none[on] = true, true
			}
		}
	}
	if len(lacks) > 0 {
		other := ""
		if gone := c.missing(name, lacks); len(gone) > 0 {
			other = scope.OtherName(c.book, c.x, c.versions, name, gone)
		}
		c.list.Errorf(e.Pos, "N105", "%s is not in %s on %s%s", name, lacks.Names(c.versions), c.some(none), other).
			Relate("fix: limit the element with \"go\" or \"on\", or take another symbol")
	}
}

// some lists platforms in the book's order.
func (c *pictureChecker) some(set map[index.Platform]bool) string {
	return scope.Join(slices.DeleteFunc(slices.Clone(c.book.Platforms), func(p index.Platform) bool { return !set[p] }))
}

// order compares the numbers of a picture with what was observed, each stretch of
// versions that has the same ones at once.
func (c *pictureChecker) order(p *picture.Picture, set *measure.Set) {
	var last *annotation.Order
	var versions []source.Version
	flush := func() {
		if last != nil {
			compareOrder(last, &c.list, versions, c.book.Platforms, set)
		}
		versions = nil
	}
	for _, v := range c.book.Versions {
		o := &annotation.Order{}
		if p.On != "" {
			o.On = []string{p.On}
		}
		for _, n := range p.Nodes {
			if n.Symbol != "" && n.Named() && n.Look != "outside" && n.Stands(p, v.Name) {
				o.Symbols, o.Places = append(o.Symbols, n.Symbol), append(o.Places, n.Pos)
			}
		}
		if last == nil || strings.Join(o.Symbols, " ") != strings.Join(last.Symbols, " ") {
			flush()
			last = o
		}
		versions = append(versions, v)
	}
	flush()
}
