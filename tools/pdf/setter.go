package pdf

import (
	"regexp"
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
	case is(n, atom.Pre):
		lineUp(n)
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
	for c := range n.ChildNodes() {
		if is(c, atom.Footer) {
			endNote(c)
			break
		}
	}
}

// endNote leaves at the end of a note the platforms that it is about. The versions that it
// holds for are for those who can turn to another.
func endNote(footer *html.Node) {
	for c := footer.FirstChild; c != nil; {
		next := c.NextSibling
		if !hasClass(c, "on") {
			footer.RemoveChild(c)
		}
		c = next
	}
	if footer.FirstChild == nil {
		footer.Parent.RemoveChild(footer)
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
// the caption name the lines instead. Only a line that has a look of its own stays an
// element: one that wraps, and those that the platform does not reach.
func (s *setter) code(pre *html.Node) {
	removeAttr(pre, "translate")
	var first, last string
	code := pre.FirstChild
	for line := code.FirstChild; line != nil; {
		next := line.NextSibling
		if line.Type == html.ElementNode && !is(line, atom.Small) { // a small says where the lines below are not reached
			last = takeNumber(line)
			if first == "" {
				first = last
			}
			s.line(line)
		}
		line = next
	}
	setAttr(pre, "data-lines", first+"–"+last)
}

// takeNumber takes the number of a line out of it.
func takeNumber(line *html.Node) string {
	number := attr(line, "data-n")
	for c := line.FirstChild; c != nil; {
		next := c.NextSibling
		if hasClass(c, "n") && is(c, atom.A) {
			number = attr(c, "data-n")
			line.RemoveChild(c)
		}
		c = next
	}
	removeAttr(line, "data-n", "translate")
	return number
}

func (s *setter) line(line *html.Node) {
	var classes []string
	if hasClass(line, "off") {
		classes = append(classes, "off")
	}
	if width(textOf(line)) > s.columns {
		classes = append(classes, "long")
	}
	thin(line)
	if len(classes) == 0 {
		unwrap(line)
		return
	}
	setAttr(line, "class", strings.Join(classes, " "))
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
			case is(c, atom.Span) && slices.Contains(coloured, attr(c, "class")):
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

// han finds what takes two columns in a monospaced text.
var han = regexp.MustCompile(`[\p{Han}\x{3000}-\x{303F}\x{FF00}-\x{FF60}]+`)

// lineUp marks the Chinese in a text whose columns stand under each other, since the
// style sheet has to space it.
func lineUp(n *html.Node) {
	for t := n.FirstChild; t != nil; {
		next := t.NextSibling
		if t.Type != html.TextNode {
			lineUp(t)
			t = next
			continue
		}
		end := 0
		for _, at := range han.FindAllStringIndex(t.Data, -1) {
			insertText(n, t, t.Data[end:at[0]])
			span := &html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span, Attr: []html.Attribute{{Key: "class", Val: "han"}}}
			insertText(span, nil, t.Data[at[0]:at[1]])
			n.InsertBefore(span, t)
			end = at[1]
		}
		t.Data = t.Data[end:]
		t = next
	}
}

func insertText(n, before *html.Node, text string) {
	if text != "" {
		n.InsertBefore(&html.Node{Type: html.TextNode, Data: text}, before)
	}
}
