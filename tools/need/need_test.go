package need

import (
	"errors"
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
