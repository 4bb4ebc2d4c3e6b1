package extractor

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"beforemain/extractor/content"
)

// symbolOperand is an assembly operand that names a symbol, but for a macro's parameter.
var symbolOperand = regexp.MustCompile(`([\pL_·][\pL\pN_·∕/.]*)(?:<\w*>)?(?:[+-]\w+)?\(SB\)`)

// TestRealAssemblyIsLinked: every symbol(SB) that a line of the spine's assembly refers
// to is a link. Not looked at are lines that no platform assembles, and the bodies of
// macros, whose symbols belong to the place that uses the macro.
func TestRealAssemblyIsLinked(t *testing.T) {
	r := runReal(t, "go1.17", "go1.22", "go1.27")
	for _, v := range r.Versions {
		pages, err := r.Layout.Pages(v, "en")
		if err != nil {
			t.Fatal(err)
		}
		linked := 0
		for _, p := range pages {
			if _, ok := p.Params.(content.SymbolParams); !ok {
				continue
			}
			root, err := html.Parse(strings.NewReader(string(p.Body)))
			if err != nil {
				t.Fatal(err)
			}
			macro := false
			for n := range root.Descendants() {
				if n.Data != "span" || !hasClass(n, "l") || n.Parent.Data != "code" {
					continue
				}
				line, links := lineText(n)
				inside := macro || strings.HasPrefix(line, "#define")
				macro = inside && strings.HasSuffix(line, "\\")
				op, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
				op, _, _ = strings.Cut(op, " ")
				if inside || hasClass(n, "off") || slices.Contains([]string{"TEXT", "DATA", "GLOBL", "//"}, op) {
					continue
				}
				code, _, _ := strings.Cut(line, "//")
				for _, m := range symbolOperand.FindAllStringSubmatchIndex(code, -1) {
					if !links[m[2]] {
						t.Errorf("%s %s: no link on %s", v.Name, p.Path, line)
					}
					linked++
				}
			}
		}
		t.Logf("%s: %d symbols of assembly are links", v.Name, linked)
		if linked < 50 {
			t.Errorf("%s: only %d symbols of assembly were found", v.Name, linked)
		}
	}
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" {
			return slices.Contains(strings.Fields(a.Val), class)
		}
	}
	return false
}

// lineText returns the source in a line, and at which of its bytes a link begins.
func lineText(n *html.Node) (string, map[int]bool) {
	var b strings.Builder
	links := map[int]bool{}
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && !hasClass(d.Parent, "dead"):
			b.WriteString(d.Data)
		case d.Data == "a" && !hasClass(d, "n"):
			links[b.Len()] = true
		}
	}
	return strings.TrimSuffix(b.String(), "\n"), links
}
