package epub

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// manyColumns is how many columns a table has that a telephone can only show with broken
// words; a page of a book has nowhere to scroll to.
const manyColumns = 4

// adaptTable lets a table become narrow: names in it may break behind their marks, and in
// a table of many columns everything may.
func adaptTable(table *html.Node) {
	columns := 0
	for _, n := range elements(table) {
		switch {
		case n.DataAtom == atom.Tr:
			columns = max(columns, len(slices.DeleteFunc(slices.Collect(n.ChildNodes()), func(c *html.Node) bool { return c.Type != html.ElementNode })))
		case n.DataAtom == atom.Code, n.DataAtom == atom.Th && strings.Contains(text(n), "/"):
			breakNames(n)
		}
	}
	if columns >= manyColumns {
		setAttr(table, "class", strings.TrimSpace("many "+attr(table, "class")))
	}
}

// piece is a part of a name up to a mark that it may break behind.
var piece = regexp.MustCompile(`[./_(:·]*[^./_(:·]+[./_(:·]*`)

// breakNames says in the texts of an element where a name may break.
func breakNames(n *html.Node) {
	for _, t := range slices.Collect(n.ChildNodes()) {
		pieces := piece.FindAllString(t.Data, -1)
		if t.Type != html.TextNode || strings.Join(pieces, "") != t.Data || len(pieces) < 2 {
			continue
		}
		for i, p := range pieces {
			if i > 0 {
				n.InsertBefore(&html.Node{Type: html.ElementNode, Data: "wbr", DataAtom: atom.Wbr}, t)
			}
			n.InsertBefore(&html.Node{Type: html.TextNode, Data: p}, t)
		}
		n.RemoveChild(t)
	}
}
