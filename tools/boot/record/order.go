package record

import "slices"

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

// pair returns a longest common subsequence of two lists.
func pair(a, b []string) []string {
	// What is equal at both ends needs no search.
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	head := slices.Clone(a[:n])
	a, b = a[n:], b[n:]
	n = 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	tail := a[len(a)-n:]
	a, b = a[:len(a)-n], b[:len(b)-n]
	// longest[i][j] is for a[i:] and b[j:].
	longest := make([][]int, len(a)+1)
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			head = append(head, a[i])
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return append(head, tail...)
}
