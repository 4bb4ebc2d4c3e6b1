package extractor

import (
	"testing"

	"beforemain/extractor/anchor"
)

// Every comment of the spine, in every version and on every platform, is translated into
// each language that the source's comments are not written in.
func TestRealCommentsAreTranslated(t *testing.T) {
	r := runReal(t)
	for _, lang := range r.Book.Languages {
		if lang == r.Book.Source.Language {
			continue
		}
		for _, c := range anchor.CommentsLeft(lang, r.Book.Spine(), r.Anchors, r.Index) {
			t.Errorf("%s: %s %s:%d: no %s for %q", c.Symbol, c.Slice.Version.Name, c.Slice.Path, c.Line, lang, c.Text)
		}
		if all := anchor.CommentsLeft(lang, r.Book.Spine(), nil, r.Index); len(all) < 500 {
			t.Errorf("without translations only %d comments are left", len(all))
		}
	}
}
