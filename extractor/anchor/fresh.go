package anchor

import (
	"fmt"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// windowLines is how many lines of code on either side of an anchor have to be as they
// were when its note was reviewed. Two flag about 9 % of the anchors a release; the
// whole function would flag 47 %.
const windowLines = 2

// codeLine is a line that a review compares.
type codeLine struct {
	number int    // in the file
	code   string // tokens with a space between
}

// counts reports whether a line holds code, and not only a comment or a condition of
// the preprocessor.
func (l *sourceLine) counts() bool {
	if len(l.code) == 0 {
		return false
	}
	word := l.code[0]
	if word == "#" && len(l.code) > 1 {
		word += l.code[1]
	}
	return !slices.Contains([]string{"#ifdef", "#ifndef", "#else", "#endif"}, word)
}

// window returns the lines of code from first to last and windowLines on either side,
// within the slice. Comments, spacing and what is not assembled on the platform do not count.
func (m *matcher) window(s *index.Slice, p index.Platform, first, last int) []codeLine {
	var code []codeLine
	before := 0 // lines of code that stand before first
	after := 0
	lines := m.lines(s)
	for i := range lines {
		n := s.Start + i
		if !lines[i].counts() || !s.Active(p, n) {
			continue
		}
		if n > last {
			if after++; after > windowLines {
				break
			}
		}
		if n < first {
			before++
		}
		code = append(code, codeLine{n, strings.Join(lines[i].code, " ")})
	}
	return code[max(before-windowLines, 0):]
}

func codes(lines []codeLine) []string {
	list := make([]string, len(lines))
	for i, l := range lines {
		list[i] = l.code
	}
	return list
}

// review asks for a review of a block whose note nobody has read against the code of a
// version that it covers, and marks its anchors there as stale.
func (r *resolver) review(a *annotation.Annotation, b *annotation.Block, sites []site, found []Anchor) {
	if len(found) == 0 || r.unreadable(b) {
		return
	}
	pinned := slices.IndexFunc(r.book.Versions, func(v source.Version) bool { return v.Tag == b.Reviewed })
	if pinned < 0 {
		r.reportUnpinned(a, b, found)
		return
	}
	base := r.place[r.book.Versions[pinned].Name]
	if base == 0 {
		return // the index does not hold it
	}
	base--
	var read []Anchor // those that the note was read against
	newer := false
	for _, f := range found {
		switch v := r.versionOf(f); {
		case v > base:
			newer = true
		case v == base:
			read = append(read, f)
		}
	}
	switch {
	case !newer:
	case len(read) == 0 && slices.ContainsFunc(sites, func(s site) bool { return s.version == base }):
		// That it has no place there is an error already.
	case len(read) == 0:
		r.reportBefore(a, b, base, found)
	default:
		r.compare(a, b, base, read, found)
	}
}

// unreadable reports whether a block's "reviewed" is no tag, of which has been complained.
func (r *resolver) unreadable(b *annotation.Block) bool {
	tag, set := b.Written("reviewed")
	return set && (!annotation.TagForm.MatchString(tag) ||
		!r.pins(tag) && slices.ContainsFunc(r.book.Versions, func(v source.Version) bool { return v.Name == tag }))
}

func (r *resolver) versionOf(a Anchor) int { return r.place[a.Slice.Version.Name] - 1 }

// tag returns the tag that the book pins for a version of the index.
func (r *resolver) tag(version int) string {
	for _, v := range r.book.Versions {
		if v.Name == r.versions[version].Name {
			return v.Tag
		}
	}
	return r.versions[version].Tag
}

// change is the first difference that a review found.
type change struct {
	version   int
	platforms []index.Platform
	was, is   Anchor
	on        index.Platform // of the evidence
}

// compare reports the first version with other code around the anchor than the
// reviewed one has.
func (r *resolver) compare(a *annotation.Annotation, b *annotation.Block, base int, read, found []Anchor) {
	var first *change
	differs := scope.Set{}
	windows := map[index.Platform][]string{}
	for _, at := range slices.Backward(read) {
		for _, p := range at.Platforms {
			windows[p] = codes(r.matcher.window(at.Slice, p, at.First, at.Last))
		}
	}
	for i := range found {
		f := &found[i]
		v := r.versionOf(*f)
		if v <= base {
			continue
		}
		for _, p := range f.Platforms {
			got := codes(r.matcher.window(f.Slice, p, f.First, f.Last))
			if r.seen(windows, p, got) {
				continue
			}
			f.Stale = true
			differs[v] = true
			if first == nil || v < first.version {
				first = &change{version: v, is: *f, on: p, was: counterpart(read, p)}
			}
			if v == first.version {
				first.platforms = append(first.platforms, p)
			}
		}
	}
	if first != nil {
		r.reportChange(a, b, base, *first, differs, found)
	}
}

// seen reports whether the code around an anchor is what the note was read against: on
// the same platform or, where that is new, on any.
func (r *resolver) seen(windows map[index.Platform][]string, p index.Platform, got []string) bool {
	if want, ok := windows[p]; ok {
		return slices.Equal(want, got)
	}
	for _, want := range windows {
		if slices.Equal(want, got) {
			return true
		}
	}
	return false
}

// counterpart returns the anchor on a platform, or else the first.
func counterpart(list []Anchor, p index.Platform) Anchor {
	for _, a := range list {
		if slices.Contains(a.Platforms, p) {
			return a
		}
	}
	return list[0]
}

func (r *resolver) reportChange(a *annotation.Annotation, b *annotation.Block, base int, c change, differs scope.Set, found []Anchor) {
	where := r.versions[c.version].Name
	var all []index.Platform
	for _, f := range found {
		if r.versionOf(f) == c.version {
			all = append(all, f.Platforms...)
		}
	}
	if len(c.platforms) < len(all) {
		where += " on " + scope.Join(r.inOrder(c.platforms))
	}
	d := r.list.Warnf(b.Position("reviewed"), "N104", "%q needs review: code within %d lines of the anchor changed in %s (reviewed up to %s)",
		a.ID, windowLines, where, r.versions[base].Name)
	r.relateChange(d, c)
	if len(differs) > 1 {
		d.Relate("it differs in %s", differs.Names(r.versions))
	}
	kept := scope.Set{}
	for _, f := range found {
		if v := r.versionOf(f); v < c.version {
			kept[v] = true
		}
	}
	r.relateReview(d, found, kept)
}

// relateChange shows the lines that differ.
func (r *resolver) relateChange(d *diag.Diagnostic, c change) {
	on := c.on
	if !slices.Contains(c.was.Platforms, on) {
		on = c.was.Platforms[0]
	}
	was := r.matcher.window(c.was.Slice, on, c.was.First, c.was.Last)
	is := r.matcher.window(c.is.Slice, c.on, c.is.First, c.is.Last)
	was, is = differing(was, is)
	d.Related = slices.Concat(d.Related, r.matcher.shown("-", c.was.Slice, was), r.matcher.shown("+", c.is.Slice, is))
}

// differing returns what two windows have between the lines that are equal at their ends.
func differing(was, is []codeLine) (before, after []codeLine) {
	for len(was) > 0 && len(is) > 0 && was[0].code == is[0].code {
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1].code == is[len(is)-1].code {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	return was, is
}

// shown writes lines of a slice as evidence, of many the first few.
func (m *matcher) shown(mark string, s *index.Slice, lines []codeLine) []string {
	var list []string
	for i, l := range lines {
		if i == maxEvidence/2 && len(lines) > i+1 {
			return append(list, fmt.Sprintf("%s … and %d more", mark, len(lines)-i))
		}
		list = append(list, mark+" "+m.evidence(s, l.number))
	}
	return list
}

// relateReview says what to do about a note that needs review; kept are the versions
// that it was read against.
func (r *resolver) relateReview(d *diag.Diagnostic, found []Anchor, kept scope.Set) {
	if ranges := kept.Ranges(r.versions); len(ranges) > 0 {
		d.Relate("read it again; if it is no longer true, end this block with \"go: %s\" and add one for the newer versions", r.closed(kept))
	} else {
		d.Relate("read it against the newest version that it covers")
	}
	newest := 0
	for _, f := range found {
		newest = max(newest, r.versionOf(f))
	}
	d.Relate("fix: reviewed: %s", r.tag(newest))
}

// closed writes the versions from the oldest to the newest of a set as a value of "go:".
func (r *resolver) closed(set scope.Set) string {
	first := set.Newest()
	for v, in := range set {
		if in {
			first = min(first, v)
		}
	}
	from, to := scope.Bare(r.versions[first].Name), scope.Bare(r.versions[set.Newest()].Name)
	if from == to {
		return from
	}
	return from + ".." + to
}

// reportUnpinned reports a block that no version of the book was reviewed for.
func (r *resolver) reportUnpinned(a *annotation.Annotation, b *annotation.Block, found []Anchor) {
	why := fmt.Sprintf("the %s block does not say what it was read against", b.Kind)
	number, ok := scope.Number(b.Reviewed)
	if b.Reviewed != "" {
		why = fmt.Sprintf("the book does not pin %s, against which it was read", b.Reviewed)
		if i := r.pinOf(b.Reviewed); i >= 0 {
			why = fmt.Sprintf("it was read against %s, and %s is %s now", b.Reviewed, r.book.Versions[i].Name, r.book.Versions[i].Tag)
		}
	}
	kept := scope.Set{}
	for i := range found {
		tag, known := scope.Number(r.tag(r.versionOf(found[i])))
		found[i].Stale = !ok || !known || slices.Compare(tag, number) > 0
		if !found[i].Stale {
			kept[r.versionOf(found[i])] = true
		}
	}
	if !slices.ContainsFunc(found, func(f Anchor) bool { return f.Stale }) {
		kept = nil // nothing says that a version changed
	}
	d := r.list.Warnf(b.Position("reviewed"), "N104", "%q needs review: %s", a.ID, why)
	r.relateReview(d, found, kept)
}

// pinOf returns the version of the book that a tag was once pinned for, or -1.
func (r *resolver) pinOf(tag string) int {
	best, length := -1, 0
	for i, v := range r.book.Versions {
		name := scope.Bare(v.Name)
		if strings.HasPrefix(scope.Bare(tag), name+".") && len(name) > length {
			best, length = i, len(name)
		}
	}
	return best
}

// reportBefore reports a block that was reviewed before the first version that it covers.
func (r *resolver) reportBefore(a *annotation.Annotation, b *annotation.Block, base int, found []Anchor) {
	for i := range found {
		found[i].Stale = r.versionOf(found[i]) > base
	}
	if slices.ContainsFunc(found, func(f Anchor) bool { return r.versionOf(f) < base }) {
		// It covers versions on both sides of the reviewed one but not that itself.
		d := r.list.Warnf(b.Position("reviewed"), "N104", "%q needs review: it does not stand in %s, against which it was read", a.ID, r.versions[base].Name)
		r.relateReview(d, found, scope.Set{})
		return
	}
	d := r.list.Warnf(b.Position("reviewed"), "N104", "%q needs review: it was read against %s only, and the first version that it stands in is %s",
		a.ID, r.versions[base].Name, found[0].Slice.Version.Name)
	r.relateReview(d, found, scope.Set{})
}
