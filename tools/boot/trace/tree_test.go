package trace

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// main calls f, f jumps to g, g returns; main calls h, whose stack is too small at first.
func TestTree(t *testing.T) {
	tr := newTree()
	enter := func(symbol string, sp uint64, steps int) {
		tr.enter(Event{Symbol: symbol}, symbol, 1, sp)
		for range steps {
			tr.step(0)
		}
	}
	enter("main", 0x1000, 2)
	enter("f", 0xff0, 3)
	enter("g", 0xff0, 4) // by a jump: nothing is pushed
	tr.leave(0, 1, 0xff8)
	tr.step(0)
	enter("h", 0xff0, 1)
	enter("morestack", 0xfe8, 5)
	tr.again(0, "h", 1, 0x8ff0) // the stack is elsewhere now
	tr.step(0)
	enter("k", 0x8fe0, 6)
	tr.leave(0, 1, 0x8ff8)
	tr.step(0)

	type row struct {
		Symbol      string
		Depth       int
		Self, Total int64
	}
	var got []row
	for _, n := range tr.finish() {
		got = append(got, row{n.Symbol, n.Depth, n.Self, n.Total})
	}
	want := []row{
		{"main", 0, 4, 24}, {"f", 1, 3, 3}, {"g", 1, 4, 4}, {"h", 1, 2, 13}, {"morestack", 2, 5, 5}, {"k", 2, 6, 6},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

func TestFirst(t *testing.T) {
	r := &Result{Events: []Event{
		{Symbol: "a"}, {Symbol: "b", Thread: 1}, {Symbol: "a", Caller: "b"}, {Symbol: "a", Thread: 1}, {Symbol: "b", Thread: 1},
	}}
	want := []Event{{Symbol: "a"}, {Symbol: "b", Thread: 1}, {Symbol: "a", Thread: 1}}
	if diff := cmp.Diff(want, r.First()); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	if got := OnThread(r.Events, 1); len(got) != 3 {
		t.Errorf("thread 1: %v", got)
	}
}
