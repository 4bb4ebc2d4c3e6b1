package content

import (
	"slices"
	"sync"

	"beforemain/extractor/change"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

// pair is two versions whose sources are compared.
type pair struct {
	old, new   source.Version
	neighbours bool // otherwise the first and the last
}

func (p pair) name() string { return p.old.Name + "-" + p.new.Name }

// pairs returns the neighbours among the versions, in order, and the first with the
// last. A pair of which a version was not read is left out.
func (l *Layout) pairs() []pair {
	var list []pair
	all := l.Book.Versions
	for i := 1; i < len(all); i++ {
		list = append(list, pair{all[i-1], all[i], true})
	}
	if len(all) > 2 {
		list = append(list, pair{all[0], all[len(all)-1], false})
	}
	return slices.DeleteFunc(list, func(p pair) bool {
		return l.nearest[p.old.Name] != p.old.Name || l.nearest[p.new.Name] != p.new.Name
	})
}

// comparison is what became of one symbol of the book over a pair of versions.
type comparison struct {
	pair
	before, after string // its names; "" where there is none
	kind          change.Kind
	added         int // lines of that kind
	removed       int
	parts         []comparedPart
	came, went    []index.Platform // that only one of the versions has it on
}

// comparedPart is a text that some platforms share in both versions. Nothing differs
// in it if its kind is Same.
type comparedPart struct {
	platforms []index.Platform
	old, new  *index.Slice
	kind      change.Kind
	blocks    []change.Block
}

// name is the one under which the book speaks of the symbol.
func (c comparison) name() string {
	if c.after != "" {
		return c.after
	}
	return c.before
}

// differs reports whether there is text to compare, and it is not the same.
func (c comparison) differs() bool { return c.kind != change.Same }

// path returns where the symbol's text stands in a version, on its first platform.
func (l *Layout) path(version, symbol string) string {
	if list := l.Index.Slices(version, symbol); len(list) > 0 {
		return list[0].Path
	}
	return ""
}

// compareMemo compares each pair once for all languages and pages.
type compareMemo struct {
	mu     sync.Mutex
	byPair map[string][]comparison
}

// compare returns the comparisons of all symbols of the book that either version has,
// in the order in which they run.
func (l *Layout) compare(p pair) ([]comparison, error) {
	l.compared.mu.Lock()
	defer l.compared.mu.Unlock()
	if list, ok := l.compared.byPair[p.name()]; ok {
		return list, nil
	}
	var list []comparison
	for _, s := range l.spine {
		c := comparison{pair: p}
		switch {
		case l.has(p.new.Name, s.name):
			c.after, c.before = s.name, l.counterpart(s.name, p.new.Name, p.old.Name)
		case l.has(p.old.Name, s.name):
			if _, ok := l.position[l.counterpart(s.name, p.old.Name, p.new.Name)]; ok {
				continue // it stands there
			}
			c.before = s.name // what it became, if anything, has no page
		default:
			continue
		}
		if err := l.fill(&c); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	l.compared.byPair[p.name()] = list
	return list, nil
}

// fill compares the texts, platform by platform; equal pairs of them are one part.
func (l *Layout) fill(c *comparison) error {
	if c.before == "" || c.after == "" {
		return nil
	}
	find := func(variants []*index.Slice, p index.Platform) *index.Slice {
		i := slices.IndexFunc(variants, func(s *index.Slice) bool { return slices.Contains(s.Platforms, p) })
		if i < 0 {
			return nil
		}
		return variants[i]
	}
	olds, news := l.Index.Slices(c.old.Name, c.before), l.Index.Slices(c.new.Name, c.after)
	for _, p := range l.Book.everywhere() {
		old, new := find(olds, p), find(news, p)
		switch {
		case old == nil && new == nil:
			continue
		case old == nil:
			c.came = append(c.came, p)
			continue
		case new == nil:
			c.went = append(c.went, p)
			continue
		}
		i := slices.IndexFunc(c.parts, func(d comparedPart) bool { return d.old.SHA256 == old.SHA256 && d.new.SHA256 == new.SHA256 })
		if i >= 0 {
			c.parts[i].platforms = append(c.parts[i].platforms, p)
			continue
		}
		part := comparedPart{platforms: []index.Platform{p}, old: old, new: new}
		if old.SHA256 != new.SHA256 {
			x, err := l.tokens.of(old)
			if err != nil {
				return err
			}
			y, err := l.tokens.of(new)
			if err != nil {
				return err
			}
			part.blocks = change.Between(change.Text{Bytes: old.Text, Tokens: x}, change.Text{Bytes: new.Text, Tokens: y})
		}
		var added, removed int
		part.kind, added, removed = change.Of(part.blocks)
		if part.kind > c.kind {
			c.kind, c.added, c.removed = part.kind, 0, 0
		}
		if part.kind == c.kind {
			c.added, c.removed = c.added+added, c.removed+removed
		}
		c.parts = append(c.parts, part)
	}
	return nil
}

// differing returns the comparison of a symbol over a pair, or nil where its text is
// the same or one of the versions lacks it.
func (l *Layout) differing(p pair, symbol string) (*comparison, error) {
	list, err := l.compare(p)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(c comparison) bool { return c.name() == symbol })
	if i < 0 || !list[i].differs() {
		return nil, nil
	}
	return &list[i], nil
}

// before returns the pair of a version and the one before it.
func (l *Layout) before(version string) (pair, bool) {
	for _, p := range l.pairs() {
		if p.new.Name == version && p.neighbours {
			return p, true
		}
	}
	return pair{}, false
}
