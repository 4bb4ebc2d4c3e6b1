package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/source"
	"beforemain/tools/bundle"
	"beforemain/tools/scratch"
)

func (a *app) bundleCommand() *cobra.Command {
	var o offline
	cmd := &cobra.Command{
		Use:   "bundle",
		Short: "pack one version into a zip file that is read without a network",
		Long: `Bundle makes the pages of one version and packs them into dist/before-main-VERSION.zip.
Unpacked anywhere, its index.html opens the book in a browser, without a server and
without a network. What changed between versions is in that of the newest. Links to what is
not in it, such as other versions, lead to the public site. The same book gives the
same file, byte for byte.`,
		Example: "  book bundle\n  book bundle --go go1.22 --lang en",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.bundle(cmd.Context(), o)
		},
	}
	o.flags(cmd, "(default: all)", "file")
	return cmd
}

func (a *app) bundle(ctx context.Context, o offline) error {
	book, version, err := o.open(a)
	if err != nil {
		return err
	}
	base, err := url.Parse(book.BaseURL)
	if err != nil {
		return fmt.Errorf("%s: base_url: %w", extractor.BookFile, err)
	}
	result, problems, err := a.extract(ctx, request{}) // all: a page tells how its symbol changed over the versions
	if rerr := a.report(problems); rerr != nil {
		return rerr
	}
	if err != nil {
		return err
	}
	cache, err := a.cacheDir()
	if err != nil {
		return err
	}
	site, err := scratch.Make(cache, "bundle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(site)
	versions := []source.Version{version}
	if _, err := a.render(ctx, result, versions, site, book.BaseURL, io.Discard); err != nil {
		return err
	}
	if err := writeBeside(onDisk(site), result, versions); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	cfg := bundleConfig(book, version, o.lang)
	cfg.BaseURL = base
	return a.pack(site, filepath.Join(o.out, cfg.Name+".zip"), cfg)
}

// bundleConfig says what of the site of one version goes into its bundle: all of it,
// or one language.
func bundleConfig(book *extractor.Book, v source.Version, lang string) bundle.Config {
	cfg := bundle.Config{Name: offlineName + v.Name, Edition: v.Tag}
	if lang != "" {
		cfg.Name += "-" + lang
	}
	prefix := v.Name
	if v == book.Newest() {
		prefix = "" // its pages stand at the root
	}
	for _, l := range book.Languages {
		home := path.Join(prefix, l)
		if lang != "" && l != lang {
			cfg.Without = append(cfg.Without, home)
			continue
		}
		cfg.Homes = append(cfg.Homes, bundle.Home{Language: l, Title: book.Title[l], Tagline: book.Tagline[l], Page: home + "/index.html"})
	}
	return cfg
}

// pack writes the bundle of a site.
func (a *app) pack(site, name string, cfg bundle.Config) error {
	size, err := create(name, func(w io.Writer) error { return bundle.Write(w, os.DirFS(site), cfg) })
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "%s of %s, %.1f MB: %s\n", cfg.Edition, count(len(cfg.Homes), "language"), float64(size)/1e6, displayPath(name))
	return nil
}
