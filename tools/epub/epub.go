// Package epub writes an edition of the book, one version in one language, as an EPUB 3.
//
// Its pages are those of the site, without what only a browser has a use for: menus, tabs,
// buttons. What the site folds away is open here, since reading systems differ in what
// they let a reader open. The layouts and the style sheets are the theme's.
//
// It is our own code since the one kept library, github.com/go-shiori/go-epub, puts the
// clock and random names into its files, writes no landmarks, and does not declare SVG.
package epub

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"beforemain/extractor/content"
	"beforemain/extractor/render"
	"beforemain/extractor/source"
)

// Edition is what is written.
type Edition struct {
	Title, Tagline string
	Authors        string // may be empty
	Site           string // where the book is on the web, with a slash at its end
	Lang           string // zh, en
	Version        source.Version
	Pages          []content.Page // in the order in which they are read; the first is the home page
	Words          render.Words
	Cover          []byte    // a PNG; nil for none
	Modified       time.Time // when the newest thing in it was made; the zero value stands for unknown
}

// Write writes the edition in the look of a theme's epub folder. The same edition gives
// the same bytes. A link that leads nowhere is an error.
func Write(w io.Writer, e Edition, theme fs.FS) error {
	v, err := newVolume(e, theme)
	if err != nil {
		return err
	}
	style, err := styleSheet(theme)
	if err != nil {
		return err
	}
	if e.Modified.IsZero() {
		v.Modified = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // the oldest that a zip file can state
	}
	a := newArchive(w, v.Modified)
	a.stored("mimetype", []byte("application/epub+zip"))
	a.add("META-INF/container.xml", marshal(newContainer()))
	a.add(folder+packageName, marshal(v.pack()))
	a.add(folder+tocName, marshal(v.toc()))
	a.add(folder+styleName, style)
	if e.Cover != nil {
		a.stored(folder+coverName, e.Cover)
	}
	for _, d := range v.documents {
		text, err := d.text()
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		a.add(folder+d.name, text)
	}
	return a.close()
}

// The names of files that are in every book.
const (
	folder      = "EPUB/"
	packageName = "package.opf"
	styleName   = "style.css"
	navName     = "nav.xhtml"
	tocName     = "toc.ncx"
	coverName   = "cover.png"
)

// styleSheet joins the theme's style sheets, in the order of their names.
func styleSheet(theme fs.FS) ([]byte, error) {
	names, err := fs.Glob(theme, "*.css")
	if err != nil {
		return nil, err
	}
	var parts [][]byte
	for _, name := range names {
		text, err := fs.ReadFile(theme, name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, text)
	}
	return bytes.Join(parts, []byte("\n")), nil
}

// identifier names the edition among all others, whatever is changed in it.
func (e Edition) identifier() string { return e.Site + "#" + e.Version.Name + "-" + e.Lang }

// name is the edition's title, with its version, since a shelf may hold several.
func (e Edition) name() string { return strings.TrimSpace(e.Title + " · " + e.Version.Name) }
