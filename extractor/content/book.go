// Package content lays out the pages of the book: it owns the URL scheme and writes the tree that Hugo reads.
package content

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/layout"
	"beforemain/extractor/measure"
	"beforemain/extractor/picture"
	"beforemain/extractor/render"
	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

// Book is what the pages need of book.toml. Versions are oldest first.
type Book struct {
	Title, Tagline     map[string]string
	Repository, Branch string
	Languages          []string
	SourceLanguage     string // of the comments in the source
	Upstream           string
	Versions           []source.Version
	Dates              map[string]string // of a version, the day of its tag: 2006-01-02
	Stories            map[string]string // of a version, the chapter that tells what it changed: history#v1-27
	Platforms          []index.Platform  // in the book's order
	Extra              []index.Platform  // those that only some symbols are read on
	Parts              []Part
	Renames            []Rename
	Moves              []Rename // of packages
}

func (b Book) everywhere() []index.Platform {
	return slices.Concat(b.Platforms, b.Extra)
}

// Part is a part of the book; the chapters of a back part carry no number.
type Part struct {
	Title    map[string]string
	Back     bool
	Chapters []ChapterEntry
}

// ChapterEntry is a chapter's place in the book and the symbols whose pages belong to it.
type ChapterEntry struct {
	Slug    string
	Symbols []string
}

// Rename says that To continues From: the two share a page's version switch.
type Rename struct {
	From, To string
}

// Material is everything that the pages are made of.
type Material struct {
	Book      Book
	Index     *index.Index
	Outside   []annotation.Outside // what edges lead from and to besides symbols
	Measured  *measure.Set
	Notes     []*annotation.Annotation // as read
	Anchors   []anchor.Anchor          // of the notes
	Problems  diag.List                // of all that was read
	Chapters  []*annotation.Chapter    // of every language; the one with the slug "home" is the home page's text
	Terms     []annotation.Term
	Pictures  []*picture.Picture
	Values    picture.Values          // of the names in the expressions of pictures
	Words     map[string]render.Words // by language
	Locked    map[string]int          // by tag, how many files the lock names
	Downloads []Download              // files of the book that a release has
}

// Layout is a book ready to be cut into pages. It only reads its material, and
// may be used by several goroutines at once.
type Layout struct {
	Material
	urls     urls
	spine    []spineSymbol
	position map[string]int // of a symbol in spine
	chapters []chapterPlace
	text     map[string]*annotation.Chapter // by language and slug
	notes    map[*index.Slice][]anchor.Anchor
	comments map[string][]*annotation.Annotation        // by symbol, those that translate a comment
	stands   map[*annotation.Annotation]map[string]bool // the versions that a note has a place in
	mentions map[string][]int                           // the chapters that show a symbol
	uses     map[string][]int                           // the chapters that link a term
	nearest  map[string]string                          // of a version, the nearest that was read
	cards    map[string][]string                        // of a version that was read, sorted
	tokens   tokenMemo
	engine   *layout.Engine
	compared compareMemo
}

type spineSymbol struct {
	name    string
	chapter int // in chapters
}

type chapterPlace struct {
	ChapterEntry
	part   int
	number int // 0 in the back matter
}

// New prepares the layout.
func New(m Material) *Layout {
	l := &Layout{
		Material: m,
		position: map[string]int{},
		text:     map[string]*annotation.Chapter{},
		notes:    map[*index.Slice][]anchor.Anchor{},
		comments: map[string][]*annotation.Annotation{},
		stands:   map[*annotation.Annotation]map[string]bool{},
		mentions: map[string][]int{},
		uses:     map[string][]int{},
		nearest:  map[string]string{},
		tokens:   tokenMemo{byHash: map[string][]syntax.Token{}},
		engine:   &layout.Engine{},
		compared: compareMemo{byPair: map[string][]comparison{}},
	}
	number := 0
	var names []string
	for i, part := range m.Book.Parts {
		for _, c := range part.Chapters {
			place := chapterPlace{ChapterEntry: c, part: i}
			if !part.Back {
				number++
				place.number = number
			}
			for _, s := range c.Symbols {
				l.position[s] = len(l.spine)
				l.spine = append(l.spine, spineSymbol{name: s, chapter: len(l.chapters)})
				names = append(names, s)
			}
			l.chapters = append(l.chapters, place)
		}
	}
	for _, v := range m.Book.Versions {
		l.nearest[v.Name] = l.nearestBuilt(v.Name)
	}
	l.cards = l.collectCards()
	l.urls = newURLs(m.Book.Versions[len(m.Book.Versions)-1].Name, names, slices.Concat(slices.Collect(maps.Values(l.cards))...))
	for _, c := range m.Chapters {
		l.text[c.Lang+"/"+c.Slug] = c
	}
	l.collectMentions()
	l.collectUses()
	l.collectNotes()
	return l
}

// collectNotes sorts the notes by where they stand.
func (l *Layout) collectNotes() {
	for _, a := range l.Notes {
		if a.Translates() {
			l.comments[a.Symbol] = append(l.comments[a.Symbol], a)
		}
		l.stands[a] = map[string]bool{}
	}
	for _, a := range l.Anchors {
		l.notes[a.Slice] = append(l.notes[a.Slice], a)
		if l.stands[a.Annotation] != nil {
			l.stands[a.Annotation][a.Slice.Version.Name] = true
		}
	}
}

// collectMentions notes which chapters pull in or link which symbol.
func (l *Layout) collectMentions() {
	lang := l.Book.Languages[0]
	for i, place := range l.chapters {
		c := l.text[lang+"/"+place.Slug]
		if c == nil {
			continue
		}
		found := map[string]bool{}
		eachNode(c.Body, func(n annotation.Node) {
			if n.Slice != nil {
				found[n.Slice.Symbol] = true
			}
			if n.Prose != nil {
				for _, link := range n.Prose.Links() {
					if link.Scheme == "sym" {
						found[link.Target] = true
					}
				}
			}
		})
		for _, s := range slices.Sorted(maps.Keys(found)) {
			l.mentions[s] = append(l.mentions[s], i)
		}
	}
}

func eachNode(nodes []annotation.Node, f func(annotation.Node)) {
	for _, n := range nodes {
		f(n)
		if n.Block != nil {
			eachNode(n.Block.Body, f)
		}
	}
}

// has reports whether the version has the symbol. A version that this build
// left out (--versions) is taken to have what its nearest built neighbour has,
// so that a partial build shows the same switches.
func (l *Layout) has(version, symbol string) bool {
	return len(l.Index.Slices(l.nearest[version], symbol)) > 0
}

func (l *Layout) nearestBuilt(version string) string {
	built := map[string]bool{}
	for _, v := range l.Index.Versions() {
		built[v.Name] = true
	}
	at := slices.IndexFunc(l.Book.Versions, func(v source.Version) bool { return v.Name == version })
	for d := range l.Book.Versions {
		for _, i := range []int{at + d, at - d} {
			if i >= 0 && i < len(l.Book.Versions) && built[l.Book.Versions[i].Name] {
				return l.Book.Versions[i].Name
			}
		}
	}
	return version
}

// counterpart returns the name under which a symbol of one version is found in
// another: through a confirmed rename if the new name appeared in between, else
// the same name, else the name it had before, else the one it has in the package
// that its own became, or was before. It returns "" where there is none.
func (l *Layout) counterpart(symbol, from, to string) string {
	for _, r := range l.Book.Renames {
		if r.From == symbol && l.has(to, r.To) && !l.has(from, r.To) {
			return r.To
		}
	}
	if l.has(to, symbol) {
		return symbol
	}
	for _, r := range l.Book.Renames {
		if r.To == symbol && l.has(to, r.From) {
			return r.From
		}
	}
	for _, m := range l.Book.Moves {
		for _, other := range []string{m.move(symbol), Rename{m.To, m.From}.move(symbol)} {
			if other != "" && l.has(to, other) {
				return other
			}
		}
	}
	return ""
}

// move returns what a symbol of the package From, or of one below it, is called in To,
// or "" for any other.
func (r Rename) move(symbol string) string {
	rest, ok := strings.CutPrefix(symbol, r.From)
	if !ok || !strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, "/") {
		return ""
	}
	return r.To + rest
}

func itoa(n int) string { return strconv.Itoa(n) }

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
