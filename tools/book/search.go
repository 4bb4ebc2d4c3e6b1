package main

import (
	"path/filepath"

	"github.com/spf13/afero"

	"beforemain/extractor"
	"beforemain/extractor/search"
	"beforemain/extractor/source"
)

// searchDir is where the index stands in the site, from its root; the theme's script
// looks there.
const searchDir = "/search"

// writeBeside puts what is no page beside the pages: the index by which versions are
// searched, and the picture that links to the book are shown with.
func writeBeside(site afero.Fs, result *extractor.Result, versions []source.Version) error {
	posters, err := result.Posters()
	if err != nil {
		return err
	}
	for lang, picture := range posters {
		if err := afero.WriteFile(site, "/poster-"+lang+".png", picture, 0o666); err != nil {
			return err
		}
	}
	files, err := result.SearchFiles(versions)
	if err != nil {
		return err
	}
	return writeSearch(site, files)
}

// writeSearch puts the index that readers search with beside the pages, in the place of
// an earlier one.
func writeSearch(site afero.Fs, files []search.File) error {
	if err := site.RemoveAll(searchDir); err != nil {
		return err
	}
	for _, f := range files {
		name := filepath.Join(searchDir, filepath.FromSlash(f.Name))
		if err := site.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := afero.WriteFile(site, name, f.Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
