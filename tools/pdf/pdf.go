// Package pdf prints an edition of the book, one version in one language, as a PDF.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime/debug"
	"time"

	"beforemain/extractor/content"
	"beforemain/extractor/render"
	"beforemain/extractor/source"
)

// Edition is what is printed.
type Edition struct {
	Title, Tagline string
	Authors        string
	Keywords       []string
	Site           string // where the book is on the web, with a slash at its end
	Lang           string // zh, en
	Version        source.Version
	Pages          []content.Page // of the version and language, in the book's order
	Words          render.Words
}

// Config says how it is printed.
type Config struct {
	Chromium string       // the browser's program
	Paper    string       // a4, letter, a5
	Theme    fs.FS        // print/ and assets/css/
	Scratch  string       // an empty folder for what the browser reads
	Progress func(string) // told what is done; nil for nobody
}

// Report is what a print took and gave.
type Report struct {
	Pages, Passes int
	Chapters      int
	Symbols       int
	Time          time.Duration
}

// maxPasses is how often the book is printed at most until no page number that is printed
// is wrong. Two passes are enough where a number takes the room that was kept for it.
const maxPasses = 5

// Print prints the edition and returns the file.
func Print(ctx context.Context, e Edition, cfg Config) ([]byte, Report, error) {
	start := time.Now()
	if cfg.Progress == nil {
		cfg.Progress = func(string) {}
	}
	s, err := newSheet(e, cfg)
	if err != nil {
		return nil, Report{}, err
	}
	if err := s.write(cfg.Theme, e.Words, cfg.Scratch); err != nil {
		return nil, Report{}, err
	}
	report := Report{Chapters: s.chapters(), Symbols: len(s.Index)}
	file, err := printed(ctx, cfg, s.Paper, &report)
	if err != nil {
		return nil, report, err
	}
	if file, err = describe(file, e); err != nil {
		return nil, report, err
	}
	report.Time = time.Since(start)
	return file, report, nil
}

// printed prints what stands in the scratch folder until every page number is right.
func printed(ctx context.Context, cfg Config, on paper, report *Report) ([]byte, error) {
	b, err := open(ctx, cfg.Chromium, cfg.Scratch)
	if err != nil {
		return nil, err
	}
	defer b.close()
	if err := b.checkFonts(); err != nil {
		return nil, b.explain(ctx, err)
	}
	before := map[string]int{}
	if err := b.fill(before); err != nil {
		return nil, b.explain(ctx, err)
	}
	if err := b.checkWidth(on.measure()); err != nil {
		return nil, b.explain(ctx, err)
	}
	for report.Passes = 1; report.Passes <= maxPasses; report.Passes++ {
		if err := b.fill(before); err != nil {
			return nil, b.explain(ctx, err)
		}
		debug.FreeOSMemory() // the browser is about to need it
		file, err := b.print()
		if err != nil {
			return nil, b.explain(ctx, err)
		}
		doc, err := Read(file)
		if err != nil {
			return nil, err
		}
		pages, err := doc.Destinations()
		if err != nil {
			return nil, err
		}
		report.Pages = doc.PageCount()
		cfg.Progress(fmt.Sprintf("pass %d: %d pages, %.1f MB", report.Passes, report.Pages, float64(len(file))/1e6))
		if maps.Equal(before, pages) {
			return file, doc.sound()
		}
		before = pages
	}
	return nil, errors.New("the page numbers do not settle: each pass moves what they point at")
}
