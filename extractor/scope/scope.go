// Package scope says where something holds: in which versions of a book, and on which
// of its platforms.
package scope

import (
	"slices"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

// Book is what the checks need of a book's configuration.
type Book struct {
	Versions  []source.Version // oldest first
	Platforms []index.Platform // in the book's order, those of single symbols last
	Languages []string
	Chapters  []string // slugs in reading order
	Symbols   []string // the spine: symbols with a page of their own
	Renames   []Rename
}

// Rename is a symbol's change of name that a person confirmed.
type Rename struct {
	From, To string
}

// Split splits a list of platforms. It is never nil, so that a block knows its kind.
func Split(s string) []string {
	list := []string{}
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// Covers reports whether a list that names platforms (OS, ARCH or OS/ARCH) has one; an
// empty list has all of them.
func Covers(on []string, p index.Platform) bool {
	return len(on) == 0 || slices.ContainsFunc(on, p.Matches)
}
