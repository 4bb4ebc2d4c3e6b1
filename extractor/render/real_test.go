package render

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/index"
	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
	"beforemain/tools/need"
)

// real is the book's spine in its own sources.
type real struct {
	index *index.Index
	spine []string
}

// openReal indexes the book's sources in the user's cache; without them the test is
// skipped, unless BOOK_REQUIRE names "sources".
func openReal(t testing.TB) *real {
	t.Helper()
	r, err := indexReal()
	need.Sources(t, err)
	return r
}

var indexReal = sync.OnceValues(func() (*real, error) {
	var book struct {
		Source    struct{ Paths, Suffixes, Packages []string }
		Version   []source.Version
		Platforms struct{ All []string }
		Part      []struct{ Chapter []struct{ Symbols []string } }
	}
	if _, err := toml.DecodeFile(filepath.Join("..", "..", "annotations", "book.toml"), &book); err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	repo, err := source.Open(context.Background(), source.Config{
		Paths: book.Source.Paths, Suffixes: book.Source.Suffixes,
		Cache: filepath.Join(cache, "before-main"), Route: source.RouteCache,
	}, book.Version)
	if err != nil {
		return nil, err
	}
	cfg := index.Config{Packages: book.Source.Packages}
	for _, s := range book.Platforms.All {
		p, err := index.ParsePlatform(s)
		if err != nil {
			return nil, err
		}
		cfg.Platforms = append(cfg.Platforms, p)
	}
	var snapshots []*source.Snapshot
	for _, v := range book.Version {
		s, err := repo.Snapshot(v)
		if err != nil {
			return nil, err
		}
		snapshots = append(snapshots, s)
	}
	r := &real{}
	for _, p := range book.Part {
		for _, c := range p.Chapter {
			r.spine = append(r.spine, c.Symbols...)
		}
	}
	r.index, _, err = index.New(snapshots, cfg)
	return r, err
})

// slices returns every variant of the spine in every version.
func (r *real) slices() []*index.Slice {
	var list []*index.Slice
	for _, v := range r.index.Versions() {
		for _, symbol := range r.spine {
			list = append(list, r.index.Slices(v.Name, symbol)...)
		}
	}
	return list
}

// annotated is a listing with its links, and notes and folds of each shape.
func (r *real) annotated(s *index.Slice) Listing {
	l := Listing{Slice: s, Links: linked(r.index, s), Words: words, IDs: &IDs{}}
	for at := s.Start; at <= s.End; at += 9 {
		l.Notes = append(l.Notes, note("a", at, at+2), note("b", at, at), note("c", at+4, at+4))
		l.Folds = append(l.Folds, fold(at+2, at+3), fold(at+5, at+7), fold(at+6, at+6))
	}
	l.Translations = append(l.Translations, said("d", s.Start, max(s.Start, s.BodyStart-1)), said("e", s.End-1, s.End-1))
	l.Folds = append(l.Folds, fold(s.Start+20, s.Start+60))
	return l
}

func TestRealListings(t *testing.T) {
	r := openReal(t)
	count, off := 0, 0
	for _, s := range r.slices() {
		for _, l := range []Listing{{Slice: s, IDs: &IDs{}}, r.annotated(s)} {
			html, err := l.HTML()
			if err != nil {
				t.Fatal(err)
			}
			checkCode(t, html, l)
			off += strings.Count(string(html), `class="l off"`)
		}
		count++
	}
	if count < 1000 || off < 1000 {
		t.Errorf("%d slices with %d inactive lines", count, off)
	}
}

// BenchmarkListing renders the spine of every version; the tokens are there, as they
// are when a text comes again in another version or language.
func BenchmarkListing(b *testing.B) {
	r := openReal(b)
	var all []Listing
	size := 0
	for _, s := range r.slices() {
		l := r.annotated(s)
		tokens, err := syntax.Tokens(s.Path, s.Text)
		if err != nil {
			b.Fatal(err)
		}
		l.Tokens = tokens
		all = append(all, l)
		size += len(s.Text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range all {
			l.IDs = &IDs{}
			if _, err := l.HTML(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
