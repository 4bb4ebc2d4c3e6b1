package extractor

import (
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// maxFile is how many bytes of a file that people write are read: the book's longest is
// a twentieth of it, and TOML takes memory and stack for each bracket.
const maxFile = 256 << 10

// readFile reads a file that people write.
func readFile(root fs.FS, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s: it has more than %d KiB", name, maxFile>>10)
	}
	return text, err
}

// Folders and files are named after these, so that they may not lead elsewhere.
var (
	nameForm = regexp.MustCompile(`^[\pL\pN_][\pL\pN._-]*$`)
	tagForm  = regexp.MustCompile(`^[\pL\pN_][\pL\pN._/+-]*$`)
)

// checkNames refuses names that would lead out of a folder.
func (b *Book) checkNames() error {
	for _, of := range []struct {
		what  string
		names []string
	}{
		{"language", b.Languages}, {"theme", []string{b.Theme}}, {"chapter", b.ChapterSlugs()}, {"version", b.versionNames()},
	} {
		for _, name := range of.names {
			if !nameForm.MatchString(name) {
				return fmt.Errorf("the %s %q is not made of letters, digits, \"_\" and, behind the first of them, \".\" and \"-\"", of.what, name)
			}
		}
	}
	for _, v := range b.Versions {
		if !tagForm.MatchString(v.Tag) || path.Clean(v.Tag) != v.Tag || strings.Contains(v.Tag, "..") {
			return fmt.Errorf("%q is no name of a tag", v.Tag)
		}
	}
	paths := append(append([]string{}, b.Source.Paths...), b.Source.Packages...)
	for _, s := range b.Source.Synthetic {
		paths = append(paths, s.Path)
	}
	if b.Measured != "" {
		paths = append(paths, b.Measured)
	}
	for _, p := range paths {
		if !fs.ValidPath(p) {
			return fmt.Errorf("%q is no path within a folder", p)
		}
	}
	return nil
}

// IsAddress reports whether a text is the address of something on the web.
func IsAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// checkAddresses refuses what would be another kind of link on the pages, such as one that
// runs a script.
func (b *Book) checkAddresses() error {
	for _, a := range []struct{ key, address string }{
		{"base_url", b.BaseURL}, {"repository", b.Repository}, {"source.remote", b.Source.Remote}, {"source.upstream", b.Source.Upstream},
	} {
		if a.address != "" && !IsAddress(a.address) {
			return fmt.Errorf("%s %q is no address that begins with https:// or http://", a.key, a.address)
		}
	}
	return nil
}
