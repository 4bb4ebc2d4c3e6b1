package render

import (
	"html/template"
	"strings"
)

// Term is an entry of the glossary page.
type Term struct {
	ID   string
	Name string
	HTML template.HTML // the explanation
}

var glossaryTemplate = template.Must(template.New("glossary").Parse(`<dl class="glossary">
{{range .}}<dt id="{{.ID}}"><a href="#{{.ID}}">{{.Name}}</a></dt>
<dd>{{.HTML}}</dd>
{{end}}</dl>
`))

// Glossary lists terms with their explanations, each with a stable id.
func Glossary(terms []Term) template.HTML {
	return execute(glossaryTemplate, terms)
}

var onlyTemplate = template.Must(template.New("only").Parse(`<div class="only"><p class="only-label" translate="no">{{.Label}}</p>
{{.Body}}</div>
`))

// Only marks a passage that holds on some platforms only.
func Only(label string, body template.HTML) template.HTML {
	return execute(onlyTemplate, struct {
		Label string
		Body  template.HTML
	}{label, body})
}

func execute(t *template.Template, data any) template.HTML {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic("render: a template refused its own data: " + err.Error())
	}
	return template.HTML(b.String())
}
