package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Section is a stretch of prose below one heading, without its markup. Heading is zero
// for what stands before the first one that has an id: a reader can be led there only
// by way of the page.
type Section struct {
	Heading Heading
	Text    string // a line a paragraph, an item or a cell
}

// Sections cuts the prose at every heading that has an id. The first section is always
// there, and has no heading.
func (p *Prose) Sections() []Section {
	sections := []Section{{}}
	headings := p.headings
	var b strings.Builder
	end := func() {
		sections[len(sections)-1].Text = strings.TrimSpace(b.String())
		b.Reset()
	}
	_ = ast.Walk(p.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() != ast.TypeBlock {
			return ast.WalkContinue, nil
		}
		if n.Kind() == ast.KindHeading {
			h := headings[0]
			headings = headings[1:]
			if h.ID != "" {
				end()
				sections = append(sections, Section{Heading: h})
				return ast.WalkSkipChildren, nil
			}
		}
		switch first := n.FirstChild(); {
		case n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock:
			b.Write(n.Lines().Value(p.Source))
		case first != nil && first.Type() == ast.TypeInline:
			b.WriteString(PlainText(n, p.Source))
			b.WriteByte('\n')
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	end()
	return sections
}

// Plain returns all of the prose without its markup, headings included.
func (p *Prose) Plain() string {
	var lines []string
	for _, s := range p.Sections() {
		lines = append(lines, s.Heading.Title, s.Text)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
