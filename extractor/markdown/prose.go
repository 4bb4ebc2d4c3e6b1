// Package markdown parses the prose of a book, and knows its headings and links.
package markdown

import (
	"bytes"
	"fmt"
	"go/token"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"beforemain/extractor/diag"
	"beforemain/extractor/scan"
)

// maxProse is how many bytes one text may have: Markdown can take time in their square,
// and what people write is untrusted.
const maxProse = 32 << 10

// Prose is text that people wrote, parsed: CommonMark with tables and explicit
// heading ids (`## Title {#id}`), without raw HTML and without bare addresses as links.
type Prose struct {
	Source []byte
	Doc    ast.Node
	Pos    token.Position // of the first byte of Source

	links     []Link
	headings  []Heading
	landmarks []Landmark // of the headings
	escaped   bool       // the file does not hold Source as it is
}

// Heading is a heading with its explicit id, which is "" if it has none.
type Heading struct {
	ID    string
	Title string // as plain text
	Level int    // as written: "##" is 2
}

// Landmarks returns the headings as parts that translations share.
func (p *Prose) Landmarks() []Landmark { return p.landmarks }

// Headings returns the headings in the order in which they are written.
func (p *Prose) Headings() []Heading { return p.headings }

var grammar = parser.NewParser(
	parser.WithBlockParsers(parser.DefaultBlockParsers()...),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
	parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
)

// Rules are what prose has to keep to at its place.
type Rules struct {
	Top int             // the level that headings begin with
	IDs map[string]bool // heading ids that are taken on the page
	// Plain says that no {{< … >}} and no heading id may stand here. In a chapter they
	// may, and the prose does not contain the {{< … >}}.
	Plain bool
}

// Parse parses lines of a page, of which the first has the number n, and
// checks what can be checked without a book.
func Parse(p *scan.Page, lines []string, n int, r Rules) *Prose {
	var source string
	if len(lines) > 0 {
		source = strings.Join(lines, "\n") + "\n"
	}
	prose, list := newProse(source, p.Pos(n, 0), r)
	p.List = append(p.List, list...)
	return prose
}

func newProse(source string, pos token.Position, r Rules) (*Prose, diag.List) {
	return (&Prose{Pos: pos}).parse(source, r)
}

func (p *Prose) parse(source string, r Rules) (*Prose, diag.List) {
	var list diag.List
	if len(source) > maxProse {
		list.Errorf(p.Pos, "N109", "the text has more than %d KiB", maxProse>>10).Relate("fix: say it in fewer words, or in several notes or chapters")
		source = ""
	}
	p.Source = []byte(source)
	p.Doc = grammar.Parse(text.NewReader(p.Source))
	_ = ast.Walk(p.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.visit(n, r, &list)
		}
		return ast.WalkContinue, nil
	})
	return p, list
}

func (p *Prose) visit(n ast.Node, r Rules, list *diag.List) {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		list.Errorf(p.Position(p.offset(n)), "N112", "raw HTML").Relate("fix: write it in Markdown, or in `back-quotes` to show it")
	case *ast.RawHTML:
		at := 0
		if n.Segments.Len() > 0 {
			at = n.Segments.At(0).Start
		}
		list.Errorf(p.Position(at), "N112", "raw HTML").Relate("fix: write it in Markdown, or in `back-quotes` to show it")
	case *ast.Text:
		p.checkText(n, r, list)
	case *ast.Heading:
		p.heading(n, r, list)
	case *ast.Link:
		p.link(n, n.Destination, list)
	case *ast.Image:
		p.link(n, n.Destination, list)
	}
}

// checkText reports what Markdown makes of a run of text and a writer cannot want.
func (p *Prose) checkText(n *ast.Text, r Rules, list *diag.List) {
	if _, code := n.Parent().(*ast.CodeSpan); code || n.IsRaw() {
		return
	}
	value := n.Segment.Value(p.Source)
	if i := bytes.IndexByte(value, '&'); i >= 0 {
		resolved := util.ResolveEntityNames(util.ResolveNumericReferences(value))
		if at := bytes.IndexFunc(resolved, scan.Hidden); at >= 0 {
			c, _ := utf8.DecodeRune(resolved[at:])
			list.Errorf(p.Position(n.Segment.Start+i), "N112", "%s, written as a reference", scan.DescribeHidden(c)).Relate("fix: remove it")
		}
	}
	if !r.Plain {
		return
	}
	for i := range value {
		at := n.Segment.Start + i
		if rest := p.Source[at:]; bytes.HasPrefix(rest, []byte("{{<")) || bytes.HasPrefix(rest, []byte("{{%")) {
			list.Errorf(p.Position(at), "N109", "a %s stands in chapters only; here it would show as it is written", rest[:3]).
				Relate("fix: remove it; a note says with \"go:\" and \"on:\" where it stands, and links with [text](sym:…)")
			return
		}
	}
}

var headingID = regexp.MustCompile(`[ \t]*\{#([^{}]*)\}[ \t]*$`)

// heading takes the id off a heading's text and makes it an attribute.
func (p *Prose) heading(n *ast.Heading, r Rules, list *diag.List) {
	h := Heading{Level: n.Level}
	at := p.offset(n)
	if n.Level < r.Top {
		list.Errorf(p.Position(at), "N109", "a heading of level %d; headings begin with %q here", n.Level, strings.Repeat("#", r.Top)).
			Relate("fix: %s …", strings.Repeat("#", r.Top))
	}
	if last, ok := n.LastChild().(*ast.Text); ok {
		value := last.Segment.Value(p.Source)
		if m := headingID.FindSubmatchIndex(value); m != nil {
			h.ID = string(value[m[2]:m[3]])
			switch {
			case r.Plain:
				list.Errorf(p.Position(last.Segment.Start+m[2]), "N110", "a heading with an id stands in chapters only: the text may stand on a page several times").
					Relate("fix: remove {#%s}", h.ID)
				h.ID = ""
			case !scan.IDForm.MatchString(h.ID):
				d := list.Errorf(p.Position(last.Segment.Start+m[2]), "N110", "heading id %q is not made of a-z, 0-9 and \"-\"", h.ID)
				if plain := scan.PlainID(h.ID); plain != "" {
					d.Relate("fix: {#%s}", plain)
				} else {
					d.Relate("fix: {#<a word of a-z, 0-9 and ->}")
				}
				h.ID = ""
			default:
				n.SetAttributeString("id", h.ID)
				at = last.Segment.Start + m[2]
			}
			last.Segment = last.Segment.WithStop(last.Segment.Start + m[0])
		}
	}
	if h.ID != "" && r.IDs[h.ID] {
		list.Errorf(p.Position(at), "N110", "duplicate heading id %q", h.ID).Relate("fix: {#%s-2}", h.ID)
	}
	if r.IDs != nil {
		r.IDs[h.ID] = true
	}
	h.Title = PlainText(n, p.Source)
	p.headings = append(p.headings, h)
	p.landmarks = append(p.landmarks, Landmark{fmt.Sprintf("%s … {#%s}", strings.Repeat("#", h.Level), h.ID), p.Position(at)})
}

// offset is where a block begins in Source.
func (p *Prose) offset(n ast.Node) int {
	if at := n.Pos(); at >= 0 {
		return min(at, len(p.Source))
	}
	if lines := n.Lines(); lines != nil && lines.Len() > 0 {
		return lines.At(0).Start
	}
	return 0
}

// Position returns the place in the file of a byte of Source; what is behind the text is at
// its end. A text that was written with escapes has one place: where it begins.
func (p *Prose) Position(offset int) token.Position {
	if p.escaped {
		return p.Pos
	}
	before := p.Source[:min(max(offset, 0), len(bytes.TrimRight(p.Source, "\n")))]
	pos := p.Pos
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		pos.Line += bytes.Count(before, []byte("\n"))
		pos.Column = len(before) - i
		return pos
	}
	pos.Column += len(before)
	return pos
}

// FirstSentence returns the first sentence of the first paragraph as plain text.
func (p *Prose) FirstSentence() string {
	for n := p.Doc.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindParagraph {
			continue
		}
		text := PlainText(n, p.Source)
		if end := sentenceEnd.FindStringIndex(text); end != nil {
			text = strings.TrimSpace(text[:end[1]])
		}
		return text
	}
	return ""
}

// sentenceEnd is a full stop: a Chinese one, or one that a space follows.
var sentenceEnd = regexp.MustCompile(`[。！？]|[.!?](?:\s|$)`)

// PlainText returns what a reader sees of a node, without its markup.
func PlainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			value := t.Segment.Value(source)
			if _, code := t.Parent().(*ast.CodeSpan); !code {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// Landmark is a part of a chapter that its translations share: a heading, by its level
// and id, or a {{< … >}}.
type Landmark struct {
	Text string
	Pos  token.Position
}

// ParseValue parses a value of a page of TOML, which stands at or below a line, as prose.
func ParseValue(p *scan.Page, text string, line int) *Prose {
	pos := p.Find(text, line)
	written := strings.Join(p.Lines[pos.Line-1:], "\n")[pos.Column-1:]
	prose := &Prose{Pos: pos, escaped: !strings.HasPrefix(written, text)}
	prose, list := prose.parse(p.Seen(pos, "the text", text), Rules{Top: 7, Plain: true})
	p.List = append(p.List, list...)
	return prose
}
