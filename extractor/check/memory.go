package check

import (
	"slices"

	"beforemain/extractor/picture"
	"beforemain/extractor/scan"
)

// memory reports what of a step cannot be drawn.
func (c *pictureChecker) memory(p *picture.Picture, s picture.Step) {
	c.element(s.Element)
	c.label(p, s.Element, s.Label)
	first := map[string]picture.Cell{}
	var ids []string
	for _, column := range s.Columns {
		c.element(column.Element)
		c.label(p, column.Element, column.Label)
		for _, cell := range column.Cells {
			c.element(cell.Element)
			for _, l := range []picture.Label{cell.Label, cell.At, cell.Note} {
				c.label(p, cell.Element, l)
			}
			if cell.ID == "" {
				continue
			}
			if had, ok := first[cell.ID]; ok && c.together(had.Element, cell.Element) {
				c.list.Errorf(cell.Pos, "N110", "duplicate cell id %q in one version (first at %s)", cell.ID, scan.Place(had.Pos)).Relate("fix: id = \"%s-2\"", cell.ID)
			}
			first[cell.ID] = cell
			ids = append(ids, cell.ID)
		}
	}
	leads := func(e picture.Element, what string, ends ...string) bool {
		c.element(e)
		for _, id := range ends {
			if !slices.Contains(ids, id) {
				d := c.list.Errorf(e.Pos, "N141", "%s has no cell %q in its step%s", what, id, scan.DidYouMean(id, ids))
				if near, ok := scan.Nearest(id, ids); ok {
					d.Relate("fix: %q", near)
				} else {
					d.Relate("fix: id = %q for a cell, or another end", id)
				}
				return false
			}
		}
		return true
	}
	for _, a := range s.Arrows {
		if (a.Register == "") == (a.From == "") {
			c.list.Errorf(a.Pos, "N141", "an arrow to %q leads from a cell or from a register", a.To).Relate("fix: from = \"<id>\", or register = \"SP\"")
			continue
		}
		if a.From != "" && leads(a.Element, "an arrow", a.From, a.To) && max(s.ColumnOf(a.From), s.ColumnOf(a.To))-min(s.ColumnOf(a.From), s.ColumnOf(a.To)) > 1 {
			c.list.Errorf(a.Pos, "N141", "the arrow from %q to %q jumps over a column", a.From, a.To).Relate("fix: put the two columns side by side")
		}
		if a.Register != "" {
			leads(a.Element, "an arrow", a.To)
		}
	}
	for _, b := range s.Brackets {
		c.label(p, b.Element, b.Label)
		if leads(b.Element, "a bracket", b.From, b.To) && s.ColumnOf(b.From) != s.ColumnOf(b.To) {
			c.list.Errorf(b.Pos, "N141", "the bracket from %q to %q spans two columns", b.From, b.To).Relate("fix: one bracket a column")
		}
	}
}

// parts reports what another kind of picture is made of, and a picture without anything.
func (c *pictureChecker) parts(p *picture.Picture) {
	memory, other := len(p.Steps) > 0, len(p.Nodes) > 0
	known := p.Kind == "graph" || p.Kind == "lanes" || p.Kind == "memory"
	switch {
	case p.Kind != "memory" && memory || p.Kind == "memory" && other:
		c.list.Errorf(p.Pos, "N141", "memory is made of [[step]], other kinds of [[node]]; this is said to be %q", p.Kind).
			Relate("fix: kind = the other")
	case known && !memory && !other, p.Kind == "lanes" && len(p.Columns) == 0:
		c.list.Errorf(p.Pos, "N141", "the picture %q shows nothing", p.Name).
			Relate("fix: give it what its kind is made of: [[node]], columns and [[node]], or [[step]]")
	}
}
