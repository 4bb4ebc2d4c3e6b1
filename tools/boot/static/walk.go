package static

import (
	"errors"
	"slices"
	"sort"
)

// Boot reads the order of the boot from the entry on. The error says that no function
// holds the entry.
func (im *Image) Boot(c Config) (*Order, error) {
	entry, ok := im.at(im.Entry)
	if !ok {
		return nil, errors.New("no symbol holds the entry point")
	}
	follow := c.Follow
	if follow == nil {
		follow = Follow()
	}
	w := walker{image: im, follow: follow, seen: map[string]bool{}, edges: edges{}}
	w.reach(entry, Symbol{}, 0, KindEntry)
	// The scheduler runs a new goroutine when the thread that made it is done with its
	// own start, so what was handed to newproc comes last.
	for len(w.later) > 0 {
		next := w.later[0]
		w.later = w.later[1:]
		w.reach(next.symbol, next.caller, next.depth, KindGo)
	}
	return &Order{Steps: w.steps, Edges: w.edges.sorted()}, nil
}

// walker follows the boot through the bodies of functions, depth first.
type walker struct {
	image  *Image
	follow []string
	seen   map[string]bool
	steps  []Step
	edges  edges
	later  []goroutine
}

// goroutine is a function handed to newproc.
type goroutine struct {
	symbol, caller Symbol
	depth          int
}

// reach notes the first time that the boot comes to a function, and follows its body
// if it is to be followed.
func (w *walker) reach(s, caller Symbol, depth int, kind Kind) {
	if w.seen[s.Name] {
		return
	}
	w.seen[s.Name] = true
	w.steps = append(w.steps, Step{Symbol: s.Name, Caller: caller.Name, Depth: depth, Kind: kind})
	if kind == KindEntry || kind == KindJump || kind == KindValue || slices.Contains(w.follow, s.Name) {
		w.body(s, depth, 0)
	}
}

// body goes through the calls of a function in the order of its code. Entries for the
// other calling convention (hops of them so far) are gone through as if they were one
// body with it.
func (w *walker) body(from Symbol, depth, hops int) {
	var value Symbol // the function whose address was taken last
	for _, in := range w.image.alive(from) {
		if in.op == opAddress {
			if f, ok := w.image.function(in.to); ok {
				value = f
			}
			continue
		}
		to, ok := w.image.leaves(from, in)
		if !ok || lowered(to.Name) {
			continue
		}
		if twins(from, to) {
			if hops == 0 {
				w.body(to, depth, hops+1)
			}
			continue
		}
		w.edges.add(from, to)
		kind := KindCall
		if in.op != opCall {
			kind = KindJump
		}
		w.reach(to, from, depth+1, kind)
		if value.Name == "" {
			continue
		}
		switch to.Name {
		case "runtime.systemstack", "runtime.mcall":
			w.reach(value, from, depth+1, KindValue)
		case "runtime.newproc":
			w.later = append(w.later, goroutine{value, from, depth + 1})
		}
		value = Symbol{}
	}
}

// alive returns the instructions of a function's body from which some way leads on
// that does not end in a fatal error.
func (im *Image) alive(s Symbol) []inst {
	body := im.body(s)
	doomed := make([]bool, len(body)+1) // the last is the end of the body
	// A round goes backward, so forward branches need one; each loop may need another.
	for changed := true; changed; {
		changed = false
		for i := len(body) - 1; i >= 0; i-- {
			if !doomed[i] && im.doomed(s, body, i, doomed) {
				doomed[i], changed = true, true
			}
		}
	}
	var out []inst
	for i, in := range body {
		if !doomed[i] {
			out = append(out, in)
		}
	}
	return out
}

// doomed reports whether all ways from the i-th instruction of a body end in a fatal
// error, by what is known of the instructions that follow it.
func (im *Image) doomed(s Symbol, body []inst, i int, known []bool) bool {
	in := body[i]
	switch in.op {
	case opAddress:
		return known[i+1]
	case opAway:
		return false
	case opCall:
		to, ok := im.at(in.to)
		if ok && endless(to.Name) {
			return false
		}
		return ok && fatal(to.Name) || known[i+1]
	}
	if !s.holds(in.to) {
		to, ok := im.at(in.to)
		return ok && fatal(to.Name) && (in.op == opJump || known[i+1])
	}
	target := sort.Search(len(body), func(k int) bool { return body[k].pc >= in.to })
	return known[target] && (in.op == opJump || known[i+1])
}
