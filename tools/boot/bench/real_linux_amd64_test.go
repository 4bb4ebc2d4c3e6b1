package bench

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"testing"

	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/machine"
	"beforemain/tools/boot/program"
	"beforemain/tools/boot/static"

	"github.com/google/go-cmp/cmp"
)

func TestRealRun(t *testing.T) {
	floor, err := program.WriteFloor("amd64", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := Config{
		Binaries: []Binary{{Program: "println", Version: "go1.99", Path: fixture.Println(t, "", "amd64")}},
		Floor:    floor, Rounds: 3, Repeats: 2, Date: "2026-11-26", Machine: machine.Describe(),
		Instructions: func(context.Context, Binary) (int64, error) { return 250_000, nil },
	}
	got, err := Run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, got)
	if len(got.Series) != 2 || got.Method.Done != 6 {
		t.Fatalf("%d series of %d rounds, want 2 of 6", len(got.Series), got.Method.Done)
	}
	least, one := got.Series[0], got.Series[1]
	// How long they take is the machine's business, and no test's.
	if least.Wall.Low <= 0 || one.Wall.Low <= 0 || one.Ratio.Value <= 0 {
		t.Errorf("the floor takes %v µs and println %v, ratio %+v", least.Wall.Median, one.Wall.Median, one.Ratio)
	}
	if least.Faults.Median < 1 || one.Faults.Median <= least.Faults.Median {
		t.Errorf("the floor has %v page faults and println %v", least.Faults.Median, one.Faults.Median)
	}
	if one.Instructions != 250_000 {
		t.Errorf("%d instructions, want the caller's 250000", one.Instructions)
	}
	for _, o := range got.Omissions {
		t.Logf("left out: %s: %s", o.What, o.Reason)
	}
	if !slices.ContainsFunc(got.Omissions, func(o Omission) bool { return o.What == "memory" }) {
		checkMemory(t, one)
	}
	if !slices.ContainsFunc(got.Omissions, func(o Omission) bool { return o.What == "marks" }) {
		checkMarks(t, one)
	}
}

// What the machine refuses is left out with the reason, and the rest is measured.
func TestRealOmissions(t *testing.T) {
	c := Config{Binaries: []Binary{{Program: "println", Version: "go1.99", Path: fixture.Println(t, "", "amd64")}}, Rounds: 1, Repeats: 1, Date: "2026-11-26", Machine: machine.Describe()}
	m := system()
	m.mark = func(Binary, uint64) (int64, bool, error) { return 0, false, errors.New("no debug registers") }
	m.memory = func(Binary, uint64) (Memory, error) { return Memory{}, errors.New("no ptrace") }
	got, err := c.run(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, got)
	want := []Omission{{"ratio", "no floor program was given"}, {"instructions", "no tracer was given that counts them"}, {"marks", "no debug registers"}, {"memory", "no ptrace"}}
	if diff := cmp.Diff(want, got.Omissions); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if one := got.Series[0]; one.Wall.N != 1 || one.Marks != nil || one.Memory != nil || one.Ratio != nil {
		t.Errorf("the series is %+v", one)
	}
}

func checkMemory(t *testing.T, s Series) {
	if m := s.Memory; m.Threads < 2 || m.Peak < 200 || m.Size < m.Peak || m.Exit < m.Peak {
		t.Errorf("println holds %+v", m)
	}
	// The size of this process, which ru_maxrss would give, is many times that.
	if s.Memory.Exit > 10_000 {
		t.Errorf("println held %d KiB", s.Memory.Exit)
	}
}

func checkMarks(t *testing.T, s Series) {
	var got []string
	for _, m := range s.Marks {
		got = append(got, m.Symbol)
		if m.At.N != 6 || m.At.Low <= 0 || m.At.High > s.Wall.High*1000 {
			t.Errorf("%s comes %+v µs after the exec", m.Symbol, m.At)
		}
	}
	if diff := cmp.Diff(Marks(), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRealFailure(t *testing.T) {
	b := Binary{Program: "false", Path: "/bin/false"}
	if _, err := os.Stat(b.Path); err != nil {
		t.Skip("no /bin/false to run")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, err := wall(b); err == nil {
		t.Error("wall: a program that fails gave no error")
	}
	if _, _, err := mark(b, 0); err == nil {
		t.Error("mark: a program that fails gave no error")
	}
	if _, err := memory(b, 0); err == nil {
		t.Error("memory: a program that fails gave no error")
	}
}

func TestParseStatus(t *testing.T) {
	got, err := parseStatus([]byte("Name:\tx\nVmPeak:\t 9 kB\nVmSize:\t   1226712 kB\nVmHWM:\t    1608 kB\nThreads:\t4\n"))
	if want := (Memory{Threads: 4, Size: 1226712, Peak: 1608}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []string{"", "Threads:\tmany\n", "Threads:\t4\n"} {
		if _, err := parseStatus([]byte(bad)); err == nil {
			t.Errorf("no error of %q", bad)
		}
	}
}

func BenchmarkOneRun(b *testing.B) {
	one := Binary{Program: "println", Version: "go1.99", Path: fixture.Println(b, "", "amd64")}
	im, err := static.Open(one.Path)
	if err != nil {
		b.Fatal(err)
	}
	main, ok := im.Find("main.main")
	if !ok {
		b.Fatal("no main.main")
	}
	kinds := map[string]func() error{
		"wall":   func() error { _, err := wall(one); return err },
		"mark":   func() error { _, _, err := mark(one, main.Start-im.Entry); return err },
		"memory": func() error { _, err := memory(one, main.Start-im.Entry); return err },
	}
	for name, f := range kinds {
		b.Run(name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for b.Loop() {
				if err := f(); err != nil {
					b.Skip(err)
				}
			}
		})
	}
}
