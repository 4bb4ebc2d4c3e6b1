package main

import (
	"path/filepath"

	"github.com/spf13/afero"

	"beforemain/extractor"
)

// searchDir is where the index stands in the site; the theme's script looks there.
const searchDir = "search"

// writeSearch puts the index that readers search with beside the pages, in the place of
// an earlier one.
func writeSearch(site afero.Fs, result *extractor.Result) error {
	files, err := result.SearchFiles()
	if err != nil {
		return err
	}
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
