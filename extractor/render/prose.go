package render

import (
	"bytes"
	"html/template"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"beforemain/extractor/markdown"
)

// Target is where a link of the prose leads on a page. Without an Href only the
// link's text is shown.
type Target struct {
	Href  string
	Title string
	Class string
}

// Prose writes prose as HTML. Whatever the prose holds, no HTML of its own passes, and
// no address that is neither relative nor https. A nil prose is empty.
func Prose(p *markdown.Prose, resolve func(markdown.Link) Target) template.HTML {
	if p == nil || p.Doc == nil {
		return ""
	}
	w := &proseRenderer{resolve: resolve}
	r := renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(w, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), 500),
		util.Prioritized(html.NewRenderer(), 1000),
	))
	var b bytes.Buffer
	if err := r.Render(&b, p.Source, p.Doc); err != nil {
		panic("render: a buffer refused to be written: " + err.Error())
	}
	return template.HTML(b.String())
}

// proseRenderer writes the nodes that this book writes in its own way.
type proseRenderer struct {
	resolve func(markdown.Link) Target
}

// RegisterFuncs implements renderer.NodeRenderer.
func (r *proseRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindCodeBlock, r.code)
	reg.Register(ast.KindFencedCodeBlock, r.code)
	reg.Register(ast.KindHTMLBlock, r.htmlBlock)
	reg.Register(ast.KindRawHTML, r.rawHTML)
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindImage, r.image)
	reg.Register(ast.KindText, r.text)
	reg.Register(extast.KindTableCell, r.cell)
}

func (r *proseRenderer) code(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString(`<pre class="plain"><code>`)
		writeLines(w, source, n)
		w.WriteString("</code></pre>\n")
	}
	return ast.WalkSkipChildren, nil
}

// htmlBlock shows what the annotation package has refused, as text.
func (r *proseRenderer) htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString(`<pre class="plain"><code>`)
		writeLines(w, source, n)
		if b := n.(*ast.HTMLBlock); b.HasClosure() {
			escape(w, b.ClosureLine.Value(source))
		}
		w.WriteString("</code></pre>\n")
	}
	return ast.WalkSkipChildren, nil
}

func (r *proseRenderer) rawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		segments := n.(*ast.RawHTML).Segments
		for i := range segments.Len() {
			s := segments.At(i)
			escape(w, s.Value(source))
		}
	}
	return ast.WalkSkipChildren, nil
}

func writeLines(w util.BufWriter, source []byte, n ast.Node) {
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		escape(w, s.Value(source))
	}
}

func (r *proseRenderer) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	target := r.target(n)
	if target.Href == "" {
		return ast.WalkContinue, nil
	}
	if !entering {
		w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	w.WriteString("<a")
	if target.Class != "" {
		attribute(w, "class", target.Class)
	}
	attribute(w, "href", target.Href)
	if target.Title != "" {
		attribute(w, "title", target.Title)
	}
	if external(target.Href) {
		w.WriteString(` rel="external noopener noreferrer"`)
	}
	w.WriteByte('>')
	return ast.WalkContinue, nil
}

func (r *proseRenderer) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	alt := markdown.PlainText(n, source)
	target := r.target(n)
	if target.Href == "" || external(target.Href) { // a page asks no other host for anything
		escape(w, []byte(alt))
		return ast.WalkSkipChildren, nil
	}
	w.WriteString("<img")
	attribute(w, "src", target.Href)
	attribute(w, "alt", alt)
	w.WriteByte('>')
	return ast.WalkSkipChildren, nil
}

// target resolves a link. An address that must not be on a page is dropped.
func (r *proseRenderer) target(n ast.Node) Target {
	t := r.resolve(markdown.LinkOf(n))
	u, err := url.Parse(t.Href)
	safe := err == nil && (u.Scheme == "https" && u.Host != "" || u.Scheme == "" && u.Host == "" && !strings.HasPrefix(t.Href, "//"))
	if !safe || strings.ContainsFunc(t.Href, func(c rune) bool { return c <= ' ' || c == '\\' || c == 0x7f }) {
		t.Href = ""
	}
	return t
}

func external(href string) bool { return strings.HasPrefix(strings.ToLower(href), "https:") }

// cell writes a table's cell; its alignment is a class, since the pages have no style attribute.
func (r *proseRenderer) cell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "td"
	if n.Parent().Kind() == extast.KindTableHeader && n.HasChildren() { // an empty corner heads nothing
		tag = "th"
	}
	if !entering {
		w.WriteString("</" + tag + ">\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<" + tag)
	if align := n.(*extast.TableCell).Alignment; align == extast.AlignRight || align == extast.AlignCenter {
		attribute(w, "class", align.String())
	}
	w.WriteByte('>')
	return ast.WalkContinue, nil
}

// text writes a run of text. The end of a line is a space in Latin text, and
// nothing where Chinese writes none: between Han characters and beside full-width
// punctuation.
func (r *proseRenderer) text(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := n.(*ast.Text)
	if t.IsRaw() {
		escape(w, t.Segment.Value(source))
	} else {
		html.DefaultWriter.Write(w, t.Segment.Value(source))
	}
	switch {
	case t.HardLineBreak():
		w.WriteString("<br>\n")
	case t.SoftLineBreak() && spaced(before(t, source), after(t, source)):
		w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// spaced reports whether a space belongs between two characters that a line's end parts.
func spaced(a, b rune) bool {
	if fullWidthMark(a) || fullWidthMark(b) {
		return false
	}
	return !han(a) || !han(b)
}

func han(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

// fullWidthMark reports whether r is punctuation that brings its own space.
func fullWidthMark(r rune) bool {
	return 0x3000 <= r && r <= 0x303f || 0xff01 <= r && r <= 0xff0f || 0xff1a <= r && r <= 0xff20 ||
		0xff3b <= r && r <= 0xff40 || 0xff5b <= r && r <= 0xff65
}

// before returns the last visible character of a text or of what stands before it.
func before(n ast.Node, source []byte) rune {
	for ; n != nil && n.Type() == ast.TypeInline; n = previous(n) {
		if s := visible(n, source); s != "" {
			r, _ := utf8.DecodeLastRuneInString(s)
			return r
		}
	}
	return 0
}

func previous(n ast.Node) ast.Node {
	if s := n.PreviousSibling(); s != nil {
		return s
	}
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if s := p.PreviousSibling(); s != nil {
			return s
		}
	}
	return nil
}

// after returns the first visible character behind a text.
func after(n ast.Node, source []byte) rune {
	for n = next(n); n != nil; n = next(n) {
		if s := visible(n, source); s != "" {
			r, _ := utf8.DecodeRuneInString(s)
			return r
		}
	}
	return 0
}

func next(n ast.Node) ast.Node {
	if s := n.NextSibling(); s != nil {
		return s
	}
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if s := p.NextSibling(); s != nil {
			return s
		}
	}
	return nil
}

// visible returns the text of a node as a reader sees it.
func visible(n ast.Node, source []byte) string {
	var b bytes.Buffer
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			value := t.Segment.Value(source)
			if _, code := t.Parent().(*ast.CodeSpan); !code && !t.IsRaw() {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func attribute(w util.BufWriter, name, value string) {
	w.WriteByte(' ')
	w.WriteString(name)
	w.WriteString(`="`)
	escape(w, []byte(value))
	w.WriteByte('"')
}

func escape(w util.BufWriter, text []byte) {
	w.Write(util.EscapeHTML(text))
}
