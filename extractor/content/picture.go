package content

import (
	"html/template"
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

// pictureNamed returns a picture, or nil.
func (l *Layout) pictureNamed(name string) *annotation.Picture {
	i := slices.IndexFunc(l.Pictures, func(p *annotation.Picture) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return l.Pictures[i]
}

// picture draws a picture as it is at this version, in this language.
func (w *weaver) picture(d *annotation.Depiction) (template.HTML, error) {
	p := w.pictureNamed(d.Name)
	if p == nil {
		return "", nil // annotation.CheckPictures has reported it
	}
	draw := map[string]func(*annotation.Picture) (template.HTML, error){
		"graph": w.graphPicture,
	}[p.Kind]
	if draw == nil {
		return "", nil // as reported
	}
	svg, err := draw(p)
	if err != nil {
		return "", err
	}
	figure := render.Figure{Picture: svg, Caption: p.Caption.Fill(w.lang, w.value(p))}
	figure.ID, _ = w.ids.Claim("picture-" + p.Name)
	return figure.HTML(), nil
}

// value looks up expressions at this version, on the platform that the picture shows.
func (w *weaver) value(p *annotation.Picture) annotation.Value {
	on, err := index.ParsePlatform(p.On)
	if err != nil {
		on = w.Book.Platforms[0]
	}
	return w.Values.At(w.version.Name, on)
}

func (w *weaver) graphPicture(p *annotation.Picture) (template.HTML, error) {
	value := w.value(p)
	g := render.Graph{Title: p.Title.Fill(w.lang, value), Rows: p.Numbered}
	at := map[string]int{}
	number := 0
	for _, n := range p.Nodes {
		if !n.Stands(p, w.version.Name) {
			continue
		}
		node := render.GraphNode{Label: n.Label.Fill(w.lang, value), Note: n.Note.Fill(w.lang, value), Look: n.Look, Across: n.Look == "across"}
		if _, plain := n.Label[""]; plain {
			node.Code = true
		}
		if n.Symbol != "" {
			node.Href = w.symbolCell(n.Symbol).Href
			if node.Label == "" {
				node.Label, node.Code = baseName(n.Symbol), true
			}
		}
		if p.Numbered && n.Look != "outside" {
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
