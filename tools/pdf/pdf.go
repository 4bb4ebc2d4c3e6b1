// Package pdf prints an edition of the book, one version in one language, as a PDF.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime/debug"

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
	Versions       []Version      // that the book reads, this among them
	Machines       []string       // that anything in it was measured on
	Pages          []content.Page // of the version and language, in the book's order
	Words          render.Words
}

// Version is a version that the book reads. Date is the day of its tag, 2006-01-02, and
// may be empty.
type Version struct{ Name, Tag, Date string }

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
}

// Setting is an edition that is set in type: what the browser reads stands in the scratch
// folder, and nothing of the edition's pages is kept in memory, which the browser needs.
type Setting struct {
	cfg    Config
	paper  paper
	about  about
	starts []string // ids of what begins on a right page, in order
	report Report
}

// maxPasses is how often the book is printed at most until no page number that is printed
// is wrong. Two passes are enough where a number takes the room that was kept for it.
const maxPasses = 5

// Set puts what the browser is to print into the scratch folder.
func Set(e Edition, cfg Config) (*Setting, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(string) {}
	}
	s, err := newSheet(e, cfg)
	if err != nil {
		return nil, err
	}
	if err := s.write(cfg.Theme, e.Words, cfg.Scratch); err != nil {
		return nil, err
	}
	return &Setting{cfg, s.Paper, aboutEdition(e), s.starts(), Report{Chapters: s.chapters(), Symbols: len(s.Index)}}, nil
}

// Print prints the edition until every page number is right, and returns the file. The
// same setting gives the same bytes. A browser serves one pass: it keeps for the next
// what only the one before needed.
func (s *Setting) Print(ctx context.Context) ([]byte, Report, error) {
	report := s.report
	before := sides{}
	for report.Passes = 1; report.Passes <= maxPasses; report.Passes++ {
		file, err := s.pass(ctx, report.Passes == 1, before)
		if err != nil {
			return nil, report, err
		}
		doc, err := Read(file)
		if err != nil {
			return nil, report, err
		}
		pages, err := doc.Destinations()
		if err != nil {
			return nil, report, err
		}
		report.Pages = doc.PageCount()
		s.cfg.Progress(fmt.Sprintf("pass %d: %d pages, %.1f MB", report.Passes, report.Pages, float64(len(file))/1e6))
		next := before.next(pages, s.starts)
		if maps.Equal(before.pages, pages) && maps.Equal(before.blank, next.blank) {
			if err := doc.sound(); err != nil {
				return nil, report, err
			}
			if err := doc.describe(s.about); err != nil {
				return nil, report, err
			}
			file, err := doc.bytes()
			return file, report, err
		}
		before = next
	}
	return nil, report, errors.New("the page numbers do not settle: each pass moves what they point at")
}

// pass prints once, with the page numbers of the pass before. The first pass has none, and
// is only to find them: it goes without the tags and the outline, which take most of the
// time and of the memory.
func (s *Setting) pass(ctx context.Context, first bool, before sides) ([]byte, error) {
	debug.FreeOSMemory() // the browser is about to need it
	b, err := open(ctx, s.cfg.Chromium, s.cfg.Scratch)
	if err != nil {
		return nil, err
	}
	defer b.close()
	if err := b.fill(before); err != nil {
		return nil, explain(ctx, err)
	}
	if first {
		if err := b.checkFonts(); err != nil {
			return nil, explain(ctx, err)
		}
	}
	file, err := b.print(!first)
	if err == nil && first {
		err = b.checkWidth(s.paper.measure()) // after it, since another layout takes memory
	}
	if err != nil {
		return nil, explain(ctx, err)
	}
	return file, nil
}
