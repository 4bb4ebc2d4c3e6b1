package static

import "slices"

// Reason says how a call that was observed stands in the code.
type Reason string

// The reasons, the best first.
const (
	ReasonCall  Reason = "call"  // the caller calls it directly, or jumps to it
	ReasonJump  Reason = "jump"  // the caller calls one that goes on there by tail jumps
	ReasonValue Reason = "value" // its address is taken somewhere: a closure, a function in a table, what the kernel starts
	ReasonNone  Reason = ""      // it does not: the observation or the reading is wrong
)

// Graph is what is known of a program's calls without running it.
type Graph struct {
	calls  map[string][]string // callees by caller, tail jumps too
	jumps  map[string][]string // the tail jumps alone
	values map[string]bool
}

// Graph reads the calls of all functions. The name of the caller at an address comes
// from caller, which may know what was inlined there; nil stands for the function that
// holds the address.
func (im *Image) Graph(caller func(pc uint64) string) *Graph {
	g := &Graph{calls: map[string][]string{}, jumps: map[string][]string{}, values: map[string]bool{}}
	for _, from := range im.symbols {
		for _, in := range im.body(from) {
			if in.op == opAddress {
				if f, ok := im.function(in.to); ok {
					g.values[f.Name] = true
				}
				continue
			}
			to, ok := im.leaves(from, in)
			if !ok || twins(from, to) {
				continue
			}
			name := from.Name
			if caller != nil {
				name = caller(in.pc)
			}
			g.calls[name] = insert(g.calls[name], to.Name)
			if in.op != opCall {
				g.jumps[from.Name] = insert(g.jumps[from.Name], to.Name)
			}
		}
	}
	im.words(g.values)
	return g
}

// insert adds a name to a sorted list without repetition.
func insert(names []string, name string) []string {
	i, ok := slices.BinarySearch(names, name)
	if ok {
		return names
	}
	return slices.Insert(names, i, name)
}

// words adds the functions whose addresses stand in the data, but for the table of
// lines: up to Go 1.17 it has the address of every function.
func (im *Image) words(to map[string]bool) {
	for _, s := range im.segments {
		if s.code {
			continue
		}
		for off := uint64(0); off+8 <= uint64(len(s.data)); off += 8 {
			if im.lines.holds(s.addr + off) {
				continue
			}
			start := im.word(s.addr + off)
			if f, ok := im.at(start); ok && f.Start == start {
				to[f.Name] = true
			}
		}
	}
}

// Explain returns how a call from one function to another stands in the code.
func (g *Graph) Explain(from, to string) Reason {
	if _, ok := slices.BinarySearch(g.calls[from], to); ok {
		return ReasonCall
	}
	seen := map[string]bool{}
	next := slices.Concat(g.calls[from], g.jumps[from])
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		if name == to {
			return ReasonJump
		}
		if !seen[name] {
			seen[name] = true
			next = append(next, g.jumps[name]...)
		}
	}
	if g.values[to] {
		return ReasonValue
	}
	return ReasonNone
}

// allEdges returns every direct call and tail jump of the program, also the ones that
// only the compiler knows of (see lowered), sorted.
func (im *Image) allEdges() []Edge {
	count := edges{}
	for _, from := range im.symbols {
		for _, in := range im.body(from) {
			if to, ok := im.leaves(from, in); ok {
				count.add(from, to)
			}
		}
	}
	return count.sorted()
}
