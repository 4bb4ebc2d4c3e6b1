package markdown

import (
	"go/token"
	"strings"
	"testing"
)

func TestHeadingIDs(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		plain      bool
		want       string // what is wrong, and its fix
	}{
		{"in a chapter", "## A {#a}", false, ""},
		{"twice", "## A {#a}\n\n## B {#a}", false, `x.md:3:8: error: N110 duplicate heading id "a" fix: {#a-2}`},
		{"words", "## A {#Big Part}", false, `x.md:1:8: error: N110 heading id "Big Part" is not made of a-z, 0-9 and "-" fix: {#big-part}`},
		{"nothing to make one of", "## A {#标题}", false, `x.md:1:8: error: N110 heading id "标题" is not made of a-z, 0-9 and "-" fix: {#<a word of a-z, 0-9 and ->}`},
		{"in a note", "#### A {#a}", true, "x.md:1:10: error: N110 a heading with an id stands in chapters only: the text may stand on a page several times fix: remove {#a}"},
		{"markup in a note", "#### A {#\"x\"}", true, "x.md:1:10: error: N110 a heading with an id stands in chapters only: the text may stand on a page several times fix: remove {#\"x\"}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, list := newProse(tt.text+"\n", token.Position{Filename: "x.md", Line: 1, Column: 1}, Rules{Top: 2, IDs: map[string]bool{}, Plain: tt.plain})
			var got []string
			for _, d := range list {
				got = append(got, d.String()+" "+strings.Join(d.Related, " "))
			}
			if got := strings.Join(got, "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if h := p.Headings()[0]; h.Title != "A" || tt.plain && h.ID != "" {
				t.Errorf("the heading is %+v", h)
			}
		})
	}
}
