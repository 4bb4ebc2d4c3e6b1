package pdf

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// setter makes the body of a page fit for paper: no controls, nothing folded that cannot
// be opened, and as few elements as the look allows, since a tagged file pays for each.
type setter struct {
	key     string
	columns int
	how     manner
}

// controls are what only a screen has a use for.
var controls = []string{"choice", "tabs", "edit", "self", "add", "lost"}

// coloured are the classes of tokens that keep their look: those that tell code from
// what is no code. Colour for each token would make the file several times as large.
var coloured = []string{"c", "k", "d", "s"}

func (s *setter) set(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		s.setOne(c)
		c = next
	}
}

func (s *setter) setOne(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	removeAttr(n, "title", "tabindex")
	switch {
	case slices.ContainsFunc(controls, func(class string) bool { return hasClass(n, class) }):
		n.Parent.RemoveChild(n)
		return
	case is(n, atom.Pre) && hasClass(n, "code"):
		s.code(n)
		return
	case is(n, atom.Details):
		s.details(n)
		return
	case hasClass(n, "note"):
		s.note(n)
	case is(n, atom.H4):
		rename(n, atom.H5)
	case is(n, atom.H3):
		rename(n, atom.H4)
	case is(n, atom.H2):
		rename(n, atom.H3)
	}
	s.set(n)
}

// details shows what was folded. In a chapter a fold of code stays closed: its caption
// says what is left out, and the listing behind has the lines.
func (s *setter) details(n *html.Node) {
	fold := hasClass(n, "fold")
	rename(n, atom.Div)
	removeAttr(n, "open")
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case is(c, atom.Summary):
			rename(c, atom.P)
			setAttr(c, "class", "summary")
		case fold && s.how == quoting:
			n.RemoveChild(c)
		}
		c = next
	}
	s.set(n)
}

// note sets a note with the lines that it is about, and a title that is no heading: the
// outline of the book would drown in a thousand of them.
func (s *setter) note(n *html.Node) {
	for h := range n.ChildNodes() {
		if !is(h, atom.H3) {
			continue
		}
		rename(h, atom.P)
		setAttr(h, "class", "note-title")
		if a := h.FirstChild; a != nil && is(a, atom.A) {
			unwrap(a) // it leads to itself
		}
		if lines := linesOf(n); lines != "" {
			setAttr(h, "data-lines", lines)
		}
	}
}

// linesOf returns the numbers of the lines that a note is about.
func linesOf(note *html.Node) string {
	var first, last string
	for pre := note.Parent.PrevSibling; pre != nil; pre = pre.PrevSibling {
		if !hasClass(pre, "on") {
			continue
		}
		if from, to, ok := strings.Cut(attr(pre, "data-lines"), "–"); ok {
			if last == "" {
				last = to
			}
			first = from
		}
	}
	if first == last {
		return first
	}
	return first + "–" + last
}

// code sets lines of code. A line number would be copied with the code; the notes and
// the caption name the lines instead.
func (s *setter) code(pre *html.Node) {
	removeAttr(pre, "translate")
	var first, last string
	code := pre.FirstChild
	for line := range code.ChildNodes() {
		if line.Type != html.ElementNode {
			continue
		}
		if is(line, atom.Small) { // says where the lines below are not reached
			continue
		}
		number := attr(line, "data-n")
		for c := line.FirstChild; c != nil; {
			next := c.NextSibling
			if hasClass(c, "n") && is(c, atom.A) {
				number = attr(c, "data-n")
				line.RemoveChild(c)
			}
			c = next
		}
		if first == "" {
			first = number
		}
		last = number
		removeAttr(line, "data-n", "translate")
		classes := []string{"line"}
		if hasClass(line, "off") {
			classes = append(classes, "off")
		}
		if width(textOf(line)) > s.columns {
			classes = append(classes, "long")
		}
		setAttr(line, "class", strings.Join(classes, " "))
		thin(line)
	}
	setAttr(pre, "data-lines", first+"–"+last)
}

// thin takes the elements out of a line that the look of paper can do without.
func thin(line *html.Node) {
	for c := line.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode {
			thin(c)
			removeAttr(c, "title", "translate")
			switch {
			case is(c, atom.A) && hasClass(c, "x"):
				setAttr(c, "class", "x")
			case is(c, atom.Span) && len(coloured) > 0 && slices.Contains(coloured, attr(c, "class")):
			default:
				unwrap(c)
			}
		}
		c = next
	}
}

// width is how many columns a line takes; a tab stands for four.
func width(line string) int {
	return utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
}
