package content

import (
	"strings"
	"testing"
	"testing/fstest"

	"beforemain/extractor/annotation"
)

// The glossary of a book with two languages, a chapter, and a note on a symbol of another.
func TestGlossary(t *testing.T) {
	files := fstest.MapFS{
		"terms.toml": {Data: []byte(`
[[term]]
id = "stack"
name = { en = "stack", zh = "栈" }
also = { en = ["call stack", "pile"] }
text = { en = "Where a ` + "`call`" + ` puts its [frame](term:frame), since 1.17. Then it grows.", zh = "放[栈帧](term:frame)的<地方>。会增长。" }
[[term]]
id = "frame"
name = { en = "Frame", zh = "栈帧" }
text = { en = "One call's part", zh = "一次调用的一份" }
`)},
		"begin.md":            {Data: []byte("---\ntitle: \"Begin\"\n---\n\nA [stack](term:stack) & a [frame](term:frame).\n")},
		"annotations/next.md": {Data: []byte("---\nsymbol: p.next\n---\n\n## a\n\n```anchor\nat: next()\nreviewed: v1\n```\n\n### en A\n\nIts [frame](term:frame).\n")},
	}
	m := Material{
		Book: Book{
			Languages: []string{"en", "zh"}, SourceLanguage: "en",
			Versions: openLayout(t).Book.Versions,
			Parts:    []Part{{Chapters: []ChapterEntry{{Slug: "begin"}, {Slug: "end", Symbols: []string{"p.next"}}, {Slug: glossarySlug}}}},
		},
		Index: openLayout(t).Index,
	}
	m.Terms, _ = annotation.ReadGlossary(files, "terms.toml")
	m.Notes, _ = annotation.Read(files, "annotations")
	for _, lang := range m.Book.Languages {
		c, _ := annotation.ReadChapter(files, "begin.md", lang, "begin")
		m.Chapters = append(m.Chapters, c)
	}
	l := New(m)
	body := func(lang string, chapter int) string {
		p, err := edition{l, l.Book.Versions[1], lang}.chapter(chapter)
		if err != nil {
			t.Fatal(err)
		}
		return string(p.Body)
	}
	for _, c := range []struct {
		name, in string
		want     []string // in this order
	}{
		{"a link tells the first sentence", body("en", 0), []string{`#term-stack" title="Where a call puts its frame, since 1.17.">stack</a> &amp;`, `title="One call's part"`}},
		{"in the language of the page", body("zh", 0), []string{`title="放栈帧的&lt;地方&gt;。"`}},
		{"sorted, with the chapters that use it", body("en", 2), []string{
			`<dt id="term-frame">`, `<span lang="zh">栈帧</span>`, `<a href="../begin/">Begin</a> · <a href="../end/">`,
			`<dt id="term-stack">`, `class="term" href="#term-frame">frame</a>`, `call stack · pile`, `<a href="../begin/">Begin</a></p>`,
		}},
		{"by its name in the language", body("zh", 2), []string{`<dt id="term-stack">`, `<span lang="en">stack</span>`, `<dt id="term-frame">`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rest := c.in
			for _, text := range c.want {
				_, after, found := strings.Cut(rest, text)
				if !found {
					t.Fatalf("no %s in its place in\n%s", text, c.in)
				}
				rest = after
			}
		})
	}
	if strings.Contains(body("en", 2), "title=") {
		t.Error("on the glossary page the links tell what stands there anyway")
	}
}
