package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"beforemain/extractor"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
	"beforemain/tools/store"
)

// app holds what all commands share: the persistent flags and where output goes.
type app struct {
	dir    string
	cache  string
	route  string
	stdout io.Writer
	stderr io.Writer
}

// root returns the book's folder.
func (a *app) root() (string, error) {
	if a.dir != "" {
		dir, err := filepath.Abs(a.dir)
		if err != nil {
			return "", err
		}
		if _, err := os.Stat(filepath.Join(dir, extractor.BookFile)); err != nil {
			return "", usagef("-C %s: no %s there", a.dir, extractor.BookFile)
		}
		return dir, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, extractor.BookFile)); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", usagef("no %s here or above; name the book's folder with -C", extractor.BookFile)
		}
		dir = up
	}
}

// cacheDir returns the folder of derived files, made if need be.
func (a *app) cacheDir() (string, error) {
	dir := a.cache
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("%w; name a folder with --cache", err)
		}
		dir = filepath.Join(user, "before-main")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o777)
}

// book reads book.toml and nothing else.
func (a *app) book() (*extractor.Book, error) {
	root, err := a.root()
	if err != nil {
		return nil, err
	}
	return extractor.ReadBook(os.DirFS(root))
}

// request is what a command wants of the extractor.
type request struct {
	versions []string // names; none means all
	unlocked bool
}

// extract runs the extractor over the book. Diagnostics are returned, not printed.
func (a *app) extract(ctx context.Context, req request) (*extractor.Result, diag.List, error) {
	root, err := a.root()
	if err != nil {
		return nil, nil, err
	}
	if book, err := a.book(); err == nil { // else the extractor says what is wrong with it
		if _, err := book.Select(req.versions); err != nil {
			return nil, nil, usageError{err}
		}
	}
	return a.extractFrom(ctx, os.DirFS(root), req)
}

// extractFrom runs the extractor over a book that may differ from the one in the folder.
func (a *app) extractFrom(ctx context.Context, root fs.FS, req request) (*extractor.Result, diag.List, error) {
	cfg, err := a.config(req)
	if err != nil {
		return nil, nil, err
	}
	bar := newProgress(a.stderr)
	defer bar.finish()
	cfg.Root = root
	cfg.Source.Progress = bar.report
	return extractor.Run(ctx, cfg)
}

// config is what the extractor is to do, without a place where progress is shown.
func (a *app) config(req request) (extractor.Config, error) {
	switch a.route {
	case "auto", "cache", "git", "module":
	default:
		return extractor.Config{}, usagef("--source %s: want auto, cache, git or module", a.route)
	}
	root, err := a.root()
	if err != nil {
		return extractor.Config{}, err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return extractor.Config{}, err
	}
	return extractor.Config{
		Root:     os.DirFS(root),
		Versions: req.versions,
		Unlocked: req.unlocked,
		Source:   source.Config{Cache: cache, Route: a.route},
		Store:    store.New(filepath.Join(cache, indexDir)),
	}, nil
}

// report prints diagnostics as text and says how many there are. It returns
// errProblems if there are errors.
func (a *app) report(problems diag.List) error {
	if err := problems.Print(a.stderr); err != nil {
		return err
	}
	errors, warnings := problems.Count(diag.Error), problems.Count(diag.Warning)
	if errors+warnings > 0 {
		fmt.Fprintf(a.stderr, "%s, %s\n", count(errors, "error"), count(warnings, "warning"))
	}
	if errors > 0 {
		return errProblems
	}
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// splitList reads a comma-separated flag.
func splitList(s string) []string {
	var list []string
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}
