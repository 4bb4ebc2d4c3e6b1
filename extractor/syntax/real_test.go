package syntax

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/source"
	"beforemain/tools/need"
)

// snapshots opens the book's sources in the user's cache; without them the test is
// skipped, unless BOOK_REQUIRE names "sources".
func snapshots(t testing.TB) []*source.Snapshot {
	t.Helper()
	list, err := openSnapshots()
	need.Sources(t, err)
	return list
}

func openSnapshots() ([]*source.Snapshot, error) {
	var book struct {
		Source  struct{ Paths, Suffixes []string }
		Version []source.Version
	}
	if _, err := toml.DecodeFile(filepath.Join("..", "..", "annotations", "book.toml"), &book); err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	cfg := source.Config{
		Paths: book.Source.Paths, Suffixes: book.Source.Suffixes,
		Cache: filepath.Join(cache, "before-main"), Route: source.RouteCache,
	}
	repo, err := source.Open(context.Background(), cfg, book.Version)
	if err != nil {
		return nil, err
	}
	var list []*source.Snapshot
	for _, v := range book.Version {
		s, err := repo.Snapshot(v)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// known matches the assembly in which the lexer knows every character: the runtime's,
// where the book reads, for the architectures of the book.
var known = regexp.MustCompile(`^src/(runtime|internal)/(.*/)?[^/]*(amd64|arm64|x86|asm)\.s$`)

// TestRealAssembly lexes every assembly file and header of every version, equal ones once.
func TestRealAssembly(t *testing.T) {
	var files []source.File
	seen := map[string]bool{}
	for _, s := range snapshots(t) {
		count := 0
		walk(t, s, "src", func(f source.File) {
			count++
			if !seen[f.Blob] {
				seen[f.Blob] = true
				files = append(files, f)
			}
		})
		if count < 300 {
			t.Errorf("%s has %d files of assembly", s.Version().Tag, count)
		}
	}
	var bytes, unknown, precise int
	var mu sync.Mutex
	var wg sync.WaitGroup
	work := make(chan source.File)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for f := range work {
				tokens, n, err := lex(f.Path, f.Text)
				if err == nil {
					err = covers(tokens, f.Text)
				}
				if err != nil {
					t.Errorf("%s %s: %v", f.Path, f.Blob, err)
				}
				mu.Lock()
				bytes, unknown = bytes+len(f.Text), unknown+n
				if known.MatchString(f.Path) {
					precise++
					if n > 0 {
						t.Errorf("%s %s: %d unknown tokens", f.Path, f.Blob, n)
					}
				}
				mu.Unlock()
			}
		})
	}
	for _, f := range files {
		work <- f
	}
	close(work)
	wg.Wait()
	t.Logf("%d files, %d bytes, %d unknown tokens", len(files), bytes, unknown)
	if precise < 300 {
		t.Errorf("only %d files are of the runtime's, for the book's architectures", precise)
	}
	if unknown > 0 {
		t.Errorf("%d unknown tokens in all", unknown)
	}
}

// walk calls visit for the assembly files and headers below dir.
func walk(t *testing.T, s *source.Snapshot, dir string, visit func(source.File)) {
	t.Helper()
	list, err := s.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		name := path.Join(dir, e.Name())
		if e.IsDir() {
			walk(t, s, name, visit)
			continue
		}
		if x := path.Ext(name); x != ".s" && x != ".h" {
			continue
		}
		f, err := s.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		visit(f)
	}
}
