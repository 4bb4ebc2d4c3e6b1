package content

import (
	"cmp"
	"slices"
)

// ReadingOrder returns the pages that a book made of one edition has, in the order in
// which it is read from the first to the last: the home page, the chapters, the index of
// symbols, the symbols, the cards. Pages that compare versions, or tell writers what to
// do, are the site's alone.
func ReadingOrder(pages []Page) []Page {
	order := slices.DeleteFunc(slices.Clone(pages), func(p Page) bool { return rank(p) == 0 })
	slices.SortStableFunc(order, func(a, b Page) int { return cmp.Compare(rank(a), rank(b)) })
	return order
}

// rank says where in a book pages of this kind stand; 0 is nowhere.
func rank(p Page) int {
	switch p.Params.(type) {
	case HomeParams:
		return 1
	case ChapterParams:
		return 2
	case IndexParams:
		return 3
	case SymbolParams:
		return 4
	case CardParams:
		return 5
	}
	return 0
}
