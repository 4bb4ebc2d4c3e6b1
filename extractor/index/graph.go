package index

import (
	"cmp"
	"slices"
)

// EdgeKind says how one symbol leads to another.
type EdgeKind string

// The kinds of edges. All but the last are read off the source.
const (
	Call     EdgeKind = "call"
	Jump     EdgeKind = "jump"     // of assembly, to another symbol
	Go       EdgeKind = "go"       // a go statement
	Argument EdgeKind = "argument" // handed to a function that calls it
	Address  EdgeKind = "address"  // its address is taken
	Data     EdgeKind = "data"     // its address is the value of data
	Linkname EdgeKind = "linkname" // one name in the source, another for the linker
	ToldEdge EdgeKind = "told"     // by the book: no source shows it
)

// IsStep reports whether control passes over an edge of this kind, at once or, with a
// go statement or by what the book tells, later.
func (k EdgeKind) IsStep() bool { return k != Address && k != Data }

// Edge leads from one symbol to another, at a line of a file.
type Edge struct {
	From, To  string
	Kind      EdgeKind
	Path      string // "" for one that is told
	Line      int
	Platforms []Platform
	Reason    map[string]string // by language, of one that is told
}

// Told is an edge that the source does not show: over the operating system, the
// linker, or a register. From and To may name what is no symbol, such as kernel.
type Told struct {
	From, To  string
	Versions  []string   // names
	Platforms []Platform // none means all
	Reason    map[string]string
}

// edge is an Edge as the index keeps it.
type edge struct {
	from, to int // symbols
	kind     EdgeKind
	path     string
	line     int
}

// graph is the edges of a version, sorted by where they stand in the source.
type graph struct {
	edges   []edge
	out, in map[int][]int // of a symbol, in edges
}

// connect sorts the edges of a version. The address of a variable counts where the
// variable leads on, as a function value in data does.
func (v *version) connect() *graph {
	g := &graph{out: map[int][]int{}, in: map[int][]int{}}
	leads := map[int]bool{}
	for e := range v.edges {
		leads[e.from] = true
	}
	for e := range v.edges {
		if e.kind != Address || v.symbols[e.to].kind == Function || leads[e.to] {
			g.edges = append(g.edges, e)
		}
	}
	slices.SortFunc(g.edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.line, b.line), cmp.Compare(a.kind, b.kind),
			cmp.Compare(v.symbols[a.from].name, v.symbols[b.from].name), cmp.Compare(v.symbols[a.to].name, v.symbols[b.to].name))
	})
	for i, e := range g.edges {
		g.out[e.from] = append(g.out[e.from], i)
		g.in[e.to] = append(g.in[e.to], i)
	}
	return g
}

// Callees returns the edges that leave a symbol in the version of that name, in the
// order of the source; those that are told come last.
func (x *Index) Callees(version, symbol string) []Edge {
	return x.edges(version, symbol, func(g *graph) map[int][]int { return g.out }, func(t Told) string { return t.From })
}

// Callers returns the edges that lead to a symbol, by file and line; those that are
// told come last.
func (x *Index) Callers(version, symbol string) []Edge {
	return x.edges(version, symbol, func(g *graph) map[int][]int { return g.in }, func(t Told) string { return t.To })
}

func (x *Index) edges(version, symbol string, side func(*graph) map[int][]int, end func(Told) string) []Edge {
	v := x.version(version)
	if v == nil {
		return nil
	}
	var list []Edge
	if id, ok := v.ids[symbol]; ok {
		g := v.graph()
		for _, i := range side(g)[id] {
			e := g.edges[i]
			from, to := v.symbols[e.from].name, v.symbols[e.to].name
			if on := v.edges[e] & x.shown(from); on != 0 {
				list = append(list, Edge{From: from, To: to, Kind: e.kind, Path: e.path, Line: e.line, Platforms: x.list(on)})
			}
		}
	}
	for _, t := range x.told {
		if end(t) == symbol && slices.Contains(t.Versions, version) {
			platforms := t.Platforms
			if platforms == nil {
				platforms = x.list(x.base)
			}
			list = append(list, Edge{From: t.From, To: t.To, Kind: ToldEdge, Platforms: platforms, Reason: t.Reason})
		}
	}
	return list
}

// Path returns the shortest way from one symbol to another in the version of that
// name on one platform, over edges that keep accepts, or nil if there is none. Of
// several, it is the one whose edges come first in the source.
func (x *Index) Path(version, from, to string, on Platform, keep func(Edge) bool) []Edge {
	via := map[string]Edge{}
	seen := map[string]bool{from: true}
	for queue := []string{from}; len(queue) > 0 && !seen[to]; queue = queue[1:] {
		for _, e := range x.Callees(version, queue[0]) {
			if !seen[e.To] && slices.Contains(e.Platforms, on) && keep(e) {
				seen[e.To] = true
				via[e.To] = e
				queue = append(queue, e.To)
			}
		}
	}
	if from == to || !seen[to] {
		return nil
	}
	var list []Edge
	for at := to; at != from; at = via[at].From {
		list = append(list, via[at])
	}
	slices.Reverse(list)
	return list
}
