package source_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/source"
	"beforemain/tools/need"
)

// BenchmarkFetch fetches three tags of src/runtime from loopback: all of them, only what
// a lock names, and, to compare with, with git itself.
func BenchmarkFetch(b *testing.B) {
	u := sharedUpstream(b)
	s := u.serve(b, true, nil)
	lock := read(b, open(b, gitConfig(b.TempDir(), s.url()), v1, v2, v3), "src/runtime", v1, v2, v3)
	for name, l := range map[string]*source.Lock{"all": nil, "locked": lock} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cfg := gitConfig(filepath.Join(b.TempDir(), "cache"), s.url())
				cfg.Lock = l
				open(b, cfg, v1, v2, v3)
			}
		})
	}
	b.Run("git", func(b *testing.B) {
		for b.Loop() {
			dir := b.TempDir()
			u.git(b, "", "init", "-q", "--bare", dir)
			u.git(b, "", "--git-dir="+dir, "fetch", "-q", "--depth=1", "--no-tags", s.url(), "tag", "v1", "tag", "v2", "tag", "v3")
		}
	})
}

// BenchmarkFetchBook fetches all tags of this book from loopback: what the lock names, all
// that a new lock could name, and, to compare with, with git itself.
func BenchmarkFetchBook(b *testing.B) {
	var book struct {
		Source  struct{ Paths, Suffixes []string }
		Version []source.Version
	}
	if _, err := toml.DecodeFile("../../annotations/book.toml", &book); err != nil {
		b.Fatal(err)
	}
	user, err := os.UserCacheDir()
	need.Sources(b, err)
	u := &upstream{dir: filepath.Join(b.TempDir(), "upstream.git")}
	u.backend, err = backend()
	need.That(b, "git", err)
	need.Sources(b, os.CopyFS(u.dir, os.DirFS(filepath.Join(user, "before-main", "source.git"))))
	s := u.serve(b, true, nil)
	lock, err := source.ReadLock(os.DirFS("../.."), "annotations/sources.lock")
	if err != nil {
		b.Fatal(err)
	}
	for name, l := range map[string]*source.Lock{"locked": lock, "update-lock": nil} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cfg := gitConfig(filepath.Join(b.TempDir(), "cache"), s.url())
				cfg.Paths, cfg.Suffixes, cfg.Timeout, cfg.Lock = book.Source.Paths, book.Source.Suffixes, time.Minute, l
				open(b, cfg, book.Version...)
			}
		})
	}
	b.Run("git", func(b *testing.B) {
		for b.Loop() {
			dir := b.TempDir()
			args := []string{"--git-dir=" + dir, "fetch", "-q", "--depth=1", "--no-tags", s.url()}
			for _, v := range book.Version {
				args = append(args, "tag", v.Tag)
			}
			u.git(b, "", "init", "-q", "--bare", dir)
			u.git(b, "", args...)
		}
	})
}

// BenchmarkRead opens a cache and reads all of src/runtime at three tags.
func BenchmarkRead(b *testing.B) {
	cfg := gitConfig(b.TempDir(), sharedUpstream(b).serve(b, false, nil).url())
	cfg.Lock = read(b, open(b, cfg, v1, v2, v3), "src/runtime", v1, v2, v3)
	for b.Loop() {
		read(b, open(b, cfg, v1, v2, v3), "src/runtime", v1, v2, v3)
	}
}
