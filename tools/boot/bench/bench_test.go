package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"beforemain/tools/boot/machine"

	"github.com/google/go-cmp/cmp"
)

// fake is a meter that notes what it ran and makes up times: the floor takes 100 µs, and
// the n-th version 100 µs more than the one before; a run of the k-th call more.
type fake struct {
	ran   []string
	after func(n int) // called after the n-th wall run
	fail  string      // the program whose runs fail
}

func (f *fake) meter() meter { return meter{wall: f.wall, faults: true} }

func (f *fake) wall(b Binary) (run, error) {
	name := strings.TrimSpace(b.Program + " " + b.Version)
	if b.Program == f.fail {
		return run{}, errors.New("it failed")
	}
	f.ran = append(f.ran, name)
	if f.after != nil {
		f.after(len(f.ran))
	}
	ns := int64(100_000)
	if b.Version != "" {
		ns += 100_000 * int64(b.Version[len(b.Version)-1]-'0')
	}
	return run{NS: ns, Faults: 10}, nil
}

// config is a run of a floor and two programs of three versions, whose files hold their
// names.
func config(t testing.TB) Config {
	dir := t.TempDir()
	file := func(name string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c := Config{Floor: file("floor"), Rounds: 8, Repeats: 2, Seed: 5, Date: "2026-11-26", State: filepath.Join(dir, "state"),
		Machine: machine.Machine{CPU: "made up", Cores: 2, OS: "linux", Arch: "amd64"}}
	for _, program := range []string{"fmt", "println"} {
		for v := 1; v <= 3; v++ {
			version := fmt.Sprintf("go1.%d", v)
			c.Binaries = append(c.Binaries, Binary{Program: program, Version: version, Path: file(program + version)})
		}
	}
	return c
}

func TestInterleaving(t *testing.T) {
	c, f := config(t), &fake{}
	if _, err := c.run(context.Background(), f.meter()); err != nil {
		t.Fatal(err)
	}
	const each = 7
	want := []string{"floor", "fmt go1.1", "fmt go1.2", "fmt go1.3", "println go1.1", "println go1.2", "println go1.3"}
	orders := map[string]bool{}
	first := map[string]int{}
	for round := range slices.Chunk(f.ran, each) {
		orders[strings.Join(round, ",")] = true
		first[round[0]]++
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(round))); diff != "" {
			t.Fatalf("a round does not run each program once (-want +got)\n%s", diff)
		}
	}
	if rounds := len(f.ran) / each; rounds != 1+16 {
		t.Errorf("%d rounds, want 16 and one to warm up", rounds)
	}
	if len(orders) < 15 || len(first) < 4 {
		t.Errorf("%d orders of 17, %d programs that came first: not at random", len(orders), len(first))
	}
	again := &fake{}
	c.State = ""
	if _, err := c.run(context.Background(), again.meter()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f.ran, again.ran); diff != "" {
		t.Errorf("the same seed gave another order (-want +got)\n%s", diff)
	}
}

// A run that is stopped anywhere, and whose file is cut anywhere, goes on to the same
// result as one that is not.
// What the machine does not allow is left out, and why is said; the rest is measured.
func TestOmissions(t *testing.T) {
	forbidden := errors.New("not allowed here")
	places := map[string]uint64{}
	for _, mark := range Marks() {
		places[mark] = 0
	}
	for name, tt := range map[string]struct {
		hit          bool
		mark, memory error
		want         []Omission
	}{
		"all is well":             {hit: true},
		"no debug register tells": {want: []Omission{{"marks", "a debug register was set at runtime.rt0_go, and was not hit"}}},
		"no ptrace":               {mark: forbidden, memory: forbidden, want: []Omission{{"marks", forbidden.Error()}, {"memory", forbidden.Error()}, {"instructions", forbidden.Error()}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{Config: Config{
				Binaries:     []Binary{{Program: "println", Version: "go1.1"}},
				Instructions: func(context.Context, Binary) (int64, error) { return 0, forbidden },
			}, places: []map[string]uint64{places}}
			b.meter.mark = func(Binary, uint64) (int64, bool, error) { return 1, tt.hit, tt.mark }
			b.meter.memory = func(Binary, uint64) (Memory, error) { return Memory{}, tt.memory }
			b.tryTracing()
			if d := cmp.Diff(tt.want, b.header.Omissions); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if tt.memory != nil && b.Instructions != nil {
				t.Error("instructions are counted where nothing may be traced")
			}
		})
	}
}

func TestResume(t *testing.T) {
	c := config(t)
	whole, err := c.run(context.Background(), (&fake{}).meter())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(c.State)
	if err != nil {
		t.Fatal(err)
	}
	for _, stop := range []int{1, 9, 40, 100} {
		t.Run(fmt.Sprintf("stopped at run %d", stop), func(t *testing.T) {
			c.State = filepath.Join(t.TempDir(), "state")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			f := &fake{after: func(n int) {
				if n == stop {
					cancel()
				}
			}}
			part, err := c.run(ctx, f.meter())
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("stopped: %v", err)
			}
			if len(f.ran) != stop {
				t.Errorf("%d runs, stopped at %d", len(f.ran), stop)
			}
			if rounds := stop/7 - 1; (part == nil) != (rounds <= 0) || part != nil && part.Method.Done != rounds {
				t.Errorf("the result of %d rounds is %+v", rounds, part)
			}
			checkResumed(t, c, whole, text)
		})
	}
	for _, size := range []int{0, 1, bytes.IndexByte(text, '\n'), bytes.IndexByte(text, '\n') + 1, len(text) / 3, len(text) / 2, len(text) - 1, len(text)} {
		t.Run(fmt.Sprintf("cut at byte %d", size), func(t *testing.T) {
			c.State = filepath.Join(t.TempDir(), "state")
			if err := os.WriteFile(c.State, text[:size], 0o666); err != nil {
				t.Fatal(err)
			}
			c.Date = "2026-12-01"
			if size <= bytes.IndexByte(text, '\n') {
				c.Date = "2026-11-26" // the header is lost, and with it the first day
			}
			checkResumed(t, c, whole, text)
		})
	}
}

// checkResumed goes on with c and compares the result and the file with the whole run's.
func checkResumed(t *testing.T, c Config, whole *Result, text []byte) {
	t.Helper()
	got, err := c.run(context.Background(), (&fake{}).meter())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole, got); diff != "" {
		t.Errorf("the result (-whole +resumed)\n%s", diff)
	}
	state, err := os.ReadFile(c.State)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(state, text) {
		t.Errorf("the state differs from the whole run's:\n%s\nwant\n%s", state, text)
	}
}

func TestRunRefuses(t *testing.T) {
	done := config(t)
	if _, err := done.run(context.Background(), (&fake{}).meter()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(done.State)
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(damaged, bytes.Replace(text, []byte(`"fact"`), []byte(`"fict"`), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		change func(*Config)
		want   string
	}{
		"nothing to run":     {func(c *Config) { c.Binaries = nil }, "no binaries"},
		"the same twice":     {func(c *Config) { c.Binaries = append(c.Binaries, c.Binaries[0]) }, "fmt go1.1 is there twice"},
		"a missing file":     {func(c *Config) { c.Binaries[0].Path += "x" }, "no such file"},
		"another seed":       {func(c *Config) { c.Seed++ }, "samples of another run"},
		"another machine":    {func(c *Config) { c.Machine.CPU = "better" }, "samples of another run"},
		"without the floor":  {func(c *Config) { c.Floor = "" }, "samples of another run"},
		"a damaged state":    {func(c *Config) { c.State = damaged }, "line 2: it does not follow"},
		"a folder for state": {func(c *Config) { c.State = t.TempDir() }, "is a directory"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := done
			c.Binaries = slices.Clone(c.Binaries)
			test.change(&c)
			_, err := c.run(context.Background(), (&fake{}).meter())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got the error %v, want one with %q", err, test.want)
			}
		})
	}
	failing := config(t)
	if _, err := failing.run(context.Background(), (&fake{fail: "fmt"}).meter()); err == nil || !strings.Contains(err.Error(), "it failed") {
		t.Errorf("a program that fails: %v", err)
	}
}

func TestProgress(t *testing.T) {
	c := config(t)
	var got []string
	c.Progress = func(p Progress) {
		if p.Left < 0 {
			t.Errorf("%v are left", p.Left)
		}
		got = append(got, fmt.Sprintf("%s %d/%d", p.Stage, p.Done, p.Total))
	}
	if _, err := c.run(context.Background(), (&fake{}).meter()); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 7 {
		want = append(want, fmt.Sprintf("facts %d/7", i))
	}
	for i := range 16 {
		want = append(want, fmt.Sprintf("rounds %d/16", i))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Whatever a state file holds, parse does not panic, and takes whole lines only.
func FuzzParse(f *testing.F) {
	c := config(f)
	c.Rounds, c.Repeats = 1, 1
	if _, err := c.run(context.Background(), (&fake{}).meter()); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(c.State)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Fuzz(func(t *testing.T, text []byte) {
		s, whole, err := parse(text)
		if err != nil {
			return
		}
		if whole > len(text) || whole > 0 && text[whole-1] != '\n' {
			t.Fatalf("%d bytes of %q are whole lines", whole, text)
		}
		if len(s.rounds) > 0 {
			summarize(s)
		}
	})
}

// A program that the terminal's Ctrl-C ended is no failure of the program.
func TestStoppedWithItsProgram(t *testing.T) {
	c := config(t)
	ctx, cancel := context.WithCancel(context.Background())
	m := (&fake{}).meter()
	m.wall = func(Binary) (run, error) {
		cancel()
		return run{}, errors.New("ended by the signal interrupt")
	}
	if _, err := c.run(ctx, m); !errors.Is(err, context.Canceled) {
		t.Errorf("got the error %v, want the context's", err)
	}
}
