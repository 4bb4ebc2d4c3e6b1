package render

import (
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"beforemain/extractor/annotation"
	"beforemain/extractor/markdown"
)

// chapterProse returns the prose of a chapter with this text, and what is wrong with it.
func chapterProse(text string) ([]*markdown.Prose, bool) {
	fsys := fstest.MapFS{"c.md": {Data: []byte("---\ntitle: t\nlede: l\n---\n" + text)}}
	c, list := annotation.ReadChapter(fsys, "c.md", "en", "c")
	var all []*markdown.Prose
	var walk func([]annotation.Node)
	walk = func(nodes []annotation.Node) {
		for _, n := range nodes {
			if n.Prose != nil {
				all = append(all, n.Prose)
			}
			if n.Block != nil {
				walk(n.Block.Body)
			}
		}
	}
	walk(c.Body)
	return all, len(list) > 0
}

func resolveTest(l markdown.Link) Target {
	switch l.Scheme {
	case "sym":
		return Target{Href: "../" + l.Target + "/", Title: `"` + l.Target + `"`, Class: "sym"}
	case "term":
		return Target{}
	}
	return Target{Href: l.Target}
}

func TestProse(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
	}{
		{"paragraph", "a *b* **c** `d<e>` & \\*", "<p>a <em>b</em> <strong>c</strong> <code>d&lt;e&gt;</code> &amp; *</p>\n"},
		{"heading id", "## Why {#why}", "<h2 id=\"why\">Why</h2>\n"},
		{"no id of its own", "## Why", "<h2>Why</h2>\n"},
		{"no other attributes", "## A {.x style=\"y\"}", "<h2>A {.x style=&quot;y&quot;}</h2>\n"},
		{"symbol", "[a](sym:p.x)", "<p><a class=\"sym\" href=\"../p.x/\" title=\"&quot;p.x&quot;\">a</a></p>\n"},
		{"without address", "[a *b*](term:x)", "<p>a <em>b</em></p>\n"},
		{"external", "[a](https://example.org/?a=1&b=2)", "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"external noopener noreferrer\">a</a></p>\n"},
		{"picture", "![a *b*](c.svg)", "<p><img src=\"c.svg\" alt=\"a b\"></p>\n"},
		{"picture from elsewhere", "![a](https://example.org/b.png)", "<p>a</p>\n"},
		{"code", "```go\na < b\n```\n\n    c & d\n", "<pre class=\"plain\"><code>a &lt; b\n</code></pre>\n<pre class=\"plain\"><code>c &amp; d\n</code></pre>\n"},
		{"table", "| a | b |\n|---|--:|\n| c | d |\n", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th class=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>c</td>\n<td class=\"right\">d</td>\n</tr>\n</tbody>\n</table>\n"},
		{"table with a corner", "|  | b |\n|---|---|\n| c | d |\n", "<table>\n<thead>\n<tr>\n<td></td>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>\n"},
		{"raw HTML", "a <b onclick=x>c</b>\n\n<script>\nx\n</script>\n\n<!-- d -->", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n<pre class=\"plain\"><code>&lt;script&gt;\nx\n&lt;/script&gt;\n</code></pre>\n<pre class=\"plain\"><code>&lt;!-- d --&gt;\n</code></pre>\n"},
		{"no bare address", "https://example.org <https://example.org> <a@b.c>", "<p>https://example.org &lt;https://example.org&gt; &lt;a@b.c&gt;</p>\n"},
		{"dangerous", "[a](javascript:x) [b](&#106;avascript:x) [c](data:x) [d](//x) [e](/\\x)", "<p>a b c d e</p>\n"},
		{"line ends", "one\ntwo", "<p>one\ntwo</p>\n"},
		{"line ends after code", "one `x`\n`y` two", "<p>one <code>x</code>\n<code>y</code> two</p>\n"},
		{"Han", "第一\n第二", "<p>第一第二</p>\n"},
		{"Han and Latin", "第一\ntwo\n第三", "<p>第一\ntwo\n第三</p>\n"},
		{"full-width marks", "第一。\ntwo，\n`x`", "<p>第一。two，<code>x</code></p>\n"},
		{"a mark that opens", "two\n「三」", "<p>two「三」</p>\n"},
		{"Han and code", "第一\n`x`\n第二", "<p>第一\n<code>x</code>\n第二</p>\n"},
		{"Han over emphasis", "第一**二**\n**三**四[五\n六](sym:p.x)\n七", "<p>第一<strong>二</strong><strong>三</strong>四<a class=\"sym\" href=\"../p.x/\" title=\"&quot;p.x&quot;\">五六</a>七</p>\n"},
		{"hard break", "第一\\\n第二", "<p>第一<br>\n第二</p>\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got string
			prose, _ := chapterProse(test.in)
			for _, p := range prose {
				got += string(Prose(p, resolveTest))
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	if got := Prose(nil, resolveTest); got != "" {
		t.Errorf("prose that is not there = %q", got)
	}
}

// allowed are the elements that prose can become, with their attributes.
var allowed = map[string][]string{
	"p": nil, "em": nil, "strong": nil, "code": nil, "pre": {"class"}, "br": nil, "hr": nil,
	"h1": {"id"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
	"ul": nil, "ol": {"start"}, "li": nil, "blockquote": nil,
	"table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": {"class"}, "td": {"class"},
	"a": {"class", "href", "title", "rel"}, "img": {"src", "alt"},
}

// No HTML of a writer's own passes: only elements that this package writes, with
// attributes that it writes, and addresses that stay here or are https.
func FuzzProse(f *testing.F) {
	for _, s := range []string{
		"<script>alert(1)</script>", "a <b onclick=x>", "[a](javascript:x)", "[a](<java\tscript:x>)", "![a](data:x)",
		"## a {#b onload=x}", "```\"><script>\n```", "[a](https://b \"c\\\"><d>\")", "| a |\n|:-:|\n| <b> |", "&lt;b&gt; &#60;c&#62;",
		"[a]: javascript:x\n\n[a]", "*a\n<b>*", "1. a\n2. b\n\n> c", "[a](https:\\\\\\\\b)", "第一\n第二",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		prose, _ := chapterProse(text)
		for _, p := range prose {
			got := string(Prose(p, resolveTest))
			z := html.NewTokenizer(strings.NewReader(got))
			for {
				kind := z.Next()
				if kind == html.ErrorToken {
					if z.Err() != io.EOF {
						t.Fatalf("%q: %v", got, z.Err())
					}
					break
				}
				token := z.Token()
				if kind == html.CommentToken || kind == html.DoctypeToken {
					t.Fatalf("%q passes as %s", text, token)
				}
				if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
					continue
				}
				attributes, ok := allowed[token.Data]
				if !ok {
					t.Fatalf("%q becomes the element %s in %q", text, token, got)
				}
				for _, a := range token.Attr {
					if !slices.Contains(attributes, a.Key) {
						t.Fatalf("%q becomes the attribute %s of %s", text, a.Key, token)
					}
					if (a.Key == "href" || a.Key == "src") && !harmless(a.Val) {
						t.Fatalf("%q becomes the address %q", text, a.Val)
					}
				}
			}
		}
	})
}

// harmless judges an address as a browser does, which skips what no address has.
func harmless(address string) bool {
	address = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, strings.ToLower(address))
	if strings.HasPrefix(address, "//") || strings.HasPrefix(address, `\`) || strings.HasPrefix(address, `/\`) {
		return false
	}
	scheme, _, found := strings.Cut(address, ":")
	return !found || scheme == "https" || strings.ContainsAny(scheme, "/?#")
}
