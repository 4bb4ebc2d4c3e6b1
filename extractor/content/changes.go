package content

import "beforemain/extractor/change"

// ChangesParams is the table of all that changed: a row a symbol, a column a version.
type ChangesParams struct {
	Common
	Pairs   []PairLink  `json:"pairs"`
	Rows    []ChangeRow `json:"rows"`
	Updated string      `json:"updated,omitempty"` // the newest date of a pair; "" if one has none
}

// PairLink names a pair of versions that are compared.
type PairLink struct {
	Old     string `json:"old"`
	New     string `json:"new"`
	URL     string `json:"url,omitempty"`
	Current bool   `json:"current,omitempty"`

	Date       string `json:"date,omitempty"` // of the newer version's tag
	Neighbours bool   `json:"neighbours,omitempty"`
}

// ChangeRow is a symbol in the table.
type ChangeRow struct {
	Name  string       `json:"name"`
	URL   string       `json:"url"`
	Cells []ChangeCell `json:"cells"`
}

// ChangeCell says what became of a symbol over a pair: "same", "comment", "code",
// "added", "gone", "renamed" (the row of its new name tells the rest) or "absent".
type ChangeCell struct {
	What string `json:"what"`
	URL  string `json:"url,omitempty"`
}

// changePages returns what only the newest version has: what differs between the
// versions of every pair.
func (e edition) changePages() ([]Page, error) {
	if e.version.Name != e.urls.newest || len(e.Book.Versions) < 2 {
		return nil, nil
	}
	pairs := e.pairs() // none if no other version was read
	table, err := e.changeTable(pairs)
	if err != nil {
		return nil, err
	}
	pages := []Page{table}
	for _, p := range pairs {
		list, err := e.compare(p)
		if err != nil {
			return nil, err
		}
		pages = append(pages, e.release(p, list))
		for _, c := range list {
			if !c.differs() {
				continue
			}
			page, err := e.change(c)
			if err != nil {
				return nil, err
			}
			pages = append(pages, page)
		}
	}
	return pages, nil
}

// changeTable shows at a glance which symbols change often, and which never did.
func (e edition) changeTable(pairs []pair) (Page, error) {
	p := ChangesParams{Common: e.only("changes", e.word("changes"), e.urls.changes)}
	p.Description = e.word("changes_how")
	p.Pairs = e.pairLinks(pairs, pair{})
	p.Updated = e.Book.updated()
	rows := map[string]int{}
	for _, s := range e.spine {
		if v := e.latest(s.name); v != "" {
			rows[s.name] = len(p.Rows)
			cells := make([]ChangeCell, len(pairs))
			for i := range cells {
				cells[i].What = "absent"
			}
			p.Rows = append(p.Rows, ChangeRow{Name: s.name, URL: e.urls.symbol(v, e.lang, s.name), Cells: cells})
		}
	}
	for i, pair := range pairs {
		list, err := e.compare(pair)
		if err != nil {
			return Page{}, err
		}
		for _, c := range list {
			cell := ChangeCell{What: c.what()}
			if c.differs() {
				cell.URL = e.urls.change(e.lang, pair, c.name())
			}
			p.Rows[rows[c.name()]].Cells[i] = cell
			if old, ok := rows[c.before]; ok && c.after != "" && !e.has(pair.new.Name, c.before) {
				p.Rows[old].Cells[i] = ChangeCell{What: "renamed", URL: cell.URL}
			}
		}
	}
	return Page{Path: "changes.html", Params: p}, nil
}

// latest returns the newest version that has a symbol, or "".
func (e edition) latest(symbol string) string {
	for i := len(e.Book.Versions) - 1; i >= 0; i-- {
		if v := e.Book.Versions[i].Name; e.has(v, symbol) {
			return v
		}
	}
	return ""
}

// what is the one word for a comparison.
func (c comparison) what() string {
	switch {
	case c.before == "":
		return "added"
	case c.after == "":
		return "gone"
	}
	return kindWord(c.kind)
}

func kindWord(k change.Kind) string {
	return map[change.Kind]string{change.Same: "same", change.Comment: "comment", change.Code: "code"}[k]
}

func (e edition) pairLinks(pairs []pair, current pair) []PairLink {
	var links []PairLink
	for _, p := range pairs {
		links = append(links, PairLink{
			Old: p.old.Name, New: p.new.Name, URL: e.urls.release(e.lang, p), Current: p == current,
			Date: e.Book.Dates[p.new.Name], Neighbours: p.neighbours,
		})
	}
	return links
}

// updated returns the newest date of the versions from the second on, "" if one has none.
func (b Book) updated() string {
	newest := ""
	for _, v := range b.Versions[1:] {
		if b.Dates[v.Name] == "" {
			return ""
		}
		newest = max(newest, b.Dates[v.Name])
	}
	return newest
}
