// Package trace observes, in a program that runs, which function calls which, in what
// order and on which thread, up to main.main.
package trace

import "beforemain/tools/boot/process"

// ErrPlatform says that the tracer runs on linux/amd64 only.
var ErrPlatform = process.ErrPlatform

// A Kind is how a function was entered.
type Kind string

const (
	Call    Kind = "call"    // by a call
	Jump    Kind = "jump"    // by a jump: a tail call, a new goroutine, the program's entry
	Inlined Kind = "inlined" // not at all: its instructions are part of the caller's; told once a thread for each place
)

// An Event is the entry of a function. Names are the book's, and a function and the
// wrapper that gives it another ABI are one.
type Event struct {
	Symbol string
	Caller string // the function that calls it in the source; empty for the first of all
	Kind   Kind
	Thread int    // 0 is the thread that the program began on
	G      string // g0, gsignal, or g and the goroutine's number; empty where there is none yet, or it is not known
	Addr   uint64 // in the file
	Steps  int64  // instructions that the thread ran before; 0 where they were not counted
}

// A Thread says where a thread came from.
type Thread struct {
	Creator int // the thread that made it; -1 for thread 0
	After   int // events that there were then, on all threads
}

// A Result is what was observed from the first instruction to the one that begins
// main.main, whose entry is the last event of thread 0.
type Result struct {
	Events  []Event  // in the order in which they were seen
	Threads []Thread // by number
}

// A Counted is what single steps observed.
type Counted struct {
	Result
	Steps []int64 // instructions by thread
}

// Config says how a program is observed.
type Config struct {
	Env []string // all of the program's environment
	// First, for tests, observes only the first entry of each function and instance, which
	// is ten times faster.
	First bool
	// Fixed, for a comparison with gdb, takes away the chance that the kernel brings in:
	// random addresses, and random bytes, by which Go since 1.26 chooses where the heap is.
	// Count always does.
	Fixed bool
}

// stop is the function whose entry ends the observation.
const stop = "main.main"

// frozen is the function whose thread is not resumed: sysmon would interrupt the threads
// that the observation slows down.
const frozen = "runtime.sysmon"

// First returns the first entry of each function on each thread: for thread 0 a total
// order; between threads the order holds for this one run only.
func (r *Result) First() []Event {
	type key struct {
		thread int
		symbol string
	}
	seen := map[key]bool{}
	var list []Event
	for _, e := range r.Events {
		k := key{e.Thread, e.Symbol}
		if !seen[k] {
			seen[k] = true
			list = append(list, e)
		}
	}
	return list
}

// OnThread returns the events of one thread.
func OnThread(events []Event, thread int) []Event {
	var list []Event
	for _, e := range events {
		if e.Thread == thread {
			list = append(list, e)
		}
	}
	return list
}
