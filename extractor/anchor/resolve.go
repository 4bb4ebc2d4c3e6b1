// Package anchor finds the one place in each version that a note is about, and says what
// became of it.
//
// A note never moves by itself: a fragment of code matches exactly one line in every
// version and platform of its range, or the book does not build.
package anchor

import (
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// Anchor is the place of one block in one variant of one version.
type Anchor struct {
	Annotation *annotation.Annotation
	Block      *annotation.Block
	Slice      *index.Slice
	Platforms  []index.Platform // those of the slice for which it holds
	First      int              // lines of the file
	Last       int
	// Stale says that the code around it is not the code that its note was read
	// against, or that nobody has read it there: N104 asks for a review.
	Stale bool
}

// Resolve finds the place of every block in each version and variant that it
// covers. The anchors come in the order of the notes, blocks, versions, variants
// and lines; where the platforms of one variant assemble different lines, each
// place is an anchor of its own. A block that has no place, or several, in any
// of them is an error.
//
// The index may hold fewer versions than the book; the others are not checked.
func Resolve(book scope.Book, notes []*annotation.Annotation, x *index.Index) ([]Anchor, diag.List) {
	r := &resolver{
		book:     book,
		x:        x,
		versions: x.Versions(),
		matcher:  newMatcher(),
		place:    map[string]int{},
	}
	for i, v := range r.versions {
		r.place[v.Name] = i + 1
	}
	absent := map[string]bool{}
	for _, a := range notes {
		if !r.known(a) {
			if !absent[a.SymbolPos.String()] {
				absent[a.SymbolPos.String()] = true
				r.reportUnknown(a)
			}
			continue
		}
		r.note(a)
	}
	r.bare()
	return r.anchors, r.list
}

type resolver struct {
	book     scope.Book
	x        *index.Index
	versions []source.Version // those of the index
	place    map[string]int   // of a version in versions, from 1
	matcher  *matcher
	anchors  []Anchor
	list     diag.List
}

// site is a variant of one version, with those of its platforms that a block names.
type site struct {
	version   int // place in resolver.versions
	slice     *index.Slice
	platforms []index.Platform
}

// known reports whether a version of the index has the note's symbol. It gives
// the benefit of the doubt where the index does not hold all versions.
func (r *resolver) known(a *annotation.Annotation) bool {
	for _, v := range r.versions {
		if len(r.x.Slices(v.Name, a.Symbol)) > 0 {
			return true
		}
	}
	return len(r.versions) < len(r.book.Versions)
}

func (r *resolver) note(a *annotation.Annotation) {
	covered := make([][]site, len(a.Blocks))
	for i := range a.Blocks {
		b := &a.Blocks[i]
		if !r.checkBlock(b) {
			continue
		}
		covered[i] = r.sites(a, b)
		if b.Kind == annotation.CommentKind {
			r.translation(a, b, covered[i])
		} else {
			r.block(a, b, covered[i])
		}
		for j := range i {
			r.checkOverlap(a, j, i, covered)
		}
	}
}

// checkBlock reports versions and platforms that the book does not have.
func (r *resolver) checkBlock(b *annotation.Block) bool {
	list := scope.CheckRange(r.book, b.Go, b.Position("go"))
	written, _ := b.Written("on")
	list = append(list, scope.CheckPlatforms(r.book, b.On, b.Position("on"), written)...)
	ok := len(list) == 0
	if i := slices.IndexFunc(r.book.Versions, func(v source.Version) bool { return v.Name == b.Reviewed && v.Tag != b.Reviewed }); i >= 0 {
		list.Errorf(b.Position("reviewed"), "N109", "%s is a version; a note is reviewed against its tag", b.Reviewed).
			Relate("fix: reviewed: %s", r.book.Versions[i].Tag)
	}
	r.list = append(r.list, list...)
	return ok
}

// sites returns where a block has to resolve, and reports versions of its range
// that lack the symbol.
func (r *resolver) sites(a *annotation.Annotation, b *annotation.Block) []site {
	var sites []site
	missing := scope.Set{}
	without := map[string]scope.Set{} // platforms that the symbol is not on
	for _, on := range b.On {
		without[on] = scope.Set{}
	}
	present := scope.Set{}
	for i, v := range r.versions {
		if !b.Go.Contains(v.Name) {
			continue
		}
		variants := r.x.Slices(v.Name, a.Symbol)
		if len(variants) == 0 {
			missing[i] = b.Go.Limited()
			continue
		}
		present[i] = true
		for _, on := range b.On {
			without[on][i] = true
		}
		for _, s := range variants {
			var platforms []index.Platform
			for _, p := range s.Platforms {
				names := slices.DeleteFunc(slices.Clone(b.On), func(on string) bool { return !p.Matches(on) })
				for _, on := range names {
					without[on][i] = false
				}
				if len(b.On) == 0 || len(names) > 0 {
					platforms = append(platforms, p)
				}
			}
			if len(platforms) > 0 {
				sites = append(sites, site{i, s, platforms})
			}
		}
	}
	if missing.Newest() >= 0 {
		r.reportAbsent(a, b, missing, present)
	}
	for _, on := range b.On {
		gone := without[on]
		if gone.Newest() >= 0 && (b.Go.Limited() || r.whole() && scope.Equal(gone, present)) {
			r.reportNotOn(a, b, on, gone)
		}
	}
	return sites
}

// whole reports whether the index holds every version of the book.
func (r *resolver) whole() bool { return len(r.versions) == len(r.book.Versions) }

// miss is a platform of a version on which a block has not exactly one place.
type miss struct {
	code     string
	key      string // at, until or after
	version  int
	slice    *index.Slice
	platform index.Platform
	lines    []int // what matched, if anything
	at       int   // N103: the line of "at"
}

// block resolves an anchor or a fold.
func (r *resolver) block(a *annotation.Annotation, b *annotation.Block, sites []site) {
	var misses []miss
	var all []Anchor
	for _, st := range sites {
		var found []Anchor
		for _, p := range st.platforms {
			first, last, m := r.lines(b, st.slice, p)
			if m != nil {
				m.version, m.slice, m.platform = st.version, st.slice, p
				misses = append(misses, *m)
				continue
			}
			found = addPlace(found, Anchor{a, b, st.slice, []index.Platform{p}, first, last, false})
		}
		all = append(all, found...)
	}
	r.reportMisses(a, b, sites, misses)
	r.review(a, b, sites, all)
	r.anchors = append(r.anchors, all...)
}

// addPlace adds an anchor, or its platform to an anchor at the same lines.
func addPlace(found []Anchor, a Anchor) []Anchor {
	for i := range found {
		if found[i].First == a.First && found[i].Last == a.Last {
			found[i].Platforms = append(found[i].Platforms, a.Platforms...)
			return found
		}
	}
	found = append(found, a)
	slices.SortStableFunc(found, func(a, b Anchor) int { return a.First - b.First })
	return found
}

// lines finds the lines of a block in a slice on one platform, or says why not.
func (r *resolver) lines(b *annotation.Block, s *index.Slice, p index.Platform) (first, last int, m *miss) {
	one := func(key, text string, behind int) (int, *miss) {
		found := r.matcher.find(s, &p, newFragment(text), behind)
		if b.Kind == annotation.CommentKind {
			found = r.matcher.meant(s, newFragment(text), found)
		}
		switch len(found) {
		case 0:
			return 0, &miss{code: "N101", key: key}
		case 1:
			return found[0], nil
		}
		return 0, &miss{code: "N102", key: key, lines: found}
	}
	behind := 0
	if b.After != "" {
		if behind, m = one("after", b.After, 0); m != nil {
			return 0, 0, m
		}
	}
	if first, m = one("at", b.At, behind); m != nil {
		return 0, 0, m
	}
	if b.Until == "" {
		return first, first, nil
	}
	last, m = one("until", b.Until, first)
	if m != nil && m.code == "N101" {
		if before := r.matcher.find(s, &p, newFragment(b.Until), 0); len(before) > 0 {
			m = &miss{code: "N103", key: "until", lines: before, at: first}
		}
	}
	return first, last, m
}
