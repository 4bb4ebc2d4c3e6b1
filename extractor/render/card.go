package render

import (
	"fmt"
	"go/doc/comment"
	"html/template"
	"strings"

	"beforemain/extractor/syntax"
)

// Card is what the book shows of a function that it does not read.
type Card struct {
	Signatures []Signature
	Doc        string // the text of the doc comment
	Lang       string // of the comment
}

// Signature is a declaration without its body.
type Signature struct {
	Path, Text string
	Label      string // the platforms, if not all of the card
}

var cardTemplate = template.Must(template.New("card").Parse(
	`{{range .Signatures}}<div class="listing signature">{{with .Label}}<div class="caption"><span>{{.}}</span></div>{{end}}` +
		`<pre class="code" translate="no"><code>{{.HTML}}</code></pre></div>
{{end}}{{with .Doc}}<div class="content doc"{{with $.Lang}} lang="{{.}}"{{end}}>
{{.}}</div>
{{end}}`))

// HTML returns the signatures, in colour, and the comment as Go's own tools set one.
func (c Card) HTML() (template.HTML, error) {
	type signature struct {
		Signature
		HTML template.HTML
	}
	var data struct {
		Signatures []signature
		Doc        template.HTML
		Lang       string
	}
	for _, s := range c.Signatures {
		tokens, err := syntax.Tokens(s.Path, []byte(s.Text))
		if err != nil {
			return "", fmt.Errorf("render a signature of %s: %w", s.Path, err)
		}
		lines := sweep([]byte(s.Text), tokenLayer(len(s.Text), tokens))
		data.Signatures = append(data.Signatures, signature{s, template.HTML(strings.Join(lines, ""))})
	}
	data.Doc, data.Lang = doc(c.Doc), LangTag(c.Lang)
	return execute(cardTemplate, data), nil
}

// doc sets the text of a doc comment. Names in brackets stay text: what they lead to
// would be pages of another site.
func doc(text string) template.HTML {
	printer := comment.Printer{
		HeadingID:  func(*comment.Heading) string { return "" },
		DocLinkURL: func(*comment.DocLink) string { return "" },
	}
	return template.HTML(printer.HTML(new(comment.Parser).Parse(text)))
}
