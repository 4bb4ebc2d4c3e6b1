package boot

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"beforemain/extractor"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/machine"
	"beforemain/tools/boot/record"
	"beforemain/tools/boot/trace"
	"beforemain/tools/need"
)

// data is site/data/boot of this book.
const data = "../../site/data/boot"

func TestFill(t *testing.T) {
	run := func(last string) *trace.Result {
		return &trace.Result{
			Events: []trace.Event{
				{Symbol: "entry", Kind: trace.Jump},
				{Symbol: "runtime.a", Caller: "entry", Kind: trace.Call, G: "g0"},
				{Symbol: "runtime.b", Caller: "runtime.a", Kind: trace.Inlined, G: "g0"},
				{Symbol: "runtime.b", Caller: "clone", Kind: trace.Inlined, Thread: 1},
				{Symbol: "runtime.a", Caller: "entry", Kind: trace.Call, G: "g0"},
				{Symbol: "runtime.a", Caller: "clone", Kind: trace.Call, Thread: 1},
				{Symbol: "x.f", Caller: "runtime.a", Kind: trace.Inlined, G: "g0"}, // untold, but called later
				{Symbol: "x.f", Caller: "entry", Kind: trace.Call, G: "g0"},
				{Symbol: last, Caller: "entry", Kind: trace.Call, G: "g1"},
			},
			Threads: []trace.Thread{{Creator: -1}, {Creator: 0, After: 3}},
		}
	}
	r := &record.Record{}
	fill(r, []*trace.Result{run("x"), run("y")}, record.Run)
	want := &record.Record{
		Runs: 2,
		Steps: []record.Step{
			{Seq: 1, Symbol: "entry", Evidence: record.Run},
			{Seq: 2, Symbol: "runtime.a", Caller: "entry", G: "g0", Evidence: record.Run},
			{Seq: 3, Symbol: "runtime.b", Caller: "runtime.a", G: "g0", Inlined: true, Evidence: record.Run},
			{Seq: 4, Symbol: "x.f", Caller: "entry", G: "g0", Evidence: record.Run},
			{Seq: 5, Symbol: "y", Caller: "entry", G: "g1", Varies: true, Evidence: record.Run},
			{Seq: 6, Symbol: "x", Caller: "entry", G: "g1", Varies: true, Evidence: record.Run},
			{Seq: 7, Symbol: "runtime.a", Thread: 1, Caller: "clone", Evidence: record.Run},
		},
		Threads: []record.Thread{{Creator: -1}, {Thread: 1, After: 3}},
		Edges:   []record.Edge{{From: "entry", To: "runtime.a", Count: 2}, {From: "entry", To: "x", Count: 1}, {From: "entry", To: "x.f", Count: 1}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	count(r, &trace.Counted{
		Result: trace.Result{Events: []trace.Event{{Symbol: "runtime.a", Steps: 7}, {Symbol: "runtime.a", Steps: 9}, {Symbol: "runtime.a", Thread: 1, Steps: 3}}},
		Steps:  []int64{11, 4},
	})
	if r.Instructions != 11 || r.Steps[1].Insn != 7 || r.Steps[6].Insn != 0 {
		t.Errorf("counted: %+v", r)
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	want := &record.Record{Schema: record.Schema, Version: "go1.27", GOOS: "linux", GOARCH: "arm64", Steps: []record.Step{}, Threads: []record.Thread{}, Edges: []record.Edge{}}
	if err := Save(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := Load(os.DirFS(dir), &record.Record{Version: "go1.27", GOOS: "linux", GOARCH: "arm64"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	list, err := fs.Glob(os.DirFS(dir), "trace/*/*")
	if err != nil || !slices.Equal(list, []string{"trace/linux-arm64/go1.27.json"}) {
		t.Errorf("files %v, %v", list, err)
	}
}

func TestSkipped(t *testing.T) {
	skipped, err := Trace(t.Context(), TraceConfig{Tags: []string{"go1.17.99"}, Platforms: []string{"linux/amd64"}, Offline: true}, nil)
	if err != nil || len(skipped) != 1 || !strings.HasPrefix(skipped[0].String(), "go1.17.99: the toolchain go1.17.99 is not installed") {
		t.Errorf("got %v, %v", skipped, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Trace(ctx, TraceConfig{Tags: []string{"go1.17.99"}, Platforms: []string{"linux/amd64"}, Offline: true}, nil); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// local is the tag of the Go that runs the test.
func local(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// A record that was just made holds, and one with two steps exchanged does not.
func TestTraceAndVerify(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("this test runs programs under ptrace on linux/amd64")
	}
	cfg := TraceConfig{
		Tags: []string{local(t)}, Platforms: []string{"linux/amd64", "darwin/arm64"}, Offline: true, Runs: 3, NoCount: true,
		Timed: []string{"runtime.schedinit", "main.main"}, Rounds: 3, Machine: machine.Describe(), Date: "2026-11-26",
	}
	var said []string
	cfg.Progress = func(s string) { said = append(said, s) }
	// A program that inherits this would call sigInitIgnored.
	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	dir := t.TempDir()
	var made []*record.Record
	skipped, err := Trace(t.Context(), cfg, func(r *record.Record) error {
		made = append(made, r)
		return Save(dir, r)
	})
	if len(skipped) > 0 {
		fixture.Ptrace(t, skipped[0].Reason)
	}
	if err != nil || len(skipped) > 0 || len(made) != 2 || len(said) < 5 {
		t.Fatalf("%d records, %v, %v, said %q", len(made), skipped, err, said)
	}
	for _, r := range made {
		valid(t, r)
	}
	if made[0].Missing == nil && made[0].Steps[len(made[0].OnThread(0))-1].US == 0 {
		t.Errorf("main.main is not timed, and the record does not say why")
	}
	if slices.ContainsFunc(made[0].Steps, func(s record.Step) bool { return s.Symbol == "runtime.sigInitIgnored" }) {
		t.Error("the program inherited that a signal is ignored")
	}
	if !signal.Ignored(syscall.SIGHUP) {
		t.Error("SIGHUP is not ignored any more")
	}
	spine := []string{"runtime.check", "runtime.schedinit", "runtime.newproc", "runtime.main", "main.main"}
	verdicts, skipped, err := Verify(t.Context(), cfg, os.DirFS(dir), spine...)
	if err != nil || len(skipped) > 0 || len(verdicts) != 2 {
		t.Fatalf("%v, %v, %v", verdicts, skipped, err)
	}
	for _, v := range verdicts {
		if len(v.Differences) > 0 {
			t.Errorf("%s %s: %s", v.Tag, v.Platform, record.Report(v.Differences))
		}
	}
	// Now a record that is wrong.
	r := made[0]
	i := slices.IndexFunc(r.Steps, func(s record.Step) bool { return s.Symbol == "runtime.check" })
	j := slices.IndexFunc(r.Steps, func(s record.Step) bool { return s.Symbol == "runtime.schedinit" })
	r.Steps[i].Symbol, r.Steps[j].Symbol = r.Steps[j].Symbol, r.Steps[i].Symbol
	if err := Save(dir, r); err != nil {
		t.Fatal(err)
	}
	cfg.Platforms = cfg.Platforms[:1]
	verdicts, _, err = Verify(t.Context(), cfg, os.DirFS(dir), spine...)
	if err != nil || len(verdicts) != 1 || len(verdicts[0].Differences) != 1 {
		t.Errorf("a wrong record: %v, %v", verdicts, err)
	}
}

func valid(t *testing.T, r *record.Record) {
	t.Helper()
	var out bytes.Buffer
	if _, err := r.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(record.JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile("schema.json").Validate(value); err != nil {
		t.Errorf("%s: %v", Path(r), err)
	}
}

func book(t *testing.T) *extractor.Book {
	t.Helper()
	b, err := extractor.ReadBook(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every release that the book covers has its records: valid, of the pinned tag, with the
// way to main.main in them, and not too large in all.
func TestCommitted(t *testing.T) {
	b := book(t)
	size := int64(0)
	for _, platform := range b.Platforms.All {
		goos, goarch, _ := strings.Cut(platform, "/")
		for _, v := range b.Versions {
			at := &record.Record{GOOS: goos, GOARCH: goarch, Version: v.Name}
			r, err := Load(os.DirFS(data), at)
			if err != nil {
				t.Error(err)
				continue
			}
			valid(t, r)
			if r.Tag != v.Tag || r.Version != v.Name || r.GOOS != goos || r.GOARCH != goarch {
				t.Errorf("%s is of %s on %s/%s", Path(at), r.Tag, r.GOOS, r.GOARCH)
			}
			checkSteps(t, r)
			info, err := os.Stat(data + "/" + Path(r))
			if err != nil {
				t.Fatal(err)
			}
			size += info.Size()
		}
	}
	if size > 3_000_000 {
		t.Errorf("the records are %d bytes in all", size)
	}
}

func checkSteps(t *testing.T, r *record.Record) {
	t.Helper()
	want := []string{"runtime.rt0_go", "runtime.check", "runtime.osinit", "runtime.schedinit", "runtime.newproc", "runtime.mstart", "runtime.main", "main.main"}
	var got []string
	for i, s := range r.Steps {
		if s.Seq != i+1 {
			t.Errorf("%s: step %d has seq %d", Path(r), i+1, s.Seq)
		}
		if s.Thread == 0 && slices.Contains(want, s.Symbol) {
			got = append(got, s.Symbol)
		}
	}
	if r.Steps[0].Evidence == record.Static {
		// What goroutines do is read after what starts them.
		slices.Sort(want)
		slices.Sort(got)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: (-want +got): %s", Path(r), diff)
	}
}

// The committed order of the book's spine is what this machine observes.
func TestCommittedHolds(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("this test runs programs under ptrace on linux/amd64")
	}
	tags := fixture.Tags()
	spine := append([]string{"main.main"}, book(t).Spine()...)
	cfg := TraceConfig{Tags: tags, Platforms: []string{"linux/amd64"}, Offline: true, Runs: 3}
	verdicts, skipped, err := Verify(t.Context(), cfg, os.DirFS(data), spine...)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verdicts {
		if len(v.Differences) > 0 {
			t.Errorf("%s: %s", v.Tag, record.Report(v.Differences))
		}
	}
	for _, s := range skipped {
		fixture.Ptrace(t, s.Reason)
		need.That(t, "toolchains", s.Reason)
	}
}
