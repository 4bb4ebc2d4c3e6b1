package hugo

import (
	"fmt"

	"github.com/fsnotify/fsnotify"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"

	"beforemain/extractor"
	"beforemain/extractor/source"
)

// Live is a site in memory, whose pages Hugo renders again one by one.
type Live struct {
	Files afero.Fs // published
	sites *hugolib.HugoSites
}

// Open publishes the tree of some versions of a book to memory.
func (s Site) Open(book *extractor.Book, versions []source.Version) (*Live, error) {
	s.Publish = "/"
	files := afero.NewMemMapFs()
	h, err := s.run(book, versions, files, true)
	if err != nil {
		return nil, err
	}
	return &Live{files, h}, nil
}

// Update renders the pages whose files in the tree have been written again.
func (l *Live) Update(files []string) error {
	events := make([]fsnotify.Event, len(files))
	for i, name := range files {
		events[i] = fsnotify.Event{Name: name, Op: fsnotify.Write}
	}
	if err := l.sites.Build(hugolib.BuildCfg{NoBuildLock: true}, events...); err != nil {
		return fmt.Errorf("hugo: %w", err)
	}
	return nil
}

// Close ends Hugo.
func (l *Live) Close() { _ = l.sites.Close() } // the site is in memory: nothing is lost
