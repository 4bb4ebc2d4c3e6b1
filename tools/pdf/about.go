package pdf

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// about is what a file says of itself to libraries and search engines.
type about struct {
	properties map[string]string
	date       time.Time // of the version's tag
}

func aboutEdition(e Edition) about {
	date := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // where none is known, as in an e-book
	for _, v := range e.Versions {
		if day, err := time.Parse(time.DateOnly, v.Date); err == nil && v.Name == e.Version.Name {
			date = day
		}
	}
	return about{
		properties: map[string]string{
			"Title":    fmt.Sprintf("%s · %s", e.Title, e.Version.Name),
			"Author":   e.Authors,
			"Subject":  e.Tagline,
			"Keywords": strings.Join(e.Keywords, "; "),
		},
		date: date,
	}
}

// describe puts into the document what is to be said of it, and takes the clock out.
func (d *Document) describe(a about) error {
	info, err := d.ctx.DereferenceDict(*d.ctx.Info)
	if err != nil {
		return err
	}
	day := types.StringLiteral(types.DateString(a.date))
	info["CreationDate"], info["ModDate"] = day, day
	for key, value := range a.properties {
		text, err := types.EscapedUTF16String(value)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		info[key] = types.StringLiteral(*text)
	}
	d.renumber()
	return nil
}

// tagName is how the browser names a tag that others refer to: the head of a column.
var tagName = regexp.MustCompile(`^node\d{8}$`)

// renumber names tags by their order. The browser counts all elements that it ever made,
// which are not as many each time.
func (d *Document) renumber() {
	names := map[string]string{}
	gather := func(s types.StringLiteral) types.StringLiteral {
		if tagName.MatchString(s.Value()) {
			names[s.Value()] = ""
		}
		return s
	}
	for _, entry := range d.ctx.Table {
		eachString(entry.Object, gather)
	}
	for i, name := range slices.Sorted(maps.Keys(names)) {
		names[name] = fmt.Sprintf("node%08d", i)
	}
	for _, entry := range d.ctx.Table {
		eachString(entry.Object, func(s types.StringLiteral) types.StringLiteral {
			if name, ok := names[s.Value()]; ok {
				return types.StringLiteral(name)
			}
			return s
		})
	}
}

// eachString puts another string in the place of each within an object.
func eachString(o types.Object, other func(types.StringLiteral) types.StringLiteral) {
	switch o := o.(type) {
	case types.Dict:
		for key, v := range o {
			if s, ok := v.(types.StringLiteral); ok {
				o[key] = other(s)
			} else {
				eachString(v, other)
			}
		}
	case types.Array:
		for i, v := range o {
			if s, ok := v.(types.StringLiteral); ok {
				o[i] = other(s)
			} else {
				eachString(v, other)
			}
		}
	}
}
