package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/afero"
	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/source"
	"beforemain/tools/hugo"
	"beforemain/tools/scratch"
)

// buildRequest is what `book build` was asked for.
type buildRequest struct {
	out, baseURL string
	versions     []string // made as if there were no others; none means all
	shard        []string // of those, the ones whose pages are published; none means all
}

func (a *app) buildCommand() *cobra.Command {
	var r buildRequest
	var versions, shard string
	cmd := &cobra.Command{
		Use:   "build",
		Short: "publish the whole book to site/public",
		Long: `Build fetches the sources if need be, checks every annotation, and publishes
the site. An error in an annotation stops it, and what was published before
stays as it was. Where nothing has changed since the last build, neither the book
nor the program nor the published files, it says so and is done; after a build
that warned of something it makes the site again, and warns again.

With --shard it reads the whole book and publishes a part of it. Shards that were
made apart, copied over each other with the newest version last, are the site that
one build makes, byte for byte.`,
		Example: "  book build\n  book build --versions go1.17,go1.27\n  book build --shard go1.17,go1.18 --out shard-1",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			r.versions, r.shard = splitList(versions), splitList(shard)
			return a.build(cmd.Context(), r)
		},
	}
	cmd.Flags().StringVar(&r.out, "out", "", "publish to this `folder` (default: site/public of the book)")
	cmd.Flags().StringVar(&r.baseURL, "base-url", "", "the site's `URL` (default: base_url of book.toml)")
	cmd.Flags().StringVar(&versions, "versions", "", "make only these `versions`, such as go1.17,go1.27; URLs and switches stay those of the whole book")
	cmd.Flags().StringVar(&shard, "shard", "", "publish only the pages of these `versions`, as they are in the whole book")
	return cmd
}

func (a *app) build(ctx context.Context, r buildRequest) error {
	start := time.Now()
	root, err := a.root()
	if err != nil {
		return err
	}
	if r.baseURL != "" {
		if err := checkAddress(r.baseURL); err != nil {
			return err
		}
	}
	if r.out == "" {
		r.out = filepath.Join(root, "site", "public")
	}
	if r.out, err = filepath.Abs(r.out); err != nil {
		return err
	}
	if err := checkOut(r.out); err != nil {
		return err
	}
	if err := recoverSite(r.out); err != nil {
		return err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return err
	}
	asked := r
	built := newMade(cache, root, asked)
	if built.holds() {
		fmt.Fprintf(a.stderr, "nothing changed, %s: %s\n", time.Since(start).Round(100*time.Millisecond), displayPath(r.out))
		return nil
	}
	if book, err := a.book(); err == nil { // else extract says what is wrong
		if words := largeBook(len(book.Spine()), len(book.Languages)); words != "" {
			fmt.Fprintln(a.stderr, words)
		}
	}
	result, problems, err := a.extract(ctx, request{versions: r.versions})
	if rerr := a.report(problems); rerr != nil {
		return rerr
	}
	if err != nil {
		return err
	}
	versions, err := shardOf(result, r.shard)
	if err != nil {
		return err
	}
	if r.baseURL == "" {
		r.baseURL = result.Book.BaseURL
	}
	var pages int
	said := &hugo.Log{}
	err = publish(ctx, r.out, func(dir string) error {
		if pages, err = a.render(ctx, result, versions, dir, r.baseURL, said); err != nil {
			return err
		}
		return writeBeside(onDisk(dir), result, result.Versions)
	})
	if err != nil {
		return err
	}
	// Whoever builds again with warnings should see them again, and what somebody edited
	// meanwhile may be in the site or not.
	if len(problems) == 0 && said.String() == "" && newMade(cache, root, asked).inputs == built.inputs {
		built.keep()
	}
	fmt.Fprintf(a.stderr, "%s in %s of %s, %s: %s\n", count(pages, "page"), count(len(result.Book.Languages), "language"),
		count(len(versions), "version"), time.Since(start).Round(100*time.Millisecond), displayPath(r.out))
	return nil
}

// shardOf returns the versions of a result that names select; without names, all.
func shardOf(result *extractor.Result, names []string) ([]source.Version, error) {
	versions, err := result.Book.Select(names)
	if err != nil {
		return nil, usagef("--shard: %w", err)
	}
	if len(names) == 0 {
		return result.Versions, nil
	}
	for _, v := range versions {
		if !slices.Contains(result.Versions, v) {
			return nil, usagef("--shard: %s is not among the versions that --versions makes", v.Name)
		}
	}
	return versions, nil
}

// render fills an empty folder with the pages of some versions, and says how many there
// are. Each version is a run of Hugo, which holds several times in memory what it writes.
// What Hugo says goes to said too.
func (a *app) render(ctx context.Context, result *extractor.Result, versions []source.Version, dir, baseURL string, said io.Writer) (pages int, err error) {
	root, err := a.root()
	if err != nil {
		return 0, err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return 0, err
	}
	scratch, err := scratch.Make(cache, "build-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(scratch)
	site := hugo.Site{Root: root, Scratch: scratch, BaseURL: baseURL, Log: io.MultiWriter(a.stderr, said)}
	finisher, err := newFinisher(site, result.Book, cache)
	if err != nil {
		return 0, err
	}
	for _, v := range versions {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		tree, err := result.Tree(v)
		if err != nil {
			return 0, err
		}
		if err := finisher.finish(tree, v, dir); err != nil {
			return 0, err
		}
		pages += len(tree)
	}
	return pages, nil
}

func onDisk(dir string) afero.Fs { return afero.NewBasePathFs(afero.NewOsFs(), dir) }

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
