package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"beforemain/tools/scratch"
	"beforemain/tools/store"
)

// cached is a part of the cache folder.
type cached struct {
	Name  string `json:"name"`
	Holds string `json:"holds"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`

	patterns []string // of names in the folder
}

// sourcesName is the part that a network is needed for to make again, scratchName the one
// that runs which go on cannot do without.
const (
	sourcesName = "sources"
	scratchName = "scratch"
)

// scratchPrefixes begin the names of the folders that runs make in the cache folder.
var scratchPrefixes = []string{"build-", "serve-", "pdf-", "bundle-"}

// Folders of the cache that are stores.
const (
	indexDir = "index"
	pagesDir = "pages"
)

// cacheParts are all parts, the most precious first.
func cacheParts() []cached {
	scratch := make([]string, len(scratchPrefixes))
	for i, prefix := range scratchPrefixes {
		scratch[i] = prefix + "*"
	}
	return []cached{
		{Name: sourcesName, Holds: "the files of every pinned version, as git keeps them", patterns: []string{"source.git", "source.lock", "incoming-*"}},
		{Name: "index", Holds: "the symbols and references of each version, by the blobs that they were read from", patterns: []string{indexDir}},
		{Name: "pages", Holds: "the finished pages of each version, by what Hugo made them of", patterns: []string{pagesDir}},
		{Name: "built", Holds: "what each published folder was made of", patterns: []string{builtDir}},
		{Name: "bench", Holds: "the programs that book boot bench has built", patterns: []string{"bench"}},
		{Name: "tools", Holds: "Graphviz as machine code, and what the tests have downloaded", patterns: []string{"npm", "graphviz"}},
		{Name: scratchName, Holds: "folders of runs that go on, or were killed", patterns: scratch},
	}
}

func (a *app) cacheCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "show what the cache folder holds; prune it",
		Long: `Cache lists the parts of the cache folder and their sizes. All of it may be deleted
at any time, while no build runs: the next one makes it again, and fetches the
sources again.`,
		Example: "  book cache\n  book cache prune",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.showCache(asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print [{name, holds, files, bytes}]")
	var all bool
	prune := &cobra.Command{
		Use:   "prune",
		Short: "remove from the cache folder what no build will read again",
		Long: `Prune removes the indexes and pages that another build of this program made, what is known of
published folders that are gone, and the folders of runs that were killed. It may be
used while a build runs. With --all nothing stays but the sources, which only a network
brings back, and the folders of runs that go on.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return a.pruneCache(all) },
	}
	prune.Flags().BoolVar(&all, "all", false, "remove everything but the sources")
	cmd.AddCommand(prune)
	return cmd
}

func (a *app) showCache(asJSON bool) error {
	dir, err := a.cacheDir()
	if err != nil {
		return err
	}
	parts := measureCache(dir)
	if asJSON {
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(parts)
	}
	fmt.Fprintln(a.stderr, displayPath(dir))
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, p := range parts {
		fmt.Fprintf(table, "%s\t%.1f MB\t%s\t%s\n", p.Name, float64(p.Bytes)/1e6, count(p.Files, "file"), p.Holds)
	}
	return table.Flush()
}

// measureCache counts what the parts take. What vanishes meanwhile takes nothing.
func measureCache(dir string) []cached {
	parts := cacheParts()
	for i := range parts {
		for _, name := range parts[i].find(dir) {
			_ = filepath.WalkDir(name, func(_ string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return nil
				}
				if info, err := d.Info(); err == nil {
					parts[i].Files++
					parts[i].Bytes += info.Size()
				}
				return nil
			})
		}
	}
	return parts
}

// find returns the paths of a part, whose patterns are well formed.
func (p cached) find(dir string) []string {
	var names []string
	for _, pattern := range p.patterns {
		names = append(names, scratch.Find(dir, pattern)...)
	}
	return names
}

func (a *app) pruneCache(all bool) error {
	dir, err := a.cacheDir()
	if err != nil {
		return err
	}
	before := size(measureCache(dir))
	for _, prefix := range scratchPrefixes {
		scratch.Clear(dir, prefix)
	}
	if all {
		for _, p := range cacheParts() {
			if p.Name == sourcesName || p.Name == scratchName {
				continue // of the latter, what runs have left is gone by now
			}
			for _, name := range p.find(dir) {
				if err := os.RemoveAll(name); err != nil {
					return err
				}
			}
		}
	} else {
		store.New(filepath.Join(dir, indexDir)).Prune()
		store.New(filepath.Join(dir, pagesDir)).Prune()
		pruneMade(dir)
	}
	after := size(measureCache(dir))
	fmt.Fprintf(a.stderr, "%.1f MB removed, %.1f MB are left\n", float64(before-after)/1e6, float64(after)/1e6)
	return nil
}

func size(parts []cached) (bytes int64) {
	for _, p := range parts {
		bytes += p.Bytes
	}
	return bytes
}
