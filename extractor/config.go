package extractor

import (
	"fmt"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
	"beforemain/extractor/search"
	"beforemain/extractor/source"
)

// File names of a book, relative to its root.
const (
	BookFile     = "annotations/book.toml"
	LockFile     = "annotations/sources.lock"
	GlossaryFile = "annotations/glossary.toml"
	EdgesFile    = "annotations/edges.toml"
	PicturesDir  = "annotations/pictures"
	notesDir     = "annotations"
	chaptersDir  = "site/content"
)

// Book is annotations/book.toml: what the book reads, in which order, under which names.
type Book struct {
	Title      map[string]string `toml:"title"`
	Tagline    map[string]string `toml:"tagline"`
	Authors    map[string]string `toml:"authors"` // who wrote it, as an e-book or a PDF says; may be empty
	BaseURL    string            `toml:"base_url"`
	Repository string            `toml:"repository"`
	Branch     string            `toml:"branch"`
	Languages  []string          `toml:"languages"`
	Theme      string            `toml:"theme"`
	Source     Source            `toml:"source"`
	Versions   []Version         `toml:"version"`
	Platforms  Platforms         `toml:"platforms"`
	Parts      []Part            `toml:"part"`
	Renames    []Rename          `toml:"rename"`
	Moves      []Rename          `toml:"move"`
	Measured   string            `toml:"measured"` // the folder of what was measured; "" for none
}

// Source says where the text comes from and what of it is read.
type Source struct {
	Language      string      `toml:"language"` // of its comments
	Remote        string      `toml:"remote"`
	Upstream      string      `toml:"upstream"`
	Module        string      `toml:"module"`
	ModuleVersion string      `toml:"module_version"`
	Paths         []string    `toml:"paths"`
	Suffixes      []string    `toml:"suffixes"`
	Packages      []string    `toml:"packages"`
	Synthetic     []Synthetic `toml:"synthetic"`
}

// Synthetic is a file that a build writes and that no git tree holds.
type Synthetic struct {
	Path string `toml:"path"`
	Go   string `toml:"go"`
	Text string `toml:"text"`
}

// Version pins a name to a tag. Story is the chapter, and with "#" the place in it,
// that tells what the release changed, and Date the day of the tag (2006-01-02); both
// may be empty.
type Version struct {
	Name  string `toml:"name"`
	Tag   string `toml:"tag"`
	Date  string `toml:"date"`
	Story string `toml:"story"`
}

func (v Version) source() source.Version { return source.Version{Name: v.Name, Tag: v.Tag} }

// Platforms lists what the book is read on.
type Platforms struct {
	All   []string `toml:"all"`
	Extra []struct {
		Platform string   `toml:"platform"`
		Symbols  []string `toml:"symbols"`
	} `toml:"extra"`
}

// Part is a part of the book; the chapters of a back part carry no number.
type Part struct {
	Title    map[string]string `toml:"title"`
	Back     bool              `toml:"back"`
	Chapters []struct {
		Slug    string   `toml:"slug"`
		Symbols []string `toml:"symbols"`
	} `toml:"chapter"`
}

// Rename says that To continues From.
type Rename struct {
	From string `toml:"from"`
	To   string `toml:"to"`
}

// ReadBook decodes and checks annotations/book.toml of the book whose root is fsys.
// Its errors begin with the name of the file and, where TOML knows it, the line.
func ReadBook(fsys fs.FS) (*Book, error) {
	text, err := readFile(fsys, BookFile)
	if err != nil {
		return nil, err
	}
	b := &Book{Branch: "main", Theme: "margin"}
	meta, err := scan.TOML(string(text), b)
	if perr, ok := err.(toml.ParseError); ok {
		return nil, fmt.Errorf("%s:%d: %s", BookFile, perr.Position.Line, perr.Message)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", BookFile, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("%s: unknown key %q", BookFile, unknown[0].String())
	}
	if err := b.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", BookFile, err)
	}
	return b, nil
}

func (b *Book) check() error {
	switch {
	case len(b.Languages) == 0:
		return fmt.Errorf("languages is empty")
	case len(b.Versions) == 0:
		return fmt.Errorf("no [[version]]")
	case len(b.Versions) > search.MaxVersions:
		return fmt.Errorf("%d [[version]] tables; the search in a browser tells %d apart: drop the oldest", len(b.Versions), search.MaxVersions)
	case len(b.Platforms.All) == 0:
		return fmt.Errorf("platforms.all is empty")
	case !strings.HasSuffix(b.BaseURL, "/"):
		return fmt.Errorf("base_url %q does not end in a slash", b.BaseURL)
	}
	for _, l := range b.Languages {
		if b.Title[l] == "" {
			return fmt.Errorf("title has no %q", l)
		}
	}
	tags, platforms := []string{}, slices.Clone(b.Platforms.All)
	for _, v := range b.Versions {
		if v.Name == "" || v.Tag == "" {
			return fmt.Errorf("a [[version]] lacks its name or its tag")
		}
		tags = append(tags, v.Tag)
	}
	for _, e := range b.Platforms.Extra {
		platforms = append(platforms, e.Platform)
	}
	for _, list := range [][]string{b.Languages, b.versionNames(), tags, b.ChapterSlugs(), b.Spine(), platforms} {
		if twice, ok := firstDouble(list); ok {
			return fmt.Errorf("%q stands twice", twice)
		}
	}
	for _, v := range b.Versions {
		if _, err := time.Parse(time.DateOnly, v.Date); v.Date != "" && err != nil {
			return fmt.Errorf("the date of %s: %w", v.Name, err)
		}
		if slug, _, _ := strings.Cut(v.Story, "#"); slug != "" && !slices.Contains(b.ChapterSlugs(), slug) {
			return fmt.Errorf("the story of %s is in no chapter: %q", v.Name, slug)
		}
	}
	for _, s := range b.Source.Synthetic {
		if _, err := scope.ParseRange(s.Go); err != nil {
			return fmt.Errorf("synthetic %s: %w", s.Path, err)
		}
	}
	if err := b.checkNames(); err != nil {
		return err
	}
	if err := b.checkAddresses(); err != nil {
		return err
	}
	_, err := b.indexConfig()
	return err
}

func firstDouble(list []string) (string, bool) {
	for i, s := range list {
		if slices.Contains(list[:i], s) {
			return s, true
		}
	}
	return "", false
}

// SourceVersions returns the pinned versions, oldest first, as the file lists them.
func (b *Book) SourceVersions() []source.Version {
	vs := make([]source.Version, len(b.Versions))
	for i, v := range b.Versions {
		vs[i] = v.source()
	}
	return vs
}

// Newest returns the last version that the file lists.
func (b *Book) Newest() source.Version {
	return b.Versions[len(b.Versions)-1].source()
}

func (b *Book) versionNames() []string {
	names := make([]string, len(b.Versions))
	for i, v := range b.Versions {
		names[i] = v.Name
	}
	return names
}

// Select returns the versions with these names, in the book's order; all if names is empty.
func (b *Book) Select(names []string) ([]source.Version, error) {
	if len(names) == 0 {
		return b.SourceVersions(), nil
	}
	for _, n := range names {
		if !slices.Contains(b.versionNames(), n) {
			return nil, fmt.Errorf("version %q is not in %s (it has %s)", n, BookFile, strings.Join(b.versionNames(), ", "))
		}
	}
	return slices.DeleteFunc(b.SourceVersions(), func(v source.Version) bool { return !slices.Contains(names, v.Name) }), nil
}

// ChapterSlugs returns the chapters in reading order.
func (b *Book) ChapterSlugs() []string {
	var slugs []string
	for _, p := range b.Parts {
		for _, c := range p.Chapters {
			slugs = append(slugs, c.Slug)
		}
	}
	return slugs
}

// Spine returns the symbols that have a page, in reading order.
func (b *Book) Spine() []string {
	var symbols []string
	for _, p := range b.Parts {
		for _, c := range p.Chapters {
			symbols = append(symbols, c.Symbols...)
		}
	}
	return symbols
}

func (b *Book) indexConfig() (index.Config, error) {
	cfg := index.Config{Packages: b.Source.Packages}
	for _, s := range b.Platforms.All {
		p, err := index.ParsePlatform(s)
		if err != nil {
			return cfg, err
		}
		cfg.Platforms = append(cfg.Platforms, p)
	}
	for _, e := range b.Platforms.Extra {
		p, err := index.ParsePlatform(e.Platform)
		if err != nil {
			return cfg, err
		}
		cfg.Extra = append(cfg.Extra, index.Extra{Platform: p, Symbols: e.Symbols})
	}
	return cfg, nil
}

// Scope is the book as what people wrote is held against it. The extra platforms come last.
func (b *Book) Scope() (scope.Book, error) {
	cfg, err := b.indexConfig()
	if err != nil {
		return scope.Book{}, err
	}
	book := scope.Book{
		Versions:  b.SourceVersions(),
		Platforms: cfg.Platforms,
		Languages: b.Languages,
		Chapters:  b.ChapterSlugs(),
		Symbols:   b.Spine(),
	}
	for _, e := range cfg.Extra {
		book.Platforms = append(book.Platforms, e.Platform)
	}
	for _, r := range b.Renames {
		book.Renames = append(book.Renames, scope.Rename(r))
	}
	return book, nil
}

func (b *Book) contentBook() (content.Book, error) {
	cfg, err := b.indexConfig()
	if err != nil {
		return content.Book{}, err
	}
	c := content.Book{
		Title:          b.Title,
		Tagline:        b.Tagline,
		Repository:     b.Repository,
		Branch:         b.Branch,
		Languages:      b.Languages,
		SourceLanguage: b.Source.Language,
		Upstream:       b.Source.Upstream,
		Versions:       b.SourceVersions(),
		Platforms:      cfg.Platforms,
		Stories:        map[string]string{},
		Dates:          map[string]string{},
	}
	for _, v := range b.Versions {
		c.Stories[v.Name] = v.Story
		c.Dates[v.Name] = v.Date
	}
	for _, e := range cfg.Extra {
		c.Extra = append(c.Extra, e.Platform)
	}
	for _, p := range b.Parts {
		part := content.Part{Title: p.Title, Back: p.Back}
		for _, ch := range p.Chapters {
			part.Chapters = append(part.Chapters, content.ChapterEntry(ch))
		}
		c.Parts = append(c.Parts, part)
	}
	for _, r := range b.Renames {
		c.Renames = append(c.Renames, content.Rename(r))
	}
	for _, m := range b.Moves {
		c.Moves = append(c.Moves, content.Rename(m))
	}
	return c, nil
}

// synthetic lists the synthesised files with the versions they belong to.
func (b *Book) synthetic() []source.Synthetic {
	var files []source.Synthetic
	for _, s := range b.Source.Synthetic {
		r, err := scope.ParseRange(s.Go)
		if err != nil {
			continue // ReadBook refuses such a book
		}
		f := source.Synthetic{Path: s.Path, Text: s.Text}
		for _, v := range b.Versions {
			if r.Contains(v.Name) {
				f.Versions = append(f.Versions, v.Name)
			}
		}
		files = append(files, f)
	}
	return files
}

type chapterFile struct{ slug, name string }

// chapterFiles lists the files of the book's own text in one language.
func (b *Book) chapterFiles(lang string) []chapterFile {
	dir := chaptersDir + "/" + lang
	files := []chapterFile{{"home", dir + "/home.md"}}
	for _, slug := range b.ChapterSlugs() {
		files = append(files, chapterFile{slug, dir + "/boot/" + slug + ".md"})
	}
	return files
}

// wordsFile is where the theme's words of a language stand.
func wordsFile(theme, lang string) string { return "themes/" + theme + "/i18n/" + lang + ".toml" }

// readWords reads the theme's words of a language that HTML made here needs too.
func readWords(root fs.FS, theme, lang string) (render.Words, diag.List) {
	name := wordsFile(theme, lang)
	var problems diag.List
	text, err := readFile(root, name)
	if err != nil {
		problems.Errorf(token.Position{Filename: name, Line: 1, Column: 1}, "N109", "the theme's words in %q cannot be read: %v", lang, err).
			Relate("fix: write %s, or take %q out of languages", name, lang)
		return nil, problems
	}
	var entries map[string]struct{ Other string }
	if _, err := scan.TOML(string(text), &entries); err != nil {
		problems.Errorf(token.Position{Filename: name, Line: 1, Column: 1}, "N109", "%v", err).Relate("fix: correct the file")
		return nil, problems
	}
	words := render.Words{}
	for key, e := range entries {
		words[key] = e.Other
	}
	return words, problems
}
