package render

import "html/template"

// Cell is one cell of a table. A cell without text is empty.
type Cell struct {
	Text, Href string
	Code       bool // a name of the source
	Number     bool // stands to the right
	Mark       bool // set off from its row
}

// Table is a table whose first column names the rows.
type Table struct {
	Head    []string
	Rows    [][]Cell
	Current int // the row of what the page is about, from 1; 0 for none
}

// numbers reports whether column i holds numbers, whose heading stands to the right too.
func (t Table) numbers(i int) bool {
	return len(t.Rows) > 0 && i < len(t.Rows[0]) && t.Rows[0][i].Number
}

var tableTemplate = template.Must(template.New("table").Funcs(template.FuncMap{
	"next":    func(i int) int { return i + 1 },
	"numbers": Table.numbers,
}).Parse(
	`{{define "cell"}}{{if .Href}}<a href="{{.Href}}">{{end}}{{if .Code}}<code translate="no">{{.Text}}</code>{{else}}{{.Text}}{{end}}{{if .Href}}</a>{{end}}{{end}}` +
		`<div class="wide"><table class="figures">
<thead><tr>{{$t := .}}{{range $i, $h := .Head}}{{if $h}}<th scope="col"{{if numbers $t $i}} class="n"{{end}}>{{$h}}</th>{{else}}<td></td>{{end}}{{end}}</tr></thead>
<tbody>{{$current := .Current}}{{range $i, $row := .Rows}}<tr{{if eq (next $i) $current}} class="current"{{end}}>` +
		`{{range $k, $c := $row}}{{if $k}}<td{{if $c.Mark}} class="{{if $c.Number}}n {{end}}mark"{{else if $c.Number}} class="n"{{end}}>{{template "cell" $c}}</td>` +
		`{{else}}<th scope="row">{{template "cell" $c}}</th>{{end}}{{end}}</tr>
{{end}}</tbody></table></div>
`))

// HTML returns the table, in a box that scrolls by itself where the page is too narrow.
func (t Table) HTML() template.HTML { return execute(tableTemplate, t) }
