package content

import (
	"html/template"

	"beforemain/extractor/picture"
	"beforemain/extractor/render"
)

// memoryPicture draws regions of memory, as they are at this version.
func (w *weaver) memoryPicture(p *picture.Picture) (template.HTML, error) {
	value := w.value(p)
	m := render.Memory{Title: p.Title.Fill(w.lang, value)}
	for _, s := range p.Steps {
		if !s.Stands(p, w.version.Name) {
			continue
		}
		step := render.MemoryStep{Label: s.Label.Fill(w.lang, value)}
		at := map[string]render.Place{}
		for _, c := range s.Columns {
			if !c.Stands(p, w.version.Name) {
				continue
			}
			column := render.MemoryColumn{Label: c.Label.Fill(w.lang, value)}
			for _, cell := range c.Cells {
				if !cell.Stands(p, w.version.Name) {
					continue
				}
				if cell.ID != "" {
					at[cell.ID] = render.Place{Column: len(step.Columns), Cell: len(column.Cells)}
				}
				column.Cells = append(column.Cells, render.MemoryCell{
					Label: cell.Label.Fill(w.lang, value), At: cell.At.Fill(w.lang, value), Note: cell.Note.Fill(w.lang, value), Look: cell.Look,
				})
			}
			step.Columns = append(step.Columns, column)
		}
		for _, a := range s.Arrows {
			from, ok := at[a.From]
			to, lands := at[a.To]
			if (ok || a.Register != "") && lands && a.Stands(p, w.version.Name) {
				step.Arrows = append(step.Arrows, render.Arrow{Register: a.Register, From: from, To: to})
			}
		}
		for _, b := range s.Brackets {
			high, ok := at[b.From]
			low, ends := at[b.To]
			if ok && ends && b.Stands(p, w.version.Name) {
				step.Brackets = append(step.Brackets, render.Bracket{Column: high.Column, High: high.Cell, Low: low.Cell, Label: b.Label.Fill(w.lang, value)})
			}
		}
		m.Steps = append(m.Steps, step)
	}
	return m.HTML(), nil
}
