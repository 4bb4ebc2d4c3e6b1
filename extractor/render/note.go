package render

import (
	"html/template"
	"strings"
)

var noteTemplate = template.Must(template.New("note").Parse(
	`<div class="note" role="note"{{with .ID}} id="{{.}}"{{end}}{{with .Lang}} lang="{{.}}"{{end}}>` +
		`{{if .Title}}<h3>{{if .ID}}<a href="#{{.ID}}">{{.Title}}</a>{{else}}{{.Title}}{{end}}</h3>{{end}}{{.HTML}}` +
		`{{if .Footer}}<footer>` +
		`{{with .Range}}<span class="range">{{.}}</span>{{end}}` +
		`{{with .Platforms}}<span class="on">{{.}}</span>{{end}}` +
		`{{if and .Edit .Words.edit}}<a class="edit" href="{{.Edit}}"{{with .WordsLang}} lang="{{.}}"{{end}}>{{.Words.edit}}</a>{{end}}` +
		`{{if and .ID (not .Title)}}<a class="self" href="#{{.ID}}"{{with .Words.link}} aria-label="{{.}}"{{end}}>#</a>{{end}}` +
		`</footer>{{end}}</div>`))

// notes writes the notes that begin on one line.
func (w *listingWriter) notes(notes []Note) {
	w.b.WriteString(`<div class="notes">`)
	for _, n := range notes {
		data := struct {
			Note
			ID, Lang, WordsLang string
			Title               template.HTML
			Footer              bool
			Words               Words
		}{Note: n, Lang: langTag(n.Lang), Title: inlineCode(n.Title), Words: w.Words}
		if w.Lang != n.Lang {
			data.WordsLang = langTag(w.Lang)
		}
		if w.IDs != nil && n.ID != "" {
			data.ID, _ = w.IDs.Claim(n.ID)
		}
		data.Footer = data.ID != "" && n.Title == "" || n.Range != "" || n.Platforms != "" || n.Edit != ""
		w.b.WriteString(string(execute(noteTemplate, data)))
	}
	w.b.WriteString(`</div>`)
}

var foldTemplate = template.Must(template.New("fold").Parse(
	`<details class="fold"><summary><span{{with .Lang}} lang="{{.}}"{{end}}>{{.Caption}}</span> <small>{{.Lines}}</small></summary>`))

// openFold writes the beginning of a fold, up to its lines.
func (w *listingWriter) openFold(f Fold) {
	data := struct {
		Caption     template.HTML
		Lang, Lines string
	}{inlineCode(f.Caption), langTag(f.Lang), lineRange(f.First, f.Last)}
	if f.Caption == "" {
		data.Caption, data.Lang = inlineCode(w.Words["fold"]), ""
	}
	w.b.WriteString(string(execute(foldTemplate, data)))
}

// inlineCode escapes a line of text and sets what stands between backticks as code.
func inlineCode(s string) template.HTML {
	parts := strings.Split(s, "`")
	var b strings.Builder
	for i, part := range parts {
		escaped := template.HTMLEscapeString(part)
		switch {
		case i%2 == 0:
			b.WriteString(escaped)
		case i == len(parts)-1: // nothing closes it
			b.WriteString("`" + escaped)
		default:
			b.WriteString(`<code translate="no">` + escaped + `</code>`)
		}
	}
	return template.HTML(b.String())
}
