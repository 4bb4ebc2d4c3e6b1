package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
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

// Write makes dir hold exactly these pages.
func Write(dir string, pages []Page) error {
	if _, err := Update(dir, pages); err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, p := range pages {
		keep[p.file(dir)] = true
	}
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || keep[name] {
			return err
		}
		return os.Remove(name)
	})
}

// Update writes those of the pages that dir does not hold yet, or holds otherwise, and
// returns the names of their files: what is right already is left alone.
func Update(dir string, pages []Page) ([]string, error) {
	var written []string
	for _, p := range pages {
		text, err := p.Encode()
		if err != nil {
			return written, err
		}
		name := p.file(dir)
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return written, err
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			return written, err
		}
		written = append(written, name)
	}
	return written, nil
}

func (p Page) file(dir string) string {
	return filepath.Join(dir, filepath.FromSlash(p.Path))
}
