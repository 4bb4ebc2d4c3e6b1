package static

import (
	"context"
	"testing"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/trace"
	"beforemain/tools/need"
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
	need.That(t, "ptrace", err)
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

// The static order of a function's calls is the one in which a real boot makes them, but
// for one: in newer versions schedinit calls gogetenv twice, the first time only where
// GODEBUG could not be read early, which Linux can.
func TestObservedOrder(t *testing.T) {
	for _, tag := range append([]string{""}, fixture.Tags()...) {
		t.Run(tag, func(t *testing.T) {
			path := fixture.Println(t, tag, "amd64")
			elf, err := image.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			observed, err := trace.Run(context.Background(), elf, trace.Config{})
			need.That(t, "ptrace", err)
			order, err := Boot(path, Config{})
			if err != nil {
				t.Fatal(err)
			}
			at := map[[2]string]int{} // by caller and callee
			for i, e := range trace.OnThread(observed.Events, 0) {
				edge := [2]string{e.Caller, e.Symbol}
				if _, ok := at[edge]; !ok && e.Kind != trace.Inlined {
					at[edge] = i
				}
			}
			steps, moved := 0, 0
			for _, caller := range []string{"runtime.rt0_go", "runtime.schedinit", "runtime.main"} {
				var when []int
				for _, s := range order.Steps {
					if i, ok := at[[2]string{caller, s.Symbol}]; ok && s.Caller == caller {
						when = append(when, i)
					}
				}
				steps += len(when)
				moved += len(when) - rising(when)
			}
			t.Logf("%d of %d steps are out of the observed order", moved, steps)
			if steps < 20 || moved > 1 {
				t.Errorf("%d of %d steps are out of the observed order", moved, steps)
			}
		})
	}
}

// rising returns how many numbers are left at most when all that stand out of order are
// taken away.
func rising(numbers []int) int {
	best := 0
	upTo := make([]int, len(numbers))
	for i, n := range numbers {
		for k := range i {
			if numbers[k] < n {
				upTo[i] = max(upTo[i], upTo[k])
			}
		}
		upTo[i]++
		best = max(best, upTo[i])
	}
	return best
}
