package annotation_test

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"beforemain/extractor/annotation"
	"beforemain/extractor/internal/booklet"
	"beforemain/extractor/markdown"
	"beforemain/extractor/render"
)

// inert fails if prose becomes HTML that could do anything. The links are resolved as
// badly as can be: to what was written.
func inert(t *testing.T, p *markdown.Prose) {
	t.Helper()
	page := string(render.Prose(p, func(l markdown.Link) render.Target {
		return render.Target{Href: l.Target, Title: l.Target, Class: l.Scheme}
	}))
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatalf("%q: %v", page, z.Err())
			}
			return
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("%q becomes %q", p.Source, page)
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			switch token.Data {
			case "script", "style", "iframe", "object", "embed", "svg", "math", "form", "base", "link", "meta", "template":
				t.Fatalf("%q becomes %q", p.Source, page)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "src") && !harmless(a.Val) {
					t.Fatalf("%q becomes %q", p.Source, page)
				}
			}
		}
	}
}

// harmless judges an address as a browser does, which skips what no address has.
func harmless(address string) bool {
	address = strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\u00a0' || r == '\ufeff' {
			return -1
		}
		return r
	}, strings.ToLower(address))
	scheme, _, found := strings.Cut(address, ":")
	return !found || scheme == "https" || strings.ContainsAny(scheme, "/?#")
}

func FuzzNotes(f *testing.F) {
	for _, s := range booklet.Seeds {
		f.Add("---\nsymbol: p.start\n---\n\n## one\n\n```anchor\ngo: 1..2\non: linux, x\nat: work()\nreviewed: v1\n```\n\n### zh A\n\n" + s + "\n\n### en B\n\n<!-- of: zh 000000 -->\n" + s + "\n")
		f.Add("---\nsymbol: " + s + "\n---\n" + s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		notes, list := annotation.Read(fstest.MapFS{"a/x.md": {Data: []byte(text)}}, "a")
		booklet.InFile(t, list, text)
		for _, a := range notes {
			for _, text := range a.Texts {
				inert(t, text.Prose)
				if a.Outdated(text.Lang) && text.Of == "" {
					t.Fatalf("%s is outdated without a stamp", text.Lang)
				}
			}
		}
	})
}

func FuzzChapter(f *testing.F) {
	for _, s := range booklet.Seeds {
		f.Add("---\ntitle: \"x\"\nlede: y\n---\n" + s + "\n\n{{< go \"1+\" >}}\n" + s + "\n{{< /go >}}\n")
		f.Add("---\ntitle: " + s + "\nlede: \"" + s + "\"\n---\n{{< slice p.x on=\"linux\" note=\"" + s + "\" >}}\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, list := annotation.ReadChapter(fstest.MapFS{"x.md": {Data: []byte(text)}}, "x.md", "en", "x")
		booklet.InFile(t, list, text)
		if c == nil {
			return
		}
		var walk func([]annotation.Node)
		walk = func(nodes []annotation.Node) {
			for _, n := range nodes {
				if n.Prose != nil {
					inert(t, n.Prose)
				}
				if n.Block != nil {
					walk(n.Block.Body)
				}
			}
		}
		walk(c.Body)
	})
}

func FuzzGlossary(f *testing.F) {
	for _, s := range booklet.Seeds {
		f.Add("[[term]]\nid = \"a\"\nname = { en = \"x\\u202e\" }\ntext = { en = '''" + s + "''', zh = \"a\\n\\n<b>\" }\n")
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		terms, list := annotation.ReadGlossary(fstest.MapFS{"x.toml": {Data: []byte(text)}}, "x.toml")
		booklet.InFile(t, list, text)
		for _, term := range terms {
			for _, p := range term.Text {
				inert(t, p)
			}
		}
	})
}

func FuzzEdges(f *testing.F) {
	for _, s := range booklet.Seeds {
		f.Add("[[outside]]\nid = \"a\"\nname = { en = \"x\" }\n[[run]]\nsymbol = \"p.a\"\nargument = 1\n[[edge]]\nfrom = \"a\"\nto = \"b\"\ngo = \"1..2\"\non = \"linux\"\nreason = { en = '''" + s + "''' }\n")
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		edges, list := annotation.ReadEdges(fstest.MapFS{"x.toml": {Data: []byte(text)}}, "x.toml")
		booklet.InFile(t, list, text)
		for _, told := range edges.Told {
			for lang, reason := range told.Reason {
				if strings.ContainsRune(reason, '\u202e') {
					t.Fatalf("the %s reason %q turns round", lang, reason)
				}
			}
		}
	})
}
