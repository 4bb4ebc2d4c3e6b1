// Package annotation reads what people write about the source (notes, chapters
// and the glossary) and finds the one place in each version that it is about.
//
// A note never moves by itself: a fragment of code matches exactly one line in
// every version and platform of its range, or the book does not build.
package annotation

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
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
	drafts    []Text // placeholders that nobody has written yet
	broken    bool   // a block could not be read, and has been reported
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

// Position returns where the value of a key stands, or the block itself if it lacks the key.
func (b *Block) Position(key string) token.Position {
	if f, ok := b.fields[key]; ok {
		return f.pos
	}
	return b.Pos
}

// Text is a note in one language.
type Text struct {
	Lang     string
	Title    string
	Of       string         // the stamp of a translation: language and hash of its origin
	StampPos token.Position // of the line that holds Of; without a line there is none
	Prose    *Prose         // never nil
	Pos      token.Position // of the language, in the line of the heading
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
		text, problems, ok := readText(fsys, name)
		if ok {
			var notes []*Annotation
			notes, problems = parseNotes(name, text)
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
			list.Errorf(a.Pos, "N110", "duplicate note id %q of %s (first at %s)", a.ID, a.Symbol, place(main.Pos)).
				Relate("fix: ## %s-2", a.ID)
		default:
			main.Texts = append(main.Texts, a.Texts...)
		}
	}
	dropPlaceholders(notes)
	for _, a := range notes {
		checkShape(a, list)
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

// checkShape complains of a note that lacks a part that its kind of block needs.
func checkShape(a *Annotation, list *diag.List) {
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

// place writes a position without its column.
func place(p token.Position) string {
	p.Column = 0
	return p.String()
}

// Range is a set of versions, as `go:` states it. The zero value holds every version.
type Range struct {
	from, to string // as written; to is "" when the range is open
	low      []int
	high     []int // nil: open
	some     bool  // false: every version
}

// ParseRange reads "1.18", "1.17..1.21" or "1.26+". The numbers may have any
// count of parts and a prefix of letters (v2.3).
func ParseRange(s string) (Range, error) {
	from, to, two := strings.Cut(s, "..")
	open := false
	if !two {
		from, open = strings.CutSuffix(s, "+")
		to = from
	}
	low, ok := versionNumber(from)
	high, ok2 := versionNumber(to)
	if !ok || !ok2 {
		return Range{}, fmt.Errorf("version range %q is not of the form 1.18, 1.17..1.21 or 1.26+", s)
	}
	if slices.Compare(low, high) > 0 {
		return Range{}, fmt.Errorf("version range %q ends before it begins", s)
	}
	if open {
		return Range{from: from, low: low, some: true}, nil
	}
	return Range{from: from, to: to, low: low, high: high, some: true}, nil
}

// Contains reports whether the version with this name (go1.21) is in the range.
// A name without a number is only in the zero range.
func (r Range) Contains(versionName string) bool {
	if !r.some {
		return true
	}
	n, ok := versionNumber(versionName)
	if !ok || slices.Compare(n, r.low) < 0 {
		return false
	}
	return r.high == nil || slices.Compare(n, r.high) <= 0
}

// String returns the range as it was written, "" for the zero value.
func (r Range) String() string {
	switch {
	case !r.some:
		return ""
	case r.high == nil:
		return r.from + "+"
	case r.from == r.to:
		return r.from
	}
	return r.from + ".." + r.to
}

// ends returns the versions that the range names, as written.
func (r Range) ends() []string {
	switch {
	case !r.some:
		return nil
	case r.high == nil || r.from == r.to:
		return []string{r.from}
	}
	return []string{r.from, r.to}
}

// versionNumber reads the dotted number of a version's name; trailing zeros do
// not count, so that 1.18 and 1.18.0 are one.
func versionNumber(name string) ([]int, bool) {
	var n []int
	for part := range strings.SplitSeq(bareVersion(name), ".") {
		i, err := strconv.Atoi(part)
		if err != nil || i < 0 || part[0] == '+' || len(part) > 9 {
			return nil, false
		}
		n = append(n, i)
	}
	for len(n) > 1 && n[len(n)-1] == 0 {
		n = n[:len(n)-1]
	}
	return n, true
}

// bareVersion strips the letters before a version's number.
func bareVersion(name string) string {
	return strings.TrimLeftFunc(name, func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	})
}

// versionSet is versions by their place in the book's list.
type versionSet map[int]bool

// runs returns the stretches of the set that have no gap, as first and last place.
func (s versionSet) runs(n int) [][2]int {
	var runs [][2]int
	for i := range n {
		switch {
		case !s[i]:
		case i > 0 && s[i-1]:
			runs[len(runs)-1][1] = i
		default:
			runs = append(runs, [2]int{i, i})
		}
	}
	return runs
}

// names writes the set for people: "go1.17, go1.25..go1.27".
func (s versionSet) names(all []source.Version) string {
	var parts []string
	for _, r := range s.runs(len(all)) {
		part := all[r[0]].Name
		if r[1] > r[0] {
			part += ".." + all[r[1]].Name
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// ranges writes the set as values of `go:`, one for each run: "1.17..1.21", "1.26+".
func (s versionSet) ranges(all []source.Version) []string {
	var parts []string
	for _, r := range s.runs(len(all)) {
		part := bareVersion(all[r[0]].Name)
		switch {
		case r[1] == len(all)-1:
			part += "+"
		case r[1] > r[0]:
			part += ".." + bareVersion(all[r[1]].Name)
		}
		parts = append(parts, part)
	}
	return parts
}

// newest returns the last place of a set that is not empty.
func (s versionSet) newest() int {
	last := -1
	for i, in := range s {
		if in {
			last = max(last, i)
		}
	}
	return last
}
