package record

import "znkr.io/diff"

// Common returns the longest sequence that is part of each list, in its order, found list
// by list from the first on.
func Common(lists ...[]string) []string {
	if len(lists) == 0 {
		return nil
	}
	common := lists[0]
	for _, list := range lists[1:] {
		common = pair(common, list)
	}
	return common
}

// pair returns a longest common subsequence of two lists. Where two neighbours of a have
// changed places in b, it has the second: hence the diff from b to a.
func pair(a, b []string) []string {
	var common []string
	for _, e := range diff.Edits(b, a, diff.Minimal()) {
		if e.Op == diff.Match {
			common = append(common, e.X)
		}
	}
	return common
}
