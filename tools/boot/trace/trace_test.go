package trace

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
