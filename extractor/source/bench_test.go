package source_test

import (
	"path/filepath"
	"testing"

	"beforemain/extractor/source"
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

// BenchmarkRead opens a cache and reads all of src/runtime at three tags.
func BenchmarkRead(b *testing.B) {
	cfg := gitConfig(b.TempDir(), sharedUpstream(b).serve(b, false, nil).url())
	cfg.Lock = read(b, open(b, cfg, v1, v2, v3), "src/runtime", v1, v2, v3)
	for b.Loop() {
		read(b, open(b, cfg, v1, v2, v3), "src/runtime", v1, v2, v3)
	}
}
