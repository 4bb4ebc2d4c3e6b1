package render

import (
	"html/template"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/change"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

// side makes a slice that begins on line 10 of p.go.
func side(t testing.TB, version, text string) (*index.Slice, []syntax.Token) {
	t.Helper()
	tokens, err := syntax.Tokens("p.go", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &index.Slice{Symbol: "p.f", Version: source.Version{Name: version, Tag: version + ".0"}, Path: "src/p/p.go",
		Text: []byte(text), Start: 10, End: 9 + strings.Count(text, "\n")}, tokens
}

func diffOf(t testing.TB, old, new string) (Diff, template.HTML) {
	t.Helper()
	d := Diff{ID: "linux-amd64", Label: "linux", NewHref: "https://example.invalid/p.go#L10", Words: Words{"equal_lines": "{{ .Count }} equal", "comment_only": "comment"}}
	d.Old, d.OldTokens = side(t, "v1", old)
	d.New, d.NewTokens = side(t, "v2", new)
	d.Blocks = change.Between(change.Text{Bytes: []byte(old), Tokens: d.OldTokens}, change.Text{Bytes: []byte(new), Tokens: d.NewTokens})
	return d, d.HTML()
}

// without takes the lines of one side out of a comparison and returns its code.
func without(page template.HTML, tag string) (string, error) {
	lines := regexp.MustCompile(`(?s)<` + tag + ` .*?</` + tag + `>`)
	return code(template.HTML(lines.ReplaceAllString(string(page), "")))
}

func TestDiff(t *testing.T) {
	const old = "// f is one.\nfunc f() {\n\ta(1)\n\tb()\n\tc()\n\td()\n\te()\n\tf()\n\tg()\n\th()\n\ti()\n\tj()\n\tk()\n\tl()\n}\n"
	new := strings.Replace(strings.Replace(old, "is one", "is two", 1), "a(1)", "a(2, \"<&\")", 1)
	new = strings.Replace(new, "\tl()\n", "\tl()\n\tm()\n", 1)
	_, page := diffOf(t, old, new)
	for _, want := range []string{
		`aria-label="linux"`,
		`<a href="https://example.invalid/p.go#L10">p.go:10–25</a>`,
		`<div class="pair talk"><p class="talk-label">comment</p>`, // set apart from the code
		`<del class="l" data-n="12">`, `<ins class="l" data-n="12">`,
		`<span class="w"><span class="n">1</span></span>`, // the word within the line
		`<summary><span>5 equal</span> <small>16–20</small></summary>`,
		`<ins class="l" data-n="24">`,
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if n := strings.Count(string(page), "<del "); n != 2 {
		t.Errorf("%d lines went, want 2", n)
	}
	// Where only comments differ, no label says so of each.
	if _, page := diffOf(t, "// a\nf()\n", "// b\nf()\n"); strings.Contains(string(page), "talk-label") {
		t.Errorf("a label on the only kind of change:\n%s", page)
	}
}

// FuzzDiff: without its old lines the comparison is the new text, and the other way
// round, but for a newline at the end.
func FuzzDiff(f *testing.F) {
	f.Add("a()\nb()\n", "a()\n// c\nb(\"x y\")\n")
	f.Add("func f() {\n}\n", "func f() {\n\treturn 1 << 2 & 3\n}\n")
	f.Add("x", "<script>\n&amp;\n")
	f.Fuzz(func(t *testing.T, old, new string) {
		_, page := diffOf(t, old, new)
		for _, c := range []struct{ tag, want string }{{"del", new}, {"ins", old}} {
			got, err := without(page, c.tag)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.TrimSuffix(c.want, "\n"), strings.TrimSuffix(got, "\n")); d != "" {
				t.Errorf("without %s (-want +got):\n%s", c.tag, d)
			}
		}
	})
}
