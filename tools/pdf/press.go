package pdf

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"beforemain/extractor/content"
)

// press makes one document out of many pages: what was unique on a page becomes unique
// in the book, and what leads to another page leads to another place of the book.
type press struct {
	site    string
	columns int                     // of a line of code
	keys    map[string]string       // the id of a page in the book, by its address
	bodies  map[string]*html.Node   // by key
	ids     map[string][]*html.Node // by id, who bears it; of several the first counts
	links   []*html.Node            // that lead to a place of the book
	kept    map[string]bool         // ids that something leads to
}

// manner is how code is shown: a chapter quotes, and what it folds away is in the listings
// behind, which show the whole.
type manner bool

const (
	quoting manner = false
	whole   manner = true
)

// newPress gives each page of the edition that is printed its id.
func newPress(e Edition, columns int) *press {
	p := &press{site: e.Site, columns: columns, keys: map[string]string{}, bodies: map[string]*html.Node{},
		ids: map[string][]*html.Node{}, kept: map[string]bool{}}
	symbols := 0
	for _, page := range e.Pages {
		switch params := page.Params.(type) {
		case content.HomeParams:
			p.keys[params.URL] = "contents"
		case content.IndexParams:
			p.keys[params.URL] = "index"
		case content.ChapterParams:
			p.keys[params.URL] = "c-" + strings.TrimSuffix(strings.TrimPrefix(page.Path, "boot/"), ".html")
		case content.SymbolParams:
			symbols++
			p.keys[params.URL] = fmt.Sprintf("s-%d", symbols)
		}
	}
	return p
}

// keep returns the id, in the book, of a place of a page, and sees to it that it stays.
func (p *press) keep(key, id string) string {
	joined := key + ":" + id
	p.kept[joined] = true
	return joined
}

// take parses the body of a page and makes it fit for paper.
func (p *press) take(key, address string, body template.HTML, how manner) error {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(string(body)), root)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	s := setter{key: key, columns: p.columns, how: how}
	s.set(root)
	base := &url.URL{Path: "/" + address}
	seen := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			joined := key + ":" + id
			setAttr(n, "id", joined)
			p.ids[joined] = append(p.ids[joined], n)
		}
		for _, name := range []string{"href", "xlink:href"} {
			if href := attr(n, name); href != "" {
				p.lead(n, name, base, href, seen)
			}
		}
	}
	p.bodies[key] = root
	return nil
}

// lead turns a link of a page into one of the book, or to the web where the book lacks
// what it leads to.
func (p *press) lead(n *html.Node, name string, base *url.URL, href string, seen map[string]bool) {
	to, err := base.Parse(href)
	if err != nil || to.IsAbs() {
		return
	}
	key := p.keys[strings.TrimPrefix(to.Path, "/")]
	if key == "" {
		setAttr(n, name, p.site+strings.TrimPrefix(to.String(), "/"))
		return
	}
	id := key
	if to.Fragment != "" {
		id += ":" + to.Fragment
	}
	setAttr(n, name, "#"+id)
	p.links = append(p.links, n)
	// The first time that a page names a place, it says on which page of the book it is.
	if class := attr(n, "class"); name == "href" && !seen[id] && class != "term" && !within(n, atom.Pre, atom.H2, atom.H3, atom.H4, atom.Svg, atom.Dt, atom.Dd) {
		seen[id] = true
		setAttr(n, "data-ref", id)
	}
}

// join settles the links of all pages: one whose place is not there leads to the page
// that it would be on. Ids that nothing leads to are taken away, since the file pays for each.
func (p *press) join() {
	for _, n := range p.links {
		for _, name := range []string{"href", "xlink:href"} {
			id, ok := strings.CutPrefix(attr(n, name), "#")
			if !ok {
				continue
			}
			if p.ids[id] == nil && p.bodies[id] == nil {
				id = pageOf(id)
				setAttr(n, name, "#"+id)
				if attr(n, "data-ref") != "" {
					setAttr(n, "data-ref", id)
				}
			}
			p.kept[id] = true
		}
	}
	for id, nodes := range p.ids {
		for i, n := range nodes {
			if i > 0 || !p.kept[id] && !within(n, atom.Svg) {
				removeAttr(n, "id")
			}
		}
	}
}

// pageOf returns the page that an id which nobody bears belongs to: no key has a colon,
// which parts it from the id on its page.
func pageOf(id string) string {
	key, _, _ := strings.Cut(id, ":")
	return key
}

func (p *press) html(key string) (template.HTML, error) {
	body := p.bodies[key]
	if body == nil {
		return "", fmt.Errorf("no page %s", key)
	}
	var b strings.Builder
	for c := range body.ChildNodes() {
		if err := html.Render(&b, c); err != nil {
			return "", err
		}
	}
	return template.HTML(b.String()), nil
}
