package render

import (
	"bytes"
	"html/template"
	"strings"

	"beforemain/extractor/syntax"
)

var noteTemplate = template.Must(template.New("note").Parse(
	`<div class="{{.Class}}" role="note"{{with .ID}} id="{{.}}"{{end}}{{with .Lang}} lang="{{.}}"{{end}}>` +
		`{{if .Title}}<h3>{{if .ID}}<a href="#{{.ID}}">{{.Title}}</a>{{else}}{{.Title}}{{end}}</h3>{{end}}{{.HTML}}` +
		`{{if .Footer}}<footer>` +
		`{{with .Range}}<span class="range">{{.}}</span>{{end}}` +
		`{{with .Platforms}}<span class="on">{{.}}</span>{{end}}` +
		`{{range .Marks}}<span class="stale"{{with $.WordsLang}} lang="{{.}}"{{end}}>{{.}}</span>{{end}}` +
		`{{if and .Edit .Words.edit}}<a class="edit" href="{{.Edit}}"{{with .WordsLang}} lang="{{.}}"{{end}}>{{.Words.edit}}</a>{{end}}` +
		`{{if .Self}}<a class="self" href="#{{.ID}}"{{with .Words.link}} aria-label="{{.}}"{{end}}>#</a>{{end}}` +
		`</footer>{{end}}</div>`))

// notes writes the notes that begin on one line.
func (w *listingWriter) notes(notes []Note) {
	w.b.WriteString(`<div class="notes">`)
	for _, n := range notes {
		w.note(n, "note")
	}
	w.b.WriteString(`</div>`)
}

func (w *listingWriter) note(n Note, class string) {
	data := struct {
		Note
		Class               string
		ID, Lang, WordsLang string
		Title               template.HTML
		Marks               []string
		Self, Footer        bool
		Words               Words
	}{Note: n, Class: class, Lang: LangTag(n.Lang), Title: inlineCode(n.Title), Marks: n.marks(w.Words), Words: w.Words}
	if w.Lang == n.Lang {
		data.Lang = "" // the page's
	} else {
		data.WordsLang = LangTag(w.Lang)
	}
	if w.IDs != nil && n.ID != "" {
		data.ID = w.IDs.Claim(n.ID)
	}
	if w.Quoted { // the symbol's own page tells these, and a long chapter has no room
		data.Range, data.Edit = "", ""
	}
	data.Self = data.ID != "" && n.Title == "" && !w.Quoted
	data.Footer = data.Self || data.Range != "" || n.Platforms != "" || data.Edit != "" || len(data.Marks) > 0
	w.b.WriteString(string(execute(noteTemplate, data)))
}

// onlyComments returns the lines of translated comments that hold nothing else, of
// those comments that have no other line.
func (w *listingWriter) onlyComments(tokens []syntax.Token) map[int]bool {
	if len(w.translations) == 0 {
		return nil
	}
	code := map[int]bool{} // lines with something else
	n, at := w.Slice.Start, 0
	for line := range bytes.Lines(w.Slice.Text) {
		for len(tokens) > 0 && tokens[0].End <= at {
			tokens = tokens[1:]
		}
		for _, t := range tokens {
			if t.Start >= at+len(line) {
				break
			}
			text := w.Slice.Text[max(t.Start, at):min(t.End, at+len(line))]
			if t.Class != syntax.Comment && len(bytes.TrimSpace(text)) > 0 {
				code[n] = true
			}
		}
		n, at = n+1, at+len(line)
	}
	found := map[int]bool{}
	for _, t := range w.translations {
		whole := true
		for n := t.First; n <= t.Last; n++ {
			whole = whole && !code[n]
		}
		for n := t.First; whole && n <= t.Last; n++ {
			found[n] = true
		}
	}
	return found
}

var foldTemplate = template.Must(template.New("fold").Parse(
	`<details class="fold"><summary><span{{with .Lang}} lang="{{.}}"{{end}}>{{.Caption}}</span> {{range .Marks}}<span class="stale">{{.}}</span> {{end}}<small>{{.Lines}}</small></summary>`))

// openFold writes the beginning of a fold, up to its lines.
func (w *listingWriter) openFold(f Fold) {
	data := struct {
		Caption     template.HTML
		Lang, Lines string
		Marks       []string
	}{inlineCode(f.Caption), LangTag(f.Lang), lineRange(f.First, f.Last), f.marks(w.Words)}
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
