// Package static reads the order of the boot's calls out of a linked Go program
// without running it: from the entry symbol through rt0_go, schedinit, mstart and
// runtime.main, the calls in the order in which they stand in the code.
//
// It is the evidence for the platforms on which the book cannot run a program, and
// what the calls that were observed on the others are held against. It
// reads ELF, Mach-O and PE programs for amd64 and arm64 as Go's own linker writes
// them from Go 1.17 on, with their symbol tables.
package static

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Config says how far Order goes.
type Config struct {
	// Follow names the functions whose bodies are read, in the book's form; nil
	// stands for Follow(). The entry, what it jumps to, and the closures that a
	// followed function hands to systemstack or mcall are followed anyway.
	Follow []string
}

// Follow returns the functions along the boot whose calls the book lists.
func Follow() []string {
	return []string{
		"main", // what the entry calls on linux/arm64 in older versions
		"runtime.rt0_go", "runtime.schedinit", "runtime.newproc",
		"runtime.mstart", "runtime.mstart0", "runtime.mstart1",
		"runtime.schedule", "runtime.execute", "runtime.gogo", "runtime.main",
	}
}

// Kind says how a step is reached.
type Kind string

// The kinds of a step.
const (
	KindEntry Kind = "entry" // the address at which the system starts the program
	KindCall  Kind = "call"  // a direct call
	KindJump  Kind = "jump"  // a tail jump: the caller's caller gets the result
	KindValue Kind = "value" // a closure handed to systemstack or mcall, which call it
	KindGo    Kind = "go"    // a function handed to newproc: a goroutine starts with it
)

// Step is the first place at which the boot reaches a function.
type Step struct {
	Symbol string
	Caller string // empty for the entry
	Depth  int    // the entry's is 0
	Kind   Kind
}

// Edge counts the direct calls and tail jumps from one function to another.
type Edge struct {
	From  string
	To    string
	Count int
}

// Order is the static order of a program's boot.
type Order struct {
	Steps []Step
	Edges []Edge // of the followed bodies; sorted
}

// Boot reads the order of the boot out of the program at path.
func Boot(path string, c Config) (*Order, error) {
	im, err := Open(path)
	if err != nil {
		return nil, err
	}
	order, err := im.Boot(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return order, nil
}

// leaves returns the function to which an instruction of another goes on.
func (im *Image) leaves(from Symbol, in inst) (Symbol, bool) {
	if in.op != opCall && in.op != opJump && in.op != opBranch {
		return Symbol{}, false
	}
	if in.op != opCall && from.holds(in.to) {
		return Symbol{}, false
	}
	return im.at(in.to)
}

// edges counts calls by caller and callee.
type edges map[[2]string]int

// add counts a call, unless it leads from one ABI's entry of a function to the other.
func (e edges) add(from, to Symbol) {
	if !twins(from, to) {
		e[[2]string{from.Name, to.Name}]++
	}
}

func (e edges) sorted() []Edge {
	keys := slices.SortedFunc(maps.Keys(e), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	out := make([]Edge, 0, len(keys))
	for _, k := range keys {
		out = append(out, Edge{From: k[0], To: k[1], Count: e[k]})
	}
	return out
}
