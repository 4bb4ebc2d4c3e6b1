package extractor

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/check"
	"beforemain/extractor/content"
	"beforemain/extractor/copyedit"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/measure"
	"beforemain/extractor/picture"
	"beforemain/extractor/render"
	"beforemain/extractor/search"
	"beforemain/extractor/source"
)

// Config says which book is made, and where things are put.
type Config struct {
	Root     fs.FS         // the book's folder: annotations/, site/content/, themes/
	Source   source.Config // Cache, Route, Timeout and Progress; the rest comes from book.toml
	Versions []string      // names of the versions to make; none means all
	Unlocked bool          // do not verify against sources.lock (fetch --update-lock)
	Repo     *source.Repo  // sources that are open already; nil means open them
	Store    index.Store   // keeps indexes; nil for none
}

// Result is a book, checked and ready to be laid out.
type Result struct {
	Book     *Book
	Versions []source.Version // those that were made
	Repo     *source.Repo
	Index    *index.Index
	Notes    []*annotation.Annotation
	Anchors  []anchor.Anchor
	Layout   *content.Layout
}

// Run reads the book, its sources and its annotations, and joins them. What
// authors got wrong comes back as diagnostics, sorted; an error is something
// that kept a stage from running at all.
func Run(ctx context.Context, cfg Config) (*Result, diag.List, error) {
	basis, problems, err := NewBasis(ctx, cfg)
	if err != nil {
		return nil, problems, err
	}
	return basis.Join(cfg.Root)
}

// Basis is what takes long and what writers seldom change: the book's order, the index
// of its sources, and what was measured. It stands for any number of joins, as long as
// nobody edits book.toml, edges.toml, sources.lock or a measurement.
type Basis struct {
	Book     *Book
	Versions []source.Version // those that are made
	Repo     *source.Repo
	Index    *index.Index

	edges     annotation.Edges
	told      []index.Told
	platforms []index.Platform // without those of single symbols
	values    picture.Values   // of the names in the expressions of pictures
	measured  *measure.Set
	locked    map[string]int // by tag, how many files the lock names
	problems  diag.List
}

// NewBasis reads the book's order, its sources and what was measured. Mistakes in them
// come back with each join; the diagnostics here explain the error.
func NewBasis(ctx context.Context, cfg Config) (*Basis, diag.List, error) {
	book, err := ReadBook(cfg.Root)
	if err != nil {
		return nil, nil, err
	}
	b := &Basis{Book: book}
	if b.Versions, err = book.Select(cfg.Versions); err != nil {
		return nil, nil, err
	}
	lock, err := readLock(cfg)
	if err != nil {
		return nil, lockDiagnostic(err), err
	}
	b.locked = map[string]int{}
	for _, v := range book.SourceVersions() {
		b.locked[v.Tag] = lock.Files(v.Tag)
	}
	if b.Repo, err = openSource(ctx, cfg, book, lock, b.Versions); err != nil {
		return nil, lockDiagnostic(err), err
	}
	settings, err := book.indexConfig()
	if err != nil {
		return nil, nil, err
	}
	b.edges, b.problems = annotation.ReadEdges(cfg.Root, EdgesFile)
	b.told = b.edges.ForIndex(book.SourceVersions(), settings.Platforms)
	b.platforms = settings.Platforms
	settings.Runs, settings.Told, settings.Store = b.edges.Runs, b.told, cfg.Store
	x, list, err := buildIndex(b.Repo, b.Versions, settings)
	if err != nil {
		return nil, lockDiagnostic(err), err
	}
	b.Index, b.problems = x, append(b.problems, list...)
	b.values = namedIn(x, book.Source.Packages)
	measured, list := measure.Read(cfg.Root, book.Measured)
	b.measured, b.problems = measured, append(b.problems, list...)
	return b, nil, nil
}

// Join reads what people wrote below root and joins it with the basis.
func (b *Basis) Join(root fs.FS) (*Result, diag.List, error) {
	book, err := b.Book.Scope()
	if err != nil {
		return nil, nil, err
	}
	problems := slices.Clone(b.problems)
	written, list := readWritten(root, b.Book)
	problems = append(problems, list...)
	anchors, list := anchor.Resolve(book, written.notes, b.Index)
	problems = append(problems, list...)
	problems = append(problems, check.Prose(book, written.notes, written.chapters, written.terms, anchors, b.Index)...)
	problems = append(problems, check.Orders(book, written.chapters, b.measured, b.Index)...)
	common := book // edges and pictures are of no single symbol
	common.Platforms = b.platforms
	problems = append(problems, check.Edges(common, b.edges, b.told, b.Index)...)
	problems = append(problems, check.Pictures(common, written.pictures, written.chapters, b.values, b.measured, b.Index)...)
	problems = append(problems, copyedit.Check(append(written.texts(root, b.Book), b.texts()...), written.terms)...)
	problems.Sort()
	pages, err := b.Book.contentBook()
	if err != nil {
		return nil, nil, err
	}
	layout := content.New(content.Material{
		Book:      pages,
		Index:     b.Index,
		Outside:   b.edges.Outside,
		Measured:  b.measured,
		Notes:     written.notes,
		Anchors:   anchors,
		Problems:  problems,
		Chapters:  written.chapters,
		Terms:     written.terms,
		Pictures:  written.pictures,
		Values:    b.values,
		Words:     written.words,
		Locked:    b.locked,
		Downloads: written.downloads,
	})
	return &Result{b.Book, b.Versions, b.Repo, b.Index, written.notes, anchors, layout}, problems, nil
}

// Tree returns what Hugo reads of a version, a folder a language in one for the version.
func (r *Result) Tree(v source.Version) (content.Tree, error) {
	trees := make([]content.Tree, len(r.Book.Languages))
	var group errgroup.Group
	for i, lang := range r.Book.Languages {
		group.Go(func() error {
			pages, err := r.Layout.Pages(v, lang)
			if err == nil {
				trees[i], err = content.Encode(path.Join(v.Name, lang), pages)
			}
			if err != nil {
				return fmt.Errorf("%s %s: %w", v.Name, lang, err)
			}
			return nil
		})
	}
	err := group.Wait()
	return slices.Concat(trees...), err
}

// SearchFiles makes the index that readers search versions of the book with, a part of it
// a language.
func (r *Result) SearchFiles(versions []source.Version) ([]search.File, error) {
	var names []string
	for _, v := range versions {
		names = append(names, v.Name)
	}
	var files []search.File
	for _, lang := range r.Book.Languages {
		list, err := search.Files(lang, names, r.Layout.Documents(versions, lang))
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	return files, nil
}

// UpdateTree writes into the tree of an earlier result of the same basis what d says
// of the two, and returns the names of the files that changed. It is for a d that is
// not All: the tree keeps every page that it has.
func (r *Result) UpdateTree(dir string, d content.Difference) ([]string, error) {
	var files []string
	for _, v := range r.Versions {
		for _, lang := range r.Book.Languages {
			pages, err := r.Layout.ChangedPages(v, lang, d)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", v.Name, lang, err)
			}
			tree, err := content.Encode(path.Join(v.Name, lang), pages)
			if err != nil {
				return nil, err
			}
			written, err := tree.Update(dir)
			if err != nil {
				return nil, err
			}
			files = append(files, written...)
		}
	}
	return files, nil
}

// readLock reads sources.lock, unless it is not to be used. Sources are read only as it
// has them, so a book without one has none.
func readLock(cfg Config) (*source.Lock, error) {
	if cfg.Unlocked {
		return nil, nil
	}
	lock, err := source.ReadLock(cfg.Root, LockFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && cfg.Repo != nil: // whoever hands in a repository vouches for it
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is not there, and no source is read that it does not name: take it back from git, or write it with book fetch --update-lock", LockFile)
	case err != nil:
		return nil, fmt.Errorf("%w: take the file back from git, or write it anew with book fetch --update-lock", err)
	}
	return lock, nil
}

// namedIn looks up names as they stand in the first of the packages.
func namedIn(x *index.Index, packages []string) picture.Values {
	if len(packages) == 0 {
		return nil
	}
	pkg := packages[0]
	return func(version string, on index.Platform, name string) (string, bool) {
		n, err := x.Evaluate(version, on, pkg, name)
		return strconv.FormatInt(n, 10), err == nil
	}
}

func openSource(ctx context.Context, cfg Config, book *Book, lock *source.Lock, versions []source.Version) (*source.Repo, error) {
	if cfg.Repo != nil {
		return cfg.Repo, nil
	}
	s := cfg.Source
	s.Remote = book.Source.Remote
	s.Module = book.Source.Module
	s.ModuleVersion = book.Source.ModuleVersion
	s.Paths = book.Source.Paths
	s.Suffixes = book.Source.Suffixes
	s.Synthetic = book.synthetic()
	s.Lock = lock
	return source.Open(ctx, s, versions)
}

func buildIndex(repo *source.Repo, versions []source.Version, cfg index.Config) (*index.Index, diag.List, error) {
	var snapshots []*source.Snapshot
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			return nil, nil, err
		}
		snapshots = append(snapshots, s)
	}
	return index.New(snapshots, cfg)
}

// written is what people wrote, as read.
type written struct {
	notes    []*annotation.Annotation
	chapters []*annotation.Chapter
	terms    []annotation.Term
	pictures []*picture.Picture
	words    map[string]render.Words

	downloads []content.Download
}

func readWritten(root fs.FS, book *Book) (written, diag.List) {
	var w written
	var problems diag.List
	notes, list := ReadNotes(root)
	w.notes, problems = notes, append(problems, list...)
	terms, list := annotation.ReadGlossary(root, GlossaryFile)
	w.terms, problems = terms, append(problems, list...)
	pictures, list := picture.Read(root, PicturesDir)
	w.pictures, problems = pictures, append(problems, list...)
	w.chapters, list = book.ReadChapters(root)
	problems = append(problems, list...)
	w.downloads, list = readDownloads(root)
	problems = append(problems, list...)
	w.words = map[string]render.Words{}
	for _, lang := range book.Languages {
		words, list := readWords(root, book.Theme, lang)
		w.words[lang], problems = words, append(problems, list...)
	}
	return w, problems
}

// lockDiagnostic turns a file that is not the one in sources.lock into N130.
func lockDiagnostic(err error) diag.List {
	var wrong *source.LockError
	if !errors.As(err, &wrong) {
		return nil
	}
	var l diag.List
	pos := token.Position{Filename: LockFile, Line: max(wrong.Line, 1), Column: 1}
	l.Errorf(pos, "N130", "%s", wrong).
		Relate("fix: book fetch --update-lock, but only if you know why it changed: nothing pinned should")
	return l
}
