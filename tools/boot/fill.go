package boot

import (
	"cmp"
	"slices"
	"strings"

	"beforemain/tools/boot/record"
	"beforemain/tools/boot/trace"
)

// fill makes the record of the first of several runs; the others say what varies.
func fill(r *record.Record, runs []*trace.Result, evidence record.Evidence) {
	r.Runs = len(runs)
	var orders [][]string
	for _, run := range runs {
		var order []string
		for _, e := range trace.OnThread(run.First(), 0) {
			order = append(order, e.Symbol)
		}
		orders = append(orders, order)
	}
	steady := map[string]bool{}
	for _, s := range record.Common(orders...) {
		steady[s] = true
	}
	run := runs[0]
	seqs := map[[2]int]int{} // thread and number of its event → step
	for thread := range run.Threads {
		n := 0
		seen := map[string]bool{}
		for _, e := range trace.OnThread(run.Events, thread) {
			n++
			if told(e) && !seen[e.Symbol] {
				seen[e.Symbol] = true
				r.Steps = append(r.Steps, record.Step{
					Seq: len(r.Steps) + 1, Symbol: e.Symbol, Thread: thread, G: e.G, Caller: e.Caller,
					Inlined: e.Kind == trace.Inlined, Varies: thread == 0 && !steady[e.Symbol], Evidence: evidence,
				})
			}
			seqs[[2]int{thread, n}] = len(r.Steps)
		}
	}
	for no, t := range run.Threads {
		after := 0
		if t.Creator >= 0 {
			before := trace.OnThread(run.Events[:t.After], t.Creator)
			after = seqs[[2]int{t.Creator, len(before)}]
		}
		r.Threads = append(r.Threads, record.Thread{Thread: no, Creator: t.Creator, After: after})
	}
	r.Edges = edges(trace.OnThread(run.Events, 0))
}

// told says whether an entry is worth a step. Of inlined instances those on thread 0 are,
// as the tracer does not see all on the others, and those of the runtime itself: the rest
// are atomic operations and the like, mostly single instructions.
func told(e trace.Event) bool {
	return e.Kind != trace.Inlined || e.Thread == 0 && strings.HasPrefix(e.Symbol, "runtime.")
}

// edges counts the calls, sorted.
func edges(events []trace.Event) []record.Edge {
	type edge struct{ from, to string }
	times := map[edge]int{}
	for _, e := range events {
		if e.Kind != trace.Inlined && e.Caller != "" {
			times[edge{e.Caller, e.Symbol}]++
		}
	}
	var list []record.Edge
	for e, n := range times {
		list = append(list, record.Edge{From: e.from, To: e.to, Count: n})
	}
	slices.SortFunc(list, func(a, b record.Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}

// count adds the instructions of thread 0.
func count(r *record.Record, c *trace.Counted) {
	r.Instructions = c.Steps[0]
	before := map[string]int64{}
	for _, e := range trace.OnThread(c.First(), 0) {
		before[e.Symbol] = e.Steps
	}
	for i := range r.Steps {
		if s := &r.Steps[i]; s.Thread == 0 {
			s.Insn = before[s.Symbol]
		}
	}
}
