package scan

import "fmt"

// DidYouMean proposes the candidate that a word was probably meant to be.
func DidYouMean(word string, candidates []string) string {
	if near, ok := Nearest(word, candidates); ok {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// NearestOr returns the nearest candidate, or another word if none is near.
func NearestOr(word string, candidates []string, other string) string {
	if near, ok := Nearest(word, candidates); ok {
		return near
	}
	return other
}

// Nearest returns the candidate that is most like a word, if one is like it at all.
func Nearest(word string, candidates []string) (string, bool) {
	best, at := 0.0, ""
	if len(word) > maxName {
		return "", false // no name is as long, and the comparison takes time in both
	}
	for _, c := range candidates {
		if len(c) > maxName {
			continue
		}
		if s := Alike(word, c); s > best {
			best, at = s, c
		}
	}
	return at, best >= 0.6
}

// Alike says how much two strings have in common: twice the length of their
// longest common subsequence over the sum of their lengths, 1 if they are equal.
func Alike(a, b string) float64 {
	if a == b {
		return 1
	}
	return 2 * float64(Common([]byte(a), []byte(b))) / float64(len(a)+len(b))
}

// Common returns the length of the longest common subsequence.
func Common[E comparable](a, b []E) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
