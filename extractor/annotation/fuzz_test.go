package annotation_test

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/measure"
	"beforemain/extractor/render"
	"beforemain/extractor/source"
)

// The seeds are mistakes and attacks; each parser gets all of them in its own frame.
var seeds = []string{
	"Text [a](sym:p.b) and `c`.", "<script>alert(1)</script>", "a <img src=x onerror=alert(1)>", "<svg/onload=x>", "<javascript:alert(1)>", "<a@b.c>",
	"[a](javascript:x)", "[a](JAVA&Tab;SCRIPT&colon;x)", "[a](&#x6a;avascript:x)", "[a](&#x6aavascript:x)", "[a][r]\n\n[r]: <data:text/html,x>", "![a](vbscript:x)",
	"[a](https://b \"c\\\"><d>\")", "## a {#b onload=x}", "#### a {#c}\n\n#### a {#c}", "| a |\n|:-:|\n| <b> |", "```\"><script>\n```", "    <b>\n",
	"{{< slice p.a >}}", "{{% x %}}", "{{ .Site }}", "{{< go \"1..2\" >}}\nx\n{{< /go >}}", "a\u202eb &#8238; \u200b\x00\xff", "<!-- of: zh 4f1c2d -->\nx", "<!--of: zh-->",
	"## two\n\n```fold\nat： “x”\nuntil: \u00a0y\n```\n\n### zh\n", "~~~\n## no\n", "```anchor", "### en", "##x", "> - 1. *a **b `c", "\r\n\r", "a = { b = [[[\"",
}

// inFile fails if a diagnostic is not at a place of the file.
func inFile(t *testing.T, list diag.List, text string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n"), "\n")
	for _, d := range list {
		if l, c := d.Pos.Line, d.Pos.Column; l < 1 || l > len(lines) || c < 1 || c > len(lines[l-1])+1 {
			t.Fatalf("%s is outside of %q", d, text)
		}
		if n := len(d.Related); n == 0 || !strings.HasPrefix(d.Related[n-1], "fix: ") {
			t.Fatalf("%s has no fix", d)
		}
	}
}

// inert fails if prose becomes HTML that could do anything. The links are resolved as
// badly as can be: to what was written.
func inert(t *testing.T, p *annotation.Prose) {
	t.Helper()
	page := string(render.Prose(p, func(l annotation.Link) render.Target {
		return render.Target{Href: l.Target, Title: l.Target, Class: l.Scheme}
	}, 0))
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
	for _, s := range seeds {
		f.Add("---\nsymbol: p.start\n---\n\n## one\n\n```anchor\ngo: 1..2\non: linux, x\nat: work()\nreviewed: v1\n```\n\n### zh A\n\n" + s + "\n\n### en B\n\n<!-- of: zh 000000 -->\n" + s + "\n")
		f.Add("---\nsymbol: " + s + "\n---\n" + s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		notes, list := annotation.Read(fstest.MapFS{"a/x.md": {Data: []byte(text)}}, "a")
		inFile(t, list, text)
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
	for _, s := range seeds {
		f.Add("---\ntitle: \"x\"\nlede: y\n---\n" + s + "\n\n{{< go \"1+\" >}}\n" + s + "\n{{< /go >}}\n")
		f.Add("---\ntitle: " + s + "\nlede: \"" + s + "\"\n---\n{{< slice p.x on=\"linux\" note=\"" + s + "\" >}}\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, list := annotation.ReadChapter(fstest.MapFS{"x.md": {Data: []byte(text)}}, "x.md", "en", "x")
		inFile(t, list, text)
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
	for _, s := range seeds {
		f.Add("[[term]]\nid = \"a\"\nname = { en = \"x\\u202e\" }\ntext = { en = '''" + s + "''', zh = \"a\\n\\n<b>\" }\n")
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		terms, list := annotation.ReadGlossary(fstest.MapFS{"x.toml": {Data: []byte(text)}}, "x.toml")
		inFile(t, list, text)
		for _, term := range terms {
			for _, p := range term.Text {
				inert(t, p)
			}
		}
	})
}

func FuzzEdges(f *testing.F) {
	for _, s := range seeds {
		f.Add("[[outside]]\nid = \"a\"\nname = { en = \"x\" }\n[[run]]\nsymbol = \"p.a\"\nargument = 1\n[[edge]]\nfrom = \"a\"\nto = \"b\"\ngo = \"1..2\"\non = \"linux\"\nreason = { en = '''" + s + "''' }\n")
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		edges, list := annotation.ReadEdges(fstest.MapFS{"x.toml": {Data: []byte(text)}}, "x.toml")
		inFile(t, list, text)
		for _, told := range edges.Told {
			for lang, reason := range told.Reason {
				if strings.ContainsRune(reason, '\u202e') {
					t.Fatalf("the %s reason %q turns round", lang, reason)
				}
			}
		}
	})
}

// FuzzPictures: a picture is checked in time that its file accounts for, and what is
// wrong stands in the file.
func FuzzPictures(f *testing.F) {
	x, book := smallIndex(f)
	for _, s := range seeds {
		f.Add("kind = \"graph\"\ntitle = { en = '''" + s + "''' }\n[[node]]\nid = \"a\"\nsymbol = \"p.start\"\nlabel = \"{n + size} {x\"\n[[edge]]\nfrom = \"a\"\nto = \"b\"\ngo = \"1..2\"\n[[number]]\nname = \"n\"\nof = \"p.start\"\nline = \"work(?)\"\n[[number]]\nname = \"n\"\nvalue = \"n+n\"\non = \"linux/amd64\"\n")
		f.Add("kind = \"memory\"\n[[step]]\n[[step.column]]\nlabel = '''" + s + "'''\n[[step.column.cell]]\nid = \"a\"\nat = \"{1<<3}\"\n[[step.arrow]]\nregister = \"SP\"\nto = \"a\"\n[[step.bracket]]\nfrom = \"a\"\nto = \"z\"\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		pictures, list := annotation.ReadPictures(fstest.MapFS{"d/x.toml": {Data: []byte(text)}}, "d")
		asked := 0
		named := func(_ string, _ index.Platform, name string) (string, bool) {
			asked++
			return "8", name == "size"
		}
		list = append(list, annotation.CheckPictures(book, pictures, nil, named, &measure.Set{}, x)...)
		inFile(t, list, text)
		if most := len(book.Versions) * len(book.Platforms) * len(text); asked > most {
			t.Errorf("%d names were looked up, more than %d, for %q", asked, most, text)
		}
	})
}

// smallIndex indexes two versions on two platforms, for a book of two symbols.
func smallIndex(t testing.TB) (*index.Index, annotation.Book) {
	t.Helper()
	repo, versions := fixture.OpenArchive(t, txtar.Parse([]byte(`-- v1/src/p/a.go --
package p

const size = 8

func start() { work(3 + size) }

func work(n int) {}
-- v2/src/p/a.go --
package p

func start() {}
`)), source.Config{})
	var snapshots []*source.Snapshot
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, s)
	}
	platforms := []index.Platform{{OS: "linux", Arch: "amd64"}, {OS: "windows", Arch: "amd64"}}
	x, problems, err := index.New(snapshots, index.Config{Packages: []string{"p"}, Platforms: platforms})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return x, annotation.Book{Versions: versions, Platforms: platforms, Languages: []string{"en", "zh"}, Symbols: []string{"p.start", "p.work"}}
}
