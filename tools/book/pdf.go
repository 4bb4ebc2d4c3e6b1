package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/source"
	"beforemain/tools/pdf"
)

// pdfRequest is what `book pdf` was asked for.
type pdfRequest struct {
	lang, version, out, paper, chromium string
}

func (a *app) pdfCommand() *cobra.Command {
	var r pdfRequest
	cmd := &cobra.Command{
		Use:   "pdf",
		Short: "print a version of the book as a PDF",
		Long: `Pdf prints the whole of one version, chapters and listings, in a file for each
language: dist/before-main-VERSION-LANG.pdf.

It needs Chromium 131 or newer, Chrome or Edge, and fonts with Han characters;
where one is missing it says what to install.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.pdf(cmd.Context(), r) },
	}
	cmd.Flags().StringVar(&r.lang, "lang", "", "only this `language` (default: all)")
	cmd.Flags().StringVar(&r.version, "go", "", "the `version` (default: the newest)")
	cmd.Flags().StringVar(&r.out, "out", "", "the `folder` for the files (default: dist of the book)")
	cmd.Flags().StringVar(&r.paper, "paper", "a4", "the `size` of the paper: "+strings.Join(pdf.Papers(), ", "))
	cmd.Flags().StringVar(&r.chromium, "chromium", "", "the browser's `program` (default: looked for)")
	return cmd
}

func (a *app) pdf(ctx context.Context, r pdfRequest) error {
	book, err := a.book()
	if err != nil {
		return err
	}
	languages := book.Languages
	if r.lang != "" {
		if !slices.Contains(languages, r.lang) {
			return usagef("--lang %s: the book has %s", r.lang, strings.Join(languages, ", "))
		}
		languages = []string{r.lang}
	}
	if r.version == "" {
		r.version = book.Newest().Name
	}
	if _, err := book.Select([]string{r.version}); err != nil {
		return usagef("--go: %w", err)
	}
	if !slices.Contains(pdf.Papers(), r.paper) {
		return usagef("--paper %s: want one of %s", r.paper, strings.Join(pdf.Papers(), ", "))
	}
	if r.out == "" {
		root, err := a.root()
		if err != nil {
			return err
		}
		r.out = filepath.Join(root, "dist")
	}
	if r.chromium == "" {
		if r.chromium, err = pdf.FindChromium(); err != nil {
			return err
		}
	} else if _, err := exec.LookPath(r.chromium); err != nil {
		return usagef("--chromium %s: there is no such program that may be run", r.chromium)
	}
	result, problems, err := a.extract(ctx, request{versions: []string{r.version}})
	if rerr := a.report(problems); rerr != nil {
		return rerr
	}
	if err != nil {
		return err
	}
	for _, lang := range languages {
		if err := a.printEdition(ctx, result, lang, r); err != nil {
			return err
		}
	}
	return nil
}

// printEdition prints one language and puts the file in its place.
func (a *app) printEdition(ctx context.Context, result *extractor.Result, lang string, r pdfRequest) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return err
	}
	scratch, err := makeScratch(cache, "pdf-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	start := time.Now()
	e, err := pdfEdition(result, lang)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr)
	defer bar.finish()
	name := offlineName + result.Versions[0].Name + "-" + lang + ".pdf"
	file, report, err := pdf.Print(ctx, e, pdf.Config{
		Chromium: r.chromium,
		Paper:    r.paper,
		Theme:    os.DirFS(filepath.Join(root, "themes", result.Book.Theme)),
		Scratch:  scratch,
		Progress: func(message string) { bar.report(source.Progress{Route: "pdf " + lang, Message: message}) },
	})
	if err != nil {
		return err
	}
	if err := rewrite(r.out, map[string][]byte{name: file}); err != nil {
		return err
	}
	bar.finish()
	fmt.Fprintf(a.stderr, "%s, %s, %s; %.1f MB in %s: %s\n", count(report.Pages, "page"), count(report.Chapters, "chapter"), count(report.Symbols, "symbol"),
		float64(len(file))/1e6, time.Since(start).Round(100*time.Millisecond), displayPath(filepath.Join(r.out, name)))
	return nil
}

// pdfEdition gathers what is printed.
func pdfEdition(result *extractor.Result, lang string) (pdf.Edition, error) {
	book, version := result.Book, result.Versions[0]
	pages, err := result.Layout.Pages(version, lang)
	if err != nil {
		return pdf.Edition{}, err
	}
	words := result.Layout.Words[lang]
	return pdf.Edition{
		Title: book.Title[lang], Tagline: book.Tagline[lang], Site: book.BaseURL, Lang: lang,
		Authors:  strings.ReplaceAll(words["pdf_authors"], "{{ .Title }}", book.Title[lang]),
		Keywords: append([]string{version.Name, version.Tag}, book.Source.Packages...),
		Version:  version, Pages: pages, Words: words,
	}, nil
}
