package render

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// element is an open element of a page that is read tag by tag.
type element struct {
	name, class string
}

func (e element) is(class string) bool {
	return slices.Contains(strings.Fields(e.class), class)
}

// code returns the source in a piece of HTML: its text without the tags, without
// captions, notes, summaries, tabs and the labels of lines. It fails where tags do not nest, an id comes
// twice, a link on the page leads nowhere, or an attribute must not be there.
func code(page template.HTML) (string, error) {
	z := html.NewTokenizer(strings.NewReader(string(page)))
	var text strings.Builder
	var open []element
	ids, fragments := map[string]bool{}, map[string]bool{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				return "", z.Err()
			}
			if len(open) > 0 {
				return "", fmt.Errorf("%v stay open", open)
			}
			for f := range fragments {
				if !ids[f] {
					return "", fmt.Errorf("a link leads to #%s, which is not there", f)
				}
			}
			return text.String(), nil
		case html.TextToken:
			if !slices.ContainsFunc(open, aside) {
				// Not Text, which turns CR into LF: what counts is each byte.
				text.WriteString(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken:
			e, err := attributes(z.Token(), ids, fragments)
			if err != nil {
				return "", err
			}
			if e.name != "input" {
				open = append(open, e)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			last := len(open) - 1
			if last < 0 || open[last].name != string(name) {
				return "", fmt.Errorf("</%s> closes %v", name, open)
			}
			open = open[:last]
		default:
			return "", fmt.Errorf("%q is neither text nor a tag", z.Raw())
		}
	}
}

func aside(e element) bool {
	return e.is("caption") || e.is("notes") || e.is("said") || e.is("tabs") || e.is("dead") || e.is("talk-label") || e.name == "summary"
}

func attributes(t html.Token, ids, fragments map[string]bool) (element, error) {
	e := element{name: t.Data}
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if seen[a.Key] || a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			return e, fmt.Errorf("<%s> has the attribute %s", t.Data, a.Key)
		}
		seen[a.Key] = true
		switch a.Key {
		case "class":
			e.class = a.Val
		case "id":
			if ids[a.Val] || a.Val == "" {
				return e, fmt.Errorf("the id %q comes twice or is empty", a.Val)
			}
			ids[a.Val] = true
		case "aria-labelledby":
			fragments[a.Val] = true
		case "href":
			if f, ok := strings.CutPrefix(a.Val, "#"); ok {
				f, err := url.PathUnescape(f)
				if err != nil {
					return e, err
				}
				fragments[f] = true
			}
		}
	}
	return e, nil
}
