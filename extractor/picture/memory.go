package picture

import (
	"slices"

	"beforemain/extractor/scan"
)

// Step is what a picture of memory shows of one moment.
type Step struct {
	Element
	Label    Label
	Columns  []Column
	Arrows   []Arrow
	Brackets []Bracket
}

// Column is a region of memory, the cell with the highest address first.
type Column struct {
	Element
	Label Label
	Cells []Cell
}

// Cell is a part of a region. At says where it lies, or what it holds, at its other
// side; the note stands outside of it. A cell without an ID is none that anything leads to.
type Cell struct {
	Element
	ID, Look        string
	Label, At, Note Label
}

// Arrow leads from a cell, or from a register, to the cell whose address it holds.
type Arrow struct {
	Element
	From, Register, To string
}

// Bracket names the cells of one column from From, the highest, to To.
type Bracket struct {
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

// readSteps reads the moments of a picture of memory.
func readSteps(p *scan.Page, raw []rawStep) []Step {
	starts := map[string][]int{}
	next := map[string]int{}
	part := func(header string, raw rawElement) Element {
		header = "[[" + header + "]]"
		if _, ok := starts[header]; !ok {
			starts[header] = p.Tables(header)
		}
		e := element(p, raw, p.Table(starts[header], next[header]))
		next[header]++
		return e
	}
	var steps []Step
	for _, r := range few(p, raw, "[[step]]") {
		step := Step{Element: part("step", r.rawElement)}
		step.Label = label(p, step.Pos, r.Label)
		for _, c := range few(p, r.Column, "[[step.column]]") {
			column := Column{Element: part("step.column", c.rawElement)}
			column.Label = label(p, column.Pos, c.Label)
			for _, one := range few(p, c.Cell, "[[step.column.cell]]") {
				e := part("step.column.cell", one.rawElement)
				p.OneOf(e.Pos, "look", one.Look, cellLooks)
				column.Cells = append(column.Cells, Cell{e, one.ID, one.Look, label(p, e.Pos, one.Label), label(p, e.Pos, one.At), label(p, e.Pos, one.Note)})
			}
			step.Columns = append(step.Columns, column)
		}
		for _, a := range few(p, r.Arrow, "[[step.arrow]]") {
			step.Arrows = append(step.Arrows, Arrow{part("step.arrow", a.rawElement), a.From, a.Register, a.To})
		}
		for _, b := range few(p, r.Bracket, "[[step.bracket]]") {
			e := part("step.bracket", b.rawElement)
			step.Brackets = append(step.Brackets, Bracket{e, b.From, b.To, label(p, e.Pos, b.Label)})
		}
		steps = append(steps, step)
	}
	return steps
}

// ColumnOf returns in which column of a step the cell with an id stands, or -1.
func (s Step) ColumnOf(id string) int {
	return slices.IndexFunc(s.Columns, func(c Column) bool {
		return slices.ContainsFunc(c.Cells, func(one Cell) bool { return one.ID == id && id != "" })
	})
}
