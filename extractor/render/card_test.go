package render

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"beforemain/extractor/internal/fixture"
)

func TestCard(t *testing.T) {
	golden := fixture.Goldens(t, filepath.Join("testdata", "card"))
	c := Card{
		Signatures: []Signature{
			{Path: "src/p/p.go", Text: "func lock[T any](\n\tl *T, // <held>\n) bool", Label: "linux"},
			{Path: "src/p/p_amd64.s", Text: "TEXT ·lock(SB),NOSPLIT,$0"},
		},
		Doc:  "lock takes l; see [unlock], [io.Reader] & https://go.dev/.\n\n# Order\n\n<first> the outer one:\n\n\tlock(a)\n\tlock(b)",
		Lang: "en",
	}
	got, err := c.HTML()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "card.html", []byte(got))
	if bare, err := (Card{}).HTML(); err != nil || bare != "" {
		t.Errorf("an empty card is %q, %v", bare, err)
	}
	if _, err := (Card{Signatures: []Signature{{Path: "a.txt", Text: "x"}}}).HTML(); err == nil {
		t.Error("no error for a file without a lexer")
	}
}

// FuzzDoc: whatever a comment holds, its HTML is text and links that leave the site.
func FuzzDoc(f *testing.F) {
	f.Add("a [b] <c> & \"d\"\n\n# h\n\n\tpre\n\n - item\n\n[x]: https://e.example")
	f.Add("http://a.example/<script> [T.m] [io.Reader] javascript:x")
	f.Fuzz(func(t *testing.T, text string) {
		root, err := html.Parse(strings.NewReader(string(doc(text))))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !slices.Contains([]string{"html", "head", "body", "p", "pre", "h3", "ul", "ol", "li", "a"}, n.Data) {
				t.Errorf("an element %s", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key != "href" && a.Key != "value" || strings.HasPrefix(a.Val, "javascript") || strings.HasPrefix(a.Val, "/") {
					t.Errorf("an attribute %s=%q", a.Key, a.Val)
				}
			}
		}
	})
}
