package content

import (
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

// StatusParams is the state of the notes, in the language of the page.
type StatusParams struct {
	Common
	// Comments says that the language is not that of the source, whose comments are translated.
	Comments bool        `json:"comments,omitempty"`
	Total    StatusCount `json:"total"`
	Symbols  int         `json:"symbols"`
	Bare     int         `json:"bare"` // symbols that no note stands on
	Rows     []StatusRow `json:"rows"`
}

// StatusRow is the state of one symbol of the spine.
type StatusRow struct {
	Name     string `json:"name"`
	URL      string `json:"url"` // of its page in the newest version that has it
	Covered  int    `json:"covered"`
	Versions int    `json:"versions"` // that have it
	StatusCount
}

// StatusCount counts notes. `book status` counts the same.
type StatusCount struct {
	Notes    int `json:"notes"` // but for those that translate a comment
	Missing  int `json:"missing"`
	Outdated int `json:"outdated"`
	Review   int `json:"review"`
	Shown    int `json:"shown"`  // translations of comments, in the newest version that has the symbol
	Hidden   int `json:"hidden"` // those that it has no equal comment for
}

func (c *StatusCount) add(d StatusCount) {
	c.Notes += d.Notes
	c.Missing += d.Missing
	c.Outdated += d.Outdated
	c.Review += d.Review
	c.Shown += d.Shown
	c.Hidden += d.Hidden
}

// status is the page that says what is annotated, and what needs a writer. Only the
// newest version has one: a note is one text for all of its versions.
func (e edition) status() Page {
	p := StatusParams{
		Common:   e.only("status", e.word("status"), e.urls.status),
		Comments: e.lang != e.Book.SourceLanguage,
	}
	p.Description = e.word("status_how")
	notes := map[string][]*annotation.Annotation{}
	for _, a := range e.Notes {
		notes[a.Symbol] = append(notes[a.Symbol], a)
	}
	due := e.reviewDue()
	for _, s := range e.spine {
		row, ok := e.statusRow(s.name, notes[s.name], due)
		if !ok {
			continue
		}
		p.Rows = append(p.Rows, row)
		p.Total.add(row.StatusCount)
		p.Symbols++
		if row.Covered == 0 {
			p.Bare++
		}
	}
	return Page{Path: "status.html", Params: p}
}

// statusRow counts the notes of a symbol. It is false for one that no version that was
// read has.
func (e edition) statusRow(symbol string, notes []*annotation.Annotation, due map[*annotation.Annotation]bool) (StatusRow, bool) {
	row := StatusRow{Name: symbol}
	newest := ""
	for _, v := range e.Index.Versions() {
		if !e.has(v.Name, symbol) {
			continue
		}
		newest = v.Name
		row.Versions++
		if slices.ContainsFunc(notes, func(a *annotation.Annotation) bool {
			return e.stands[a][v.Name] && a.HasText(e.lang)
		}) {
			row.Covered++
		}
	}
	if newest == "" {
		return row, false
	}
	row.URL = e.urls.symbol(newest, e.lang, symbol)
	for _, a := range notes {
		row.count(e, a, newest, due[a])
	}
	return row, true
}

func (r *StatusRow) count(e edition, a *annotation.Annotation, newest string, due bool) {
	comment, there := a.Translates(), a.HasText(e.lang)
	switch {
	case comment && e.lang == e.Book.SourceLanguage:
		return // a comment needs no translation into its own language
	case !comment:
		r.Notes++
	case there && e.stands[a][newest]:
		r.Shown++
	case there:
		r.Hidden++
	}
	switch {
	case !there:
		r.Missing++
	case a.Outdated(e.lang):
		r.Outdated++
	}
	if due && there {
		r.Review++
	}
}

// reviewDue returns the notes that somebody has to read against a newer version: N104
// complains of what a block was reviewed against, N122 of the comment that it names.
func (l *Layout) reviewDue() map[*annotation.Annotation]bool {
	type complaint struct {
		code string
		at   string
	}
	found := map[complaint]bool{}
	for _, d := range l.Problems {
		if d.Severity == diag.Warning {
			found[complaint{d.Code, d.Pos.String()}] = true
		}
	}
	due := map[*annotation.Annotation]bool{}
	for _, a := range l.Notes {
		for _, b := range a.Blocks {
			if found[complaint{"N104", b.Position("reviewed").String()}] || found[complaint{"N122", b.Position("at").String()}] {
				due[a] = true
			}
		}
	}
	return due
}
