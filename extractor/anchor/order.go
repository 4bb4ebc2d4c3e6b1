package anchor

import (
	"maps"
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/scope"
)

// ByPlace returns the ids of notes, all of one symbol, in the order of the lines
// that they resolve to, in the newest version that has them; notes on one line by
// id. Notes on a platform stand behind those of the platforms before it in the
// book. A note that older versions alone have stands behind the note that it
// follows there. A note without any place is left out.
func ByPlace(book scope.Book, notes []*annotation.Annotation, anchors []Anchor) []string {
	ids := map[string]bool{}
	for _, a := range notes {
		ids[a.ID] = true
	}
	places := make([]map[string]notePlace, len(book.Versions))
	for i, v := range book.Versions {
		places[i] = map[string]notePlace{}
		for _, a := range anchors {
			if a.Slice.Version.Name != v.Name || a.Annotation.Symbol != notes[0].Symbol || !ids[a.Annotation.ID] {
				continue
			}
			at := notePlace{slices.Index(book.Platforms, firstPlatform(book, a.Platforms)), a.First}
			if had, ok := places[i][a.Annotation.ID]; !ok || at.before(had) {
				places[i][a.Annotation.ID] = at
			}
		}
	}
	var order []string
	for i := len(places) - 1; i >= 0; i-- {
		order = insertOlder(order, places[i])
	}
	return order
}

// notePlace is where a note stands in one version.
type notePlace struct{ platform, line int }

func (a notePlace) before(b notePlace) bool {
	return a.platform < b.platform || a.platform == b.platform && a.line < b.line
}

func firstPlatform(book scope.Book, list []index.Platform) index.Platform {
	for _, p := range book.Platforms {
		if slices.Contains(list, p) {
			return p
		}
	}
	return index.Platform{}
}

// insertOlder adds the notes of an older version that are not in order yet, each
// behind the last note that stands before it in that version.
func insertOlder(order []string, places map[string]notePlace) []string {
	ids := slices.Sorted(maps.Keys(places))
	slices.SortStableFunc(ids, func(a, b string) int {
		switch {
		case places[a].before(places[b]):
			return -1
		case places[b].before(places[a]):
			return 1
		}
		return 0
	})
	old := slices.Clone(order)
	for i, id := range ids {
		if slices.Contains(old, id) {
			continue
		}
		at := 0
		for _, before := range ids[:i] {
			at = max(at, slices.Index(order, before)+1)
		}
		order = slices.Insert(order, at, id)
	}
	return order
}
