package render

import "html/template"

// Timeline is what threads did over time, a lane a thread.
type Timeline struct {
	Title string // what a reader who cannot see it is told
	Unit  string
	End   float64
	Lanes []Lane
}

// Lane is one thread, which begins at From.
type Lane struct {
	Label string
	From  float64
	Steps []Moment // by time
}

// Moment is a step of a lane. One without a label is only a mark.
type Moment struct {
	At          float64
	Label, Href string
}

// The measures of timelines.
const (
	wideWidth  = 640 // of trees too
	laneTop    = 20
	laneHeight = 12
	labelRow   = 15
)

type timelineDrawing struct {
	Timeline
	Width, Height, Bottom int
	Ticks                 []tick
	Rows                  []laneDrawing
}

type laneDrawing struct {
	Label    string
	Y, Base  int
	X, Width string
	Marks    []momentDrawing
}

type momentDrawing struct {
	Moment
	X           string
	Top, Bottom int
	Base        int
	TextX       string
	Class       string
}

var timelineTemplate = template.Must(template.New("timeline").Parse(
	`<svg class="timeline" viewBox="0 0 {{.Width}} {{.Height}}" role="group" aria-label="{{.Title}}" xmlns="http://www.w3.org/2000/svg">
{{$d := .}}{{range .Ticks}}<line class="grid" x1="{{.X}}" y1="0" x2="{{.X}}" y2="{{$d.Bottom}}"></line><text class="tick" x="{{.X}}" y="{{$d.Height}}" dy="-6">{{.Text}}</text>
{{end}}{{range .Rows}}<text class="row" x="0" y="{{.Base}}">{{.Label}}</text><rect class="lane" x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="12"></rect>
{{range .Marks}}{{if .Label}}<line class="lead" x1="{{.X}}" y1="{{.Bottom}}" x2="{{.X}}" y2="{{.Base}}"></line>{{end}}<line class="step" x1="{{.X}}" y1="{{.Top}}" x2="{{.X}}" y2="{{.Bottom}}"></line>{{end}}
{{range .Marks}}{{if .Label}}{{if .Href}}<a href="{{.Href}}">{{end}}<text class="{{.Class}}" x="{{.TextX}}" y="{{.Base}}">{{.Label}}</text>{{if .Href}}</a>{{end}}{{end}}
{{end}}{{end}}</svg>
`))

// SVG draws the timeline. Labels that would cover one another stand in rows below
// their lane.
func (t Timeline) SVG() template.HTML {
	step, last := scale(t.End)
	at := func(v float64) float64 { return v / last * (wideWidth - 40) }
	d := timelineDrawing{Timeline: t, Width: wideWidth}
	y := 0
	for _, l := range t.Lanes {
		row := laneDrawing{Label: l.Label, Base: y + 12, Y: y + laneTop, X: number(at(l.From)), Width: number(at(t.End) - at(l.From))}
		var ends []float64 // of the labels of each row
		for _, m := range l.Steps {
			x := at(m.At)
			drawn := momentDrawing{Moment: m, X: number(x), Top: row.Y, Bottom: row.Y + laneHeight}
			if m.Label != "" {
				width := float64(noteWidth(m.Label))
				drawn.Class, drawn.TextX = "label", number(x+3)
				from, to := x, x+3+width
				if to > wideWidth {
					drawn.Class, drawn.TextX = "label end", number(x-3)
					from, to = x-3-width, x
				}
				k := 0
				for k < len(ends) && ends[k]+4 > from {
					k++
				}
				if k == len(ends) {
					ends = append(ends, 0)
				}
				ends[k] = to
				drawn.Base = row.Y + laneHeight + (k+1)*labelRow - 3
			}
			row.Marks = append(row.Marks, drawn)
		}
		d.Rows = append(d.Rows, row)
		y = row.Y + laneHeight + len(ends)*labelRow + 8
	}
	d.Bottom = y
	d.Height = y + axisHeight
	for v := 0.0; v <= last*1.0001; v += step {
		text := short(v)
		if v == 0 {
			text += " " + t.Unit
		}
		d.Ticks = append(d.Ticks, tick{number(at(v)), text})
	}
	return execute(timelineTemplate, d)
}
