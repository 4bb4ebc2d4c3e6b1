package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"beforemain/extractor"
	"beforemain/tools/hugo"
)

// change says what of a book has been edited, as far as it matters to what is kept.
type change uint8

const (
	changedText  change = 1 << iota // notes, chapters, glossary, downloads.json
	changedTheme                    // layouts, style sheets, words, Hugo's settings, the theme's and the book's own
	changedBasis                    // book.toml, edges.toml, sources.lock, measurements
)

// A change is taken in when the files have been quiet for this long, or after the limit:
// editors write a file in several steps.
const (
	quiet      = 25 * time.Millisecond
	quietLimit = 250 * time.Millisecond
)

// watcher tells which files of a book change. Folders are watched, not files, so that
// an editor that saves by renaming is seen.
type watcher struct {
	*fsnotify.Watcher
	root string
}

// watched are the folders, relative to the book, that are watched with all below them.
var watched = append(hugo.Folders(), "annotations", "site/content", "themes")

func newWatcher(root string) (*watcher, error) {
	w, err := fsnotify.NewBufferedWatcher(1024)
	if err != nil {
		return nil, fmt.Errorf("the book cannot be watched for changes: %w", err)
	}
	return &watcher{w, root}, nil
}

// spread watches every folder that there is by now. Of the root and of site only the
// entries count: a folder may come back that was removed.
func (w *watcher) spread() error {
	var first error
	add := func(dir string) {
		if err := w.Add(dir); err != nil && first == nil {
			if _, gone := os.Stat(dir); gone == nil {
				first = fmt.Errorf("changes below %s stay unseen: %w", dir, err)
			}
		}
	}
	add(w.root)
	add(filepath.Join(w.root, "site"))
	for _, dir := range watched {
		_ = filepath.WalkDir(filepath.Join(w.root, filepath.FromSlash(dir)), func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				add(name)
			}
			return nil // what cannot be read may be mended later, and is seen from the folder above
		})
	}
	return first
}

// next waits for a change, and for the end of it. It returns 0 when ctx is done.
func (w *watcher) next(ctx context.Context) change {
	var seen change
	var settled, limit <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return 0
		case <-settled:
			return seen
		case <-limit:
			return seen
		case e := <-w.Events:
			seen |= w.classify(e.Name)
		case <-w.Errors:
			seen |= changedText | changedTheme | changedBasis // events were lost
		}
		if seen == 0 {
			continue
		}
		settled = time.After(quiet)
		if limit == nil {
			limit = time.After(quietLimit)
		}
	}
}

// classify says what a changed file or folder belongs to.
func (w *watcher) classify(name string) change {
	rel, err := filepath.Rel(w.root, name)
	if err != nil {
		return 0
	}
	rel = filepath.ToSlash(rel)
	below := func(dir string) bool { return rel == dir || strings.HasPrefix(rel, dir+"/") }
	switch base := path.Base(rel); {
	case strings.HasPrefix(base, ".") || strings.HasPrefix(base, "#") || strings.HasSuffix(base, "~") || base == "4913":
		return 0 // what editors leave about
	case slices.Contains([]string{extractor.BookFile, extractor.EdgesFile, extractor.LockFile, "annotations", "site"}, rel), below("site/data"):
		return changedBasis
	case below("annotations"), below("site/content"), rel == extractor.DownloadsFile:
		return changedText
	case below("themes"), slices.ContainsFunc(hugo.Folders(), below), rel == "site/hugo.toml":
		return changedTheme
	}
	return 0
}
