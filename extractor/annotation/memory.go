package annotation

import (
	"slices"
)

// MemoryStep is what a picture of memory shows of one moment.
type MemoryStep struct {
	Element
	Label    Label
	Columns  []MemoryColumn
	Arrows   []MemoryArrow
	Brackets []MemoryBracket
}

// MemoryColumn is a region of memory, the cell with the highest address first.
type MemoryColumn struct {
	Element
	Label Label
	Cells []MemoryCell
}

// MemoryCell is a part of a region. At says where it lies, or what it holds, at its other
// side; the note stands outside of it. A cell without an ID is none that anything leads to.
type MemoryCell struct {
	Element
	ID, Look        string
	Label, At, Note Label
}

// MemoryArrow leads from a cell, or from a register, to the cell whose address it holds.
type MemoryArrow struct {
	Element
	From, Register, To string
}

// MemoryBracket names the cells of one column from From, the highest, to To.
type MemoryBracket struct {
	Element
	From, To string
	Label    Label
}

var cellLooks = []string{"", "free", "new"}

// rawStep is a moment as written.
type rawStep struct {
	rawElement
	Label  Label
	Column []struct {
		rawElement
		Label Label
		Cell  []struct {
			rawElement
			ID, Look        string
			Label, At, Note Label
		}
	}
	Arrow []struct {
		rawElement
		From, Register, To string
	}
	Bracket []struct {
		rawElement
		From, To string
		Label    Label
	}
}

// memory reads the moments of a picture.
func (p *page) memory(raw []rawStep) []MemoryStep {
	starts := map[string][]int{}
	next := map[string]int{}
	element := func(header string, raw rawElement) Element {
		header = "[[" + header + "]]"
		if _, ok := starts[header]; !ok {
			starts[header] = p.tables(header)
		}
		e := p.element(raw, p.table(starts[header], next[header]))
		next[header]++
		return e
	}
	var steps []MemoryStep
	for _, r := range few(p, raw, "[[step]]") {
		step := MemoryStep{Element: element("step", r.rawElement)}
		step.Label = p.label(step.Pos, r.Label)
		for _, c := range few(p, r.Column, "[[step.column]]") {
			column := MemoryColumn{Element: element("step.column", c.rawElement)}
			column.Label = p.label(column.Pos, c.Label)
			for _, one := range few(p, c.Cell, "[[step.column.cell]]") {
				e := element("step.column.cell", one.rawElement)
				p.oneOf(e.Pos, "look", one.Look, cellLooks)
				column.Cells = append(column.Cells, MemoryCell{e, one.ID, one.Look, p.label(e.Pos, one.Label), p.label(e.Pos, one.At), p.label(e.Pos, one.Note)})
			}
			step.Columns = append(step.Columns, column)
		}
		for _, a := range few(p, r.Arrow, "[[step.arrow]]") {
			step.Arrows = append(step.Arrows, MemoryArrow{element("step.arrow", a.rawElement), a.From, a.Register, a.To})
		}
		for _, b := range few(p, r.Bracket, "[[step.bracket]]") {
			e := element("step.bracket", b.rawElement)
			step.Brackets = append(step.Brackets, MemoryBracket{e, b.From, b.To, p.label(e.Pos, b.Label)})
		}
		steps = append(steps, step)
	}
	return steps
}

// column returns in which column of a step the cell with an id stands, or -1.
func (s MemoryStep) column(id string) int {
	return slices.IndexFunc(s.Columns, func(c MemoryColumn) bool {
		return slices.ContainsFunc(c.Cells, func(one MemoryCell) bool { return one.ID == id && id != "" })
	})
}

// memory reports what of a step cannot be drawn.
func (c *pictureChecker) memory(p *Picture, s MemoryStep) {
	c.element(s.Element)
	c.label(p, s.Element, s.Label)
	first := map[string]MemoryCell{}
	var ids []string
	for _, column := range s.Columns {
		c.element(column.Element)
		c.label(p, column.Element, column.Label)
		for _, cell := range column.Cells {
			c.element(cell.Element)
			for _, l := range []Label{cell.Label, cell.At, cell.Note} {
				c.label(p, cell.Element, l)
			}
			if cell.ID == "" {
				continue
			}
			if had, ok := first[cell.ID]; ok && c.together(had.Element, cell.Element) {
				c.list.Errorf(cell.Pos, "N110", "duplicate cell id %q in one version (first at %s)", cell.ID, place(had.Pos)).Relate("fix: id = \"%s-2\"", cell.ID)
			}
			first[cell.ID] = cell
			ids = append(ids, cell.ID)
		}
	}
	leads := func(e Element, what string, ends ...string) bool {
		c.element(e)
		for _, id := range ends {
			if !slices.Contains(ids, id) {
				d := c.list.Errorf(e.Pos, "N141", "%s has no cell %q in its step%s", what, id, didYouMean(id, ids))
				if near, ok := nearest(id, ids); ok {
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
		if a.From != "" && leads(a.Element, "an arrow", a.From, a.To) && max(s.column(a.From), s.column(a.To))-min(s.column(a.From), s.column(a.To)) > 1 {
			c.list.Errorf(a.Pos, "N141", "the arrow from %q to %q jumps over a column", a.From, a.To).Relate("fix: put the two columns side by side")
		}
		if a.Register != "" {
			leads(a.Element, "an arrow", a.To)
		}
	}
	for _, b := range s.Brackets {
		c.label(p, b.Element, b.Label)
		if leads(b.Element, "a bracket", b.From, b.To) && s.column(b.From) != s.column(b.To) {
			c.list.Errorf(b.Pos, "N141", "the bracket from %q to %q spans two columns", b.From, b.To).Relate("fix: one bracket a column")
		}
	}
}

// parts reports what another kind of picture is made of.
func (c *pictureChecker) parts(p *Picture) {
	memory, other := len(p.Steps) > 0, len(p.Nodes) > 0
	if p.Kind != "memory" && memory || p.Kind == "memory" && other {
		c.list.Errorf(p.Pos, "N141", "memory is made of [[step]], other kinds of [[node]]; this is said to be %q", p.Kind).
			Relate("fix: kind = the other")
	}
}
