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
	"beforemain/tools/scratch"
)

// pdfRequest is what `book pdf` was asked for.
type pdfRequest struct {
	offline
	paper, chromium string
}

func (a *app) pdfCommand() *cobra.Command {
	var r pdfRequest
	cmd := &cobra.Command{
		Use:   "pdf",
		Short: "print a version of the book as a PDF",
		Long: `Pdf prints the whole of one version, chapters and listings, in a file for each
language: dist/before-main-VERSION-LANG.pdf. The same book gives the same file, byte for
byte, from the same browser and fonts.

It needs Chromium 131 or newer, Chrome or Edge, and fonts with Han characters;
where one is missing it says what to install.`,
		Example: "  book pdf\n  book pdf --go go1.22 --lang en --paper letter",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.pdf(cmd.Context(), r) },
	}
	r.flags(cmd, "(default: all, a file each)", "files")
	cmd.Flags().StringVar(&r.paper, "paper", "a4", "the `size` of the paper: "+strings.Join(pdf.Papers(), ", "))
	cmd.Flags().StringVar(&r.chromium, "chromium", "", "the browser's `program` (default: looked for)")
	return cmd
}

func (a *app) pdf(ctx context.Context, r pdfRequest) error {
	book, version, err := r.open(a)
	if err != nil {
		return err
	}
	if !slices.Contains(pdf.Papers(), r.paper) {
		return usagef("--paper %s: want one of %s", r.paper, strings.Join(pdf.Papers(), ", "))
	}
	if r.chromium == "" {
		if r.chromium, err = pdf.FindChromium(); err != nil {
			return err
		}
	} else if _, err := exec.LookPath(r.chromium); err != nil {
		return usagef("--chromium %s: there is no such program that may be run", r.chromium)
	}
	cache, err := a.cacheDir()
	if err != nil {
		return err
	}
	scratch, err := scratch.Make(cache, "pdf-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	bar := newProgress(a.stderr)
	defer bar.finish()
	languages := r.languages(book)
	settings, err := a.setPDFs(ctx, r, languages, scratch, bar)
	if err != nil {
		return err
	}
	for i, lang := range languages {
		start := time.Now()
		file, report, err := settings[i].Print(ctx)
		if err != nil {
			return err
		}
		name := offlineName + version.Name + "-" + lang + ".pdf"
		if err := rewrite(r.out, map[string][]byte{name: file}); err != nil {
			return err
		}
		bar.finish()
		fmt.Fprintf(a.stderr, "%s, %s, %s; %.1f MB in %s: %s\n", count(report.Pages, "page"), count(report.Chapters, "chapter"), count(report.Symbols, "symbol"),
			float64(len(file))/1e6, time.Since(start).Round(100*time.Millisecond), displayPath(filepath.Join(r.out, name)))
	}
	return nil
}

// setPDFs reads the book and sets it in the languages. What it read is forgotten before
// anything is printed: the browser needs the room.
func (a *app) setPDFs(ctx context.Context, r pdfRequest, languages []string, scratch string, bar *progress) ([]*pdf.Setting, error) {
	root, err := a.root()
	if err != nil {
		return nil, err
	}
	result, problems, err := a.extract(ctx, request{versions: []string{r.version}})
	if rerr := a.report(problems); rerr != nil {
		return nil, rerr
	}
	if err != nil {
		return nil, err
	}
	var settings []*pdf.Setting
	for _, lang := range languages {
		e, err := pdfEdition(result, lang)
		if err != nil {
			return nil, err
		}
		cfg := pdf.Config{
			Chromium: r.chromium,
			Paper:    r.paper,
			Theme:    os.DirFS(filepath.Join(root, "themes", result.Book.Theme)),
			Scratch:  filepath.Join(scratch, lang),
			Progress: func(message string) { bar.report(source.Progress{Route: "pdf " + lang, Message: message}) },
		}
		if err := os.Mkdir(cfg.Scratch, 0o777); err != nil {
			return nil, err
		}
		set, err := pdf.Set(e, cfg)
		if err != nil {
			return nil, err
		}
		settings = append(settings, set)
	}
	return settings, nil
}

// pdfEdition gathers what is printed.
func pdfEdition(result *extractor.Result, lang string) (pdf.Edition, error) {
	book, version := result.Book, result.Versions[0]
	pages, err := result.Layout.Pages(version, lang)
	if err != nil {
		return pdf.Edition{}, err
	}
	words := result.Layout.Words[lang]
	var versions []pdf.Version
	for _, v := range book.Versions {
		versions = append(versions, pdf.Version{Name: v.Name, Tag: v.Tag, Date: v.Date})
	}
	return pdf.Edition{
		Title: book.Title[lang], Tagline: book.Tagline[lang], Site: book.BaseURL, Lang: lang,
		Authors:  strings.ReplaceAll(words["pdf_authors"], "{{ .Title }}", book.Title[lang]),
		Keywords: append([]string{version.Name, version.Tag}, book.Source.Packages...),
		Version:  version, Versions: versions, Machines: result.Layout.Machines(lang), Pages: pages, Words: words,
	}, nil
}
