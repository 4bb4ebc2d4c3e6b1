package extractor

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

// TestRealEntries: in every version and on every platform a program leads from its
// entry to the first function of its own.
func TestRealEntries(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	result, problems, err := Run(context.Background(), Config{
		Root:   os.DirFS(".."),
		Source: source.Config{Cache: filepath.Join(cache, "before-main"), Route: "cache"},
	})
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("BOOK_REQUIRE"), ","), "sources") {
			t.Fatal(errors.Join(err, errors.New("BOOK_REQUIRE names sources")))
		}
		t.Skipf("This test reads Go's sources, which `go run ./tools/book fetch` brings: %v", err)
	}
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []string{"runtime.rt0_go", "runtime.schedule", "runtime.gogo", "runtime.main", "main.main"}
	for _, v := range result.Versions {
		for _, s := range result.Book.Platforms.All {
			p, err := index.ParsePlatform(s)
			if err != nil {
				t.Fatal(err)
			}
			path := result.Index.Path(v.Name, "_rt0_"+p.Arch+"_"+p.OS, "main.main", p, func(e index.Edge) bool { return e.Kind.IsStep() })
			var passed []string
			for _, e := range path {
				if slices.Contains(want, e.To) {
					passed = append(passed, e.To)
				}
			}
			if !slices.Equal(passed, want) {
				t.Errorf("%s on %s: the way to main.main passes %v, want %v", v.Name, p, passed, want)
			}
		}
	}
}
