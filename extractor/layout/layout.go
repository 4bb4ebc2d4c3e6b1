// Package layout places the nodes of a graph and leads its edges, by Graphviz.
package layout

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-graphviz"

	"beforemain/extractor/layout/keep"
)

func init() { keep.Done() } // go-graphviz is initialized by now

// Graph is what is to be placed. All lengths are in pixels.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// Node is a box. Those that share a Row other than "" stand beside one another.
type Node struct {
	Width, Height int
	Row           string
}

// Edge leads from one node to another, which stands below it; by their positions in
// Graph.Nodes. Hidden ones only order the nodes; Loose ones do not order them.
type Edge struct {
	From, To                int
	LabelWidth, LabelHeight int // 0 without a label
	Hidden, Loose           bool
}

// Placed is where everything is, in the order of the graph. y grows downward.
type Placed struct {
	Width, Height int
	Nodes         []Point // the middles
	Edges         []Line  // empty for hidden ones
}

// Point is a place in pixels.
type Point struct{ X, Y int }

// Line is a row of Bézier curves: a start, and three points for each. It ends where the
// head of the arrow begins, the point of which is Tip. Label is the middle of the label.
type Line struct {
	Curve      []Point
	Tip, Label Point
}

// Engine places graphs, each distinct one once. The zero value is ready; it may be used
// by several goroutines.
type Engine struct {
	mu     sync.Mutex
	viz    *graphviz.Graphviz
	placed map[string]Placed // by the text that Graphviz reads
}

// Place places a graph. The same graph is always placed alike.
func (e *Engine) Place(g Graph) (Placed, error) {
	text := g.dot()
	e.mu.Lock()
	defer e.mu.Unlock()
	if p, ok := e.placed[text]; ok {
		return p, nil
	}
	out, err := e.run(text)
	if err != nil {
		return Placed{}, fmt.Errorf("graphviz: %w", err)
	}
	p, err := g.read(out)
	if err != nil {
		return Placed{}, fmt.Errorf("graphviz: %w", err)
	}
	if e.placed == nil {
		e.placed = map[string]Placed{}
	}
	e.placed[text] = p
	return p, nil
}

func (e *Engine) run(text string) (out []byte, err error) {
	ctx := context.Background()
	if e.viz == nil {
		if e.viz, err = graphviz.New(ctx); err != nil {
			return nil, err
		}
	}
	g, err := graphviz.ParseBytes([]byte(text))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := e.viz.Render(ctx, g, "json0", &b); err != nil {
		return nil, err
	}
	return b.Bytes(), g.Close()
}

// dot writes the graph in Graphviz's language. Its lengths are inches of 72 points.
func (g Graph) dot() string {
	var b strings.Builder
	b.WriteString("digraph {\nnodesep=.16\nranksep=.28\nnode [shape=box fixedsize=true label=\"\"]\nedge [arrowsize=.7]\n")
	rows := map[string][]string{}
	var order []string
	for i, n := range g.Nodes {
		name := "n" + strconv.Itoa(i)
		fmt.Fprintf(&b, "%s [width=%s height=%s]\n", name, inches(n.Width), inches(n.Height))
		if n.Row != "" {
			if rows[n.Row] == nil {
				order = append(order, n.Row)
			}
			rows[n.Row] = append(rows[n.Row], name)
		}
	}
	for _, row := range order {
		fmt.Fprintf(&b, "{rank=same %s}\n", strings.Join(rows[row], " "))
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "n%d -> n%d [", e.From, e.To)
		if e.LabelWidth > 0 {
			// Graphviz has no fonts to measure a label with: an empty table stands in for it.
			fmt.Fprintf(&b, "label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"%d\" HEIGHT=\"%d\"><TR><TD></TD></TR></TABLE>> ", e.LabelWidth, e.LabelHeight)
		}
		if e.Hidden {
			b.WriteString("style=invis ")
		}
		if e.Loose {
			b.WriteString("constraint=false ")
		}
		b.WriteString("]\n")
	}
	b.WriteString("}\n")
	return b.String()
}

func inches(px int) string { return strconv.FormatFloat(float64(px)/72, 'f', 4, 64) }

// answer is what Graphviz says of a graph; it counts nodes and edges as they were written.
type answer struct {
	Box     string `json:"bb"`
	Objects []struct {
		Name string
		Pos  string
	}
	Edges []struct {
		Tail, Head int
		Pos        string
		Label      string `json:"lp"`
		Style      string
	}
}

// read reads what Graphviz wrote, and turns it upside down.
func (g Graph) read(out []byte) (Placed, error) {
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		return Placed{}, err
	}
	box, err := points(strings.TrimPrefix(a.Box, "0,0,"))
	if err != nil {
		return Placed{}, fmt.Errorf("the box %q: %w", a.Box, err)
	}
	height := box[0].Y
	flip := func(list []Point) []Point {
		for i := range list {
			list[i].Y = height - list[i].Y
		}
		return list
	}
	p := Placed{Width: box[0].X, Height: height, Nodes: make([]Point, len(g.Nodes)), Edges: make([]Line, len(g.Edges))}
	at := make([]int, len(a.Objects)) // of an object of the answer in g.Nodes
	for k, o := range a.Objects {
		i, ok := strings.CutPrefix(o.Name, "n")
		at[k], err = strconv.Atoi(i)
		if !ok || err != nil || o.Pos == "" {
			at[k] = -1 // a row
			continue
		}
		list, err := points(o.Pos)
		if err != nil {
			return Placed{}, err
		}
		p.Nodes[at[k]] = flip(list)[0]
	}
	used := make([]bool, len(g.Edges))
	for _, e := range a.Edges {
		i := 0
		for i < len(g.Edges) && (used[i] || g.Edges[i].From != at[e.Tail] || g.Edges[i].To != at[e.Head]) {
			i++
		}
		if i == len(g.Edges) {
			return Placed{}, errors.New("an edge that is not in the graph")
		}
		used[i] = true
		if g.Edges[i].Hidden {
			continue
		}
		list, err := points(strings.TrimPrefix(e.Pos, "e,"))
		if err != nil {
			return Placed{}, err
		}
		list = flip(list)
		p.Edges[i] = Line{Tip: list[0], Curve: list[1:]}
		if e.Label != "" {
			if list, err = points(e.Label); err != nil {
				return Placed{}, err
			}
			p.Edges[i].Label = flip(list)[0]
		}
	}
	return p, nil
}

// points reads "x,y x,y".
func points(s string) ([]Point, error) {
	var list []Point
	for field := range strings.FieldsSeq(s) {
		x, y, _ := strings.Cut(field, ",")
		fx, err := strconv.ParseFloat(x, 64)
		if err != nil {
			return nil, err
		}
		fy, err := strconv.ParseFloat(y, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, Point{int(math.Round(fx)), int(math.Round(fy))})
	}
	if len(list) == 0 {
		return nil, errors.New("no points")
	}
	return list, nil
}
