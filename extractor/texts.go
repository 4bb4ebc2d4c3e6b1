package extractor

import (
	"fmt"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/copyedit"
	"beforemain/extractor/picture"
)

// texts returns all prose of the book.
func (w written) texts(root fs.FS, book *Book) []copyedit.Text {
	var texts []copyedit.Text
	for _, a := range w.notes {
		for _, t := range a.Texts {
			title := t.Pos
			title.Column += len(t.Lang) + 1
			texts = append(texts, copyedit.Text{Lang: t.Lang, Line: t.Title, Pos: title}, copyedit.Text{Lang: t.Lang, Prose: t.Prose})
		}
	}
	for _, c := range w.chapters {
		texts = append(texts, copyedit.Text{Lang: c.Lang, Line: c.Title, Pos: c.TitlePos}, copyedit.Text{Lang: c.Lang, Line: c.Lede, Pos: c.LedePos})
		texts = append(texts, proseOf(c.Lang, c.Body)...)
	}
	for _, t := range w.terms {
		for _, line := range lines(t.Name, t.Pos) {
			line.Term = t.ID
			texts = append(texts, line)
		}
		for _, lang := range slices.Sorted(maps.Keys(t.Text)) {
			texts = append(texts, copyedit.Text{Lang: lang, Prose: t.Text[lang], Term: t.ID})
		}
	}
	for _, p := range w.pictures {
		texts = append(texts, pictureTexts(p)...)
	}
	finder := newFinder(root, BookFile)
	for _, m := range book.words() {
		for _, lang := range slices.Sorted(maps.Keys(m)) {
			texts = append(texts, finder.line(lang, m[lang]))
		}
	}
	for _, lang := range book.Languages {
		finder := newFinder(root, wordsFile(book.Theme, lang))
		for _, key := range slices.Sorted(maps.Keys(w.words[lang])) {
			texts = append(texts, finder.line(lang, w.words[lang][key]))
		}
	}
	return texts
}

// texts returns what the edges say.
func (b *Basis) texts() []copyedit.Text {
	var texts []copyedit.Text
	for _, o := range b.edges.Outside {
		texts = append(texts, lines(o.Name, o.Pos)...)
	}
	for _, t := range b.edges.Told {
		texts = append(texts, lines(t.Reason, t.Pos)...)
	}
	return texts
}

// pictureTexts returns the words of a picture in the languages of the book; what all
// languages share is a name.
func pictureTexts(p *picture.Picture) []copyedit.Text {
	texts := append(lines(p.Title, p.Pos), lines(p.Caption, p.Pos)...)
	for _, n := range p.Nodes {
		texts = append(texts, append(lines(n.Label, n.Pos), lines(n.Note, n.Pos)...)...)
	}
	for _, e := range p.Edges {
		texts = append(texts, lines(e.Label, e.Pos)...)
	}
	return texts
}

// words are the values of book.toml that readers see, by language.
func (b *Book) words() []map[string]string {
	all := []map[string]string{b.Title, b.Tagline, b.Authors}
	for _, p := range b.Parts {
		all = append(all, p.Title)
	}
	return all
}

func proseOf(lang string, nodes []annotation.Node) []copyedit.Text {
	var texts []copyedit.Text
	for _, n := range nodes {
		if n.Prose != nil {
			texts = append(texts, copyedit.Text{Lang: lang, Prose: n.Prose})
		}
		if n.Block != nil {
			texts = append(texts, proseOf(lang, n.Block.Body)...)
		}
	}
	return texts
}

// lines are the values of a table by language, all reported where the table begins.
func lines(by map[string]string, pos token.Position) []copyedit.Text {
	var texts []copyedit.Text
	for _, lang := range slices.Sorted(maps.Keys(by)) {
		texts = append(texts, copyedit.Text{Lang: lang, Line: by[lang], Pos: pos, Escaped: true})
	}
	return texts
}

// finder tells where values of a TOML file stand in it.
type finder struct {
	name  string
	lines []string
}

func newFinder(root fs.FS, name string) finder {
	text, _ := fs.ReadFile(root, name) // whoever read it before has reported that it cannot be
	return finder{name, strings.Split(string(text), "\n")}
}

// line is the value as a text, at the first line of the file that has it in quotes.
func (f finder) line(lang, value string) copyedit.Text {
	t := copyedit.Text{Lang: lang, Line: value, Pos: token.Position{Filename: f.name, Line: 1, Column: 1}, Escaped: true}
	quoted := fmt.Sprintf("%q", value)
	for i, line := range f.lines {
		if at := strings.Index(line, quoted); at >= 0 {
			t.Pos.Line, t.Pos.Column, t.Escaped = i+1, at+2, false
			break
		}
	}
	return t
}
