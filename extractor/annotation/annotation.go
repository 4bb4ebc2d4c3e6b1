// Package annotation reads and writes the form of what people say about the source:
// notes, chapters, the glossary and told edges.
package annotation

import (
	"errors"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"

	"beforemain/extractor/diag"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

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

	SymbolPos token.Position
	Drafts    []Text // placeholders that nobody has written yet
	broken    bool   // a block could not be read, and has been reported
}

// Block says on which lines, versions and platforms a note stands.
type Block struct {
	Kind     Kind
	Go       scope.Range
	On       []string // OS, ARCH or OS/ARCH; none means all
	At       string   // the fragment that names the first line
	Until    string   // the last line; "" means one line
	After    string   // a line before At
	Reviewed string   // the tag that a person read the note against
	Pos      token.Position

	fields map[string]scan.Field
}

// Position returns where the value of a key stands, or the block itself if it lacks the key.
func (b *Block) Position(key string) token.Position {
	if f, ok := b.fields[key]; ok {
		return f.Pos
	}
	return b.Pos
}

// Written returns the value of a key as it stands in the file, and false if the block
// lacks the key.
func (b *Block) Written(key string) (string, bool) {
	f, ok := b.fields[key]
	return f.Value, ok
}

// Text is a note in one language.
type Text struct {
	Lang     string
	Title    string
	Of       string          // the stamp of a translation: language and hash of its origin
	StampPos token.Position  // of the line that holds Of; without a line there is none
	Prose    *markdown.Prose // never nil
	Pos      token.Position  // of the language, in the line of the heading
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

// HasText reports whether somebody has written the note in a language.
func (a *Annotation) HasText(lang string) bool {
	t, ok := a.Text(lang)
	return ok && t.Lang == lang && !t.Placeholder()
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
		text, problems, ok := scan.ReadFile(fsys, name)
		if ok {
			var notes []*Annotation
			notes, problems = Parse(name, text)
			read = append(read, notes...)
		}
		list = append(list, problems...)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		list.Errorf(token.Position{Filename: dir, Line: 1, Column: 1}, "N109", "cannot be read: %v", err).
			Relate("fix: make it a folder that everybody may read")
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
			list.Errorf(a.Pos, "N110", "duplicate note id %q of %s (first at %s)", a.ID, a.Symbol, scan.Place(main.Pos)).
				Relate("fix: ## %s-2", a.ID)
		default:
			main.Texts = append(main.Texts, a.Texts...)
		}
	}
	dropPlaceholders(notes)
	for _, a := range notes {
		CheckShape(a, list)
		checkStamps(a, list)
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

// CheckShape complains of a note that lacks a part that its kind of block needs.
func CheckShape(a *Annotation, list *diag.List) {
	if len(a.Blocks) == 0 && a.broken {
		return
	}
	if len(a.Blocks) == 0 {
		list.Errorf(a.Pos, "N109", "note %q has no anchor, fold or comment block", a.ID).
			Relate("fix: add below the id: ```anchor, at: <a piece of one line>, reviewed: <a tag>, ```")
		return
	}
	if len(a.Texts) == 0 {
		list.Errorf(a.Pos, "N109", "note %q has no text: no section such as \"### en Title\"", a.ID).
			Relate("fix: ### <language> <title>")
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
			list.Errorf(t.Pos, "N109", "the %s section of %q has no text", t.Lang, a.ID).
				Relate("fix: write the text below this line, or remove it")
		case !empty && !kinds[AnchorKind] && !kinds[CommentKind]:
			list.Errorf(t.Prose.Pos, "N109", "a fold shows only its caption: this text of %q would be lost", a.ID).
				Relate("fix: give the text a note of its own, with an anchor block")
		}
	}
}

// Lines returns the first and last line of the file that a block stands in,
// without its closing fence.
func (b *Block) Lines() (first, last int) {
	last = b.Pos.Line
	for _, f := range b.fields {
		last = max(last, f.Key.Line)
	}
	return b.Pos.Line, last
}

// Translates reports whether the note is only a translation of a comment of the source.
func (a *Annotation) Translates() bool {
	return !slices.ContainsFunc(a.Blocks, func(b Block) bool { return b.Kind != CommentKind })
}

// Translations returns the texts of a note that are translations of its first. A
// note that is all comment blocks has none: each of its texts translates the source.
func (a *Annotation) Translations() []Text {
	if len(a.Texts) < 2 || a.Translates() {
		return nil
	}
	return a.Texts[1:]
}

// Placeholder is what a scaffold has where its author's title and text go. A text
// that is nothing else counts as missing.
const Placeholder = "…"

// Placeholder reports whether a text is still as `book new` wrote it.
func (t Text) Placeholder() bool {
	return t.Title == Placeholder && strings.TrimSpace(string(t.Prose.Source)) == Placeholder
}

// dropPlaceholders leaves out texts that nobody has written yet, as long as another
// text can stand in.
func dropPlaceholders(notes []*Annotation) {
	for _, a := range notes {
		var written []Text
		for _, t := range a.Texts {
			if t.Placeholder() {
				a.Drafts = append(a.Drafts, t)
			} else {
				written = append(written, t)
			}
		}
		if len(written) > 0 {
			a.Texts = written
		} else {
			a.Texts = a.Texts[:min(len(a.Texts), 1)]
		}
	}
}
