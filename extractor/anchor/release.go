package anchor

import (
	"fmt"
	"go/token"
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// State is what becomes of a block of a note in a version that the book takes in.
type State string

// Kept blocks stand in the same lines, moved ones in equal lines with other
// numbers. A block to review stands in code that changed. A missing one finds no
// line, or several, and the symbol of one that is gone is not there. A closed one
// has a range that ends, or begins, where the book did.
const (
	Kept    State = "kept"
	Moved   State = "moved"
	Review  State = "review"
	Missing State = "missing"
	Gone    State = "gone"
	Closed  State = "closed"
)

// States lists the states, those that need no work first.
var States = []State{Kept, Moved, Review, Missing, Gone, Closed}

// Item is one block in the work list of a release.
type Item struct {
	State      State
	Annotation *annotation.Annotation
	Block      *annotation.Block
	Pos        token.Position // where a writer has to look
	Message    string
	Was, Is    string   // path:line, "" where it has none
	Related    []string // evidence, and what to do
}

// Release is what the book says with a version and without it.
type Release struct {
	Book     scope.Book // with the version
	Version  source.Version
	Previous source.Version           // its neighbour in the book, or its old pin
	Was      []Anchor                 // without the version; those of Previous and of reviewed tags count
	Notes    []*annotation.Annotation // with the version, as are Is, Index and Problems
	Is       []Anchor
	Index    *index.Index
	Problems diag.List
}

// WorkList returns what becomes of each block that the version concerns, in the
// order of the files and their lines.
func (r Release) WorkList() []Item {
	w := worker{Release: r, was: map[string][]Anchor{}, is: map[string][]Anchor{}, matcher: newMatcher()}
	for _, a := range r.Was {
		w.was[a.Block.Pos.String()] = append(w.was[a.Block.Pos.String()], a)
	}
	for _, a := range r.Is {
		if a.Slice.Version.Name == r.Version.Name {
			w.is[a.Block.Pos.String()] = append(w.is[a.Block.Pos.String()], a)
		}
	}
	var items []Item
	for _, a := range r.Notes {
		for i := range a.Blocks {
			if item, ok := w.item(a, &a.Blocks[i]); ok {
				items = append(items, item)
			}
		}
	}
	return items
}

type worker struct {
	Release
	was, is map[string][]Anchor // by the place of the block
	matcher *matcher
}

func (w *worker) item(a *annotation.Annotation, b *annotation.Block) (Item, bool) {
	item := Item{Annotation: a, Block: b, Pos: b.Position("at")}
	was, is := w.before(b), w.is[b.Pos.String()]
	item.Was, item.Is = placeOf(was), placeOf(is)
	slicesNow := w.Index.Slices(w.Version.Name, a.Symbol)
	switch {
	case !b.Go.Contains(w.Version.Name):
		return w.closed(item, slicesNow)
	case len(slicesNow) == 0 && !w.stood(b):
		return Item{}, false // it was not there before either
	case len(slicesNow) == 0:
		item.State, item.Pos = Gone, a.SymbolPos
		if b.Go.Limited() {
			item.Pos = b.Position("go")
		}
		item.Message = fmt.Sprintf("%s is not in %s%s", a.Symbol, w.Version.Name,
			scope.OtherName(w.Book, w.Index, w.Index.Versions(), a.Symbol, w.versionSet(w.Version.Name)))
		return item, true
	}
	expected := w.platforms(slicesNow, b)
	if len(expected) == 0 && !w.stood(b) {
		return Item{}, false
	}
	if len(expected) == 0 {
		item.State, item.Pos = Gone, b.Position("on")
		item.Message = fmt.Sprintf("%s is on none of its platforms in %s", a.Symbol, w.Version.Name)
		return item, true
	}
	if lacks := w.lacks(expected, is); len(lacks) > 0 && b.Kind != annotation.CommentKind {
		return w.missing(item, lacks, expected), true
	}
	w.compare(&item, was, is)
	return item, true
}

// before returns the anchors that a block had in the version that its note was
// reviewed against, or else in the neighbour.
func (w *worker) before(b *annotation.Block) []Anchor {
	all := w.was[b.Pos.String()]
	in := func(tag string) []Anchor {
		return slices.DeleteFunc(slices.Clone(all), func(a Anchor) bool { return a.Slice.Version.Tag != tag })
	}
	from, err := scope.ParseRange(w.Version.Name + "+")
	if read := in(b.Reviewed); err == nil && len(read) > 0 && !from.Contains(read[0].Slice.Version.Name) {
		return read
	}
	return in(w.Previous.Tag)
}

// stood reports whether a block has a place in the neighbour.
func (w *worker) stood(b *annotation.Block) bool {
	return slices.ContainsFunc(w.was[b.Pos.String()], func(a Anchor) bool { return a.Slice.Version.Tag == w.Previous.Tag })
}

func (w *worker) versionSet(name string) scope.Set {
	set := scope.Set{}
	for i, v := range w.Index.Versions() {
		set[i] = v.Name == name
	}
	return set
}

// platforms returns those of a symbol's variants that a block names.
func (w *worker) platforms(variants []*index.Slice, b *annotation.Block) []index.Platform {
	var list []index.Platform
	for _, s := range variants {
		for _, p := range s.Platforms {
			if scope.Covers(b.On, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

func (w *worker) lacks(expected []index.Platform, is []Anchor) []index.Platform {
	return slices.DeleteFunc(slices.Clone(expected), func(p index.Platform) bool {
		return slices.ContainsFunc(is, func(a Anchor) bool { return slices.Contains(a.Platforms, p) })
	})
}

// missing takes the evidence from the diagnostic of the block.
func (w *worker) missing(item Item, lacks, expected []index.Platform) Item {
	item.State = Missing
	where := w.Version.Name
	if len(lacks) < len(expected) {
		where += " on " + scope.Join(lacks)
	}
	item.Message = fmt.Sprintf("no line of %s has its place in %s", item.Annotation.Symbol, where)
	first, last := item.Block.Lines()
	for _, d := range w.Problems {
		if (d.Code == "N101" || d.Code == "N102" || d.Code == "N103") &&
			d.Pos.Filename == item.Block.Pos.Filename && first <= d.Pos.Line && d.Pos.Line <= last {
			item.Pos, item.Message, item.Related = d.Pos, d.Code+" "+d.Message, d.Related
		}
	}
	return item
}

// compare tells kept, moved and changed code from each other.
func (w *worker) compare(item *Item, was, is []Anchor) {
	b := item.Block
	switch {
	case b.Kind == annotation.CommentKind && len(is) == 0 && len(was) == 0:
		item.State = Kept // hidden here as there
	case b.Kind == annotation.CommentKind && len(is) == 0:
		item.State = Review
		item.Message = fmt.Sprintf("the comment changed: its translation is hidden in %s", w.Version.Name)
	case b.Kind == annotation.CommentKind && len(was) > 0 && !w.sameComment(was[0], is[0]):
		item.State, item.Pos = Review, b.Position("reviewed")
		item.Message = fmt.Sprintf("the comment differs between %s and %s", was[0].Slice.Version.Tag, w.Version.Tag)
	case b.Reviewed == w.Version.Tag:
		item.State = Kept // somebody has read it already
	case len(was) == 0:
		item.State, item.Pos = Review, b.Position("reviewed")
		item.Message = fmt.Sprintf("nobody has read it against %s", w.Version.Name)
	case b.Kind != annotation.CommentKind && !w.sameCode(item, was, is):
		item.State, item.Pos = Review, b.Position("reviewed")
		item.Message = fmt.Sprintf("code within %d lines differs between %s and %s", windowLines, was[0].Slice.Version.Name, w.Version.Name)
		if was[0].Slice.Version.Name == w.Version.Name {
			item.Message = fmt.Sprintf("code within %d lines differs between %s and %s", windowLines, was[0].Slice.Version.Tag, w.Version.Tag)
		}
	case samePlaces(was, is):
		item.State = Kept
	default:
		item.State = Moved
	}
}

func (w *worker) sameComment(a, b Anchor) bool {
	return w.matcher.commentText(a.Slice, a.First, a.Last) == w.matcher.commentText(b.Slice, b.First, b.Last)
}

// sameCode reports whether the lines that a review compares are equal on all
// platforms, and relates the first that are not.
func (w *worker) sameCode(item *Item, was, is []Anchor) bool {
	for _, a := range is {
		for _, p := range a.Platforms {
			old := counterpart(was, p)
			on := p
			if !slices.Contains(old.Platforms, on) {
				on = old.Platforms[0]
			}
			before := w.matcher.window(old.Slice, on, old.First, old.Last)
			after := w.matcher.window(a.Slice, p, a.First, a.Last)
			if slices.Equal(codes(before), codes(after)) {
				continue
			}
			before, after = differing(before, after)
			item.Related = slices.Concat(item.Related, w.matcher.shown("-", old.Slice, before), w.matcher.shown("+", a.Slice, after))
			return false
		}
	}
	return true
}

// samePlaces reports whether anchors stand in lines with the same numbers of the same files.
func samePlaces(was, is []Anchor) bool {
	return slices.EqualFunc(was, is, func(a, b Anchor) bool {
		return a.Slice.Path == b.Slice.Path && a.First == b.First && a.Last == b.Last
	})
}

func placeOf(list []Anchor) string {
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", list[0].Slice.Path, list[0].First)
}

// closed lists a block whose range ends, or begins, at the neighbour.
func (w *worker) closed(item Item, now []*index.Slice) (Item, bool) {
	b := item.Block
	if !b.Go.Contains(w.Previous.Name) || len(now) == 0 || w.Previous.Name == w.Version.Name {
		return Item{}, false
	}
	item.State, item.Pos = Closed, b.Position("go")
	expected := w.platforms(now, b)
	r := resolver{x: w.Index, matcher: w.matcher}
	found := 0
	for _, s := range now {
		for _, p := range s.Platforms {
			if slices.Contains(expected, p) && b.Kind != annotation.CommentKind {
				if _, _, m := r.lines(b, s, p); m == nil {
					found++
				}
			}
		}
	}
	item.Message = fmt.Sprintf("its range %s stops at %s; it has no place in %s", b.Go, w.Previous.Name, w.Version.Name)
	if b.Kind == annotation.CommentKind {
		item.Message = fmt.Sprintf("its range %s stops at %s", b.Go, w.Previous.Name)
	} else if found > 0 && found == len(expected) {
		item.Message = fmt.Sprintf("its range %s stops at %s; it would have a place in %s too", b.Go, w.Previous.Name, w.Version.Name)
	}
	return item, true
}
