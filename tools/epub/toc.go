package epub

import (
	"encoding/xml"
	"fmt"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ncx is the table of contents as EPUB 2 has it, for readers that know no other.
type ncx struct {
	XMLName xml.Name   `xml:"http://www.daisy.org/z3986/2005/ncx/ ncx"`
	Version string     `xml:"version,attr"`
	Head    []ncxMeta  `xml:"head>meta"`
	Title   string     `xml:"docTitle>text"`
	Points  []navPoint `xml:"navMap>navPoint"`
}

type ncxMeta struct {
	Name    string `xml:"name,attr"`
	Content string `xml:"content,attr"`
}

type navPoint struct {
	ID      string `xml:"id,attr"`
	Label   string `xml:"navLabel>text"`
	Content struct {
		Src string `xml:"src,attr"`
	} `xml:"content"`
	Below []navPoint `xml:"navPoint"`
}

// toc returns the entries of the nav document, where it has them in the same order.
func (v *volume) toc() ncx {
	t := ncx{
		Version: "2005-1", Head: []ncxMeta{{"dtb:uid", v.identifier()}}, Title: v.name(),
	}
	n := 0
	for _, d := range v.documents {
		if d.name != navName {
			continue
		}
		for _, e := range elements(d.root) {
			if e.DataAtom == atom.Ol && attr(e.Parent, "epub:type") == "toc" {
				t.Points = points(e, &n)
			}
		}
	}
	return t
}

// points reads the entries of a list. One that is only a title leads where its first does.
func points(list *html.Node, n *int) []navPoint {
	var all []navPoint
	for li := range list.ChildNodes() {
		if li.DataAtom != atom.Li {
			continue
		}
		*n++
		p := navPoint{ID: fmt.Sprintf("n%d", *n)}
		for c := range li.ChildNodes() {
			switch c.DataAtom {
			case atom.A:
				p.Label, p.Content.Src = text(c), attr(c, "href")
			case atom.Span:
				p.Label = text(c)
			case atom.Ol:
				p.Below = points(c, n)
			}
		}
		if p.Content.Src == "" && len(p.Below) > 0 {
			p.Content.Src = p.Below[0].Content.Src
		}
		all = append(all, p)
	}
	return all
}
