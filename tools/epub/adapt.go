package epub

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// adapt makes of a page for browsers one for reading systems.
func (d *document) adapt() {
	for _, n := range elements(d.root) {
		switch {
		case hasClass(n, "choice"), hasClass(n, "tabs"), hasClass(n, "self"), n.Data == "a" && hasClass(n, "edit"):
			n.Parent.RemoveChild(n)
		case n.Data == "a" && attr(n, "data-n") != "": // a line's number, which needs no link
			setAttr(n.Parent, "data-n", attr(n, "data-n"))
			n.Parent.RemoveChild(n)
		case n.Data == "a" && withinTarget(n):
			unwrap(n)
		case n.DataAtom == atom.Details:
			rename(n, atom.Div, "unfolded")
		case n.DataAtom == atom.Summary:
			rename(n, atom.P, "summary")
		case n.DataAtom == atom.Table:
			adaptTable(n)
		case hasClass(n, "variant"):
			nameVariant(n)
		case n.Data == "svg":
			d.drawn = true
			adaptPicture(n)
		case n.Namespace == "svg" && n.Data == "a": // as SVG 1.1 knows it
			for i, a := range n.Attr {
				if a.Key == "href" {
					n.Attr[i].Namespace = "xlink"
				}
			}
			n.Attr = append(n.Attr, html.Attribute{Namespace: "xlink", Key: "title", Val: text(n)})
		}
		if lang := attr(n, "lang"); lang != "" {
			n.Attr = append(n.Attr, html.Attribute{Namespace: "xml", Key: "lang", Val: lang})
		}
	}
}

// adaptPicture says what a picture shows also to those who know of no ARIA. A group, which
// one with links is, is not among the roles that an EPUB may give it.
func adaptPicture(svg *html.Node) {
	setAttr(svg, "xmlns:xlink", "http://www.w3.org/1999/xlink")
	svg.Attr = slices.DeleteFunc(svg.Attr, func(a html.Attribute) bool { return a.Key == "role" && a.Val == "group" })
	title := &html.Node{Type: html.ElementNode, Data: "title", Namespace: "svg"}
	title.AppendChild(&html.Node{Type: html.TextNode, Data: attr(svg, "aria-label")})
	svg.InsertBefore(title, svg.FirstChild)
	// A plate of its own under the picture: whatever colours a reader has chosen for the
	// page, those of the picture stand on the ground that they are made for.
	if box := strings.Fields(attr(svg, "viewBox")); len(box) == 4 {
		plate := &html.Node{Type: html.ElementNode, Data: "rect", Namespace: "svg"}
		for i, key := range []string{"x", "y", "width", "height"} {
			setAttr(plate, key, box[i])
		}
		setAttr(plate, "class", "plate")
		svg.InsertBefore(plate, title.NextSibling)
	}
}

// nameVariant gives the listing of some platforms, which a tab names on the site, a heading.
func nameVariant(section *html.Node) {
	name := attr(section, "aria-label")
	if name == "" {
		return
	}
	h := &html.Node{Type: html.ElementNode, Data: "h2", DataAtom: atom.H2, Attr: []html.Attribute{{Key: "class", Val: "on"}, {Key: "translate", Val: "no"}}}
	h.AppendChild(&html.Node{Type: html.TextNode, Data: name})
	section.InsertBefore(h, section.FirstChild)
}

// withinTarget reports whether a link leads to something that it stands in.
func withinTarget(a *html.Node) bool {
	id, ok := strings.CutPrefix(attr(a, "href"), "#")
	for n := a.Parent; ok && n != nil; n = n.Parent {
		if attr(n, "id") == id {
			return true
		}
	}
	return false
}

func unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

func rename(n *html.Node, to atom.Atom, class string) {
	n.DataAtom, n.Data = to, to.String()
	setAttr(n, "class", strings.TrimSpace(class+" "+attr(n, "class")))
}

// collect gathers the document's ids, of which none may stand twice.
func (d *document) collect() error {
	d.ids = map[string]bool{}
	for _, n := range elements(d.root) {
		id := attr(n, "id")
		if d.ids[id] {
			return fmt.Errorf("the id %s stands twice", id)
		}
		if id != "" {
			d.ids[id] = true
		}
	}
	return nil
}

// role is what the document is in a book.
func (d *document) role() string {
	for _, n := range elements(d.root) {
		if n.DataAtom == atom.Body {
			return attr(n, "epub:type")
		}
	}
	return ""
}

// text writes the document as XHTML. What the HTML parser has understood is written with
// every tag closed, and with no entity but XML's own; xml.Decoder makes sure of it.
func (d *document) text() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := html.Render(&b, d.root); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func elements(root *html.Node) []*html.Node {
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			list = append(list, n)
		}
	}
	return list
}

// text returns what stands in an element.
func text(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func setAttr(n *html.Node, key, value string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}
