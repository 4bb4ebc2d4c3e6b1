package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/content"
	"beforemain/extractor/measure"
	"beforemain/extractor/source"
	"beforemain/tools/epub"
)

func (a *app) epubCommand() *cobra.Command {
	var o offline
	cmd := &cobra.Command{
		Use:   "epub",
		Short: "write one version as an e-book",
		Long: `Epub writes dist/before-main-VERSION-LANGUAGE.epub: the home page, the chapters, the
symbols and their index, with pictures and notes, for a reading system. It is an EPUB 3
without scripts; what the site folds away stands open. Links to what is not in it, such
as other versions, lead to the public site. The same book gives the same file, byte for byte.`,
		Example: "  book epub\n  book epub --go go1.22 --lang en",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.epub(cmd.Context(), o)
		},
	}
	o.flags(cmd, "(default: all, a file each)", "files")
	return cmd
}

func (a *app) epub(ctx context.Context, o offline) error {
	book, version, err := o.open(a)
	if err != nil {
		return err
	}
	root, err := a.root()
	if err != nil {
		return err
	}
	// All versions are read: a symbol's page says in which of them its code changed.
	result, problems, err := a.extract(ctx, request{})
	if rerr := a.report(problems); rerr != nil {
		return rerr
	}
	if err != nil {
		return err
	}
	theme := os.DirFS(filepath.Join(root, "themes", book.Theme, "epub"))
	for _, lang := range o.languages(book) {
		edition, err := epubEdition(result, version, lang)
		if err != nil {
			return err
		}
		name := filepath.Join(o.out, offlineName+version.Name+"-"+lang+".epub")
		size, err := create(name, func(w io.Writer) error { return errors.Join(epub.Write(w, edition, theme), ctx.Err()) })
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stderr, "%s, %.1f MB: %s\n", count(len(edition.Pages), "page"), float64(size)/1e6, displayPath(name))
	}
	return nil
}

// epubEdition gathers what an e-book is made of.
func epubEdition(r *extractor.Result, v source.Version, lang string) (epub.Edition, error) {
	pages, err := r.Layout.Pages(v, lang)
	if err != nil {
		return epub.Edition{}, fmt.Errorf("%s %s: %w", v.Name, lang, err)
	}
	cover, err := r.Cover(v, lang)
	if err != nil {
		return epub.Edition{}, err
	}
	return epub.Edition{
		Title:    r.Book.Title[lang],
		Tagline:  r.Book.Tagline[lang],
		Authors:  r.Book.Authors[lang],
		Site:     r.Book.BaseURL,
		Lang:     lang,
		Version:  v,
		Pages:    content.ReadingOrder(pages),
		Words:    r.Layout.Words[lang],
		Cover:    cover,
		Modified: newestRecord(r.Layout.Measured),
	}, nil
}

// newestRecord returns the day of the newest measurement: the only time that a book
// knows of, since builds have none. It is the zero value if nothing was measured.
func newestRecord(set *measure.Set) time.Time {
	var newest time.Time
	if set == nil {
		return newest
	}
	note := func(date string) {
		if day, err := time.Parse(time.DateOnly, date); err == nil && day.After(newest) {
			newest = day
		}
	}
	for _, t := range set.Traces {
		note(t.Date)
	}
	for _, b := range set.Benches {
		note(b.Date)
	}
	return newest
}
