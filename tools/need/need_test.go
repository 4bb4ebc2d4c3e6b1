package need

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestRequired(t *testing.T) {
	t.Setenv("BOOK_REQUIRE", "browser,sources slow")
	for name, want := range map[string]bool{"browser": true, "sources": true, "slow": true, "git": false, "source": false, "": false} {
		if got := Required(name); got != want {
			t.Errorf("Required(%q) = %t, want %t", name, got, want)
		}
	}
}

func TestThat(t *testing.T) {
	t.Setenv("BOOK_REQUIRE", "git")
	skipped := false
	t.Run("missing", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		That(t, "browser", errors.New("none in PATH"))
	})
	if !skipped {
		t.Error("a test ran without what it needs")
	}
	That(t, "git", nil)
}

// README names whatever a test may need, and nothing else.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`BOOK_REQUIRE=([a-z,]+)`).FindSubmatch(readme)
	if named == nil {
		t.Fatal("README.md does not say what BOOK_REQUIRE takes")
	}
	call := regexp.MustCompile(`need\.(?:That|Required)\((?:\w+, )?"([a-z]+)"`)
	needs := []string{"sources"} // by way of Sources
	err = fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		text, err := fs.ReadFile(os.DirFS("../.."), name)
		for _, m := range call.FindAllSubmatch(text, -1) {
			needs = append(needs, string(m[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(needs)
	list := strings.Split(string(named[1]), ",")
	slices.Sort(list)
	if want := slices.Compact(needs); !slices.Equal(list, want) {
		t.Errorf("README.md has %q, tests need %q", list, want)
	}
}
