// Package render turns text and ordered layers of spans into the HTML of the book.
package render

import (
	"strconv"
	"strings"
)

// Words are the visible words of a language by the keys of the theme's i18n files,
// for the few that stand inside HTML made here. A word that is missing is left out.
type Words map[string]string

// with returns a word with the value in the place that it keeps for it.
func (w Words) with(key, name, value string) string {
	return strings.ReplaceAll(w[key], "{{ ."+name+" }}", value)
}

// IDs hands out the ids of one page. The zero value is ready; it is not safe for
// use by several goroutines.
type IDs struct {
	next  map[string]int
	taken map[string]bool
}

// Claim takes an id. If it was taken before, Claim takes the first free one of
// id-2, id-3 and so on, and reports false.
func (s *IDs) Claim(id string) (string, bool) {
	if s.taken == nil {
		s.taken, s.next = map[string]bool{}, map[string]int{}
	}
	if !s.taken[id] {
		s.taken[id] = true
		return id, true
	}
	for n := max(s.next[id], 2); ; n++ {
		other := id + "-" + strconv.Itoa(n)
		if !s.taken[other] {
			s.taken[other], s.next[id] = true, n+1
			return other, false
		}
	}
}

// Has reports whether an id is taken.
func (s *IDs) Has(id string) bool { return s.taken[id] }

// LangTag returns the value of the lang attribute for a language of the book.
func LangTag(code string) string {
	if code == "zh" {
		return "zh-CN" // the book is in simplified characters
	}
	return code
}
