package pdf

import (
	"errors"
	"html/template"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	texttemplate "text/template"

	"beforemain/extractor/render"
)

// Files of the theme. Of the site's style sheets the print takes those that dress the
// bodies of pages.
const (
	pageTemplate  = "print/book.html"
	paperTemplate = "print/pages.css"
	pageScript    = "print/pages.js"
)

var sheets = []string{
	"assets/css/tokens.css", "assets/css/base.css", "assets/css/prose.css", "assets/css/syntax.css", "assets/css/figure.css",
	"print/font.css", "print/book.css", "print/listing.css",
}

// write puts what the browser reads into a folder.
func (s *sheet) write(theme fs.FS, words render.Words, dir string) error {
	funcs := template.FuncMap{"word": words.Fill, "css": cssString}
	page, err := template.New("book.html").Funcs(funcs).ParseFS(theme, pageTemplate)
	if err != nil {
		return err
	}
	if err := create(filepath.Join(dir, "book.html"), func(w io.Writer) error { return page.Execute(w, s) }); err != nil {
		return err
	}
	script, err := fs.ReadFile(theme, pageScript)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "pages.js"), script, 0o666); err != nil {
		return err
	}
	paper, err := texttemplate.New("pages.css").Funcs(texttemplate.FuncMap(funcs)).ParseFS(theme, paperTemplate)
	if err != nil {
		return err
	}
	return create(filepath.Join(dir, "book.css"), func(w io.Writer) error {
		for _, name := range sheets {
			text, err := fs.ReadFile(theme, name)
			if err != nil {
				return err
			}
			if _, err := w.Write(text); err != nil {
				return err
			}
		}
		return paper.Execute(w, s)
	})
}

// create writes a new file.
func create(name string, f func(io.Writer) error) error {
	w, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(f(w), w.Close())
}

// cssString quotes a text for a style sheet.
func cssString(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(text) + `"`
}
