package extractor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
	"beforemain/tools/need"
)

// openReal runs the book of this repository over the sources in the user's cache, once
// for all tests: to index them takes longer than everything that the tests ask.
var openReal = sync.OnceValues(func() (*Result, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	r, problems, err := Run(context.Background(), Config{
		Root:   os.DirFS(".."),
		Source: source.Config{Cache: filepath.Join(cache, "before-main"), Route: source.RouteCache},
	})
	if err == nil && problems.Count(diag.Error) > 0 {
		return nil, errMistaken{fmt.Errorf("%v", problems)}
	}
	return r, err
})

// errMistaken says that the sources are there, but the book is wrong.
type errMistaken struct{ error }

// runReal returns the book of this repository, with the pages of some of its versions,
// or of all. Without the sources the test is skipped, unless BOOK_REQUIRE names "sources".
func runReal(t *testing.T, versions ...string) *Result {
	t.Helper()
	whole, err := openReal()
	if wrong := (errMistaken{}); errors.As(err, &wrong) {
		t.Fatal(err)
	}
	need.Sources(t, err)
	r := *whole
	if r.Versions, err = r.Book.Select(versions); err != nil {
		t.Fatal(err)
	}
	return &r
}

// Editions calls f for each version and language of the result with its pages.
func (r *Result) Editions(f func(version source.Version, lang string, pages []content.Page) error) error {
	for _, v := range r.Versions {
		for _, lang := range r.Book.Languages {
			pages, err := r.Layout.Pages(v, lang)
			if err != nil {
				return fmt.Errorf("%s %s: %w", v.Name, lang, err)
			}
			if err := f(v, lang, pages); err != nil {
				return err
			}
		}
	}
	return nil
}
