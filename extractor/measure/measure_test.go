package measure

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var files = fstest.MapFS{
	"data/trace/linux-amd64/v1.json": {Data: []byte(`{"schema":1,"version":"v1","tag":"v1.2","goos":"linux","goarch":"amd64","program":"p",
		"machine":{"cpu":"X","cores":2,"kernel":"Linux 6","os":"linux","arch":"amd64","virtual":"yes"},"date":"2026-01-02","runs":10,"instructions":12,
		"threads":[{"thread":0,"creator":-1,"after":0},{"thread":1,"creator":0,"after":2}],
		"steps":[{"seq":1,"symbol":"_start","thread":0,"evidence":"run","us":1.5},{"seq":2,"symbol":"p.f","thread":0,"g":"g0","caller":"_start","inlined":true,"evidence":"run","insn":3},
			{"seq":3,"symbol":"p.g","thread":1,"varies":true,"evidence":"run"}],
		"edges":[{"from":"_start","to":"p.f","count":2}]}`)},
	"data/bench/x.json": {Data: []byte(`{"schema":1,"machine":{"cpu":"X"},"date":"2026-01-02","method":{"rounds":200,"repeats":3,"done":600,"confidence":0.95},
		"series":[{"program":"floor","version":"","bytes":1,"wall":{"n":600,"median":170,"q1":1,"q3":2,"low":3,"high":4}},
			{"program":"p","version":"v1","bytes":2,"wall":{"median":850},"ratio":{"value":5,"low":4,"high":6},"faults":{"median":113},"marks":[{"symbol":"p.f","at":{"median":9},"step":{"median":8}}],"instructions":7,"memory":{"threads":4,"size":1,"peak":2,"exit":3}}],
		"pairs":[],"ranks":[],"omissions":[]}`)},
	"data/trace/linux-amd64/broken.json": {Data: []byte(`{"steps": 1}`)},
	"data/README.md":                     {Data: []byte("no data")},
}

func TestRead(t *testing.T) {
	set, problems := Read(files, "data")
	if len(problems) != 1 || problems[0].Code != "N109" || problems[0].Pos.Filename != "data/trace/linux-amd64/broken.json" {
		t.Errorf("problems: %v", problems)
	}
	tr := set.Trace("v1", "linux/amd64")
	if tr == nil || set.Trace("v2", "linux/amd64") != nil || set.Trace("v1", "linux/arm64") != nil {
		t.Fatalf("traces: %v", set.Traces)
	}
	want := []Step{
		{Seq: 1, Symbol: "_start", Evidence: Run, US: 1.5},
		{Seq: 2, Symbol: "p.f", G: "g0", Caller: "_start", Inlined: true, Evidence: Run, Insn: 3},
	}
	if d := cmp.Diff(want, tr.OnThread(0)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Thread{{0, -1, 0}, {1, 0, 2}}, tr.Threads); d != "" {
		t.Error(d)
	}
	b := set.Benches[0]
	if d := cmp.Diff([]string{"floor", "p"}, b.Programs()); d != "" {
		t.Error(d)
	}
	s := b.Of("p")[0]
	if len(b.Of("p")) != 1 || s.Ratio.Value != 5 || s.Faults.Median != 113 || s.Marks[0].Step.Median != 8 || s.Memory.Exit != 3 || b.Method.Repeats != 3 {
		t.Errorf("%+v", s)
	}
}

func TestReadNothing(t *testing.T) {
	for _, dir := range []string{"", "absent"} {
		if set, problems := Read(files, dir); len(problems) > 0 || len(set.Traces)+len(set.Benches) > 0 {
			t.Errorf("%q: %v, %v", dir, set, problems)
		}
	}
}

// TestReadMisplaced: a trace in the place of another is no trace of either.
func TestReadMisplaced(t *testing.T) {
	text := files["data/trace/linux-amd64/v1.json"]
	fix := []string{"fix: move it to data/trace/linux-amd64/v1.json, or measure it again"}
	for name, ok := range map[string]bool{
		"linux-amd64/v1.json":   true,
		"linux-amd64/v2.json":   false,
		"linux-arm64/v1.json":   false,
		"linux-amd64/a/v1.json": false,
		"v1.json":               false,
	} {
		set, problems := Read(fstest.MapFS{"data/trace/" + name: text}, "data")
		if ok {
			if len(set.Traces) != 1 || len(problems) > 0 {
				t.Errorf("%s: %v", name, problems)
			}
			continue
		}
		want := "data/trace/" + name + ":1:1: error: N109 says that it is v1 on linux/amd64, which its name does not"
		if len(set.Traces) > 0 || len(problems) != 1 || problems[0].String() != want || !slices.Equal(problems[0].Related, fix) {
			t.Errorf("%s: %d traces, %v, want %s %q", name, len(set.Traces), problems, want, fix)
		}
	}
}
