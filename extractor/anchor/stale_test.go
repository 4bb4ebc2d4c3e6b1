package anchor_test

import (
	"strings"
	"testing"

	"beforemain/extractor/internal/booklet"
)

// What a page says of a note in one version is in its anchors there.
func TestStale(t *testing.T) {
	s := booklet.Read(t, "../check/testdata/fresh.txtar")
	for _, test := range []struct{ id, stale string }{
		{"read-everywhere", ""},
		{"comments-do-not-count", ""},
		{"changed", "v3 v5"},
		{"two-lines-away", ""},
		{"within-a-fold", "v3"},
		{"not-pinned-any-more", "v1 v2 v3 v4 v5"},
		{"an-older-patch", "v2 v3"},
		{"unknown", ""},
		{"missing", "v1 v2"},
		{"before-its-range", "v3 v4"},
	} {
		var got []string
		for _, a := range s.Anchors {
			if a.Annotation.ID == test.id && a.Stale {
				got = append(got, a.Slice.Version.Name)
			}
		}
		if got := strings.Join(got, " "); got != test.stale {
			t.Errorf("%s is stale in %q, want %q", test.id, got, test.stale)
		}
	}
}
