package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"beforemain/extractor"
	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
)

// preview keeps a book made: each change is joined with what is kept of before, and
// only what differs is laid out and rendered again.
type preview struct {
	app      *app
	root     string
	versions []string // as asked for; none means the newest
	scratch  string   // a folder of this run
	tree     string   // in scratch
	baseURL  string
	web      *web

	// What is kept; nil where it has to be made anew.
	basis  *extractor.Basis
	layout *content.Layout // of the tree
	live   *liveSite       // made of the tree

	warned    map[string]bool // warnings that the terminal has shown
	unwatched string          // the last error of the watcher
}

// renew takes a change in and shows the new pages, or what is wrong.
func (p *preview) renew(ctx context.Context, c change) {
	start := time.Now()
	pages, problems, err := p.make(ctx, c)
	if ctx.Err() != nil {
		return
	}
	mistakes := p.describe(problems, err)
	for _, m := range mistakes {
		fmt.Fprintln(p.app.stderr, m)
	}
	p.warn(problems)
	p.web.mu.RLock()
	mended := len(mistakes) == 0 && len(p.web.mistakes) > 0
	p.web.mu.RUnlock()
	p.web.show(mistakes)
	took := time.Since(start).Round(time.Millisecond)
	switch {
	case len(mistakes) > 0:
		fmt.Fprintf(p.app.stderr, "%s; the pages stay as they were\n", count(len(mistakes), "mistake"))
	case mended:
		fmt.Fprintf(p.app.stderr, "mended; %s renewed in %s\n", count(pages, "page"), took)
	case pages > 0:
		fmt.Fprintf(p.app.stderr, "%s renewed in %s\n", count(pages, "page"), took)
	}
}

// make makes what has changed, and returns the number of pages that were written.
func (p *preview) make(ctx context.Context, c change) (pages int, problems diag.List, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("book: a fault of the program, not of the book: %v\n%s", cause, debug.Stack())
			p.basis = nil
			p.forget()
		}
	}()
	if c&changedTheme != 0 {
		p.dropSite()
	}
	if c&changedBasis != 0 {
		p.basis = nil
	}
	if p.basis == nil {
		if problems, err = p.newBasis(ctx); err != nil {
			return 0, problems, err
		}
	}
	result, problems, err := p.basis.Join(os.DirFS(p.root))
	if err != nil || problems.Count(diag.Error) > 0 || ctx.Err() != nil {
		return 0, problems, err
	}
	d := result.Layout.Since(p.layout)
	if d.Empty() && p.live != nil {
		p.layout = result.Layout
		return 0, problems, nil
	}
	if pages, err = p.publish(result, d); err != nil {
		p.forget()
		return 0, problems, err
	}
	p.layout = result.Layout
	return pages, problems, nil
}

// newBasis reads book.toml and all that follows from it.
func (p *preview) newBasis(ctx context.Context) (diag.List, error) {
	versions := p.versions
	book, err := p.app.book()
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		versions = []string{book.Newest().Name}
	}
	cfg, err := p.app.config(request{versions: versions})
	if err != nil {
		return nil, err
	}
	bar := newProgress(p.app.stderr)
	defer bar.finish()
	cfg.Source.Progress = bar.report
	basis, problems, err := extractor.NewBasis(ctx, cfg)
	if err != nil {
		return problems, err
	}
	p.basis, p.layout = basis, nil
	return nil, nil
}

// publish brings the tree and the site up to date.
func (p *preview) publish(result *extractor.Result, d content.Difference) (int, error) {
	var written []string
	var pages int
	var err error
	if d.All {
		p.dropSite()
		pages, err = result.WriteTree(p.tree)
	} else {
		written, err = result.UpdateTree(p.tree, d)
		pages = len(written)
	}
	if err != nil {
		return 0, err
	}
	if p.live != nil {
		if len(written) == 0 {
			return 0, nil
		}
		p.web.renew(func() bool {
			err = p.live.update(written)
			return err == nil
		})
		return pages, err
	}
	log := &hugoLog{}
	site := hugoSite{root: p.root, tree: p.tree, scratch: p.scratch, baseURL: p.baseURL, log: log}
	live, err := site.open(result)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, log.String())
	}
	log.pass(p.app.stderr)
	p.live = live
	p.web.renew(func() bool {
		p.web.files = live.files
		p.web.absent = nil
		for _, v := range result.Book.Versions {
			if !slices.ContainsFunc(result.Versions, func(made source.Version) bool { return made.Name == v.Name }) {
				p.web.absent = append(p.web.absent, v.Name)
			}
		}
		return true
	})
	return max(pages, 1), nil
}

// dropSite makes the next site from nothing. The server shows the old one until then.
func (p *preview) dropSite() {
	if p.live != nil {
		p.live.close()
		p.live = nil
	}
}

// forget drops what a failure may have left half done: the next change makes it all.
func (p *preview) forget() {
	p.dropSite()
	p.layout = nil
}

// describe writes each mistake as the terminal and the page show it.
func (p *preview) describe(problems diag.List, err error) []string {
	var mistakes []string
	for _, d := range problems {
		if d.Severity == diag.Error {
			mistakes = append(mistakes, printed(d))
		}
	}
	if err != nil && len(mistakes) == 0 {
		text := strings.TrimSpace(err.Error())
		text = strings.ReplaceAll(text, p.root+string(os.PathSeparator), "")
		mistakes = append(mistakes, text)
	}
	return mistakes
}

// warn prints the warnings that were not there before.
func (p *preview) warn(problems diag.List) {
	now := map[string]bool{}
	for _, d := range problems {
		if d.Severity == diag.Warning {
			text := printed(d)
			now[text] = true
			if !p.warned[text] {
				fmt.Fprintln(p.app.stderr, text)
			}
		}
	}
	p.warned = now
}

func printed(d diag.Diagnostic) string {
	var b strings.Builder
	_ = diag.List{d}.Print(&b) // a Builder takes everything
	return strings.TrimRight(b.String(), "\n")
}

// hugoLog keeps what Hugo says: it belongs to the error, if there is one.
type hugoLog struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *hugoLog) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(text)
}

func (l *hugoLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// pass hands on what has been said.
func (l *hugoLog) pass(w io.Writer) { fmt.Fprint(w, l.String()) }
