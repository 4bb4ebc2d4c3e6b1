package epub

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/net/html"
)

// relink makes every link of a document one to a file of the book, or to the site, or
// leaves it as it is, and returns those that lead nowhere.
func (v *volume) relink(d *document) []error {
	var problems []error
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		for i, a := range n.Attr {
			if a.Key != "href" {
				continue
			}
			to, err := v.target(d, a.Val)
			if err != nil {
				problems = append(problems, err)
			}
			n.Attr[i].Val = to
		}
	}
	return problems
}

// target returns where a link leads. Pages of the site that are not in the book, those of
// other versions for example, are linked on the web.
func (v *volume) target(from *document, href string) (string, error) {
	ref, err := url.Parse(href)
	if err != nil {
		return href, err
	}
	if ref.Scheme == "" && ref.Host == "" && ref.Path == "" {
		if !from.ids[ref.Fragment] {
			return href, fmt.Errorf("the link %s leads nowhere", href)
		}
		return href, nil
	}
	to := v.site.JoinPath(from.address).ResolveReference(ref)
	below, ok := strings.CutPrefix(to.Path, v.site.Path)
	if to.Host != v.site.Host || !ok {
		return to.String(), nil
	}
	there := v.byAddress[below]
	if there == nil {
		return to.String(), nil
	}
	if to.Fragment != "" && !there.ids[to.Fragment] {
		return href, fmt.Errorf("the link %s leads nowhere: %s has no such place", href, there.name)
	}
	return link(from.name, there.name, to.Fragment), nil
}

// link returns the relative address of a file of the book from another.
func link(from, to, fragment string) string {
	if from == to && fragment != "" {
		return (&url.URL{Fragment: fragment}).String()
	}
	rel, err := filepath.Rel(filepath.Dir(filepath.FromSlash(from)), filepath.FromSlash(to))
	if err != nil {
		panic(err) // both are relative and lead nowhere up
	}
	return (&url.URL{Path: filepath.ToSlash(rel), Fragment: fragment}).String()
}
