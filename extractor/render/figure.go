package render

import "html/template"

// Figure is a picture with its caption and the numbers it is drawn from.
type Figure struct {
	ID      string
	Picture template.HTML
	Caption string
	Table   *Table
	More    string // the label of the table, which stands folded; "" shows it
}

var figureTemplate = template.Must(template.New("figure").Parse(
	`<figure class="figure"{{with .ID}} id="{{.}}"{{end}}>{{with .Picture}}<div class="wide">{{.}}</div>{{end}}{{with .Caption}}
<figcaption>{{.}}</figcaption>{{end}}{{if .Table}}{{if .More}}
<details><summary>{{.More}}</summary>{{.Table.HTML}}</details>{{else}}
{{.Table.HTML}}{{end}}{{end}}</figure>
`))

// HTML returns the figure.
func (f Figure) HTML() template.HTML { return execute(figureTemplate, f) }
