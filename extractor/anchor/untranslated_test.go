package anchor_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/anchor"
	"beforemain/extractor/index"
	"beforemain/extractor/internal/booklet"
)

// In check/testdata/comments.txtar some comments have no translation: none was written, or the
// text that one is of is another.
func TestCommentsLeft(t *testing.T) {
	s := booklet.Read(t, "../check/testdata/comments.txtar")
	show := func(lang string) []string {
		var list []string
		for _, c := range anchor.CommentsLeft(lang, []string{"p.start", "p.enter", "p.twice", "p.thrice"}, s.Anchors, s.Index) {
			list = append(list, fmt.Sprintf("%s %s %s:%d %s", c.Symbol, c.Slice.Version.Name, c.Slice.Path, c.Line, c.Text))
		}
		return list
	}
	if d := cmp.Diff([]string{"p.enter v4 src/p/p_arm64.s:1 Save the other stack."}, show("zh")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := show("en"); len(got) != 14 {
		t.Errorf("nothing is translated into English, and %d comments are left: %q", len(got), got)
	}
	repeats := map[string]bool{}
	for _, a := range s.Anchors {
		repeats[a.Annotation.ID] = a.Repeats("zh")
	}
	for id, want := range map[string]bool{"c-name": true, "c-one": false, "c-held": false} {
		if repeats[id] != want {
			t.Errorf("that %s says what its comment says: %t", id, repeats[id])
		}
	}
}

// What is a comment for readers is one to those that are to be translated and to those
// that are left.
func TestDirectives(t *testing.T) {
	s := booklet.Read(t, "../check/testdata/directives.txtar")
	var listed, left []string
	for _, c := range anchor.SourceComments(s.Book, s.Book.Symbols, nil, s.Index, func(*index.Slice) string { return "p.md" }) {
		listed = append(listed, c.Text)
	}
	for _, c := range anchor.CommentsLeft("zh", s.Book.Symbols, nil, s.Index) {
		left = append(left, c.Text)
	}
	want := []string{"go: up here we go", "line by line"}
	if d := cmp.Diff([][]string{want, want}, [][]string{listed, left}); d != "" {
		t.Error(d)
	}
}
