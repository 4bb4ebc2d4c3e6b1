package index

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/index/golang"
	"beforemain/extractor/source"
	"beforemain/tools/need"
)

// book is what these tests need of book.toml.
type book struct {
	Source struct {
		Paths, Suffixes, Packages []string
		Synthetic                 []struct{ Path, Go, Text string }
	}
	Version   []source.Version
	Platforms struct {
		All   []string
		Extra []struct {
			Platform string
			Symbols  []string
		}
	}
	Part []struct {
		Chapter []struct{ Symbols []string }
	}
}

func (b *book) spine() []string {
	var list []string
	for _, p := range b.Part {
		for _, c := range p.Chapter {
			list = append(list, c.Symbols...)
		}
	}
	return list
}

func (b *book) config() (Config, error) {
	cfg := Config{Packages: b.Source.Packages}
	for _, s := range b.Platforms.All {
		p, err := ParsePlatform(s)
		if err != nil {
			return cfg, err
		}
		cfg.Platforms = append(cfg.Platforms, p)
	}
	for _, e := range b.Platforms.Extra {
		p, err := ParsePlatform(e.Platform)
		if err != nil {
			return cfg, err
		}
		cfg.Extra = append(cfg.Extra, Extra{p, e.Symbols})
	}
	return cfg, nil
}

// real is the book's sources, in the user's cache.
type real struct {
	book      book
	cfg       Config
	snapshots []*source.Snapshot
	index     func() (*Index, error)
	programs  func() ([]program, error)
	assembly  func() ([]assembled, error)
}

// program is a version as Go reads it on one platform.
type program struct {
	*golang.Program
	tree     *tree
	platform Platform
	files    int // of Go
}

// readPrograms reads every version on every platform, the extra ones too. It does not
// keep the syntax.
func (r *real) readPrograms() ([]program, error) {
	platforms := r.cfg.Platforms
	for _, e := range r.cfg.Extra {
		platforms = append(platforms, e.Platform)
	}
	l := &loader{files: map[string]*file{}}
	var list []program
	for _, s := range r.snapshots {
		tr := newTree(s, l)
		reader := golang.NewReader(tr, s.Version().Name, golang.Config{Packages: r.cfg.Packages})
		for _, p := range platforms {
			read, err := reader.Read(p.OS, p.Arch)
			if err != nil {
				return nil, err
			}
			files := 0
			for _, pkg := range read.Packages {
				files += len(pkg.Files)
				pkg.Files = nil
			}
			list = append(list, program{read, tr, p, files})
		}
	}
	return list, nil
}

// minor returns N of 1.N and of go1.N.
func minor(name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(name, "go"), "1."))
	return n
}

var openReal = sync.OnceValues(func() (*real, error) {
	var r real
	if _, err := toml.DecodeFile("../../annotations/book.toml", &r.book); err != nil {
		return nil, err
	}
	var err error
	if r.cfg, err = r.book.config(); err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	cfg := source.Config{
		Paths: r.book.Source.Paths, Suffixes: r.book.Source.Suffixes,
		Cache: filepath.Join(cache, "before-main"), Route: "cache",
	}
	for _, s := range r.book.Source.Synthetic {
		first, last, _ := strings.Cut(s.Go, "..")
		var names []string
		for n := minor(first); n <= minor(last); n++ {
			names = append(names, fmt.Sprintf("go1.%d", n))
		}
		cfg.Synthetic = append(cfg.Synthetic, source.Synthetic{Path: s.Path, Text: s.Text, Versions: names})
	}
	repo, err := source.Open(context.Background(), cfg, r.book.Version)
	if err != nil {
		return nil, err
	}
	for _, v := range r.book.Version {
		s, err := repo.Snapshot(v)
		if err != nil {
			return nil, err
		}
		r.snapshots = append(r.snapshots, s)
	}
	r.index = sync.OnceValues(func() (*Index, error) {
		x, problems, err := New(r.snapshots, r.cfg)
		if err == nil && len(problems) > 0 {
			err = fmt.Errorf("%d problems, the first: %s", len(problems), problems[0])
		}
		return x, err
	})
	r.programs = sync.OnceValues(r.readPrograms)
	r.assembly = sync.OnceValues(func() ([]assembled, error) {
		programs, err := r.programs()
		if err != nil {
			return nil, err
		}
		return r.readAssembly(programs)
	})
	return &r, nil
})

// sources returns the real sources; without them the test is skipped, unless
// BOOK_REQUIRE names "sources".
func sources(t testing.TB) *real {
	t.Helper()
	r, err := openReal()
	need.Sources(t, err)
	return r
}

func realIndex(t testing.TB) (*real, *Index) {
	t.Helper()
	r := sources(t)
	x, err := r.index()
	if err != nil {
		t.Fatal(err)
	}
	return r, x
}
