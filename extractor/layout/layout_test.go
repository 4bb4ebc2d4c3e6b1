package layout

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

var graph = Graph{
	Nodes: []Node{{Width: 80, Height: 22, Row: "a"}, {Width: 60, Height: 36, Row: "b"}, {Width: 60, Height: 22, Row: "b"}, {Width: 300, Height: 22}},
	Edges: []Edge{
		{From: 0, To: 1, LabelWidth: 40, LabelHeight: 14},
		{From: 0, To: 2},
		{From: 1, To: 3, Hidden: true},
		{From: 2, To: 3},
		{From: 3, To: 0, Loose: true},
	},
}

func TestPlace(t *testing.T) {
	var e Engine
	p, err := e.Place(graph)
	if err != nil {
		t.Fatal(err)
	}
	at := p.Nodes
	if !(at[0].Y < at[1].Y && at[1].Y == at[2].Y && at[2].Y < at[3].Y) {
		t.Errorf("rows are not below one another: %v", at)
	}
	if gap := at[1].X - at[2].X; gap < 60 && gap > -60 {
		t.Errorf("two nodes of a row lie on one another: %v", at)
	}
	if at[0].Y != 11 || p.Width < 300 || at[3].Y+11 != p.Height {
		t.Errorf("nodes %v in %d × %d", at, p.Width, p.Height)
	}
	for i, line := range p.Edges {
		if hidden := graph.Edges[i].Hidden; hidden != (len(line.Curve) == 0) || !hidden && len(line.Curve)%3 != 1 {
			t.Errorf("edge %d has %d points", i, len(line.Curve))
		}
	}
	if tip := p.Edges[1].Tip; tip.Y != at[2].Y-11 {
		t.Errorf("an arrow to %v ends at %v", at[2], tip)
	}
	if l := p.Edges[0].Label; l.Y <= at[0].Y || l.Y >= at[1].Y {
		t.Errorf("a label at %v between %v and %v", l, at[0], at[1])
	}
}

// The same graph is placed alike, whether it was placed before or by another engine.
func TestPlaceIsReproducible(t *testing.T) {
	var one, other Engine
	first, err := one.Place(graph)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Place(Graph{Nodes: graph.Nodes[:3], Edges: graph.Edges[:2]}); err != nil {
		t.Fatal(err)
	}
	for _, e := range []*Engine{&one, &other} {
		again, err := e.Place(graph)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first, again); d != "" {
			t.Error(d)
		}
	}
	if len(one.placed) != 1 {
		t.Errorf("one graph was placed %d times", len(one.placed))
	}
}

func TestPlaceNothing(t *testing.T) {
	var e Engine
	if p, err := e.Place(Graph{}); err != nil || len(p.Nodes) > 0 {
		t.Errorf("%v, %v", p, err)
	}
}
