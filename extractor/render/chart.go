package render

import (
	"html/template"
	"math"
	"strconv"
)

// Chart is a chart of horizontal bars, a row a label. It is drawn in units of its own
// and takes the width that the page gives it; colours are the style sheet's.
type Chart struct {
	Title string // what a reader who cannot see it is told
	Unit  string
	Rows  []Bar
	// Line is a value that all rows are compared with, such as the floor; 0 for none.
	Line  float64
	Parts []string // the names of the parts that bars are made of, for the legend
}

// Bar is one row. A bar is made of parts, one behind the other; Low and High are the
// ends of the interval of their sum, both 0 if there is none.
type Bar struct {
	Label     string
	Parts     []float64
	Low, High float64
	Text      string // the value as it is written
	Current   bool   // it is what the page is about
}

// The measures of charts, in the units of their drawing.
const (
	chartWidth  = 480
	labelWidth  = 56
	valueWidth  = 100
	rowHeight   = 24
	barHeight   = 14
	axisHeight  = 26
	legendLine  = 22
	legendWidth = 150
)

type chartDrawing struct {
	Chart
	Width, Height, Plot int
	Bottom              int
	Bars                []drawnBar
	Ticks               []tick
	LineX               string
	Legend              []legendEntry
}

type drawnBar struct {
	Bar
	Y, Base, Middle int
	Segments        []segment
	LowX, HighX     string
	TextX           string
}

type segment struct {
	Class    string
	X, Width string
}

type tick struct{ X, Text string }

type legendEntry struct {
	Class, Text string
	X, Y        int
	TextX       int
	TextY       int
}

var chartTemplate = template.Must(template.New("chart").Parse(
	`<svg class="chart" viewBox="0 0 {{.Width}} {{.Height}}" role="img" aria-label="{{.Title}}" xmlns="http://www.w3.org/2000/svg">
{{range .Legend}}<rect class="{{.Class}}" x="{{.X}}" y="{{.Y}}" width="12" height="12"></rect><text class="key" x="{{.TextX}}" y="{{.TextY}}">{{.Text}}</text>
{{end}}{{$d := .}}{{range .Ticks}}<line class="grid" x1="{{.X}}" y1="{{$d.Plot}}" x2="{{.X}}" y2="{{$d.Bottom}}"></line><text class="tick" x="{{.X}}" y="{{$d.Height}}" dy="-6">{{.Text}}</text>
{{end}}{{range .Bars}}<g{{if .Current}} class="current"{{end}}><text class="row" x="0" y="{{.Base}}">{{.Label}}</text>` +
		`{{$b := .}}{{range .Segments}}<rect class="{{.Class}}" x="{{.X}}" y="{{$b.Y}}" width="{{.Width}}" height="14"></rect>{{end}}` +
		`{{with .HighX}}<line class="whisker" x1="{{$b.LowX}}" y1="{{$b.Middle}}" x2="{{.}}" y2="{{$b.Middle}}"></line>{{end}}` +
		`<text class="value" x="{{.TextX}}" y="{{.Base}}">{{.Text}}</text></g>
{{end}}{{with .LineX}}<line class="floor" x1="{{.}}" y1="{{$d.Plot}}" x2="{{.}}" y2="{{$d.Bottom}}"></line>{{end}}</svg>
`))

// SVG draws the chart.
func (c Chart) SVG() template.HTML {
	most := c.Line
	for _, b := range c.Rows {
		most = max(most, sum(b.Parts), b.High)
	}
	step, last := scale(most)
	d := chartDrawing{Chart: c, Width: chartWidth}
	for i, name := range c.Parts {
		x, y := i%3*legendWidth, i/3*legendLine
		d.Legend = append(d.Legend, legendEntry{part(i), name, x, y, x + 18, y + 11})
		d.Plot = y + legendLine
	}
	d.Bottom = d.Plot + len(c.Rows)*rowHeight
	d.Height = d.Bottom + axisHeight
	at := func(v float64) float64 {
		return labelWidth + v/last*(chartWidth-labelWidth-valueWidth)
	}
	for v := 0.0; v <= last*1.0001; v += step {
		text := short(v)
		if v+step > last*1.0001 {
			text += " " + c.Unit
		}
		d.Ticks = append(d.Ticks, tick{number(at(v)), text})
	}
	for i, b := range c.Rows {
		y := d.Plot + i*rowHeight + (rowHeight-barHeight)/2
		row := drawnBar{Bar: b, Y: y, Base: y + barHeight - 3, Middle: y + barHeight/2}
		from := 0.0
		for k, v := range b.Parts {
			row.Segments = append(row.Segments, segment{part(k), number(at(from)), number(at(from+v) - at(from))})
			from += v
		}
		if b.High > 0 {
			row.LowX, row.HighX = number(at(b.Low)), number(at(b.High))
		}
		row.TextX = number(max(at(from), at(b.High)) + 6)
		d.Bars = append(d.Bars, row)
	}
	if c.Line > 0 {
		d.LineX = number(at(c.Line))
	}
	return execute(chartTemplate, d)
}

// part returns the class of a bar's part.
func part(i int) string { return "p" + strconv.Itoa(i+1) }

func sum(list []float64) float64 {
	total := 0.0
	for _, v := range list {
		total += v
	}
	return total
}

// scale returns the distance of an axis's ticks and its end for values up to most.
func scale(most float64) (step, last float64) {
	if most <= 0 {
		return 1, 1
	}
	step = math.Pow(10, math.Floor(math.Log10(most)))
	for _, n := range []float64{0.2, 0.5, 1, 2} {
		if most/(step*n) <= 6 {
			step *= n
			break
		}
	}
	return step, math.Ceil(most/step) * step
}

// number writes a coordinate, to a tenth.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// short writes a value of an axis.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', -1, 64) + "M"
	case v >= 1e4:
		return strconv.FormatFloat(v/1e3, 'f', -1, 64) + "k"
	}
	return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
}
