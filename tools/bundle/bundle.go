// Package bundle packs one edition of a built site into a zip file that is read without
// a server and without a network: from a folder on the reader's own disk.
//
// A browser that reads file:// refuses what it grants a server: it shows a folder as a
// list of files and not its index.html, and it takes no script or style sheet with an
// integrity hash and no module. So every link in the bundle ends in a file's name, and
// the hashes are left out. A link that leads out of the bundle leads to the public site.
package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	_ "embed"
)

// Config says what a bundle is of.
type Config struct {
	Name    string   // the folder in the zip: before-main-go1.27
	Edition string   // what the first page says that it is: go1.27.1
	BaseURL *url.URL // where the site is published; its links begin with its path
	Homes   []Home   // in the order of the first page; at least one
	Without []string // folders of the site that are left out: en
}

// Home is the beginning of the book in a language.
type Home struct {
	Language, Title, Tagline string
	Page                     string // the file in the site: zh/index.html
}

//go:embed front.html
var frontText string

var frontTemplate = template.Must(template.New("front").Parse(frontText))

// frontPage is where a reader who has opened the zip begins.
const frontPage = "index.html"

// Write packs the site, which holds one edition. The same site gives the same bytes.
func Write(w io.Writer, site fs.FS, cfg Config) error {
	names, err := siteFiles(site, cfg.Without)
	if err != nil {
		return err
	}
	b := newBook(names, cfg)
	z := zip.NewWriter(w)
	add := func(name string, text []byte) error {
		// The time is the oldest that a zip can state: a build has none of its own.
		f, err := z.CreateHeader(&zip.FileHeader{
			Name: cfg.Name + "/" + name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		})
		if err == nil {
			_, err = f.Write(text)
		}
		return err
	}
	front, err := b.front(cfg)
	if err != nil {
		return err
	}
	if err := add(frontPage, front); err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".html" {
			if text, err = b.rewrite(name, text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := add(b.names[name], text); err != nil {
			return err
		}
	}
	return z.Close()
}

// siteFiles lists what a reader without a server has a use for, sorted: not what
// speaks to search engines, and not pages that a server alone shows.
func siteFiles(site fs.FS, without []string) ([]string, error) {
	var names []string
	err := fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && slices.Contains(without, name) {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		switch base := path.Base(name); {
		case path.Ext(name) == ".xml", base == "robots.txt", base == "404.html", base[0] == '.':
		case base == frontPage && onlyRedirects(site, name):
		default:
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// book knows where each file of the site stands in the bundle.
type book struct {
	names map[string]string // path in the site → path in the bundle
	base  *url.URL
}

func newBook(names []string, cfg Config) *book {
	b := &book{names: map[string]string{}, base: cfg.BaseURL}
	taken := map[string]bool{frontPage: true}
	for _, name := range names {
		safe := safeName(name)
		// Names that differ only by case are one file on Windows and macOS.
		for n, plain := 2, safe; taken[strings.ToLower(safe)]; n++ {
			dir, file := path.Split(plain)
			parts := strings.Split(path.Clean(dir), "/")
			parts[len(parts)-1] += fmt.Sprintf("~%d", n)
			safe = path.Join(path.Join(parts...), file)
		}
		taken[strings.ToLower(safe)] = true
		b.names[name] = safe
	}
	return b
}

// reserved are the names that Windows keeps for devices, whatever follows after a dot.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// safeName is a name that every file system takes and that a URL writes as it is.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '/', r == '.', r == '-', r == '_', '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			return r
		}
		return '~'
	}, name)
	parts := strings.Split(name, "/")
	for i, part := range parts {
		// Windows drops dots at the end of a name.
		if reserved.MatchString(part) || strings.HasSuffix(part, ".") {
			part = "~" + strings.TrimRight(part, ".")
		}
		parts[i] = part
	}
	return strings.Join(parts, "/")
}

// front is the first page: the languages, the edition, and where the book is published.
func (b *book) front(cfg Config) ([]byte, error) {
	page := struct {
		Config
		Style string
	}{Config: cfg}
	page.Homes = slices.Clone(cfg.Homes)
	for i, h := range page.Homes {
		name, ok := b.names[h.Page]
		if !ok {
			return nil, fmt.Errorf("the site has no page %s", h.Page)
		}
		page.Homes[i].Page = name
	}
	for _, name := range slices.Sorted(maps.Values(b.names)) {
		if path.Ext(name) == ".css" {
			page.Style = name
		}
	}
	var out bytes.Buffer
	err := frontTemplate.Execute(&out, page)
	return out.Bytes(), err
}
