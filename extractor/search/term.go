package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold writes a name as it is looked up as a whole: in lower case, "." for "·", and
// without spaces, signs and the underscores around it. words.js has the same function.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '·':
			return '.'
		case r == '.' || word(r):
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	return strings.Trim(s, "._")
}

// Words calls f for each term of a text: for a run of Han characters every two that
// are neighbours, and the last; for any other word the word in lower case and, of an
// identifier, its parts. A term is at least two characters long, but for that last one.
func Words(s string, f func(term string)) {
	for len(s) > 0 {
		start := strings.IndexFunc(s, word)
		if start < 0 {
			return
		}
		s = s[start:]
		first, _ := utf8.DecodeRuneInString(s)
		end := strings.IndexFunc(s, func(r rune) bool { return !word(r) || han(r) != han(first) })
		if end < 0 {
			end = len(s)
		}
		if han(first) {
			bigrams(s[:end], f)
		} else {
			identifier(s[:end], f)
		}
		s = s[end:]
	}
}

// word says whether a character belongs to a term: those that words.js takes, which are
// letters and digits of ASCII, the letters of Latin-1, and Chinese.
func word(r rune) bool {
	switch {
	case '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '_':
		return true
	}
	return 'À' <= r && r <= 'ÿ' && r != '×' && r != '÷' || han(r)
}

func han(r rune) bool { return '㐀' <= r && r <= '鿿' }

func bigrams(run string, f func(string)) {
	last := 0 // where the character before begins
	for i, r := range run {
		if i > 0 {
			f(run[last : i+utf8.RuneLen(r)])
		}
		last = i
	}
	f(run[last:])
}

func identifier(w string, f func(string)) {
	if w = strings.Trim(w, "_"); w == "" {
		return
	}
	long := func(s string) {
		if utf8.RuneCountInString(s) > 1 {
			f(strings.ToLower(s))
		}
	}
	long(w)
	for _, snake := range strings.Split(w, "_") {
		if snake != w {
			long(snake)
		}
		for _, part := range camel(snake) {
			if part != snake {
				long(part)
			}
		}
	}
}

// camel cuts a word where a capital begins another (procResize, GCPhase), and takes the
// digits at its end off (newproc1).
func camel(w string) []string {
	rs := []rune(strings.TrimRight(w, "0123456789"))
	if len(rs) == 0 {
		return nil
	}
	var list []string
	start := 0
	for i := 1; i < len(rs); i++ {
		if unicode.IsUpper(rs[i]) && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])) {
			list = append(list, string(rs[start:i]))
			start = i
		}
	}
	return append(list, string(rs[start:]))
}
