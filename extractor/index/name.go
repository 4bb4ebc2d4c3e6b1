package index

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical returns the book's form of a symbol that is written as in assembly
// (runtime·rt0_go) or as in a stack trace (runtime.(*mheap).init).
func Canonical(name string) string {
	name = strings.NewReplacer("\u00B7", ".", "\u2215", "/").Replace(name)
	return strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name)
}

// suggestions is how many names Suggest returns at most.
const suggestions = 3

// Suggest returns the symbols of a version whose names are nearest to name, the
// nearest first: the same name in other letters or another package, or one that few
// edits away.
func (x *Index) Suggest(version, name string) []string {
	type near struct {
		symbol   string
		distance int
	}
	var list []near
	want := strings.ToLower(Canonical(name))
	limit := max(1, len(base(want))/3)
	for _, s := range x.Symbols(version) {
		got := strings.ToLower(s)
		if n := len(base(want)) - len(base(got)); max(n, -n) > limit {
			continue // they are further apart, and distance takes the product of their lengths
		}
		d := distance(base(want), base(got))
		if d > limit {
			continue
		}
		d *= 2
		if prefix(want) != prefix(got) {
			d++
		}
		list = append(list, near{s, d})
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, n := range list[:min(len(list), suggestions)] {
		names = append(names, n.symbol)
	}
	return names
}

// prefix and base split a symbol behind its package or its type.
func prefix(symbol string) string { return symbol[:strings.LastIndexByte(symbol, '.')+1] }
func base(symbol string) string   { return symbol[strings.LastIndexByte(symbol, '.')+1:] }

// distance is the number of bytes to insert, delete or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
