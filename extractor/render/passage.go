package render

import (
	"cmp"
	"slices"
)

// lines are lines of a file, both ends meant. None if last is before first.
type lines struct{ first, last int }

func (l lines) contains(n int) bool { return l.first <= n && n <= l.last }

// group is the notes that begin on one line, and the lines they are about.
type group struct {
	lines
	notes []Note
}

// groupNotes gathers notes by their first lines, in order.
func groupNotes(notes []Note) []group {
	slices.SortStableFunc(notes, func(a, b Note) int { return cmp.Compare(a.First, b.First) })
	var groups []group
	for _, n := range notes {
		last := len(groups) - 1
		if last < 0 || groups[last].first != n.First {
			groups = append(groups, group{lines{n.First, n.Last}, []Note{n}})
			continue
		}
		g := &groups[last]
		g.last = max(g.last, n.Last)
		g.notes = append(g.notes, n)
	}
	return groups
}

// folded is a fold with the folds that lie in it.
type folded struct {
	Fold
	inner []folded
}

// nest orders folds into trees. Of two that cross, or cover the same lines, the
// later is left out.
func nest(folds []Fold) []folded {
	slices.SortStableFunc(folds, func(a, b Fold) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last))
	})
	var trees []folded
	for len(folds) > 0 {
		outer := folded{Fold: folds[0]}
		folds = folds[1:]
		var inside []Fold
		for len(folds) > 0 && folds[0].First <= outer.Last {
			f := folds[0]
			folds = folds[1:]
			if f.Last <= outer.Last && (f.First != outer.First || f.Last != outer.Last) {
				inside = append(inside, f)
			}
		}
		outer.inner = nest(inside)
		trees = append(trees, outer)
	}
	return trees
}

// holds reports whether a note begins in the fold. One that begins with it and is
// about all of it stands outside, where it is seen.
func (f *folded) holds(g group) bool {
	return f.First < g.first && g.first <= f.Last || f.First == g.first && g.last < f.Last
}

// region writes lines as passages: from one note's first line to the next's. A fold
// that holds notes stands between the passages, with passages in it; any other stands
// in its passage.
func (w *listingWriter) region(first, last int, folds []folded, groups []group) {
	for first <= last {
		f := slices.IndexFunc(folds, func(f folded) bool { return first <= f.First && slices.ContainsFunc(groups, f.holds) })
		end := last
		if f >= 0 {
			end = folds[f].First - 1
		}
		n := 0
		for n < len(groups) && groups[n].first <= end {
			n++
		}
		w.passages(first, end, folds, groups[:n])
		groups, first = groups[n:], end+1
		if f < 0 {
			return
		}
		hidden := &folds[f]
		n = 0
		for n < len(groups) && groups[n].first <= hidden.Last {
			n++
		}
		w.openFold(hidden.Fold)
		w.region(hidden.First, hidden.Last, hidden.inner, groups[:n])
		w.b.WriteString(`</details>`)
		groups, folds, first = groups[n:], folds[f+1:], hidden.Last+1
	}
}

// passages writes lines on which the groups begin and no fold holds any.
func (w *listingWriter) passages(first, last int, folds []folded, groups []group) {
	end := last
	if len(groups) > 0 {
		end = groups[0].first - 1
	}
	if first <= end {
		w.b.WriteString(`<div class="passage">`)
		w.code(first, end, folds, lines{0, -1})
		w.b.WriteString(`</div>`)
	}
	for i, g := range groups {
		end := last
		if i+1 < len(groups) {
			end = groups[i+1].first - 1
		}
		own := min(g.last, end)
		for _, f := range folds {
			if f.First <= own && own < f.Last {
				own = min(f.Last, end) // a note does not stand inside of a fold that begins before it
			}
		}
		on := g.lines
		w.b.WriteString(`<div class="passage noted">`)
		w.code(g.first, own, folds, on)
		w.notes(g.notes)
		w.code(own+1, end, folds, on)
		w.b.WriteString(`</div>`)
	}
}

// code writes lines, with the folds that begin on them.
func (w *listingWriter) code(first, last int, folds []folded, on lines) {
	for _, f := range folds {
		if first <= f.First && f.First <= last {
			w.pre(first, f.First-1, on)
			w.openFold(f.Fold)
			w.code(f.First, f.Last, f.inner, on)
			w.b.WriteString(`</details>`)
			first = f.Last + 1
		}
	}
	w.pre(first, last, on)
}
