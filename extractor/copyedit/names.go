package copyedit

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

// names knows what the terms are called in each language.
type names struct {
	terms []annotation.Term
	// byStart holds, by language and first character, what is looked for: names and
	// refused names, the longest first.
	byStart map[string]map[rune][]name
	seen    map[string]bool // ids of terms that some text names
}

// name is a name of a term.
type name struct {
	runes   []rune // in lower case
	id      string
	instead string // of a refused one: the right name; "" for the name itself
}

func newNames(terms []annotation.Term) *names {
	n := &names{terms: terms, byStart: map[string]map[rune][]name{}, seen: map[string]bool{}}
	for _, t := range terms {
		for lang, s := range t.Name {
			for _, part := range nameParts(s) {
				n.add(lang, part, t.ID, "")
			}
		}
		for lang, list := range t.Avoid {
			for _, s := range list {
				n.add(lang, s, t.ID, t.Name[lang])
			}
		}
	}
	for _, starts := range n.byStart {
		for _, list := range starts {
			slices.SortStableFunc(list, func(a, b name) int { return len(b.runes) - len(a.runes) })
		}
	}
	return n
}

// nameParts returns a name as a whole, and of one such as 信号栈（gsignal） the parts.
func nameParts(s string) []string {
	parts := []string{s}
	if i := strings.IndexAny(s, "（("); i > 0 {
		inner := strings.TrimRight(s[i:], "）) ")
		parts = append(parts, strings.TrimSpace(s[:i]), strings.TrimLeft(inner, "（("))
	}
	return parts
}

func (n *names) add(lang, s, id, instead string) {
	runes := lower(s)
	if len(runes) == 0 {
		return
	}
	if n.byStart[lang] == nil {
		n.byStart[lang] = map[rune][]name{}
	}
	n.byStart[lang][runes[0]] = append(n.byStart[lang][runes[0]], name{runes, id, instead})
}

func lower(s string) []rune {
	runes := []rune(strings.TrimSpace(s))
	for i, c := range runes {
		runes[i] = unicode.ToLower(c)
	}
	return runes
}

// check reports two terms of one name, and names that one term has and another refuses.
func (n *names) check(list *diag.List) {
	type key struct{ lang, name string }
	whole, parts := map[key]string{}, map[key]string{} // ids
	for _, t := range n.terms {
		for _, lang := range slices.Sorted(maps.Keys(t.Name)) {
			k := key{lang, string(lower(t.Name[lang]))}
			if had, ok := whole[k]; ok && had != t.ID {
				list.Errorf(t.Pos, "N155", "the terms %q and %q have one name in %s: %q", had, t.ID, lang, t.Name[lang]).
					Relate("fix: give one of them another name, or make one term of the two")
				continue
			}
			whole[k] = t.ID
			for _, part := range nameParts(t.Name[lang]) {
				parts[key{lang, string(lower(part))}] = t.ID
			}
		}
	}
	for _, t := range n.terms {
		for _, lang := range slices.Sorted(maps.Keys(t.Avoid)) {
			for _, s := range t.Avoid[lang] {
				if had, ok := parts[key{lang, string(lower(s))}]; ok {
					list.Errorf(t.Pos, "N155", "the term %q refuses %q, which is the %s name of %q", t.ID, s, lang, had).
						Relate("fix: remove it from avoid")
				}
			}
		}
	}
}

// find notes the names in a run and returns the refused ones. Within the name of a
// term, which may be longer, none is looked for; nor does a term's own explanation count.
func (n *names) find(r *run, term string) []mark {
	var found []mark
	starts := n.byStart[r.lang]
	if starts == nil {
		return nil
	}
	for i := 0; i < len(r.runes); i++ {
		for _, name := range starts[unicode.ToLower(r.runes[i])] {
			end := name.match(r, i)
			if end < 0 {
				continue
			}
			if name.id == term {
				// an explanation may say what else people call it
			} else if name.instead == "" {
				n.seen[name.id] = true
			} else {
				found = append(found, mark{code: "N154", from: i, to: end, what: "the book's name for this is " + name.instead, instead: spaced(r, i, end, name.instead)})
			}
			i = end - 1
			break
		}
	}
	return found
}

// spaced is a text with the spaces that it needs in the place of the characters from i to
// end.
func spaced(r *run, i, end int, text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return text
	}
	if isHan(r.at(i-1)) && isWord(runes[0]) {
		text = " " + text
	}
	if isHan(r.at(end)) && isWord(runes[len(runes)-1]) {
		text += " "
	}
	return text
}

// match returns where a name ends that begins at i, or -1. A word of letters is not
// looked for in the middle of another; in English it may have an s behind it.
func (n name) match(r *run, i int) int {
	if !isHan(n.runes[0]) && letter(r.at(i-1)) {
		return -1
	}
	at := i
	for _, c := range n.runes {
		got := unicode.ToLower(r.at(at))
		if got == lineEnd && isHan(c) {
			at++ // it does not show between Han
			got = unicode.ToLower(r.at(at))
		}
		if got == lineEnd {
			got = ' '
		}
		if got != c {
			return -1
		}
		at++
	}
	if isHan(n.runes[len(n.runes)-1]) {
		return at
	}
	if r.at(at) == 's' && !letter(r.at(at+1)) {
		return at
	}
	if letter(r.at(at)) {
		return -1
	}
	return at
}

// unused reports terms that no text names or links.
func (n *names) unused(list *diag.List) {
	for _, t := range n.terms {
		if !n.seen[t.ID] {
			list.Warnf(t.Pos, "N156", "no text names the term %q or links it", t.ID).
				Relate("fix: link it where a reader meets it first, […](term:%s), or remove it", t.ID)
		}
	}
}
