package copyedit

import (
	"strings"
	"unicode"
)

func isEnglish(lang string) bool { return lang == "en" || strings.HasPrefix(lang, "en-") }

// straight has for each curly quote the one that the book's English is written with.
var straight = map[rune]string{'“': `"`, '”': `"`, '‘': "'", '’': "'"}

// isCJKMark reports whether c is punctuation of Chinese or Japanese.
func isCJKMark(c rune) bool {
	return 0x3001 <= c && c <= 0x3003 || 0x3008 <= c && c <= 0x3011 || 0x3014 <= c && c <= 0x301b ||
		0xff01 <= c && c <= 0xff0f || 0xff1a <= c && c <= 0xff1f
}

// english applies the rules of English typography, as this book has them.
func english(r *run) []mark {
	var found []mark
	for i := 0; i < len(r.runes); i++ {
		c := r.runes[i]
		before, after := r.at(i-1), r.at(i+1)
		var m mark
		switch {
		case straight[c] != "":
			m = mark{code: "N151", from: i, to: i + 1, what: "a curly quote", instead: straight[c]}
		case isCJKMark(c) && !isHan(before) && !isHan(after):
			m = mark{code: "N151", from: i, to: i + 1, what: "a full-width mark in English", repair: "write the English mark"}
		case c == '.' && after == '.' && r.at(i+2) == '.':
			m = mark{code: "N151", from: i, to: runEnd(r, i), what: "dots for an ellipsis", instead: "…"}
		case c == '-' && after == '-' && before != '-' && !isWord(r.at(runEnd(r, i))):
			m = mark{code: "N151", from: i, to: runEnd(r, i), what: "hyphens for a dash", instead: "–"}
		case strings.ContainsRune(",;:?", c) && c == after || c == '.' && after == '.' && !unicode.IsDigit(before):
			m = mark{code: "N151", from: i, to: i + 2, what: "two marks in a row", instead: string(c)}
		case c == ' ' && strings.ContainsRune(",.;:?!)", after) && (r.at(i+2) == ' ' || r.at(i+2) == 0 || r.at(i+2) == lineEnd):
			m = mark{code: "N152", from: i, to: i + 1, what: "a space before a mark"}
		}
		if m.code != "" {
			found = append(found, m)
			i = max(i, m.to-1)
		}
	}
	return found
}
