// Package annotation reads what people write about the source (notes, chapters
// and the glossary) and finds the one place in each version that it is about.
//
// A note never moves by itself: a fragment of code matches exactly one line in
// every version and platform of its range, or the book does not build.
package annotation

import (
	"errors"
	"go/token"
	"io/fs"
	"path"
	"strings"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

// Book is what the checks need of a book's configuration.
type Book struct {
	Versions  []source.Version // oldest first
	Platforms []index.Platform // in the book's order, those of single symbols last
	Languages []string
	Chapters  []string // slugs in reading order
	Symbols   []string // the spine: symbols with a page of their own
	Renames   []Rename
}

// Rename is a symbol's change of name that a person confirmed.
type Rename struct {
	From, To string
}

// Kind says what a block does with the lines it resolves to.
type Kind string

// An anchored text explains lines, a folded stretch is hidden behind a caption,
// and a comment's text translates a comment of the source.
const (
	AnchorKind  Kind = "anchor"
	FoldKind    Kind = "fold"
	CommentKind Kind = "comment"
)

// Annotation is a note: an id that never changes, blocks that say where it
// stands, and a text for each language.
type Annotation struct {
	Symbol string
	ID     string
	Blocks []Block
	Texts  []Text         // the first is the origin
	Pos    token.Position // of the id

	symbolPos token.Position
	broken    bool // a block could not be read, and has been reported
}

// Block says on which lines, versions and platforms a note stands.
type Block struct {
	Kind     Kind
	Go       Range
	On       []string // OS, ARCH or OS/ARCH; none means all
	At       string   // the fragment that names the first line
	Until    string   // the last line; "" means one line
	After    string   // a line before At
	Reviewed string   // the tag that a person read the note against
	Pos      token.Position

	fields map[string]field
}

// pos returns where the value of a key stands, or the block itself.
func (b *Block) pos(key string) token.Position {
	if f, ok := b.fields[key]; ok {
		return f.pos
	}
	return b.Pos
}

// Text is a note in one language.
type Text struct {
	Lang  string
	Title string
	Of    string // the stamp of a translation: language and hash of its origin
	Prose *Prose // never nil
	Pos   token.Position
}

// Text returns the note in a language, or else in its origin's. It is false for
// a note without any text.
func (a *Annotation) Text(lang string) (Text, bool) {
	for _, t := range a.Texts {
		if t.Lang == lang {
			return t, true
		}
	}
	if len(a.Texts) == 0 {
		return Text{}, false
	}
	return a.Texts[0], true
}

// Read reads every Markdown file below dir. The notes come in the order of the
// files' names, and within a file as written. A folder that is not there holds none.
//
// Where a file borders carries no meaning: texts of a note may stand in a file
// of their own, under the note's id and without a block.
func Read(fsys fs.FS, dir string) ([]*Annotation, diag.List) {
	var list diag.List
	var read []*Annotation
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		notes, problems := parseNotes(name, text)
		read = append(read, notes...)
		list = append(list, problems...)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		list.Errorf(token.Position{Filename: dir, Line: 1, Column: 1}, "N109", "cannot be read: %v", err)
	}
	return join(read, &list), list
}

// join puts the parts of each note together and complains of ids that stand twice.
func join(parts []*Annotation, list *diag.List) []*Annotation {
	type key struct{ symbol, id string }
	first := map[key]*Annotation{}
	for _, a := range parts {
		k := key{a.Symbol, a.ID}
		if had := first[k]; had == nil || len(had.Blocks) == 0 && len(a.Blocks) > 0 {
			first[k] = a
		}
	}
	var notes []*Annotation
	for _, a := range parts {
		main := first[key{a.Symbol, a.ID}]
		switch {
		case main == a:
			notes = append(notes, a)
		case len(a.Blocks) > 0 || len(main.Blocks) == 0 || sharesLanguage(main, a):
			list.Errorf(a.Pos, "N110", "duplicate note id %q of %s (first at %s)", a.ID, a.Symbol, place(main.Pos)).
				Relate("fix: ## %s-2", a.ID)
		default:
			main.Texts = append(main.Texts, a.Texts...)
		}
	}
	for _, a := range notes {
		checkShape(a, list)
	}
	return notes
}

func sharesLanguage(a, b *Annotation) bool {
	for _, t := range b.Texts {
		if got, ok := a.Text(t.Lang); ok && got.Lang == t.Lang {
			return true
		}
	}
	return false
}

// checkShape complains of a note that lacks a part that its kind of block needs.
func checkShape(a *Annotation, list *diag.List) {
	if len(a.Blocks) == 0 && a.broken {
		return
	}
	if len(a.Blocks) == 0 {
		list.Errorf(a.Pos, "N109", "note %q has no anchor, fold or comment block", a.ID)
		return
	}
	if len(a.Texts) == 0 {
		list.Errorf(a.Pos, "N109", "note %q has no text: no section such as \"### en Title\"", a.ID)
		return
	}
	kinds := map[Kind]bool{}
	for _, b := range a.Blocks {
		kinds[b.Kind] = true
	}
	for _, t := range a.Texts {
		empty := strings.TrimSpace(string(t.Prose.Source)) == ""
		switch {
		case t.Title == "" && (kinds[AnchorKind] || kinds[FoldKind]):
			list.Errorf(t.Pos, "N109", "the %s text of %q has no title", t.Lang, a.ID).
				Relate("fix: ### %s <title>", t.Lang)
		case empty && (kinds[AnchorKind] || kinds[CommentKind]):
			list.Errorf(t.Pos, "N109", "the %s section of %q has no text", t.Lang, a.ID)
		case !empty && !kinds[AnchorKind] && !kinds[CommentKind]:
			list.Errorf(t.Prose.Pos, "N109", "a fold shows only its caption: this text of %q would be lost", a.ID).
				Relate("fix: give the text a note of its own, with an anchor block")
		}
	}
}

// place writes a position without its column.
func place(p token.Position) string {
	p.Column = 0
	return p.String()
}
