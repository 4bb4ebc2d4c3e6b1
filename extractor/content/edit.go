package content

import (
	"go/token"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
)

// edit is the page on which a reader edits a line of the book's own repository, "" if
// it has none. Who comes to it by the web finds the line in the address.
func (b Book) edit(at token.Position) string {
	if b.Repository == "" || at.Filename == "" {
		return ""
	}
	address := b.web("edit", path.Clean(at.Filename))
	if at.Line > 1 {
		address += "#L" + itoa(at.Line)
	}
	return address
}

// web is the address of a path of the repository.
func (b Book) web(verb, file string) string {
	u := url.URL{Path: verb + "/" + b.Branch + "/" + file}
	return strings.TrimSuffix(b.Repository, "/") + "/" + u.EscapedPath()
}

// addNote is the page that begins a file with a new note on a symbol, "" if the book
// has no repository. The note has a file of its own, so that two writers do not meet,
// and lacks only what it is about and its words.
func (e edition) addNote(symbol string, s *index.Slice) string {
	if e.Book.Repository == "" {
		return ""
	}
	file := anchor.ConventionalFile(symbol, s.Path)
	id := e.freeID(symbol)
	q := url.Values{"filename": {strings.TrimSuffix(path.Base(file), ".md") + "." + id + ".md"}, "value": {e.scaffold(symbol, id)}}
	return e.Book.web("new", path.Dir(file)) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// scaffold writes the note, the text in the reader's language first: it is the origin.
func (e edition) scaffold(symbol, id string) string {
	var b strings.Builder
	b.WriteString("---\nsymbol: " + symbol + "\n---\n\n## " + id + "\n\n```anchor\n")
	if e.version.Name != e.urls.newest {
		b.WriteString("go:       " + strings.TrimLeftFunc(e.version.Name, unicode.IsLetter) + "\n")
	}
	b.WriteString("at:       \nreviewed: " + e.version.Tag + "\n```\n")
	languages := append([]string{e.lang}, slices.DeleteFunc(slices.Clone(e.Book.Languages), func(l string) bool { return l == e.lang })...)
	for _, lang := range languages {
		b.WriteString("\n### " + lang + " " + annotation.Placeholder + "\n\n" + annotation.Placeholder + "\n")
	}
	return b.String()
}

// freeID returns the first id of the form note-1 that no note of the symbol has.
func (e edition) freeID(symbol string) string {
	taken := map[string]bool{}
	for _, a := range e.Notes {
		if a.Symbol == symbol {
			taken[a.ID] = true
		}
	}
	for n := 1; ; n++ {
		if id := "note-" + itoa(n); !taken[id] {
			return id
		}
	}
}
