package render

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// memoryLayout places what one moment shows. The gap of a column is what stands to its
// left: the notes of the column before, then the lanes of its arrows.
type memoryLayout struct {
	MemoryStep
	lanes  [][]int // of each gap, the arrows that run there, from the right
	notes  []int   // the width that each column's notes may take
	x, w   []int   // of each column
	head   int     // the height of what stands above the columns
	bottom int
	cells  [][]cellDrawing
}

func newMemoryLayout(m MemoryStep) *memoryLayout {
	l := &memoryLayout{MemoryStep: m, lanes: make([][]int, len(m.Columns))}
	for i, a := range m.Arrows {
		if a.Register == "" {
			g := max(a.From.Column, a.To.Column)
			l.lanes[g] = append(l.lanes[g], i)
		}
	}
	for _, list := range l.lanes {
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(m.Arrows[a].reach(), m.Arrows[b].reach()) })
	}
	l.columns()
	l.rows()
	return l
}

// reach is how far an arrow goes up or down.
func (a Arrow) reach() int { return max(a.From.Cell, a.To.Cell) - min(a.From.Cell, a.To.Cell) }

// columns gives every column its place, and the notes what is left of the width.
func (l *memoryLayout) columns() {
	rest, noted := memoryWidth, 0
	for c := range l.Columns {
		w := cellLeast
		for _, cell := range l.Columns[c].Cells {
			need := 2*cellPad + codeWidth(cell.Label)
			if cell.At != "" {
				need += codeWidth(cell.At) + 2*cellPad
			}
			w = max(w, need)
		}
		l.w = append(l.w, max(w, codeWidth(l.Columns[c].Label)))
		rest -= l.w[c] + l.gap(c)
		if l.noteWidth(c) > 0 {
			noted++
		}
	}
	x := 0
	for c := range l.Columns {
		n := 0
		if want := l.noteWidth(c); want > 0 {
			n = min(want, max(noteLeast, min(noteMost, rest/noted)))
		}
		l.notes = append(l.notes, n)
		x += l.gap(c)
		l.x = append(l.x, x)
		x += l.w[c] + l.brackets(c)
		if n > 0 {
			x += cellPad + n
		}
	}
}

// gap is the room for the registers and the arrows left of a column.
func (l *memoryLayout) gap(c int) int {
	register := 0
	for _, a := range l.Arrows {
		if a.Register != "" && a.To.Column == c {
			register = max(register, codeWidth(a.Register)+4)
		}
	}
	lanes := len(l.lanes[c]) * laneWidth
	if lanes+register == 0 {
		return 1 // half of a border
	}
	if c > 0 {
		lanes += arrowRoom
	}
	return lanes + register + arrowRoom
}

func (l *memoryLayout) brackets(c int) int {
	if slices.ContainsFunc(l.Brackets, func(b Bracket) bool { return b.Column == c }) {
		return bracketRoom
	}
	return 0
}

// noteWidth is what the notes of a column, and the labels of its brackets, take at most.
func (l *memoryLayout) noteWidth(c int) int {
	w := 0
	for _, cell := range l.Columns[c].Cells {
		w = max(w, noteWidth(cell.Note))
	}
	for _, b := range l.Brackets {
		if b.Column == c {
			w = max(w, noteWidth(b.Label))
		}
	}
	return w
}

// rows gives every cell its place. A cell is as high as its note.
func (l *memoryLayout) rows() {
	if l.Label != "" {
		l.head = len(l.title())*lineHeight + cellPad
	}
	if slices.ContainsFunc(l.Columns, func(c MemoryColumn) bool { return c.Label != "" }) {
		l.head += headHeight
	}
	for c, column := range l.Columns {
		y := l.head + 1
		var list []cellDrawing
		for _, cell := range column.Cells {
			h := max(cellHeight, len(wrap(cell.Note, l.notes[c]))*lineHeight+4)
			if cell.Look == "free" {
				h = max(h, cellHeight*3/2)
			}
			list = append(list, cellDrawing{
				MemoryCell: cell, X: l.x[c], Y: y, W: l.w[c], H: h, Base: y + h/2 + 4,
				TextX: l.x[c] + cellPad, AtX: l.x[c] + l.w[c] - cellPad,
			})
			y += h
		}
		l.cells = append(l.cells, list)
		l.bottom = max(l.bottom, y)
	}
	// Columns of unequal height end at the same line: low addresses are at the bottom.
	for c, list := range l.cells {
		if len(list) == 0 {
			continue
		}
		last := list[len(list)-1]
		down := l.bottom - last.Y - last.H
		for i := range list {
			l.cells[c][i].Y += down
			l.cells[c][i].Base += down
		}
	}
}

func (l *memoryLayout) width() int {
	c := len(l.Columns) - 1
	if c < 0 {
		return 0
	}
	w := l.x[c] + l.w[c] + l.brackets(c) + 1
	if l.notes[c] > 0 {
		w += cellPad + l.notes[c]
	}
	return max(w, min(memoryLeast, noteWidth(l.Label)*7/6+1))
}

// title returns the lines of the label. Its letters are bold, and wider than a note's.
func (l *memoryLayout) title() []string { return wrap(l.Label, l.width()*6/7) }

// draw returns the picture.
func (l *memoryLayout) draw() memoryDrawing {
	d := memoryDrawing{Width: l.width(), Height: l.bottom + 1}
	text := func(class string, x, y int, list []string) {
		for i, s := range list {
			d.Texts = append(d.Texts, textDrawing{class, x, y + i*lineHeight, s})
		}
	}
	if l.Label != "" {
		text("moment", 0, lineHeight-3, l.title())
	}
	for c, column := range l.Columns {
		d.Cells = append(d.Cells, l.cells[c]...)
		slices.SortStableFunc(d.Cells, func(a, b cellDrawing) int { return cmp.Compare(b.order(), a.order()) })
		if column.Label != "" {
			y := l.head
			if len(l.cells[c]) > 0 {
				y = l.cells[c][0].Y
			}
			text("region", l.x[c], y-6, []string{column.Label})
		}
		for _, cell := range l.cells[c] {
			lines := wrap(cell.Note, l.notes[c])
			text("side", cell.X+cell.W+l.brackets(c)+cellPad, cell.Base-(len(lines)-1)*lineHeight/2, lines)
		}
	}
	var brackets, lines, heads strings.Builder
	for _, b := range l.Brackets {
		top, low := l.cells[b.Column][b.High], l.cells[b.Column][b.Low]
		x, y := top.X+top.W+3, low.Y+low.H-2
		fmt.Fprintf(&brackets, "M%d %dh5V%dh-5", x, top.Y+2, y)
		list := wrap(b.Label, l.notes[b.Column])
		text("side", top.X+top.W+bracketRoom+cellPad, (top.Y+y)/2+4-(len(list)-1)*lineHeight/2, list)
	}
	for i, a := range l.Arrows {
		to := l.cells[a.To.Column][a.To.Cell]
		if a.Register != "" {
			x, y := to.X-l.gap(a.To.Column), to.Y+to.H/2
			text("register", x, y+4, []string{a.Register})
			fmt.Fprintf(&lines, "M%d %dH%d", x+codeWidth(a.Register)+4, y, to.X-4)
			fmt.Fprintf(&heads, "M%d %dl-6-3v6z", to.X, y)
			continue
		}
		l.arrow(&lines, &heads, i)
	}
	d.Brackets, d.Lines, d.Heads = brackets.String(), lines.String(), heads.String()
	return d
}

// arrow draws one from cell to cell, along its lane. It leaves above the middle and
// arrives below it, nearer to where the address of the cell is.
func (l *memoryLayout) arrow(lines, heads *strings.Builder, i int) {
	a := l.Arrows[i]
	from, to := l.cells[a.From.Column][a.From.Cell], l.cells[a.To.Column][a.To.Cell]
	c := max(a.From.Column, a.To.Column)
	lane := l.x[c] - arrowRoom - slices.Index(l.lanes[c], i)*laneWidth
	x, end, head := from.X, to.X, "l-6-3v6z"
	if a.From.Column < c {
		x = from.X + from.W
	}
	if a.To.Column < c {
		end, head = to.X+to.W, "l6-3v6z"
	}
	tip := end - 4
	if a.To.Column < c {
		tip = end + 4
	}
	y, low := from.Y+from.H/2-4, to.Y+to.H/2+4
	fmt.Fprintf(lines, "M%d %dH%dV%dH%d", x, y, lane, low, tip)
	fmt.Fprintf(heads, "M%d %d%s", end, low, head)
}

// order is greater for a cell without a border of its own, which the others cover.
func (c cellDrawing) order() int {
	if c.Look == "free" {
		return 1
	}
	return 0
}

func codeWidth(s string) int { return extent(s, codeLetter, codeWide) }
func noteWidth(s string) int { return extent(s, noteLetter, noteWide) }

// extent estimates how wide a text is, by the width of a letter and of a wide one.
func extent(s string, narrow, wide float64) int {
	w := 0.0
	for _, r := range s {
		w += breadth(r, narrow, wide)
	}
	return int(math.Ceil(w))
}

func breadth(r rune, narrow, wide float64) float64 {
	if han(r) || fullWidthMark(r) {
		return wide
	}
	return narrow
}

// wrap breaks a note into lines of at most width, at spaces and beside Han characters,
// but before no punctuation. A word that is too long stands alone.
func wrap(s string, width int) []string {
	var lines []string
	line, word := "", ""
	flush := func() {
		if line != "" && noteWidth(strings.TrimSpace(line+word)) > width {
			lines, line = append(lines, strings.TrimSpace(line)), ""
		}
		line, word = line+word, ""
	}
	var last rune
	for _, r := range s {
		if r != ' ' && !fullWidthMark(r) && (han(r) || han(last) || last == ' ' || fullWidthMark(last)) {
			flush()
		}
		word += string(r)
		last = r
	}
	flush()
	if line = strings.TrimSpace(line); line != "" {
		lines = append(lines, line)
	}
	return lines
}
