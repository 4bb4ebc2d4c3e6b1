package render

import "html/template"

// Memory is regions of memory as columns of cells, the highest address on top, with
// arrows from the cells and the registers that hold an address. It is drawn once for
// each moment; the page puts them side by side where there is room.
type Memory struct {
	Title string // what a reader who cannot see it is told
	Steps []MemoryStep
}

// MemoryStep is what the memory holds at one moment.
type MemoryStep struct {
	Label    string
	Columns  []MemoryColumn
	Arrows   []Arrow
	Brackets []Bracket
}

// MemoryColumn is a region of memory, its highest cell first.
type MemoryColumn struct {
	Label string
	Cells []MemoryCell
}

// MemoryCell is a part of a region. At says where it lies, beside the label; the note stands
// outside. Look is a class of the style sheet: free, new.
type MemoryCell struct {
	Label, At, Note string
	Look            string
}

// Place is a cell, by the positions of its column and in it.
type Place struct{ Column, Cell int }

// Arrow leads to the cell whose address a cell or, if it is named, a register holds. The
// two cells are in one column or in neighbours.
type Arrow struct {
	Register string
	From, To Place
}

// Bracket names the cells of a column from High to Low.
type Bracket struct {
	Column    int
	High, Low int
	Label     string
}

// The measures of memory pictures. A letter's width is that of the fixed face.
const (
	memoryWidth = 350 // of a picture that a telephone shows as it is
	memoryLeast = 190 // of one with a label
	cellHeight  = 22
	cellPad     = 6
	cellLeast   = 64
	codeLetter  = 7.3
	codeWide    = 12.0
	noteLetter  = 6.3
	noteWide    = 11.0
	lineHeight  = 14
	headHeight  = 18
	laneWidth   = 8
	arrowRoom   = 12 // for a head and a little of its line
	bracketRoom = 9
	noteLeast   = 90
	noteMost    = 190
)

type memoryDrawing struct {
	Title         string
	Width, Height int
	Cells         []cellDrawing
	Texts         []textDrawing
	Lines, Heads  string // of all arrows
	Brackets      string
}

type cellDrawing struct {
	MemoryCell
	X, Y, W, H, Base, TextX, AtX int
}

type textDrawing struct {
	Class string
	X, Y  int
	Text  string
}

var memoryTemplate = template.Must(template.New("memory").Parse(
	`<div class="memory">{{range $d := .}}<svg width="{{.Width}}" height="{{.Height}}" viewBox="0 0 {{.Width}} {{.Height}}" role="img" aria-label="{{.Title}}" xmlns="http://www.w3.org/2000/svg">
{{range .Cells}}<g{{with .Look}} class="{{.}}"{{end}}><rect x="{{.X}}" y="{{.Y}}" width="{{.W}}" height="{{.H}}"></rect>` +
		`{{if .Label}}<text x="{{.TextX}}" y="{{.Base}}">{{.Label}}</text>{{end}}{{if .At}}<text class="at" x="{{.AtX}}" y="{{.Base}}">{{.At}}</text>{{end}}</g>
{{end}}{{with .Brackets}}<path class="bracket" d="{{.}}"></path>
{{end}}{{with .Lines}}<path class="arrow" d="{{.}}"></path><path class="head" d="{{$d.Heads}}"></path>
{{end}}{{range .Texts}}<text class="{{.Class}}" x="{{.X}}" y="{{.Y}}">{{.Text}}</text>
{{end}}</svg>{{end}}</div>
`))

// HTML draws the memory, a picture a step.
func (m Memory) HTML() template.HTML {
	var list []memoryDrawing
	for _, s := range m.Steps {
		d := newMemoryLayout(s).draw()
		d.Title = m.Title
		if s.Label != "" {
			d.Title += " · " + s.Label
		}
		list = append(list, d)
	}
	return execute(memoryTemplate, list)
}
