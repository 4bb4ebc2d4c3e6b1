// Package hugo publishes a generated tree with Hugo, to a folder or into memory, and says
// where a template or a setting is wrong.
//
// Hugo has no official API, so this package is the only one that knows it; its version is
// pinned in go.mod.
package hugo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"
	"github.com/spf13/fsync"

	"beforemain/extractor"
	"beforemain/extractor/source"
)

// Site is one run of Hugo.
type Site struct {
	Root    string // the book's folder
	Tree    string // the generated tree: <version>/<language>/…
	Scratch string // a folder for Hugo's own files
	Publish string // the folder that Build fills
	BaseURL string
	Log     io.Writer // of what Hugo says: see Log
}

// dimensions is the part of Hugo's configuration that follows from book.toml.
type dimensions struct {
	Title                  string                    `json:"title"`
	BaseURL                string                    `json:"baseURL"`
	Theme                  string                    `json:"theme"`
	DefaultContentLanguage string                    `json:"defaultContentLanguage"`
	DefaultInSubdir        bool                      `json:"defaultContentLanguageInSubdir"`
	DefaultContentVersion  string                    `json:"defaultContentVersion"`
	DefaultVersionInSubdir bool                      `json:"defaultContentVersionInSubdir"`
	Languages              map[string]map[string]any `json:"languages"`
	Versions               map[string]map[string]any `json:"versions"`
	Module                 struct {
		Mounts []mount `json:"mounts"`
	} `json:"module"`
}

type mount struct {
	Source string `json:"source"`
	Target string `json:"target"`
	Sites  *sites `json:"sites,omitempty"`
}

type sites struct {
	Matrix struct {
		Languages []string `json:"languages"`
		Versions  []string `json:"versions"`
	} `json:"matrix"`
}

// newDimensions lays the editions of a result over Hugo's versions and
// languages: a mount an edition. Only the newest pinned version goes without a
// folder of its own, so that URLs never depend on --versions.
func (s Site) newDimensions(book *extractor.Book, versions []source.Version) (dimensions, error) {
	newest := versions[len(versions)-1]
	d := dimensions{
		Title:                  book.Title[book.Languages[0]],
		BaseURL:                s.BaseURL,
		Theme:                  book.Theme,
		DefaultContentLanguage: book.Languages[0],
		DefaultInSubdir:        true,
		DefaultContentVersion:  newest.Name,
		DefaultVersionInSubdir: newest != book.Newest(),
		Languages:              map[string]map[string]any{},
		Versions:               map[string]map[string]any{},
	}
	for i, lang := range book.Languages {
		d.Languages[lang] = map[string]any{"weight": i + 1, "title": book.Title[lang]}
	}
	for i, v := range versions {
		d.Versions[v.Name] = map[string]any{"weight": len(versions) - i}
	}
	tree, err := filepath.Abs(s.Tree)
	if err != nil {
		return d, err
	}
	for _, v := range versions {
		for _, lang := range book.Languages {
			m := mount{Source: filepath.Join(tree, v.Name, lang), Target: "content", Sites: &sites{}}
			m.Sites.Matrix.Languages = []string{lang}
			m.Sites.Matrix.Versions = []string{v.Name}
			d.Module.Mounts = append(d.Module.Mounts, m)
		}
	}
	d.Module.Mounts = append(d.Module.Mounts, mount{Source: "static", Target: "static"})
	return d, nil
}

// Build publishes the tree of some versions of a book.
func (s Site) Build(book *extractor.Book, versions []source.Version) error {
	h, err := s.run(book, versions, hugofs.Os, false)
	if err != nil {
		return err
	}
	return h.Close()
}

// run publishes the tree to dst. The sites that it returns are the caller's to close;
// only watched ones can be built again.
func (s Site) run(book *extractor.Book, versions []source.Version, dst afero.Fs, watched bool) (*hugolib.HugoSites, error) {
	configs, flags, err := s.load(book, versions)
	if err != nil {
		return nil, err
	}
	configs.Base.Internal.Watch = watched
	fs := hugofs.NewFromSourceAndDestination(hugofs.Os, dst, flags)
	h, err := hugolib.NewHugoSites(deps.DepsCfg{Configs: configs, Fs: fs, StdOut: s.Log, StdErr: s.Log, LogLevel: logg.LevelWarn})
	if err != nil {
		return nil, s.explain(err)
	}
	if err := h.Build(hugolib.BuildCfg{NoBuildLock: true}); err != nil {
		return nil, errors.Join(s.explain(err), h.Close())
	}
	for _, static := range h.BaseFs.SourceFilesystems.Static {
		sync := fsync.NewSyncer()
		// Modes and times are of no use: the root of Hugo's file systems has the mode 0, with
		// which nobody but root could go on in the folder that is published.
		sync.NoChmod, sync.NoTimes = true, true
		sync.SrcFs, sync.DestFs = static.Fs, fs.PublishDirStatic
		if _, err := static.Fs.Stat("/"); err != nil {
			continue // a book without static files
		}
		if err := sync.Sync("/"+static.PublishFolder, "/"); err != nil {
			return nil, errors.Join(fmt.Errorf("static files: %w", err), h.Close())
		}
	}
	return h, nil
}

func (s Site) load(book *extractor.Book, versions []source.Version) (*allconfig.Configs, config.Provider, error) {
	d, err := s.newDimensions(book, versions)
	if err != nil {
		return nil, nil, err
	}
	text, err := json.MarshalIndent(d, "", "\t")
	if err != nil {
		return nil, nil, err
	}
	generated := filepath.Join(s.Scratch, "dimensions.json")
	if err := os.WriteFile(generated, text, 0o666); err != nil {
		return nil, nil, err
	}
	site := filepath.Join(s.Root, "site")
	if _, err := os.Stat(filepath.Join(site, "hugo.toml")); err != nil {
		return nil, nil, errors.New("site/hugo.toml cannot be read, which holds the settings of Hugo: take it back from git")
	}
	flags := config.New()
	flags.Set("workingDir", site)
	flags.Set("themesDir", filepath.Join(s.Root, "themes"))
	flags.Set("publishDir", s.Publish)
	flags.Set("resourceDir", filepath.Join(s.Scratch, "resources"))
	flags.Set("cacheDir", filepath.Join(s.Scratch, "hugo"))
	logger := loggers.New(loggers.Options{Level: logg.LevelWarn, StdOut: s.Log, StdErr: s.Log, DistinctLevel: logg.LevelWarn})
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{
		Flags:       flags,
		Fs:          hugofs.Os,
		Filename:    filepath.Join(site, "hugo.toml") + "," + generated,
		Environment: "production",
		Environ:     []string{"_="}, // not the process's, in which HUGO_… would be settings that no file states
		Logger:      logger,
	})
	if err != nil {
		return nil, nil, s.explain(err)
	}
	flags.Set("publishDirStatic", s.Publish)
	flags.Set("publishDirDynamic", s.Publish)
	return configs, flags, nil
}
