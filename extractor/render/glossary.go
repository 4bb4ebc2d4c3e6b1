package render

import "html/template"

// Glossary is what the glossary page lists, with its words before other names and
// before the chapters of a term.
type Glossary struct {
	Also, Used string
	Terms      []Term
}

// Term is an entry of the glossary page.
type Term struct {
	ID        string
	Name      string
	Elsewhere []Named       // in the book's other languages
	Also      []string      // other names in this language
	HTML      template.HTML // the explanation
	Used      []Use
}

// Named is a name in a language.
type Named struct{ Lang, Name string }

// Use is a chapter that uses a term.
type Use struct{ Title, Href string }

var glossaryTemplate = template.Must(template.New("glossary").Parse(`<dl class="glossary">
{{range .Terms}}<dt id="{{.ID}}"><a href="#{{.ID}}">{{.Name}}</a>{{range .Elsewhere}} <span lang="{{.Lang}}">{{.Name}}</span>{{end}}</dt>
<dd>{{.HTML}}{{if .Also}}<p class="also">{{$.Also}} {{range $i, $name := .Also}}{{if $i}} · {{end}}{{$name}}{{end}}</p>
{{end}}{{if .Used}}<p class="also">{{$.Used}} {{range $i, $use := .Used}}{{if $i}} · {{end}}<a href="{{$use.Href}}">{{$use.Title}}</a>{{end}}</p>
{{end}}</dd>
{{end}}</dl>
`))

// Terms lists terms with their explanations, each with a stable id.
func Terms(g Glossary) template.HTML {
	return execute(glossaryTemplate, g)
}
