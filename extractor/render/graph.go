package render

import (
	"fmt"
	"html/template"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"beforemain/extractor/layout"
)

// Graph is boxes and arrows from one to another, from top to bottom.
type Graph struct {
	Title string // what a reader who cannot see it is told
	Nodes []GraphNode
	Edges []GraphEdge
	// Rows says that the nodes stand in an order that no edge contradicts: they are read
	// like a text, in rows of a width that a telephone shows.
	Rows bool
}

// GraphNode is a box. Code says that the label is a name of the source; Number stands
// before it. An Across one lies over the whole width: what stands before it lies above,
// what stands behind it below. Look is a class of the style sheet.
type GraphNode struct {
	Label, Note, Href string
	Number            string
	Code, Across      bool
	Look              string
}

// GraphEdge leads from a node to another, by their positions in Graph.Nodes.
type GraphEdge struct {
	From, To int
	Label    string
	Look     string
	Loose    bool // it does not say which of the two is above
}

// The measures of graphs, in pixels.
const (
	nodePad    = 7
	nodeGap    = 16
	nodeHeight = 22
	noteHeight = 14
	nodeBase   = 15 // from the top of a box to the foot of its label
	labelLine  = 14
	rowWidth   = 330
	headWidth  = 3
)

type graphDrawing struct {
	Title         string
	Width, Height int
	Box           string // what is seen, with room for the outermost lines
	Paths         []pathDrawing
	Nodes         []nodeDrawing
	Labels        []labelDrawing
}

// pathDrawing is everything of one look in one path: boxes, curves or heads.
type pathDrawing struct{ Class, D string }

type nodeDrawing struct {
	GraphNode
	X, Base, NoteBase int
}

type labelDrawing struct {
	X, Base int
	Text    string
}

var graphTemplate = template.Must(template.New("graph").Parse(
	`<svg class="graph" width="{{.Width}}" height="{{.Height}}" viewBox="{{.Box}}" role="group" aria-label="{{.Title}}" xmlns="http://www.w3.org/2000/svg">
{{range .Paths}}<path class="{{.Class}}" d="{{.D}}"></path>
{{end}}{{range .Nodes}}{{if .Href}}<a href="{{.Href}}">{{end}}<text x="{{.X}}" y="{{.Base}}"{{if .Code}} class="c"{{end}}>{{with .Number}}<tspan>{{.}}</tspan>&#160;{{end}}{{.Label}}</text>{{if .Href}}</a>{{end}}` +
		`{{if .Note}}<text class="note" x="{{.X}}" y="{{.NoteBase}}">{{.Note}}</text>{{end}}
{{end}}{{range .Labels}}<text class="by" x="{{.X}}" y="{{.Base}}">{{.Text}}</text>
{{end}}</svg>
`))

// SVG draws the graph as the engine places it.
func (g Graph) SVG(engine *layout.Engine) (template.HTML, error) {
	l := g.layout()
	placed, err := engine.Place(l)
	if err != nil {
		return "", fmt.Errorf("picture %q: %w", g.Title, err)
	}
	d := graphDrawing{
		Title: g.Title, Width: placed.Width + 2, Height: placed.Height + 2,
		Box: fmt.Sprintf("-1 -1 %d %d", placed.Width+2, placed.Height+2),
	}
	paths := paths{}
	for i, e := range g.Edges {
		line := placed.Edges[i]
		drawCurve(paths.of(classes("edge", e.Look)), line.Curve)
		drawHead(paths.of(classes("head", e.Look)), line)
		if e.Label != "" {
			d.Labels = append(d.Labels, labelDrawing{line.Label.X, line.Label.Y + 4, e.Label})
		}
	}
	for i, n := range g.Nodes {
		at, size := placed.Nodes[i], l.Nodes[i]
		left, width := at.X-size.Width/2, size.Width
		top := at.Y - size.Height/2
		if n.Across {
			left, width = 0, placed.Width
			at.X = placed.Width / 2
		}
		fmt.Fprintf(paths.of(classes("box", n.Look)), "M%d %dh%dv%dh-%dz", left, top, width, size.Height, width)
		d.Nodes = append(d.Nodes, nodeDrawing{n, at.X, top + nodeBase, top + nodeBase + noteHeight - 1})
	}
	d.Paths = paths.list("edge", "head", "box") // boxes lie above the arrows
	return execute(graphTemplate, d), nil
}

// paths are the paths being written, by class.
type paths map[string]*strings.Builder

func (p paths) of(class string) *strings.Builder {
	if p[class] == nil {
		p[class] = &strings.Builder{}
	}
	return p[class]
}

// list returns the paths in the order in which they are drawn: by kind, then by class.
func (p paths) list(kinds ...string) []pathDrawing {
	var list []pathDrawing
	for _, kind := range kinds {
		for _, class := range slices.Sorted(maps.Keys(p)) {
			if strings.HasPrefix(class, kind) {
				list = append(list, pathDrawing{class, p[class].String()})
			}
		}
	}
	return list
}

func classes(kind, look string) string { return strings.TrimSpace(kind + " " + look) }

// layout says how large everything is, and what stands above what.
func (g Graph) layout() layout.Graph {
	var l layout.Graph
	for _, n := range g.Nodes {
		l.Nodes = append(l.Nodes, boxSize(n))
	}
	for _, e := range g.Edges {
		edge := layout.Edge{From: e.From, To: e.To, Loose: e.Loose}
		if e.Label != "" {
			edge.LabelWidth, edge.LabelHeight = textSpan(e.Label, 10.5, false)+8, labelLine
		}
		l.Edges = append(l.Edges, edge)
	}
	if g.Rows {
		g.rows(&l)
		return l
	}
	for k, n := range g.Nodes {
		if !n.Across {
			continue
		}
		for i := range g.Nodes {
			from, to := i, k
			if i > k {
				from, to = k, i
			}
			if i != k {
				l.Edges = append(l.Edges, layout.Edge{From: from, To: to, Hidden: true})
			}
		}
	}
	return l
}

// boxSize says how large a box must be for what stands in it.
func boxSize(n GraphNode) layout.Node {
	label := n.Label
	if n.Number != "" {
		label = n.Number + " " + label
	}
	size := layout.Node{Width: textSpan(label, 12, n.Code), Height: nodeHeight}
	if n.Note != "" {
		size.Width = max(size.Width, textSpan(n.Note, 10.5, false))
		size.Height += noteHeight
	}
	size.Width += 2 * nodePad
	size.Width += size.Width % 2 // a whole middle
	return size
}

// rows breaks the order of the nodes into rows: where a row would be too wide, and
// where a node is led to by one of its own row.
func (g Graph) rows(l *layout.Graph) {
	row, width, first, above := 0, 0, 0, 0 // the row, how wide it is, its first node, and that of the row above
	for i, n := range g.Nodes {
		follows := n.Across || i > 0 && g.Nodes[i-1].Across || width > 0 && width+l.Nodes[i].Width > rowWidth
		for _, e := range g.Edges {
			follows = follows || e.To == i && e.From >= first
		}
		if follows && i > 0 {
			row++
			above, first, width = first, i, 0
		}
		width += l.Nodes[i].Width + nodeGap
		l.Nodes[i].Row = "r" + strconv.Itoa(row)
		if i == first && i > 0 {
			l.Edges = append(l.Edges, layout.Edge{From: above, To: i, Hidden: true})
		}
	}
}

// drawCurve writes a row of Bézier curves as a path; what follows the start is written
// as the way from there, which is shorter.
func drawCurve(b *strings.Builder, curve []layout.Point) {
	at := curve[0]
	fmt.Fprintf(b, "M%d %d", at.X, at.Y)
	for i := 1; i+2 < len(curve); i += 3 {
		b.WriteByte('c')
		for k, p := range curve[i : i+3] {
			if x := p.X - at.X; k > 0 && x >= 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(curve[i+k].X - at.X))
			if y := p.Y - at.Y; y >= 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(p.Y - at.Y))
		}
		at = curve[i+2]
	}
}

// drawHead writes the triangle at the end of a line as a path.
func drawHead(b *strings.Builder, line layout.Line) {
	end := line.Curve[len(line.Curve)-1]
	dx, dy := float64(line.Tip.X-end.X), float64(line.Tip.Y-end.Y)
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	x, y := headWidth*dy/length, -headWidth*dx/length // to the side
	fmt.Fprintf(b, "M%d %dl%s %s %s %sz", line.Tip.X, line.Tip.Y, number(x-dx), number(y-dy), number(-2*x), number(-2*y))
}

// textSpan estimates how wide a text is in pixels, rather too wide.
func textSpan(s string, size float64, code bool) int {
	latin := .57
	if code {
		latin = .61
	}
	w := 0.0
	for _, r := range s {
		switch {
		case han(r) || fullWidthMark(r):
			w += size
		case unicode.IsUpper(r) && !code:
			w += size * .7
		default:
			w += size * latin
		}
	}
	return int(w + .999)
}
