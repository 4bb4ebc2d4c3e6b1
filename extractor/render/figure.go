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

// A caption begins or ends its figure. So the numbers of a picture, which stand below its
// caption, stand behind its figure.
var figureTemplate = template.Must(template.New("figure").Parse(
	`{{define "table"}}{{if .More}}
<details><summary>{{.More}}</summary>{{.Table.HTML}}</details>{{else}}
{{.Table.HTML}}{{end}}{{end}}{{define "id"}} class="figure"{{with .ID}} id="{{.}}"{{end}}{{end}}{{define "caption"}}{{with .Caption}}
<figcaption>{{.}}</figcaption>{{end}}{{end}}` +
		`{{if and .Picture .Table}}<div{{template "id" .}}><figure><div class="wide">{{.Picture}}</div>{{template "caption" .}}</figure>{{template "table" .}}</div>` +
		`{{else}}<figure{{template "id" .}}>{{with .Picture}}<div class="wide">{{.}}</div>{{end}}{{template "caption" .}}{{if .Table}}{{template "table" .}}{{end}}</figure>{{end}}
`))

// HTML returns the figure.
func (f Figure) HTML() template.HTML { return execute(figureTemplate, f) }
