package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// frontMatter is the head of a page's file as Hugo reads it.
type frontMatter struct {
	Title  string `json:"title"`
	URL    string `json:"url,omitempty"` // below the edition's root; Hugo puts that in front
	Type   string `json:"type"`
	Params any    `json:"params"`

	Outputs []string `json:"outputs,omitempty"` // Hugo's formats, if not HTML alone
}

// Encode returns a page's file: JSON front matter and the finished HTML. Braces
// that Hugo would take for a shortcode are written as a character reference.
func (p Page) Encode() ([]byte, error) {
	c := p.Common()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(frontMatter{c.Title, strings.TrimPrefix(c.URL, c.root), c.Kind, p.Params, p.outputs()}); err != nil {
		return nil, fmt.Errorf("page %s: %w", p.Path, err)
	}
	b.WriteByte('\n')
	b.Write(bytes.ReplaceAll([]byte(p.Body), []byte("{{"), []byte("{&#123;")))
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// outputs asks for a feed beside the page of changes, if its versions have dates.
func (p Page) outputs() []string {
	if c, ok := p.Params.(ChangesParams); ok && c.Updated != "" {
		return []string{"html", "atom"}
	}
	return nil
}

// Common returns what every page has.
func (p Page) Common() Common {
	switch v := p.Params.(type) {
	case HomeParams:
		return v.Common
	case IndexParams:
		return v.Common
	case ChapterParams:
		return v.Common
	case SymbolParams:
		return v.Common
	case CardParams:
		return v.Common
	case StatusParams:
		return v.Common
	case ChangesParams:
		return v.Common
	case ReleaseParams:
		return v.Common
	case ChangeParams:
		return v.Common
	}
	panic(fmt.Sprintf("page %s has parameters of type %T", p.Path, p.Params))
}

// File is a file that Hugo reads.
type File struct {
	Name string // with slashes
	Text []byte
}

// Tree is what Hugo reads of a set of pages. Names are below the folder of all editions.
type Tree []File

// Encode returns the files of pages, in the folder dir of the tree.
func Encode(dir string, pages []Page) (Tree, error) {
	tree := make(Tree, len(pages))
	for i, p := range pages {
		text, err := p.Encode()
		if err != nil {
			return nil, err
		}
		tree[i] = File{path.Join(dir, p.Path), text}
	}
	return tree, nil
}

// Sum is the hash of the tree: other pages have another.
func (t Tree) Sum() [sha256.Size]byte {
	h := sha256.New()
	for _, f := range t {
		fmt.Fprintf(h, "%q %d\n", f.Name, len(f.Text))
		h.Write(f.Text)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Write makes dir hold exactly this tree.
func (t Tree) Write(dir string) error {
	if _, err := t.Update(dir); err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, f := range t {
		keep[f.path(dir)] = true
	}
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || keep[name] {
			return err
		}
		return os.Remove(name)
	})
}

// Update writes those of the files that dir does not hold yet, or holds otherwise, and
// returns their paths: what is right already is left alone.
func (t Tree) Update(dir string) ([]string, error) {
	var written []string
	for _, f := range t {
		name := f.path(dir)
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, f.Text) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return written, err
		}
		if err := os.WriteFile(name, f.Text, 0o666); err != nil {
			return written, err
		}
		written = append(written, name)
	}
	return written, nil
}

func (f File) path(dir string) string {
	return filepath.Join(dir, filepath.FromSlash(f.Name))
}
