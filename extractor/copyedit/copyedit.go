// Package copyedit reads the book's prose as a copy editor does: punctuation and
// spaces, words that stand twice, and the names that the glossary gives and refuses.
//
// What it calls text is what Markdown makes of a page: no code, no address of a link.
package copyedit

import (
	"go/token"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/markdown"
)

// Text is prose in one language: Markdown, or one line such as a title.
type Text struct {
	Lang  string
	Prose *markdown.Prose // nil for a line
	Line  string          // in which back-quotes enclose code
	Pos   token.Position  // of the line
	Term  string          // the id of the term that it explains, if it is from the glossary
	// Escaped says that the file does not hold the line as it is: then everything
	// is reported where it begins.
	Escaped bool
}

// Check reports what a copy editor would mark in texts, and what is wrong with the
// names of the terms themselves.
func Check(texts []Text, terms []annotation.Term) diag.List {
	var list diag.List
	names := newNames(terms)
	names.check(&list)
	for _, t := range texts {
		for _, r := range runsOf(t) {
			for _, m := range marks(r, names, t.Term) {
				m.report(r, &list)
			}
		}
		if t.Prose != nil {
			links(t, names, &list)
		}
	}
	names.unused(&list)
	return list
}

// marks returns what is wrong in a run, which may be from the explanation of a term.
func marks(r *run, names *names, term string) []mark {
	var found []mark
	switch {
	case isChinese(r.lang):
		found = chinese(r)
	case isEnglish(r.lang):
		found = english(r)
	}
	found = append(found, repeated(r)...)
	return append(found, names.find(r, term)...)
}

// mark is a place of a run where something else should stand.
type mark struct {
	code     string
	from, to int // of the characters; the same for something that is missing between two
	what     string
	instead  string
	repair   string // what to do where no other text can be proposed
}

// context is how many characters on either side a proposal shows.
const context = 8

func (m mark) report(r *run, list *diag.List) {
	d := list.Warnf(r.place(m.offset(r)), m.code, "%s: %q", m.what, r.excerpt(m, string(r.source[m.offset(r):m.end(r)])))
	if m.repair != "" {
		d.Relate("fix: %s", m.repair)
		return
	}
	d.Relate("fix: %s", r.excerpt(m, m.instead))
}

// offset is where the text to change begins in the source.
func (m mark) offset(r *run) int {
	if m.from == m.to && m.from > 0 {
		return r.end[m.from-1]
	}
	return r.start[m.from]
}

// end is where it ends.
func (m mark) end(r *run) int {
	if m.from == m.to {
		return m.offset(r)
	}
	return r.end[m.to-1]
}

// excerpt is the source around a mark, with another text in its place.
func (r *run) excerpt(m mark, instead string) string {
	first, last := max(m.from-context, 0), min(m.to+context, len(r.runes))
	s := string(r.source[r.start[first]:m.offset(r)]) + instead + string(r.source[m.end(r):r.end[last-1]])
	return strings.Join(strings.Fields(s), " ")
}

// links notes the terms that are linked, and reports pictures without a text for those
// who do not see them.
func links(t Text, names *names, list *diag.List) {
	for _, l := range t.Prose.Links() {
		switch {
		case l.Scheme == "term" && l.Target != t.Term:
			names.seen[l.Target] = true
		case l.Image && l.Text == "":
			list.Errorf(l.Pos, "N157", "the picture %s has no text for those who cannot see it", l.Target).
				Relate("fix: ![what it shows](%s)", l.Target)
		}
	}
}
