package check_test

import (
	"strings"
	"testing"

	"beforemain/extractor/anchor"
	"beforemain/extractor/check"
	"beforemain/extractor/internal/booklet"
)

// The tool may be asked for fewer versions than the book has. What it cannot see
// is then no error.
func TestFewerVersions(t *testing.T) {
	s := booklet.Read(t, "testdata/resolve.txtar")
	all := booklet.Describe(s.Anchors)
	for i, v := range s.Book.Versions {
		x := s.Only(t, v.Name)
		anchors, list := anchor.Resolve(s.Book, s.Notes, x)
		list = append(list, check.Prose(s.Book, s.Notes, nil, nil, anchors, x)...)
		if len(list) > 0 {
			t.Errorf("%s alone: %v", v.Name, list)
		}
		for line := range strings.Lines(booklet.Describe(anchors)) {
			if !strings.Contains(all, line) {
				t.Errorf("%s alone has %s", v.Name, line)
			}
		}
		if len(anchors) == 0 {
			t.Errorf("version %d has no anchors", i)
		}
	}
}
