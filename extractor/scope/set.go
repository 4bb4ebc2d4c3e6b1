package scope

import (
	"strings"

	"beforemain/extractor/source"
)

// Set is versions by their place in the book's list.
type Set map[int]bool

// Runs returns the stretches of the set that have no gap, as first and last place.
func (s Set) Runs(n int) [][2]int {
	var runs [][2]int
	for i := range n {
		switch {
		case !s[i]:
		case i > 0 && s[i-1]:
			runs[len(runs)-1][1] = i
		default:
			runs = append(runs, [2]int{i, i})
		}
	}
	return runs
}

// Names writes the set for people: "go1.17, go1.25..go1.27".
func (s Set) Names(all []source.Version) string {
	var parts []string
	for _, r := range s.Runs(len(all)) {
		part := all[r[0]].Name
		if r[1] > r[0] {
			part += ".." + all[r[1]].Name
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// Together writes versions for people, those that something is added to alike together:
// "go1.17..go1.20; go1.25 on windows/arm64". added is by the place of the version.
func Together(all []source.Version, added map[int]string) string {
	sets := map[string]Set{}
	var order []string
	for i := range all {
		s, ok := added[i]
		if !ok {
			continue
		}
		if sets[s] == nil {
			sets[s] = Set{}
			order = append(order, s)
		}
		sets[s][i] = true
	}
	for i, s := range order {
		order[i] = sets[s].Names(all) + s
	}
	return strings.Join(order, "; ")
}

// Ranges writes the set as values of `go:`, one for each run: "1.17..1.21", "1.26+".
func (s Set) Ranges(all []source.Version) []string {
	var parts []string
	for _, r := range s.Runs(len(all)) {
		part := Bare(all[r[0]].Name)
		switch {
		case r[1] == len(all)-1:
			part += "+"
		case r[1] > r[0]:
			part += ".." + Bare(all[r[1]].Name)
		}
		parts = append(parts, part)
	}
	return parts
}

// Newest returns the last place of the set, -1 if it is empty.
func (s Set) Newest() int {
	last := -1
	for i, in := range s {
		if in {
			last = max(last, i)
		}
	}
	return last
}

// All returns the set of all versions.
func All(versions []source.Version) Set {
	all := Set{}
	for i := range versions {
		all[i] = true
	}
	return all
}

// Equal reports whether two sets hold the same of the versions that b speaks of.
func Equal(a, b Set) bool {
	for i := range b {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
