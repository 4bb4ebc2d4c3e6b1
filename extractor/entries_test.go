package extractor

import (
	"slices"
	"testing"

	"beforemain/extractor/index"
)

// TestRealEntries: in every version and on every platform a program leads from its
// entry to the first function of its own.
func TestRealEntries(t *testing.T) {
	result := runReal(t)
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
