package content

import (
	"html/template"
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/picture"
	"beforemain/extractor/render"
)

// pictureNamed returns a picture, or nil.
func (l *Layout) pictureNamed(name string) *picture.Picture {
	i := slices.IndexFunc(l.Pictures, func(p *picture.Picture) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return l.Pictures[i]
}

// picture draws a picture as it is at this version, in this language.
func (w *weaver) picture(d *annotation.Depiction) (template.HTML, error) {
	p := w.pictureNamed(d.Name)
	if p == nil {
		return "", nil // check.Pictures has reported it
	}
	draw := map[string]func(*picture.Picture) (template.HTML, error){
		"graph":  w.graphPicture,
		"lanes":  w.lanesPicture,
		"memory": w.memoryPicture,
	}[p.Kind]
	if draw == nil {
		return "", nil // as reported
	}
	svg, err := draw(p)
	if err != nil {
		return "", err
	}
	figure := render.Figure{Picture: svg, Caption: p.Caption.Fill(w.lang, w.value(p))}
	figure.ID = w.ids.Claim("picture-" + p.Name)
	return figure.HTML(), nil
}

// value looks up expressions at this version, on the platform that the picture shows.
func (w *weaver) value(p *picture.Picture) picture.Value {
	on, err := index.ParsePlatform(p.On)
	if err != nil {
		on = w.Book.Platforms[0]
	}
	return p.Values(w.Index, w.Values, w.version.Name, on)
}

func (w *weaver) graphPicture(p *picture.Picture) (template.HTML, error) {
	value := w.value(p)
	g := render.Graph{Title: p.Title.Fill(w.lang, value), Rows: p.Numbered}
	at := map[string]int{}
	number := 0
	for _, n := range p.Nodes {
		if !n.Stands(p, w.version.Name) {
			continue
		}
		node := w.pictureNode(n, value)
		if p.Numbered && node.Code && n.Look != "outside" {
			number++
			node.Number = itoa(number)
		}
		at[n.ID] = len(g.Nodes)
		g.Nodes = append(g.Nodes, node)
	}
	for _, e := range p.Edges {
		from, ok := at[e.From]
		to, ok2 := at[e.To]
		if ok && ok2 && e.Stands(p, w.version.Name) {
			g.Edges = append(g.Edges, render.GraphEdge{From: from, To: to, Label: e.Label.Fill(w.lang, value), Look: e.Look, Loose: e.Look == "back"})
		}
	}
	return g.SVG(w.engine)
}

func (w *weaver) pictureNode(n picture.Node, value picture.Value) render.GraphNode {
	node := render.GraphNode{
		Label: n.Label.Fill(w.lang, value), Note: n.Note.Fill(w.lang, value),
		Code: n.Named(), Look: n.Look, Across: n.Look == "across",
	}
	if n.Symbol != "" {
		node.Href = w.symbolCell(n.Symbol).Href
		if node.Label == "" {
			node.Label = baseName(n.Symbol)
		}
	}
	return node
}

// lanesPicture draws the platforms side by side. A step stands in every column of a
// platform that it holds on, as one box where those are neighbours.
func (w *weaver) lanesPicture(p *picture.Picture) (template.HTML, error) {
	value := w.value(p)
	lanes := render.Lanes{Title: p.Title.Fill(w.lang, value)}
	var platforms []index.Platform
	for _, name := range p.Columns {
		on, err := index.ParsePlatform(name)
		if err != nil {
			return "", err
		}
		platforms = append(platforms, on)
		lanes.Columns = append(lanes.Columns, render.LaneHead{Name: on.OS, Note: on.Arch})
	}
	rows := map[string]int{}
	for _, n := range p.Nodes {
		if !n.Stands(p, w.version.Name) {
			continue
		}
		if _, ok := rows[n.Row]; !ok {
			rows[n.Row] = len(lanes.Rows)
			lanes.Rows = append(lanes.Rows, nil)
		}
		row := &lanes.Rows[rows[n.Row]]
		for i := 0; i < len(platforms); i++ {
			first := i
			for i < len(platforms) && n.Covers(platforms[i]) {
				i++
			}
			if i > first {
				*row = append(*row, render.LaneBox{GraphNode: w.pictureNode(n, value), First: first, Last: i - 1})
			}
		}
	}
	return lanes.SVG(), nil
}

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
