package boot

import (
	"cmp"
	"slices"
	"strings"

	"beforemain/tools/boot/record"
	"beforemain/tools/boot/trace"
)

// fill makes the record of the first of several runs; the others say what varies on
// thread 0.
func fill(r *record.Record, runs []*trace.Result, evidence record.Evidence) {
	r.Runs = len(runs)
	var each [][]trace.Event
	for _, run := range runs {
		each = append(each, firsts(run))
	}
	run := runs[0]
	seqs := make([]map[string]int, len(run.Threads)) // thread → symbol → step
	for thread := range run.Threads {
		events, steady := trace.OnThread(each[0], thread), map[string]bool{}
		if thread == 0 {
			events, steady = merge(each)
		}
		seqs[thread] = map[string]int{}
		for _, e := range events {
			s := record.Step{
				Seq: len(r.Steps) + 1, Symbol: e.Symbol, Thread: thread, G: e.G, Caller: e.Caller,
				Inlined: e.Kind == trace.Inlined, Varies: thread == 0 && !steady[e.Symbol], Evidence: evidence,
			}
			seqs[thread][e.Symbol] = s.Seq
			r.Steps = append(r.Steps, s)
		}
	}
	for no, t := range run.Threads {
		after := 0
		if t.Creator >= 0 {
			for _, e := range trace.OnThread(run.Events[:t.After], t.Creator) {
				after = max(after, seqs[t.Creator][e.Symbol])
			}
		}
		r.Threads = append(r.Threads, record.Thread{Thread: no, Creator: t.Creator, After: after})
	}
	r.Edges = edges(trace.OnThread(run.Events, 0))
}

// merge returns thread 0 of the first run, with what only others did put behind what it
// followed there, and the functions that all runs entered in the same order.
func merge(firsts [][]trace.Event) (events []trace.Event, steady map[string]bool) {
	var orders [][]string
	known := map[string]bool{}
	for _, first := range firsts {
		var order []string
		before := 0 // what the next one follows, in events
		for _, e := range trace.OnThread(first, 0) {
			order = append(order, e.Symbol)
			if !known[e.Symbol] {
				known[e.Symbol] = true
				events = slices.Insert(events, before, e)
			}
			before = 1 + slices.IndexFunc(events, func(x trace.Event) bool { return x.Symbol == e.Symbol })
		}
		orders = append(orders, order)
	}
	steady = map[string]bool{}
	for _, s := range record.Common(orders...) {
		steady[s] = true
	}
	return events, steady
}

// firsts returns the first of the entries on each thread that are worth a step.
func firsts(r *trace.Result) []trace.Event {
	events := slices.DeleteFunc(slices.Clone(r.Events), func(e trace.Event) bool { return !told(e) })
	return (&trace.Result{Events: events}).First()
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

// count adds the instructions of thread 0, but for steps that may be elsewhere in the run
// that was counted.
func count(r *record.Record, c *trace.Counted) {
	r.Instructions = c.Steps[0]
	before := map[string]int64{}
	for _, e := range trace.OnThread(firsts(&c.Result), 0) {
		before[e.Symbol] = e.Steps
	}
	for i := range r.Steps {
		if s := &r.Steps[i]; s.Thread == 0 && !s.Varies {
			s.Insn = before[s.Symbol]
		}
	}
}
