package scope

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Range is a set of versions, as `go:` states it. The zero value holds every version.
type Range struct {
	from, to string // as written; to is "" when the range is open
	low      []int
	high     []int // nil: open
	some     bool  // false: every version
}

// ParseRange reads "1.18", "1.17..1.21" or "1.26+". The numbers may have any
// count of parts and a prefix of letters (v2.3).
func ParseRange(s string) (Range, error) {
	from, to, two := strings.Cut(s, "..")
	open := false
	if !two {
		from, open = strings.CutSuffix(s, "+")
		to = from
	}
	low, ok := Number(from)
	high, ok2 := Number(to)
	if !ok || !ok2 {
		return Range{}, fmt.Errorf("version range %q is not of the form 1.18, 1.17..1.21 or 1.26+", s)
	}
	if slices.Compare(low, high) > 0 {
		return Range{}, fmt.Errorf("version range %q ends before it begins", s)
	}
	if open {
		return Range{from: from, low: low, some: true}, nil
	}
	return Range{from: from, to: to, low: low, high: high, some: true}, nil
}

// Limited reports whether the range was stated, and is not the one of every version.
func (r Range) Limited() bool { return r.some }

// Contains reports whether the version with this name (go1.21) is in the range.
// A name without a number is only in the zero range.
func (r Range) Contains(versionName string) bool {
	if !r.some {
		return true
	}
	n, ok := Number(versionName)
	if !ok || slices.Compare(n, r.low) < 0 {
		return false
	}
	return r.high == nil || slices.Compare(n, r.high) <= 0
}

// String returns the range as it was written, "" for the zero value.
func (r Range) String() string {
	switch {
	case !r.some:
		return ""
	case r.high == nil:
		return r.from + "+"
	case r.from == r.to:
		return r.from
	}
	return r.from + ".." + r.to
}

// ends returns the versions that the range names, as written.
func (r Range) ends() []string {
	switch {
	case !r.some:
		return nil
	case r.high == nil || r.from == r.to:
		return []string{r.from}
	}
	return []string{r.from, r.to}
}

// Number reads the dotted number of a version's name; trailing zeros do
// not count, so that 1.18 and 1.18.0 are one.
func Number(name string) ([]int, bool) {
	var n []int
	for part := range strings.SplitSeq(Bare(name), ".") {
		i, err := strconv.Atoi(part)
		if err != nil || i < 0 || part[0] == '+' || len(part) > 9 {
			return nil, false
		}
		n = append(n, i)
	}
	for len(n) > 1 && n[len(n)-1] == 0 {
		n = n[:len(n)-1]
	}
	return n, true
}

// Bare strips the letters before a version's number.
func Bare(name string) string {
	return strings.TrimLeftFunc(name, func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	})
}
