package search

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// level says where in a document a term is, from the least telling place on. The
// numbers are those of the files; rank.js weighs them.
type level int

const (
	once    level = iota // in the text
	twice                // or three times
	often                // four times or more
	inside               // within a word of a symbol's name: resize in procresize
	context              // in the context
	title                // a word of the title
	other                // all of another name
	whole                // all of the name
	levels
)

// Names that are longer than this are not looked up as a whole.
const longest = 24

// termsOf returns the terms of a document with the best place of each.
func termsOf(d Document) map[string]level {
	terms := map[string]level{}
	count := map[string]int{}
	Words(d.Text, func(t string) { count[t]++ })
	for t, n := range count {
		switch {
		case n >= 4:
			terms[t] = often
		case n >= 2:
			terms[t] = twice
		default:
			terms[t] = once
		}
	}
	at := func(l level) func(string) {
		return func(t string) {
			if had, ok := terms[t]; t != "" && (!ok || had < l) {
				terms[t] = l
			}
		}
	}
	Words(d.Context, at(context))
	Words(d.Title, at(title))
	for _, name := range d.Also {
		Words(name, at(title))
		named(name, at(other))
	}
	switch d.Kind {
	case Symbol, Card:
		symbolTerms(d.Title, at)
	case Chapter, Section:
		named(d.Title, at(whole))
		if before, _, ok := cut(d.Title, "：", ": "); ok {
			named(before, at(other))
		}
	case Term:
		named(d.Title, at(whole))
		if before, behind, ok := cut(d.Title, "（", " ("); ok { // the short name behind the long one
			named(before, at(whole))
			named(behind, at(whole))
		}
	}
	return terms
}

func named(name string, f func(string)) {
	if name = Fold(name); utf8.RuneCountInString(name) <= longest {
		f(name)
	}
}

// cut cuts s at the first of the marks that it has.
func cut(s string, marks ...string) (before, behind string, ok bool) {
	for _, m := range marks {
		if before, behind, ok = strings.Cut(s, m); ok {
			return before, behind, ok
		}
	}
	return s, "", false
}

// symbolTerms adds the names that people have for a symbol, with its package and
// without, and what its last word ends in, so that any part of it is found.
func symbolTerms(name string, at func(level) func(string)) {
	at(whole)(Fold(name))
	name = name[strings.LastIndexByte(name, '/')+1:]
	at(whole)(Fold(name))
	if _, own, ok := strings.Cut(name, "."); ok {
		at(whole)(Fold(own))
		name = own
	}
	last := strings.Trim(strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]), "_")
	for i := range last {
		if i > 0 && len(last)-i >= 3 {
			at(inside)(strings.Trim(last[i:], "_"))
		}
	}
}

// termShards cuts the terms, sorted, into files, and says with which each begins. A
// term's documents are one number each: the distance from the one before, times eight,
// plus the level.
func termShards(docs []Document) (shards [][]byte, first []string) {
	lists := map[string][]int{}
	last := map[string]int{}
	for i, d := range docs {
		for t, l := range termsOf(d) {
			lists[t] = append(lists[t], (i-last[t])*int(levels)+int(l))
			last[t] = i
		}
	}
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			shards = append(shards, []byte("{"+b.String()+"}"))
			b.Reset()
		}
	}
	for _, t := range slices.Sorted(maps.Keys(lists)) {
		if b.Len() > termShard {
			flush()
		}
		if b.Len() == 0 {
			first = append(first, t)
		} else {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "%q:[", t) // letters, digits and underscores: Go quotes them as JSON does
		for i, n := range lists[t] {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(']')
	}
	flush()
	return shards, first
}
