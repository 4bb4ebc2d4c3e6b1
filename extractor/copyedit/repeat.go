package copyedit

import (
	"strings"
	"unicode"
)

// once are characters that follow themselves by mistake only. Most others do in some
// word, or where one word ends as the next begins: 次次, 打开开关.
const once = "的了在和与就也都被从而但这那它我你他很并或及让给于着吗呢不没则若即且"

// mayRepeat are English words that may follow themselves.
var mayRepeat = map[string]bool{"had": true, "that": true}

// repeated finds characters and words that stand twice.
func repeated(r *run) []mark {
	var found []mark
	for i := 0; i < len(r.runes); i++ {
		m := mark{}
		if isHan(r.runes[i]) {
			m = repeatedHan(r, i)
		} else if !letter(r.at(i - 1)) {
			m = repeatedWord(r, i)
		}
		if m.code != "" {
			found = append(found, m)
			i = m.to - 1
		}
	}
	return found
}

// repeatedHan looks for a Han character, or two, that stand twice from i on.
func repeatedHan(r *run, i int) mark {
	next := i + 1
	if r.at(next) == lineEnd {
		next++
	}
	a, b := r.at(i), r.at(next)
	if a == b && strings.ContainsRune(once, a) && !(a == '的' && r.at(i-1) == '目') {
		return mark{code: "N153", from: i, to: next + 1, what: "a character stands twice", instead: string(a)}
	}
	if third := next + 1; a != b && !strings.ContainsRune("一不没", a) && !strings.ContainsRune("不没", b) && isHan(b) && r.at(third) == a && r.at(third+1) == b {
		return mark{code: "N153", from: i, to: third + 2, what: "a word stands twice", instead: string([]rune{a, b})}
	}
	return mark{}
}

// repeatedWord looks for a word that begins at i and follows itself.
func repeatedWord(r *run, i int) mark {
	end := i
	for letter(r.at(end)) {
		end++
	}
	second := end
	for r.at(second) == ' ' || r.at(second) == lineEnd {
		second++
	}
	if end == i || second == end {
		return mark{}
	}
	stop := second
	for letter(r.at(stop)) {
		stop++
	}
	word := string(r.runes[i:end])
	if !strings.EqualFold(word, string(r.runes[second:stop])) || mayRepeat[strings.ToLower(word)] || len(word) == 1 && word != "a" {
		return mark{}
	}
	return mark{code: "N153", from: i, to: stop, what: "a word stands twice", instead: word}
}

func letter(c rune) bool {
	return c == '\'' || !isHan(c) && (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_')
}
