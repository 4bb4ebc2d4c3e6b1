package static

import (
	"context"
	"testing"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/trace"
)

// Every call that a real boot makes stands in the code.
func TestObservedCalls(t *testing.T) {
	for _, tag := range append([]string{""}, fixture.Tags()...) {
		t.Run(tag, func(t *testing.T) { checkObserved(t, fixture.Println(t, tag, "amd64")) })
	}
}

func checkObserved(t *testing.T, path string) {
	elf, err := image.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	observed, err := trace.Run(context.Background(), elf, trace.Config{})
	fixture.Need(t, "ptrace", err)
	im, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	graph := im.Graph(elf.Caller)
	count := map[Reason]int{}
	seen := map[[2]string]bool{}
	for _, e := range observed.Events {
		edge := [2]string{e.Caller, e.Symbol}
		if e.Kind == trace.Inlined || e.Caller == "" || seen[edge] {
			continue
		}
		seen[edge] = true
		reason := graph.Explain(e.Caller, e.Symbol)
		count[reason]++
		if reason == ReasonNone {
			t.Errorf("%s was seen to reach %s (%s), which does not stand in the code", e.Caller, e.Symbol, e.Kind)
		}
	}
	if count[ReasonCall] < 300 {
		t.Errorf("only %d of the calls are direct: %v", count[ReasonCall], count)
	}
	t.Logf("calls by reason: %v; %d functions of %d have their address taken", count, len(graph.values), len(im.symbols))
}
