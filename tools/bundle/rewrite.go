package bundle

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// rewrite turns the links of a page of the site into those of the bundle. What has no
// link is copied as it stands.
func (b *book) rewrite(name string, text []byte) ([]byte, error) {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			return out.Bytes(), nil
		}
		raw := slices.Clone(z.Raw()) // Token changes it
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.Write(raw)
			continue
		}
		token := z.Token()
		if b.rewriteTag(name, &token) {
			out.WriteString(token.String())
		} else {
			out.Write(raw)
		}
	}
}

// rewriteTag says whether it changed the tag.
func (b *book) rewriteTag(name string, t *html.Token) bool {
	changed := false
	keep := t.Attr[:0]
	for _, a := range t.Attr {
		switch {
		case a.Key == "integrity", a.Key == "crossorigin":
			changed = true
			continue
		case a.Key == "href" && t.Data == "link" && names(t, "canonical", "alternate"):
			// They tell a search engine where the page is published.
		case a.Key == "href", a.Key == "src":
			if link := b.link(name, a.Val); link != a.Val {
				a.Val, changed = link, true
			}
		}
		keep = append(keep, a)
	}
	t.Attr = keep
	return changed
}

// names says whether the rel attribute of a tag is one of those.
func names(t *html.Token, rels ...string) bool {
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool {
		return a.Key == "rel" && slices.Contains(rels, a.Val)
	})
}

// link is where a link on the page leads in the bundle.
func (b *book) link(page, ref string) string {
	u, err := url.Parse(ref)
	if err != nil || ref == "" || strings.HasPrefix(ref, "#") {
		return ref
	}
	at := b.base.JoinPath(path.Dir(page) + "/")
	if path.Base(page) != "index.html" {
		at = b.base.JoinPath(page)
	}
	to := at.ResolveReference(u)
	if to.Host != b.base.Host || to.Scheme != b.base.Scheme {
		return ref
	}
	below, ok := strings.CutPrefix(to.Path, b.base.JoinPath("/").Path)
	if !ok {
		return to.String()
	}
	target, ok := b.target(below)
	if !ok {
		return to.String()
	}
	rel := url.URL{Path: relative(b.names[page], target), RawQuery: to.RawQuery, Fragment: to.Fragment, RawFragment: to.RawFragment}
	return rel.String()
}

// target finds the file of the bundle for a path below the site's root.
func (b *book) target(below string) (string, bool) {
	if below == "" {
		return frontPage, true
	}
	for _, name := range []string{below, path.Join(below, "index.html")} {
		if target, ok := b.names[name]; ok {
			return target, true
		}
	}
	return "", false
}

// relative is the way from one file to another: both are slash-separated and relative
// to the same folder.
func relative(from, to string) string {
	rel, err := filepath.Rel(filepath.Dir(filepath.FromSlash(from)), filepath.FromSlash(to))
	if err != nil {
		panic(err) // both are relative and lead nowhere up
	}
	return filepath.ToSlash(rel)
}

// onlyRedirects says whether a page does nothing but send the reader on, as Hugo's page at
// the root does. A file that cannot be read does not; Write meets the error again.
func onlyRedirects(site fs.FS, name string) bool {
	f, err := site.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	for z := html.NewTokenizer(f); ; {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "body" {
				return false
			}
			for _, a := range t.Attr {
				if t.Data == "meta" && a.Key == "http-equiv" && strings.EqualFold(a.Val, "refresh") {
					return true
				}
			}
		}
	}
}
