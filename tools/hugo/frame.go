package hugo

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gohugoio/hugo/hugofs/files"
	"golang.org/x/mod/sumdb/dirhash"

	"beforemain/extractor"
)

// Folders are what a book may have of its own, below its folder with slashes, that Hugo
// reads besides the tree and the theme: layouts, words, static files and such.
func Folders() []string {
	var list []string
	for _, component := range files.ComponentFolders {
		if component != files.ComponentFolderContent { // which is the tree
			list = append(list, "site/"+component)
		}
	}
	return list
}

// Frame is a hash of what Hugo reads besides the tree: the theme, the book's own layouts
// and files, and all settings.
func (s Site) Frame(book *extractor.Book) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q\n", s.BaseURL, book.Title, book.Languages, book.Newest().Name)
	for _, dir := range append(Folders(), "themes/"+book.Theme) {
		sum, err := dirhash.HashDir(filepath.Join(s.Root, filepath.FromSlash(dir)), dir, dirhash.Hash1)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		fmt.Fprintln(h, dir, sum)
	}
	config, _ := os.ReadFile(filepath.Join(s.Root, "site", "hugo.toml")) // without it, Hugo says so
	h.Write(config)
	return string(h.Sum(nil)), nil
}
