package anchor

import (
	"slices"
	"strconv"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// translation resolves a comment block. The comment is found once, in the version that
// the note was reviewed against; the text stands in every version and variant with an
// equal comment, and nowhere else.
func (r *resolver) translation(a *annotation.Annotation, b *annotation.Block, sites []site) {
	base, there := r.reviewed(a, b)
	if base < 0 {
		return
	}
	if len(there) == 0 {
		r.reportNotReviewed(a, b, base)
		return
	}
	o, ok := r.original(a, b, there)
	if !ok {
		return
	}
	var all []Anchor
	for _, st := range sites {
		var found []Anchor
		for _, p := range st.platforms {
			for _, c := range r.matcher.equalComments(st.slice, p, o.text) {
				found = addPlace(found, Anchor{a, b, st.slice, []index.Platform{p}, c[0], c[1], false})
			}
		}
		all = append(all, found...)
	}
	if !r.unreadable(b) && !r.pins(b.Reviewed) {
		at := all
		if len(at) == 0 {
			at = []Anchor{{Slice: there[0].slice}}
		}
		r.reportUnpinned(a, b, at)
		for i := range all {
			all[i].Stale = false // it is shown beside an equal comment only
		}
	}
	r.checkLost(a, b, o, sites, all)
	r.anchors = append(r.anchors, all...)
}

// pins reports whether a tag is one of the book's.
func (r *resolver) pins(tag string) bool {
	return slices.ContainsFunc(r.book.Versions, func(v source.Version) bool { return v.Tag == tag })
}

// reviewed returns the version that a comment is looked up in, and its variants on the
// block's platforms: the version with the tag that the block was reviewed against; where
// the pin has moved on since, the one of that name; and where the book has none, the
// newest that has the comment. It is -1 if the index does not hold it.
func (r *resolver) reviewed(a *annotation.Annotation, b *annotation.Block) (int, []site) {
	i := slices.IndexFunc(r.book.Versions, func(v source.Version) bool { return v.Tag == b.Reviewed })
	if i < 0 {
		i = r.pinOf(b.Reviewed)
	}
	if i >= 0 {
		base := r.place[r.book.Versions[i].Name] - 1
		return base, r.variants(a, b, base)
	}
	newest := -1
	for base := len(r.versions) - 1; base >= 0; base-- {
		there := r.variants(a, b, base)
		for _, st := range there {
			newest = max(newest, base)
			for _, p := range st.platforms {
				if _, _, m := r.lines(b, st.slice, p); m == nil {
					return base, there
				}
			}
		}
	}
	if !r.whole() {
		return -1, nil
	}
	return newest, r.variants(a, b, newest)
}

// variants returns the variants of the note's symbol in a version, with those of their
// platforms that the block names.
func (r *resolver) variants(a *annotation.Annotation, b *annotation.Block, version int) []site {
	if version < 0 {
		return nil
	}
	var list []site
	for _, s := range r.x.Slices(r.versions[version].Name, a.Symbol) {
		platforms := slices.DeleteFunc(slices.Clone(s.Platforms), func(p index.Platform) bool {
			return !scope.Covers(b.On, p)
		})
		if len(platforms) > 0 {
			list = append(list, site{version, s, platforms})
		}
	}
	return list
}

// original is the comment that a block translates, where it was found.
type original struct {
	text      string // its words
	site      site
	line      int
	platforms []index.Platform
}

// original finds the comment that a block translates. A variant need not have it, but
// all that do must agree.
func (r *resolver) original(a *annotation.Annotation, b *annotation.Block, there []site) (original, bool) {
	var misses []miss
	var begins []miss // where the fragment was found
	same := map[string][]index.Platform{}
	var texts []string
	for _, st := range there {
		for _, p := range st.platforms {
			first, _, m := r.lines(b, st.slice, p)
			if m != nil {
				m.version, m.slice, m.platform = st.version, st.slice, p
				misses = append(misses, *m)
				continue
			}
			begin := r.matcher.commentStart(st.slice, first)
			here := miss{version: st.version, slice: st.slice, platform: p, lines: []int{begin}}
			if begin < first && !r.twice(st.slice, p, begin) {
				r.reportInside(b, here)
				return original{}, false
			}
			first = begin
			last, _ := r.matcher.comment(st.slice, first)
			text := r.matcher.commentText(st.slice, first, last)
			if same[text] == nil {
				texts, begins = append(texts, text), append(begins, here)
			}
			same[text] = append(same[text], p)
		}
	}
	switch {
	case len(texts) > 1:
		r.reportComments(b, begins, texts, same)
		return original{}, false
	case len(texts) == 0 || slices.ContainsFunc(misses, func(m miss) bool { return m.code != "N101" }):
		r.reportMisses(a, b, there, misses)
		return original{}, false
	}
	m := begins[0]
	return original{texts[0], site{m.version, m.slice, nil}, m.lines[0], same[texts[0]]}, true
}

// twice reports whether a comment begins as another of the slice does. Then a block
// names it by a line behind its first.
func (r *resolver) twice(s *index.Slice, on index.Platform, first int) bool {
	begins := newFragment(annotation.Quote(r.matcher.at(s, first).text))
	return len(r.matcher.find(s, &on, begins, 0)) > 1
}

// checkLost reports a translation that the newest version of its range does not show,
// though the comment stood on those platforms when the note was reviewed.
func (r *resolver) checkLost(a *annotation.Annotation, b *annotation.Block, o original, sites []site, found []Anchor) {
	newest := -1
	for _, st := range sites {
		newest = max(newest, st.version)
	}
	if newest < 0 || b.Go.Limited() && !b.Go.Contains(r.versions[o.site.version].Name) && newest < o.site.version {
		return
	}
	shown := map[int][]index.Platform{}
	for _, f := range found {
		shown[r.versionOf(f)] = append(shown[r.versionOf(f)], f.Platforms...)
	}
	var lost, all []index.Platform
	var at site // a variant that lost it
	for _, st := range sites {
		for _, p := range st.platforms {
			if st.version != newest || !slices.Contains(o.platforms, p) {
				continue
			}
			all = append(all, p)
			if !slices.Contains(shown[newest], p) {
				if lost == nil {
					at = st
				}
				lost = append(lost, p)
			}
		}
	}
	if len(lost) == 0 {
		return
	}
	first := newest
	for _, st := range slices.Backward(sites) {
		if slices.Contains(shown[st.version], lost[0]) {
			break
		}
		if slices.Contains(st.platforms, lost[0]) {
			first, at = st.version, st
		}
	}
	r.reportLost(a, b, o, first, at, lost, len(lost) < len(all), found)
}

func (r *resolver) reportLost(a *annotation.Annotation, b *annotation.Block, o original, first int, at site, lost []index.Platform, partly bool, found []Anchor) {
	where := r.versions[first].Name
	if partly {
		where += " on " + scope.Join(r.inOrder(lost))
	}
	was := strings.Fields(o.text)
	line, is := r.matcher.nearestComment(at.slice, lost[0], was)
	same := scan.Common(was, is)
	holds := scope.Set{}
	for _, f := range found {
		if v := r.versionOf(f); v < first {
			holds[v] = true
		}
	}
	var d *diag.Diagnostic
	if 2*same < len(was) {
		d = r.list.Warnf(b.Position("at"), "N122", "source comment is gone in %s; its translation %q is hidden from there on", where, a.ID)
		d.Relate("- %s", r.matcher.evidence(o.site.slice, o.line))
	} else {
		d = r.list.Warnf(b.Position("at"), "N122", "source comment changed in %s: %s; its translation %q is hidden from there on",
			where, differ(max(len(was), len(is))-same), a.ID)
		from := 0
		for from < len(was) && from < len(is) && was[from] == is[from] {
			from++
		}
		d.Relate("- %s:%d: %s", o.site.slice.Path, o.line, excerpt(was, from))
		d.Relate("+ %s:%d: %s", at.slice.Path, line, excerpt(is, from))
		d.Relate("to translate the new text, add a note of its own with \"at: %s\"", annotation.Quote(r.matcher.at(at.slice, line).text))
	}
	switch {
	case partly:
		d.Relate("fix: give %s a block of its own that ends before %s", r.onText(r.inOrder(lost)), r.versions[first].Name)
	case len(holds) > 0:
		d.Relate("fix: go: %s", r.closed(holds))
	default:
		d.Relate("fix: remove this note")
	}
}

func differ(words int) string {
	if words == 1 {
		return "1 word differs"
	}
	return strconv.Itoa(max(words, 1)) + " words differ"
}

// excerpt returns a few words around the one with number at.
func excerpt(words []string, at int) string {
	first, last := max(at-3, 0), min(at+9, len(words))
	s := strings.Join(words[min(first, last):last], " ")
	if first > 0 {
		s = "… " + s
	}
	if last < len(words) {
		s += " …"
	}
	return s
}

// nearestComment returns the comment of a slice that has most words in common with a
// text, and the line that it begins on.
func (m *matcher) nearestComment(s *index.Slice, on index.Platform, text []string) (line int, words []string) {
	best := -1
	line = s.BodyStart
	for i := range m.lines(s) {
		first := s.Start + i
		if len(m.at(s, first).comments) == 0 || !s.Active(on, first) {
			continue
		}
		last, ok := m.comment(s, first)
		if !ok {
			continue
		}
		got := strings.Fields(m.commentText(s, first, last))
		if n := 2*scan.Common(text, got) - len(got); n > best || words == nil {
			best, line, words = n, first, got
		}
	}
	return line, words
}
