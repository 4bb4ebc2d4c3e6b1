package anchor

import (
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
)

// maxBare is how many lines of code a reader of the spine goes without a note or a fold.
// A line with nothing but brackets is none.
const maxBare = 12

// bareStretch is lines of code of one variant on one platform that no note stands on.
type bareStretch struct {
	symbol      string
	first, last int // lines of the file
	size        int // lines of code
	place       miss
	beside      *annotation.Annotation // the note before it, or else behind it; nil if there is none
}

// bare reports the stretches of the spine that are longer than maxBare lines, each once
// for all versions and platforms on which it begins alike. Where a note has no place,
// which is an error, its lines would seem bare: then nothing is said.
func (r *resolver) bare() {
	if r.list.Count(diag.Error) > 0 {
		return
	}
	standing := map[*index.Slice][]Anchor{}
	for _, a := range r.anchors {
		if a.Block.Kind != annotation.CommentKind {
			standing[a.Slice] = append(standing[a.Slice], a)
		}
	}
	for _, symbol := range r.book.Symbols {
		var sites []site
		var found []bareStretch
		for i, v := range r.versions {
			for _, s := range r.x.Slices(v.Name, symbol) {
				sites = append(sites, site{i, s, s.Platforms})
				for _, p := range s.Platforms {
					for _, b := range r.bareOn(s, p, standing[s]) {
						b.symbol, b.place = symbol, miss{version: i, slice: s, platform: p}
						found = append(found, b)
					}
				}
			}
		}
		for len(found) > 0 {
			begins := r.beginning(found[len(found)-1])
			same := func(b bareStretch) bool { return r.beginning(b) == begins }
			group := slices.DeleteFunc(slices.Clone(found), func(b bareStretch) bool { return !same(b) })
			found = slices.DeleteFunc(found, same)
			r.reportBare(group, sites)
		}
	}
}

// bareOn returns the stretches of a variant on one platform.
func (r *resolver) bareOn(s *index.Slice, p index.Platform, notes []Anchor) []bareStretch {
	var found []bareStretch
	var open bareStretch
	var before *annotation.Annotation
	flush := func(next *annotation.Annotation) {
		if open.size > maxBare {
			if open.beside == nil {
				open.beside = next
			}
			found = append(found, open)
		}
		open = bareStretch{}
	}
	lines := r.matcher.lines(s)
	for i := range lines {
		n := s.Start + i
		if !s.Active(p, n) {
			continue
		}
		at := slices.IndexFunc(notes, func(a Anchor) bool {
			return a.First <= n && n <= a.Last && slices.Contains(a.Platforms, p)
		})
		if at >= 0 { // on a comment too: it is about what follows
			before = notes[at].Annotation
			flush(before)
			continue
		}
		if !lines[i].counts() || closing(lines[i].code) {
			continue
		}
		if open.size == 0 {
			open.first, open.beside = n, before
		}
		open.last = n
		open.size++
	}
	flush(before)
	return found
}

// closing reports whether a line of code only closes, or opens, what others said.
func closing(code []string) bool {
	return !slices.ContainsFunc(code, func(token string) bool { return strings.Trim(token, "(){}[],;") != "" })
}

// beginning is the code of the first line of a stretch.
func (r *resolver) beginning(b bareStretch) string {
	return strings.Join(r.matcher.at(b.place.slice, b.first).code, " ")
}

// reportBare reports stretches that begin alike, with the newest as evidence.
func (r *resolver) reportBare(group []bareStretch, sites []site) {
	var places []miss
	size := 0
	for _, b := range group {
		places = append(places, b.place)
		size = max(size, b.size)
	}
	newest := group[len(group)-1]
	s := newest.place.slice
	pos := token.Position{Filename: ConventionalFile(newest.symbol, s.Path), Line: 1, Column: 1}
	if newest.beside != nil {
		pos = newest.beside.Pos
	}
	r.list.Warnf(pos, "N150", "%d lines of %s have no note in %s", size, newest.symbol, r.extent(sites, places).where).
		Relate("from %s", r.matcher.evidence(s, newest.first)).
		Relate("to   %s", r.matcher.evidence(s, newest.last)).
		Relate("fix: add a note with one of these lines as its \"at:\", or fold them with a caption")
}
