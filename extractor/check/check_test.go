package check_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/internal/booklet"
)

func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	codes := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s := booklet.Read(t, file)
			s.Compare(t)
			for _, d := range s.Problems {
				codes[d.Code] = true
			}
			for _, f := range s.Archive.Files {
				switch f.Name {
				case "anchors":
					if d := cmp.Diff(string(f.Data), booklet.Describe(s.Anchors)); d != "" {
						t.Errorf("anchors (-want +got):\n%s", d)
					}
				case "printed":
					var b strings.Builder
					if err := s.Problems.Print(&b); err != nil {
						t.Fatal(err)
					}
					if d := cmp.Diff(string(f.Data), b.String()); d != "" {
						t.Errorf("printed (-want +got):\n%s", d)
					}
				}
			}
		})
	}
	for _, code := range []string{"N101", "N102", "N103", "N104", "N105", "N106", "N107", "N108", "N109", "N110", "N111", "N112", "N120", "N121", "N122", "N140", "N141"} {
		if !codes[code] {
			t.Errorf("no fixture shows %s", code)
		}
	}
}
