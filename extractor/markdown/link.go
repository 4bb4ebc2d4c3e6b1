package markdown

import (
	"bytes"
	"go/token"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"beforemain/extractor/diag"
	"beforemain/extractor/scan"
)

// Link is a link of the prose: `sym:`, `chap:` and `term:` lead into the book,
// "https" outside, and "" to a file beside this one or to a place on the page.
type Link struct {
	Scheme string
	Target string // behind "sym:", "chap:" or "term:"; otherwise the whole address
	Text   string // what a reader sees; of a picture what stands for it
	Image  bool
	Pos    token.Position
}

// Links returns the links and pictures in the order in which they are written.
func (p *Prose) Links() []Link { return p.links }

// LinkOf returns the link that a node of the document stands for, a link or a picture.
func LinkOf(n ast.Node) Link {
	var destination []byte
	switch n := n.(type) {
	case *ast.Link:
		destination = n.Destination
	case *ast.Image:
		destination = n.Destination
	}
	return parseLink(destination)
}

// bookSchemes are those that lead into the book.
var bookSchemes = []string{"sym", "chap", "term"}

func parseLink(destination []byte) Link {
	plain := util.UnescapePunctuations(destination)
	plain = util.ResolveEntityNames(util.ResolveNumericReferences(plain))
	address := string(plain)
	scheme, rest, found := strings.Cut(address, ":")
	// What a browser would skip must not hide a scheme from us.
	scheme = strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\u00a0' || r == '\ufeff' {
			return -1
		}
		return r
	}, scheme))
	if !found || strings.ContainsAny(scheme, "/?#") {
		return Link{Target: address}
	}
	if slices.Contains(bookSchemes, scheme) {
		return Link{Scheme: scheme, Target: rest}
	}
	return Link{Scheme: scheme, Target: address}
}

func (p *Prose) link(n ast.Node, destination []byte, list *diag.List) {
	l := LinkOf(n)
	l.Text, l.Image = PlainText(n, p.Source), n.Kind() == ast.KindImage
	l.Pos = p.Position(p.destination(n, destination))
	p.links = append(p.links, l)
	if at := strings.IndexFunc(l.Target, scan.Hidden); at >= 0 {
		c, _ := utf8.DecodeRuneInString(l.Target[at:])
		list.Errorf(l.Pos, "N112", "the address holds %s", scan.DescribeHidden(c)).Relate("fix: %s", scan.Cleaned(l.Target))
		return
	}
	if l.Image && l.Scheme != "" {
		list.Errorf(l.Pos, "N112", "a picture from elsewhere: %q", destination).
			Relate("fix: put the picture beside this file")
		return
	}
	switch {
	case l.Scheme == "javascript" || l.Scheme == "data" || l.Scheme == "vbscript":
		list.Errorf(l.Pos, "N112", "a %s: link", l.Scheme).Relate("%s", outside)
	case l.Scheme == "http":
		list.Errorf(l.Pos, "N112", "a link without encryption: %q", l.Target).Relate("fix: https:%s", strings.TrimPrefix(l.Target, "http:"))
	case l.Scheme == "https" || slices.Contains(bookSchemes, l.Scheme):
		if u, err := url.Parse(l.Target); l.Scheme == "https" && (err != nil || u.Host == "") {
			list.Errorf(l.Pos, "N112", "%q is not a whole address", l.Target).Relate("fix: https://<host>/<path>")
		}
	case l.Scheme != "":
		list.Errorf(l.Pos, "N112", "a %q link: only sym:, chap:, term:, https: and relative paths may stand here", l.Scheme+":").
			Relate("%s", outside)
	default:
		if why := leaves(l.Target); why != "" {
			list.Errorf(l.Pos, "N112", "the path %q %s", l.Target, why).
				Relate("fix: link a file beside this one, or https://…")
		}
	}
}

// outside is what to do about a link that may not stand in the book.
const outside = "fix: write the text without the link"

// leaves says why a relative path does not stay within its folder.
func leaves(target string) string {
	if strings.ContainsFunc(target, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "has a backslash or a control character"
	}
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "cannot be read"
	case target == "":
		return "is empty"
	case u.Host != "" || strings.HasPrefix(u.Path, "/"):
		return "leaves the folder"
	case u.Path != "" && (path.Clean(u.Path) == ".." || strings.HasPrefix(path.Clean(u.Path), "../")):
		return "leaves the folder"
	}
	return ""
}

// destination is where the address of a link is written; for a link whose
// address stands elsewhere, where the link begins.
func (p *Prose) destination(n ast.Node, address []byte) int {
	start := max(n.Pos(), 0)
	from := start
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			from = max(from, t.Segment.Stop)
		}
		return ast.WalkContinue, nil
	})
	from = min(from, len(p.Source))
	open := bytes.Index(p.Source[from:], []byte("("))
	if open < 0 || len(address) == 0 {
		return start
	}
	if i := bytes.Index(p.Source[from+open:], address); i >= 0 && i < 4 {
		return from + open + i
	}
	return start
}
