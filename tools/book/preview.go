package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"beforemain/extractor"
	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
	"beforemain/tools/hugo"
	"beforemain/tools/web"
)

// preview keeps a book made: each change is joined with what is kept of before, and
// only what differs is laid out and rendered again.
type preview struct {
	root    string
	config  extractor.Config // Versions as asked for; none means the newest
	stderr  io.Writer
	scratch string // a folder of this run
	tree    string // in scratch
	baseURL string
	web     *web.Server

	// What is kept; nil where it has to be made anew.
	basis  *extractor.Basis
	layout *content.Layout // of the tree
	live   *hugo.Live      // made of the tree

	disk      sync.Mutex      // held while the tree is written
	warned    map[string]bool // warnings that the terminal has shown
	unwatched string          // the last error of the watcher
}

// renew takes a change in and shows the new pages, or what is wrong.
func (p *preview) renew(ctx context.Context, c change) {
	start := time.Now()
	wrong := p.web.Wrong()
	made, problems, err := p.make(ctx, c)
	if ctx.Err() != nil {
		return
	}
	mistakes := p.describe(problems, err)
	for _, m := range mistakes {
		fmt.Fprintln(p.stderr, m)
	}
	if err == nil {
		p.warn(problems)
	}
	p.web.Show(mistakes)
	switch {
	case len(mistakes) > 0:
		fmt.Fprintf(p.stderr, "%s; the pages stay as they were\n", count(len(mistakes), "mistake"))
		return
	case wrong:
		fmt.Fprintln(p.stderr, "mended")
	}
	if made != "" {
		fmt.Fprintf(p.stderr, "%s renewed in %s\n", made, time.Since(start).Round(time.Millisecond))
	}
}

// make makes what has changed, and says which pages were.
func (p *preview) make(ctx context.Context, c change) (made string, problems diag.List, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("book: a fault of the program, not of the book: %v\n%s", cause, debug.Stack())
			p.basis, p.layout = nil, nil
			p.dropSite()
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
			return "", problems, err
		}
	}
	result, problems, err := p.basis.Join(p.config.Root)
	if err != nil || problems.Count(diag.Error) > 0 || ctx.Err() != nil {
		return "", problems, err
	}
	d := result.Layout.Since(p.layout)
	if d.Empty() && p.live != nil {
		p.layout = result.Layout
		return "", problems, nil
	}
	made, err = p.publish(ctx, result, d)
	return made, problems, err
}

// newBasis reads book.toml and all that follows from it.
func (p *preview) newBasis(ctx context.Context) (diag.List, error) {
	cfg := p.config
	if len(cfg.Versions) == 0 {
		book, err := extractor.ReadBook(cfg.Root)
		if err != nil {
			return nil, err
		}
		cfg.Versions = []string{book.Newest().Name}
	}
	bar := newProgress(p.stderr)
	defer bar.finish()
	cfg.Source.Progress = bar.report
	basis, problems, err := extractor.NewBasis(ctx, cfg)
	if err != nil {
		return problems, err
	}
	p.basis, p.layout = basis, nil
	return nil, nil
}

// publish brings the tree and the site up to date. What fails is made anew next time.
func (p *preview) publish(ctx context.Context, result *extractor.Result, d content.Difference) (made string, err error) {
	p.layout = nil
	if d.All {
		p.dropSite()
	}
	written, err := p.write(ctx, result, d)
	if err != nil {
		p.dropSite()
		return "", err
	}
	p.layout = result.Layout
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case p.live == nil:
		return "every page", p.open(result)
	case len(written) == 0:
		return "", nil
	}
	err = p.web.Publish(func() error { return p.live.Update(written) })
	if err == nil { // who looks at the page need not wait for what finds it
		err = p.renewSearch(result)
	}
	if err != nil {
		p.dropSite()
		return "", err
	}
	return count(len(written), "page"), nil
}

// renewSearch brings the index of the search up to date.
func (p *preview) renewSearch(result *extractor.Result) error {
	files, err := result.SearchFiles(result.Versions)
	if err != nil {
		return err
	}
	return p.web.Amend(func() error { return writeSearch(p.live.Files, files) })
}

// write brings the tree up to date, and returns the names of the files that changed
// unless all may have. It stops between two versions when ctx is done.
func (p *preview) write(ctx context.Context, result *extractor.Result, d content.Difference) ([]string, error) {
	p.disk.Lock()
	defer p.disk.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !d.All {
		return result.UpdateTree(p.tree, d)
	}
	var whole content.Tree
	for _, v := range result.Versions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		tree, err := result.Tree(v)
		if err != nil {
			return nil, err
		}
		whole = append(whole, tree...)
	}
	return nil, whole.Write(p.tree)
}

// remove removes the tree for good.
func (p *preview) remove() error {
	p.disk.Lock() // for ever: nobody writes after this
	return os.RemoveAll(p.scratch)
}

// open makes the whole site of the tree and shows it in the place of the last one.
func (p *preview) open(result *extractor.Result) error {
	log := &hugo.Log{}
	site := hugo.Site{Root: p.root, Tree: p.tree, Scratch: p.scratch, BaseURL: p.baseURL, Log: log}
	live, err := site.Open(result.Book, result.Versions)
	if err == nil && strings.Contains(log.String(), "found no layout file") { // for Hugo only a warning: it leaves the pages out
		live.Close()
		err = errors.New("the theme lacks a layout")
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, log.String())
	}
	if err := writeBeside(live.Files, result, result.Versions); err != nil {
		live.Close()
		return err
	}
	fmt.Fprint(p.stderr, log.String())
	p.live = live
	var absent []string
	for _, v := range result.Book.Versions {
		if !slices.ContainsFunc(result.Versions, func(made source.Version) bool { return made.Name == v.Name }) {
			absent = append(absent, v.Name)
		}
	}
	p.web.Open(live.Files, absent)
	return nil
}

// dropSite makes the next site from nothing. The server shows the old one until then.
func (p *preview) dropSite() {
	if p.live != nil {
		p.live.Close()
		p.live = nil
	}
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
		text := strings.TrimSpace(explain(err))
		for _, dir := range []string{p.tree, p.root} { // as in diagnostics, names begin at the book
			text = strings.ReplaceAll(text, dir+string(os.PathSeparator), "")
		}
		mistakes = append(mistakes, strings.Map(func(r rune) rune {
			if r == '\n' || unicode.IsGraphic(r) {
				return r
			}
			return unicode.ReplacementChar // nothing moves the cursor of a terminal
		}, text))
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
				fmt.Fprintln(p.stderr, text)
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
