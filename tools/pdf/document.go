package pdf

import (
	"bytes"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Document is a printed book, read back.
type Document struct {
	ctx   *model.Context
	pages map[int]int // of an object, its page
}

// settings keep pdfcpu from writing a file of its own into the user's folders.
func settings() *model.Configuration {
	model.ConfigPath = "disable"
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	return conf
}

// Read reads a file.
func Read(file []byte) (*Document, error) {
	ctx, err := api.ReadContext(bytes.NewReader(file), settings())
	if err != nil {
		return nil, err
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return nil, err
	}
	d := &Document{ctx, map[int]int{}}
	for n := 1; n <= ctx.PageCount; n++ {
		ref, err := ctx.PageDictIndRef(n)
		if err != nil {
			return nil, err
		}
		d.pages[ref.ObjectNumber.Value()] = n
	}
	return d, nil
}

// PageCount is how many pages there are.
func (d *Document) PageCount() int { return d.ctx.PageCount }

// Destinations returns the pages of the named places.
func (d *Document) Destinations() (map[string]int, error) {
	catalog, err := d.ctx.Catalog()
	if err != nil {
		return nil, err
	}
	o, ok := catalog.Find("Dests")
	if !ok {
		return nil, fmt.Errorf("the file names no places")
	}
	dict, err := d.ctx.DereferenceDict(o)
	if err != nil {
		return nil, err
	}
	pages := map[string]int{}
	for name, o := range dict {
		place, err := d.ctx.DereferenceArray(o)
		if err != nil || len(place) == 0 {
			continue
		}
		if ref, ok := place[0].(types.IndirectRef); ok {
			pages[name] = d.pages[ref.ObjectNumber.Value()]
		}
	}
	return pages, nil
}

// Outline returns the titles of the outline, those of all levels.
func (d *Document) Outline() ([]string, error) {
	catalog, err := d.ctx.Catalog()
	if err != nil {
		return nil, err
	}
	return d.titles(catalog, "Outlines")
}

// titles lists what stands below an entry of the outline, in order. The key is that of
// the entry, or of its first child.
func (d *Document) titles(in types.Dict, key string) ([]string, error) {
	var list []string
	for o, ok := in.Find(key); ok; {
		entry, err := d.ctx.DereferenceDict(o)
		if err != nil || entry == nil {
			return list, err
		}
		if title, ok := entry.Find("Title"); ok {
			text, err := model.Text(title)
			if err != nil {
				return nil, err
			}
			list = append(list, text)
		}
		below, err := d.titles(entry, "First")
		if err != nil {
			return nil, err
		}
		list = append(list, below...)
		o, ok = entry.Find("Next")
	}
	return list, nil
}
