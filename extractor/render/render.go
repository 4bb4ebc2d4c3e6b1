// Package render turns text and ordered layers of spans into the HTML of the book.
package render

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// Words are the visible words of a language by the keys of the theme's i18n files,
// for the few that stand inside HTML made here. A word that is missing is left out.
type Words map[string]string

// With returns a word with values in the places that it keeps for them: name, value,
// name, value.
func (w Words) With(key string, values ...string) string {
	word := w[key]
	for i := 0; i+1 < len(values); i += 2 {
		word = strings.ReplaceAll(word, "{{ ."+values[i]+" }}", values[i+1])
	}
	return word
}

// Fill is With for templates: of values of any kind, and an error for a word that is missing.
func (w Words) Fill(key string, values ...any) (string, error) {
	if _, ok := w[key]; !ok {
		return "", fmt.Errorf("the theme has no word %q", key)
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(v)
	}
	return w.With(key, texts...), nil
}

// IDs hands out the ids of one page. The zero value is ready; it is not safe for
// use by several goroutines.
type IDs struct {
	next  map[string]int
	taken map[string]bool
}

// Claim takes an id. If it was taken before, Claim takes the first free one of
// id-2, id-3 and so on.
func (s *IDs) Claim(id string) string {
	if s.taken == nil {
		s.taken, s.next = map[string]bool{}, map[string]int{}
	}
	if !s.taken[id] {
		s.taken[id] = true
		return id
	}
	for n := max(s.next[id], 2); ; n++ {
		other := id + "-" + strconv.Itoa(n)
		if !s.taken[other] {
			s.taken[other], s.next[id] = true, n+1
			return other
		}
	}
}

// Has reports whether an id is taken.
func (s *IDs) Has(id string) bool { return s.taken[id] }

// LangTag returns the value of the lang attribute for a language of the book.
func LangTag(code string) string {
	if code == "zh" {
		return "zh-CN" // the book is in simplified characters
	}
	return code
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
