// Package need skips a test where the machine lacks what it needs, or fails it where
// BOOK_REQUIRE names that.
package need

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Required says whether BOOK_REQUIRE, a list with commas or spaces, names what a test
// needs: browser, sources, toolchains, git, ptrace, slow …
func Required(name string) bool {
	return slices.Contains(strings.FieldsFunc(os.Getenv("BOOK_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' }), name)
}

// That skips the test if err, which says why it cannot run, is not nil, or fails it if
// BOOK_REQUIRE names what is missing.
func That(t testing.TB, name string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case Required(name):
		t.Fatalf("BOOK_REQUIRE names %s: %v", name, err)
	default:
		t.Skipf("this test needs %s: %v", name, err)
	}
}

// Sources is That for Go's sources in the user's cache.
func Sources(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		err = fmt.Errorf("`go run ./tools/book fetch` brings Go's sources: %w", err)
	}
	That(t, "sources", err)
}
