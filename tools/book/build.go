package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/afero"
	"github.com/spf13/cobra"

	"beforemain/extractor"
)

func (a *app) buildCommand() *cobra.Command {
	var out, baseURL, versions string
	cmd := &cobra.Command{
		Use:   "build",
		Short: "publish the whole book to site/public",
		Long: `Build fetches the sources if need be, checks every annotation, and publishes
the site. An error in an annotation stops it, and what was published before
stays as it was. Where nothing has changed since the last build, neither the book
nor the program nor the published files, it says so and is done.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.build(cmd.Context(), out, baseURL, splitList(versions))
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "publish to this `folder` (default: site/public of the book)")
	cmd.Flags().StringVar(&baseURL, "base-url", "", "the site's `URL` (default: base_url of book.toml)")
	cmd.Flags().StringVar(&versions, "versions", "", "make only these versions, such as go1.17,go1.27; URLs and switches stay those of the whole book")
	return cmd
}

func (a *app) build(ctx context.Context, out, baseURL string, versions []string) error {
	start := time.Now()
	root, err := a.root()
	if err != nil {
		return err
	}
	if out == "" {
		out = filepath.Join(root, "site", "public")
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	if err := checkOut(out); err != nil {
		return err
	}
	if err := recoverSite(out); err != nil {
		return err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return err
	}
	built := newMade(cache, root, out, baseURL, versions)
	if built.holds() {
		fmt.Fprintf(a.stderr, "nothing changed, %s: %s\n", time.Since(start).Round(100*time.Millisecond), displayPath(out))
		return nil
	}
	result, problems, err := a.extract(ctx, request{versions: versions})
	if rerr := a.report(problems); rerr != nil {
		return rerr
	}
	if err != nil {
		return err
	}
	if baseURL == "" {
		baseURL = result.Book.BaseURL
	}
	var pages int
	err = publish(ctx, out, func(dir string) error {
		pages, err = a.render(result, dir, baseURL)
		return err
	})
	if err != nil {
		return err
	}
	if len(problems) == 0 { // whoever builds again with warnings should see them again
		built.keep()
	}
	fmt.Fprintf(a.stderr, "%s in %s of %s, %s: %s\n", count(pages, "page"), count(len(result.Book.Languages), "language"),
		count(len(result.Versions), "version"), time.Since(start).Round(100*time.Millisecond), displayPath(out))
	return nil
}

// render fills an empty folder with the site of a result and says how many pages it has.
func (a *app) render(result *extractor.Result, dir, baseURL string) (pages int, err error) {
	root, err := a.root()
	if err != nil {
		return 0, err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return 0, err
	}
	scratch, err := makeScratch(cache, "build-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	tree := filepath.Join(scratch, "tree")
	if pages, err = result.WriteTree(tree); err != nil {
		return 0, err
	}
	site := hugoSite{root: root, tree: tree, scratch: scratch, publish: dir, baseURL: baseURL, log: a.stderr}
	if err := site.build(result); err != nil {
		return 0, err
	}
	return pages, writeBeside(afero.NewBasePathFs(afero.NewOsFs(), dir), result)
}

// checkOut refuses a folder that holds something else than a site: publishing
// replaces the whole folder.
func checkOut(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	for _, name := range []string{"index.html", "robots.txt"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			return usagef("--out %s: the folder is not empty and holds no published book; build would replace all of it", displayPath(out))
		}
	}
	return nil
}

// displayPath shortens a path to one relative to the working folder where that is shorter.
func displayPath(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(wd, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}
