package source

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompareTags(t *testing.T) {
	want := []string{"go1", "go1.9.7", "go1.17", "go1.17.2", "go1.17.13", "go1.18", "v0.9.0", "v0.10.0", "v0.10.0-rc1", "v02"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, compareTags)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
