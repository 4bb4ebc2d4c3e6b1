package render

import (
	"fmt"
	"html/template"
	"strings"
)

// Lanes is the steps of several ways that go side by side, a column a way. What several
// neighbours share is one box over all of them.
type Lanes struct {
	Title   string // what a reader who cannot see it is told
	Columns []LaneHead
	Rows    [][]LaneBox // from top to bottom; in a row from left to right
}

// LaneHead names a column, in two lines.
type LaneHead struct{ Name, Note string }

// LaneBox is a step in the columns from First to Last.
type LaneBox struct {
	GraphNode
	First, Last int
}

// The measures of lanes, in pixels.
const (
	laneGap    = 8  // between columns
	laneRowGap = 12 // between rows
	stepWidth  = 90 // of a column, at least

	// A telephone shows so many columns at once: a wider box is named in the middle of these.
	shownColumns = 2
)

// SVG draws the lanes, with the marks of a graph.
func (l Lanes) SVG() template.HTML {
	width := stepWidth
	for _, row := range l.Rows {
		for _, b := range row {
			n := b.Last - b.First + 1
			need := boxSize(b.GraphNode).Width - (n-1)*laneGap
			width = max(width, (need+n-1)/n)
		}
	}
	width += width % 2
	left := func(column int) int { return column * (width + laneGap) }
	total := left(len(l.Columns)) - laneGap
	d := graphDrawing{Title: l.Title, Width: total + 2}
	for i, c := range l.Columns {
		d.Nodes = append(d.Nodes, nodeDrawing{GraphNode{Label: c.Name, Note: c.Note}, left(i) + width/2, nodeBase, nodeBase + noteHeight - 1})
	}
	y := nodeHeight + noteHeight
	top := y
	boxes := paths{}
	last := y
	for _, row := range l.Rows {
		height := 0
		for _, b := range row {
			height = max(height, boxSize(b.GraphNode).Height)
		}
		for _, b := range row {
			x, span := left(b.First), left(b.Last)-left(b.First)+width
			fmt.Fprintf(boxes.of(classes("box", b.Look)), "M%d %dh%dv%dh-%dz", x, y, span, height, span)
			middle := x + span/2
			if b.Last-b.First >= shownColumns {
				middle = x + left(shownColumns)/2
			}
			d.Nodes = append(d.Nodes, nodeDrawing{b.GraphNode, middle, y + nodeBase, y + nodeBase + noteHeight - 1})
		}
		last = y
		y += height + laneRowGap
	}
	var lines strings.Builder
	for i := range l.Columns {
		fmt.Fprintf(&lines, "M%d %dV%d", left(i)+width/2, top, last)
	}
	d.Paths = append([]pathDrawing{{"edge", lines.String()}}, boxes.list("box")...)
	d.Height = y - laneRowGap + 2
	d.Box = fmt.Sprintf("-1 -1 %d %d", d.Width, d.Height)
	return execute(graphTemplate, d)
}
