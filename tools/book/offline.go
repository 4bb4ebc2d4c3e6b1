package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/source"
)

// offlineName is the beginning of the name of a file that is read without a network;
// the version follows.
const offlineName = "before-main-"

// offline is what the commands share that write such files: what they were asked for.
type offline struct{ version, lang, out string }

func (o *offline) flags(cmd *cobra.Command, lang, out string) {
	cmd.Flags().StringVar(&o.version, "go", "", "the `version` (default: the newest)")
	cmd.Flags().StringVar(&o.lang, "lang", "", "only this `language` "+lang)
	cmd.Flags().StringVar(&o.out, "out", "", "the `folder` for the "+out+" (default: dist of the book)")
}

// open checks the flags against the book and fills in what they leave out.
func (o *offline) open(a *app) (*extractor.Book, source.Version, error) {
	book, err := a.book()
	if err != nil {
		return nil, source.Version{}, err
	}
	if o.version == "" {
		o.version = book.Newest().Name
	}
	versions, err := book.Select([]string{o.version})
	if err != nil {
		return nil, source.Version{}, usageError{err}
	}
	if err := checkLanguage(book, o.lang); err != nil {
		return nil, source.Version{}, err
	}
	if o.out == "" {
		root, err := a.root()
		if err != nil {
			return nil, source.Version{}, err
		}
		o.out = filepath.Join(root, "dist")
	}
	return book, versions[0], nil
}

// languages returns those that are asked for.
func (o *offline) languages(book *extractor.Book) []string {
	if o.lang != "" {
		return []string{o.lang}
	}
	return book.Languages
}
