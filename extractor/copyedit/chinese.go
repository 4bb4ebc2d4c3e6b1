package copyedit

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

func isChinese(lang string) bool { return lang == "zh" || strings.HasPrefix(lang, "zh-") }

func isHan(c rune) bool { return c >= 0x2e80 && unicode.Is(unicode.Han, c) }

// isWord reports whether a character is one that a space parts from Han.
func isWord(c rune) bool {
	return c == code || !isHan(c) && c != 0 && (unicode.IsLetter(c) || unicode.IsDigit(c)) && !isWide(c)
}

// stops are the full-width marks of which no two follow one another.
const stops = "，。：；？！、"

// isStop reports whether c is one of them.
func isStop(c rune) bool { return c > 0x3000 && strings.ContainsRune(stops, c) }

// isMark reports whether c is full-width punctuation, which brings its own space.
func isMark(c rune) bool {
	return c > 0x3000 && (isStop(c) || strings.ContainsRune("（）「」『』《》〈〉", c))
}

// isWide reports whether c is a full-width form of a letter or a digit.
func isWide(c rune) bool {
	return '０' <= c && c <= '９' || 'Ａ' <= c && c <= 'Ｚ' || 'ａ' <= c && c <= 'ｚ'
}

// wide has the full-width mark for each half-width one.
var wide = map[rune]string{',': "，", '.': "。", ':': "：", ';': "；", '?': "？", '!': "！", '(': "（", ')': "）", '—': "——", '…': "……"}

// chinese applies the rules of Chinese typography. Text without a Han character is
// none: a table's cell with a name or a number.
func chinese(r *run) []mark {
	if !r.han {
		return nil
	}
	var found []mark
	opened := map[rune]int{} // straight quotes
	for i := 0; i < len(r.runes); i++ {
		c := r.runes[i]
		before, after := r.at(i-1), r.at(i+1)
		var m mark
		switch {
		case isHan(before) && isWord(c) || isWord(before) && isHan(c):
			found = append(found, mark{code: "N152", from: i, to: i, what: "no space between Chinese and other writing", instead: " "})
		case isStop(before) && isStop(c) && !(before == '？' && c == '！' || before == '！' && c == '？'):
			found = append(found, mark{code: "N151", from: i - 1, to: i + 1, what: "two marks in a row", instead: string(before)})
		}
		switch c {
		case ' ':
			m = space(r, i)
		case '\u3000':
			m = mark{code: "N152", from: i, to: i + 1, what: "a full-width space", instead: ""}
		case ',', ':', ';', '?', '!':
			m = stop(r, i)
		case '.':
			m = dots(r, i)
		case '(':
			found = append(found, brackets(r, i)...)
		case '"', '\'', '“', '”', '‘', '’':
			m = quote(r, i, opened)
		case '-':
			if after == '-' && before != '-' && !isWord(r.at(runEnd(r, i))) {
				m = mark{code: "N151", from: i, to: runEnd(r, i), what: "hyphens for a dash", instead: "——"}
			}
		case '—', '…':
			if after == c || before == c {
				break
			}
			if what := map[rune]string{'—': "half a dash", '…': "half an ellipsis"}; isHan(before) || isHan(after) || isMark(before) || isMark(after) {
				m = mark{code: "N151", from: i, to: i + 1, what: what[c], instead: wide[c]}
			}
		default:
			if isWide(c) {
				m = mark{code: "N151", from: i, to: i + 1, what: "a full-width letter or digit", instead: string(c - 'Ａ' + 'A')}
			}
		}
		if m.code != "" {
			found = append(found, m)
			i = max(i, m.to-1)
		}
	}
	return found
}

// runEnd returns where the characters that equal the one at i end.
func runEnd(r *run, i int) int {
	end := i
	for r.at(end) == r.at(i) {
		end++
	}
	return end
}

// space looks at the spaces that begin at i.
func space(r *run, i int) mark {
	end := runEnd(r, i)
	before, after := r.at(i-1), r.at(end)
	switch {
	case before == 0 || after == 0 || before == lineEnd || after == lineEnd:
	case isHan(before) && isHan(after):
		return mark{code: "N152", from: i, to: end, what: "a space within Chinese"}
	case isStop(before) && r.emphasisEnds(i-1):
		// Markdown does not end an emphasis between a mark and a letter.
		_, size := utf8.DecodeRune(r.source[r.start[i-1]:])
		closing := string(r.source[r.start[i-1]+size : r.end[i-1]])
		return mark{code: "N152", from: i - 1, to: end, what: "a space beside a full-width mark", instead: closing + string(before)}
	case isMark(before) && !r.emphasisEnds(i-1), isMark(after) && !r.emphasisBegins(end) && before != '.':
		return mark{code: "N152", from: i, to: end, what: "a space beside a full-width mark"}
	}
	return mark{}
}

// emphasisEnds reports whether the marks of an emphasis stand behind a character.
func (r *run) emphasisEnds(i int) bool {
	return r.at(i) != '*' && bytes.IndexByte([]byte("*_"), r.source[r.end[i]-1]) >= 0
}

// emphasisBegins reports whether they stand before it.
func (r *run) emphasisBegins(i int) bool {
	return r.at(i) != '*' && bytes.IndexByte([]byte("*_"), r.source[r.start[i]]) >= 0
}

// stop looks at a half-width mark: beside Han it should be a full-width one.
func stop(r *run, i int) mark {
	before, after := r.at(i-1), r.at(i+1)
	next := r.past(i+1, 1)
	if !isHan(before) && !isMark(before) && !(isHan(next) && after != lineEnd) {
		return mark{}
	}
	if before == 0 || isWord(after) && !isHan(before) && !isMark(before) {
		return mark{}
	}
	return halfWidth(r, i)
}

// halfWidth marks the mark at i with the spaces behind it.
func halfWidth(r *run, i int) mark {
	end := i + 1
	for r.at(end) == ' ' {
		end++
	}
	return mark{code: "N151", from: i, to: end, what: "a half-width mark in Chinese", instead: wide[r.at(i)]}
}

// dots looks at the full stops that begin at i: one is a half-width mark, three are an
// ellipsis, and two stand in a range of versions.
func dots(r *run, i int) mark {
	end := runEnd(r, i)
	before, after := r.at(i-1), r.at(end)
	switch {
	case end-i >= 3:
		return mark{code: "N151", from: i, to: end, what: "dots for an ellipsis", instead: "……"}
	case end-i == 1 && (isHan(before) || isMark(before) || before == code) && !isWord(after), end-i == 1 && isWord(before) && after == 0:
		return halfWidth(r, i)
	}
	return mark{}
}

// brackets looks at a pair of half-width brackets: beside Han, and around it, they
// should be full-width. Those of a call, which follow a name, stay.
func brackets(r *run, i int) []mark {
	end, depth := i, 0
	han := false
	for ; end < len(r.runes); end++ {
		han = han || isHan(r.runes[end])
		if r.runes[end] == '(' {
			depth++
		} else if r.runes[end] == ')' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	call := isWord(r.at(i - 1))
	if end == len(r.runes) || !han && (call || !isHan(r.past(i-1, -1)) && !isHan(r.past(end+1, 1))) {
		return nil
	}
	from, to := i, end+1
	for r.at(from-1) == ' ' {
		from--
	}
	for r.at(to) == ' ' {
		to++
	}
	return []mark{
		{code: "N151", from: from, to: i + 1, what: "a half-width bracket in Chinese", instead: "（"},
		{code: "N151", from: end, to: to, what: "a half-width bracket in Chinese", instead: "）"},
	}
}

// quote looks at a straight or curly quote. An apostrophe stays.
func quote(r *run, i int, opened map[rune]int) mark {
	c := r.at(i)
	if (c == '\'' || c == '’') && isWord(r.at(i-1)) && isWord(r.at(i+1)) {
		return mark{}
	}
	corner := "「"
	switch {
	case c == '”' || c == '’':
		corner = "」"
	case c == '"' || c == '\'':
		if opened[c]++; opened[c]%2 == 0 {
			corner = "」"
		}
	}
	return mark{code: "N151", from: i, to: i + 1, what: "a quote in Chinese that is no 「」", instead: corner}
}
