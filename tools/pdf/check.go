package pdf

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// sound returns an error if a reader would miss something: a character that no font has,
// a link to nowhere.
func (d *Document) sound() error {
	boxes, err := d.Unprintable()
	if err != nil {
		return err
	}
	if len(boxes) > 0 {
		pages := slices.Sorted(maps.Keys(boxes))
		return fmt.Errorf("no installed font has some characters of %d pages, the first page %d; %s", len(pages), pages[0], fontsWanted)
	}
	_, dangling, err := d.Links()
	if err != nil {
		return err
	}
	if len(dangling) > 0 {
		return fmt.Errorf("%d links lead nowhere, the first to %s", len(dangling), dangling[0])
	}
	return nil
}

// Links returns how many links lead to a place of the book, and the places that are
// nowhere.
func (d *Document) Links() (inside int, dangling []string, err error) {
	places, err := d.Destinations()
	if err != nil {
		return 0, nil, err
	}
	for n := 1; n <= d.PageCount(); n++ {
		page, _, _, err := d.ctx.PageDict(n, false)
		if err != nil {
			return 0, nil, err
		}
		notes, err := d.array(page, "Annots")
		if err != nil {
			return 0, nil, err
		}
		for _, o := range notes {
			note, err := d.ctx.DereferenceDict(o)
			if err != nil {
				return 0, nil, err
			}
			to, ok := d.leadsTo(note)
			if !ok {
				continue
			}
			inside++
			if places[to] == 0 {
				dangling = append(dangling, to)
			}
		}
	}
	return inside, dangling, nil
}

// leadsTo returns the name of the place that an annotation links.
func (d *Document) leadsTo(note types.Dict) (string, bool) {
	o, ok := note.Find("Dest")
	if !ok {
		a, found := note.Find("A")
		if !found {
			return "", false
		}
		action, err := d.ctx.DereferenceDict(a)
		if err != nil || action == nil {
			return "", false
		}
		if o, ok = action.Find("D"); !ok {
			return "", false
		}
	}
	o, err := d.ctx.Dereference(o)
	if err != nil {
		return "", false
	}
	switch name := o.(type) {
	case types.Name:
		return name.Value(), true
	case types.StringLiteral:
		return name.Value(), true
	}
	return fmt.Sprint(o), true
}

func (d *Document) array(dict types.Dict, key string) (types.Array, error) {
	o, ok := dict.Find(key)
	if !ok {
		return nil, nil
	}
	return d.ctx.DereferenceArray(o)
}

// Unprintable returns the pages with a character that no font has: a glyph 0, which
// every font draws as an empty box.
func (d *Document) Unprintable() (map[int]int, error) {
	found := map[int]int{}
	for n := 1; n <= d.PageCount(); n++ {
		page, _, attributes, err := d.ctx.PageDict(n, false)
		if err != nil {
			return nil, err
		}
		wide, err := d.wideFonts(attributes.Resources)
		if err != nil {
			return nil, err
		}
		content, err := d.ctx.PageContent(page, n)
		if err != nil && !errors.Is(err, model.ErrNoContent) { // which an empty page has
			return nil, err
		}
		if boxes := emptyBoxes(content, wide); boxes > 0 {
			found[n] = boxes
		}
	}
	return found, nil
}

// wideFonts returns the fonts of a page by name, and whether a glyph takes two bytes.
func (d *Document) wideFonts(resources types.Dict) (map[string]bool, error) {
	o, ok := resources.Find("Font")
	if !ok {
		return nil, nil
	}
	fonts, err := d.ctx.DereferenceDict(o)
	if err != nil {
		return nil, err
	}
	wide := map[string]bool{}
	for name, o := range fonts {
		font, err := d.ctx.DereferenceDict(o)
		if err != nil {
			return nil, err
		}
		wide[name] = font.Subtype() != nil && *font.Subtype() == "Type0"
	}
	return wide, nil
}
