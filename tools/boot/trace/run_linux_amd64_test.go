package trace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/need"
)

func open(t testing.TB, path string) *image.Image {
	t.Helper()
	m, err := image.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// way is the part of the way that all releases and all machines have in common.
var way = []string{
	"_rt0_amd64_linux", "_rt0_amd64", "runtime.rt0_go", "runtime.settls", "runtime.check", "runtime.args", "runtime.sysargs",
	"runtime.sysauxv", "runtime.osinit", "runtime.schedinit", "runtime.moduledataverify", "runtime.stackinit",
	"runtime.mallocinit", "runtime.modulesinit", "runtime.typelinksinit", "runtime.itabsinit", "runtime.sigsave",
	"runtime.goargs", "runtime.goenvs", "runtime.gcinit", "runtime.procresize", "runtime.newproc", "runtime.newproc1",
	"runtime.runqput", "runtime.mstart", "runtime.mstart0", "runtime.mstart1", "runtime.asminit", "runtime.minit",
	"runtime.mstartm0", "runtime.schedule", "runtime.execute", "runtime.gogo", "runtime.gogo<>", "runtime.main",
	"runtime.newm", "runtime.gcenable", "main.main",
}

// lines are the first entries on thread 0, one a line.
func lines(r *Result) []string {
	var list []string
	for _, e := range OnThread(r.First(), 0) {
		list = append(list, fmt.Sprintf("%s %s %s <- %s", e.Kind, e.G, e.Symbol, e.Caller))
	}
	return list
}

// only keeps the first entries of these functions on thread 0.
func only(r *Result, symbols []string) []string {
	var list []string
	for _, e := range OnThread(r.First(), 0) {
		if slices.Contains(symbols, e.Symbol) {
			list = append(list, e.Symbol)
		}
	}
	return list
}

func find(t *testing.T, r *Result, symbol string) Event {
	t.Helper()
	for _, e := range r.Events {
		if e.Symbol == symbol {
			return e
		}
	}
	t.Fatalf("no %s was seen", symbol)
	return Event{}
}

// The way is gone in this order by every release, by breakpoints and by single steps,
// at fixed and at randomised addresses.
func TestWay(t *testing.T) {
	tests := []struct {
		tag   string
		flags []string
	}{{"", nil}, {"", []string{"-buildmode=pie"}}}
	for _, tag := range fixture.Tags() {
		tests = append(tests, struct {
			tag   string
			flags []string
		}{tag, nil})
	}
	for _, tt := range tests {
		t.Run(tt.tag+strings.Join(tt.flags, ""), func(t *testing.T) {
			m := open(t, fixture.Println(t, tt.tag, "amd64", tt.flags...))
			r, err := Run(t.Context(), m, Config{})
			fixture.Ptrace(t, err)
			if err != nil {
				t.Fatal(err)
			}
			check(t, r)
			first, err := Run(t.Context(), m, Config{First: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(only(r, way), only(first, way)); diff != "" {
				t.Errorf("all entries and first entries differ: %s", diff)
			}
			if tt.flags != nil || tt.tag != "" && !need.Required("slow") {
				return // single steps take some seconds
			}
			c, err := Count(t.Context(), m, Config{})
			if err != nil {
				t.Fatal(err)
			}
			check(t, &c.Result)
			if c.Steps[0] < 100_000 || c.Steps[0] > 1_000_000 {
				t.Errorf("%d instructions", c.Steps[0])
			}
		})
	}
}

func check(t *testing.T, r *Result) {
	t.Helper()
	// gostartcallfn and doInit are left out: whether they are inlined is not for here.
	want := way
	if n := slices.Index(only(r, way), "runtime.moduledataverify"); n < 0 {
		t.Errorf("an inlined function is missing")
	}
	if diff := cmp.Diff(want, only(r, way)); diff != "" {
		t.Errorf("the way (-want +got): %s", diff)
	}
	if len(r.Threads) < 2 || r.Threads[0].Creator != -1 || r.Threads[1].Creator != 0 {
		t.Errorf("threads %v", r.Threads)
	}
	for symbol, want := range map[string]Event{
		"_rt0_amd64":               {Caller: "_rt0_amd64_linux", Kind: Jump},
		"runtime.rt0_go":           {Caller: "_rt0_amd64", Kind: Jump},
		"runtime.check":            {Caller: "runtime.rt0_go", Kind: Call, G: "g0"},
		"runtime.schedinit":        {Caller: "runtime.rt0_go", Kind: Call, G: "g0"},
		"runtime.goenvs":           {Caller: "runtime.schedinit", Kind: Inlined, G: "g0"},
		"runtime.goenvs_unix":      {Caller: "runtime.goenvs", Kind: Call, G: "g0"},
		"runtime.gogo<>":           {Caller: "runtime.gogo", Kind: Jump, G: "g0"},
		"runtime.main":             {Caller: "runtime.gogo<>", Kind: Jump, G: "g1"},
		"main.main":                {Caller: "runtime.main", Kind: Call, G: "g1"},
		"runtime.moduledataverify": {Caller: "runtime.schedinit", Kind: Inlined, G: "g0"},
	} {
		got := find(t, r, symbol)
		want.Symbol, want.Addr, want.Steps = symbol, got.Addr, got.Steps
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	// The main thread may be done before the kernel lets sysmon's run at all.
	for _, e := range r.Events {
		if e.Symbol == "runtime.sysmon" && (e.Thread != 1 || e.G != "g0") {
			t.Errorf("sysmon: %+v", e)
		}
	}
	if e := r.Events[len(r.Events)-1]; e.Symbol != stop || e.Thread != 0 {
		t.Errorf("the last event is %+v", e)
	}
}

// Thread 0 goes the same way 30 times out of 30. The rest of what it does repeats too,
// but for what it does when it has to wait for another thread's lock.
func TestRepeats(t *testing.T) {
	for _, tag := range append(fixture.Tags(), "") {
		t.Run(tag, func(t *testing.T) {
			m := open(t, fixture.Println(t, tag, "amd64"))
			const runs = 30
			var first []string
			times := map[string]int{}
			for i := range runs {
				r, err := Run(t.Context(), m, Config{First: true})
				fixture.Ptrace(t, err)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(way, only(r, way)); diff != "" {
					t.Errorf("run %d: the way (-want +got): %s", i, diff)
				}
				got := lines(r)
				if i == 0 {
					first = got
				}
				for _, line := range got {
					times[line]++
				}
			}
			var varies []string
			for _, line := range first {
				if times[line] < runs {
					varies = append(varies, line)
				}
			}
			t.Logf("%d of %d entries do not happen in every run: %q", len(varies), len(first), varies)
			if len(varies)*10 > len(first) {
				t.Errorf("%d of %d entries do not happen in every run: %q", len(varies), len(first), varies)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	m := open(t, fixture.Println(t, "", "amd64"))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := Count(ctx, m, Config{})
	fixture.Ptrace(t, err)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// One number a run: what the tracer costs.
func BenchmarkRun(b *testing.B) {
	m := open(b, fixture.Println(b, "", "amd64"))
	for name, cfg := range map[string]Config{"first": {First: true}, "all": {}} {
		b.Run(name, func(b *testing.B) {
			events := 0
			for b.Loop() {
				r, err := Run(b.Context(), m, cfg)
				if err != nil {
					b.Fatal(err)
				}
				events += len(r.Events)
			}
			b.ReportMetric(float64(events)/float64(b.N), "events/op")
		})
	}
}

func BenchmarkCount(b *testing.B) {
	m := open(b, fixture.Println(b, "", "amd64"))
	var steps int64
	for b.Loop() {
		c, err := Count(b.Context(), m, Config{})
		if err != nil {
			b.Fatal(err)
		}
		steps += c.Steps[0]
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/instruction")
}
