package emulate

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/trace"
	"beforemain/tools/need"
)

func TestParse(t *testing.T) {
	tests := []struct {
		line   string
		thread int
		pc     uint64
		ok     bool
	}{
		{"Trace 0: 0x7f587c000100 [0000000001009331/0000000000086760/00000001/00000201] _rt0_arm64_linux", 0, 0x86760, true},
		{"Trace 13: 0x7f587c000100 [0000000000000000/0000000000401000/00000001/00000201] ", 13, 0x401000, true},
		{"Linking TBs 0x7f", 0, 0, false},
		{"Trace 0: 0x7f587c000100 [0000000001009331/00000000", 0, 0, false},
		{"Trace -1: 0x0 [0/1/2/3] x", 0, 0, false},
		{"Trace x: 0x0 [0/1/2/3] x", 0, 0, false},
		{"", 0, 0, false},
	}
	for _, tt := range tests {
		thread, pc, ok := parse([]byte(tt.line))
		if ok != tt.ok || ok && (thread != tt.thread || pc != tt.pc) {
			t.Errorf("%s: got %d, %#x, %v", tt.line, thread, pc, ok)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Trace 0: 0x7f587c000100 [0000000001009331/0000000000086760/00000001/00000201] _rt0_arm64_linux"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if thread, _, ok := parse(line); ok && (thread < 0 || thread > 1<<12) {
			t.Errorf("thread %d", thread)
		}
	})
}

func TestOption(t *testing.T) {
	for version, want := range map[string]string{
		"qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\n": "-singlestep",
		"qemu-aarch64 version 8.0.4\n":                                 "-singlestep",
		"qemu-aarch64 version 8.1.0\n":                                 "-one-insn-per-tb",
		"qemu-aarch64 version 10.0.0\n":                                "-one-insn-per-tb",
		"something else":                                               "",
	} {
		if got, err := option(version); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", version, got, err)
		}
	}
}

func TestFind(t *testing.T) {
	if path, err := Find("mips"); err == nil {
		t.Errorf("found %s", path)
	}
}

// The way that thread 0 goes on arm64.
var way = []string{
	"_rt0_arm64_linux", "runtime.rt0_go", "runtime.check", "runtime.args", "runtime.sysargs", "runtime.sysauxv",
	"runtime.osinit", "runtime.schedinit", "runtime.moduledataverify", "runtime.mallocinit", "runtime.modulesinit",
	"runtime.goargs", "runtime.goenvs", "runtime.gcinit", "runtime.procresize", "runtime.newproc", "runtime.newproc1",
	"runtime.mstart", "runtime.mstart1", "runtime.schedule", "runtime.gogo", "runtime.gogo<>", "runtime.main",
	"runtime.newm", "runtime.gcenable", "main.main",
}

func emulator(t testing.TB, goarch string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("QEMU's user mode runs on Linux only")
	}
	_, err := Find(goarch)
	need.That(t, "qemu", err)
}

func first(r *trace.Result, of []string) []string {
	var list []string
	for _, e := range trace.OnThread(r.First(), 0) {
		if slices.Contains(of, e.Symbol) {
			list = append(list, e.Symbol)
		}
	}
	return list
}

func TestRun(t *testing.T) {
	emulator(t, "arm64")
	for _, tag := range append(fixture.Tags(), "") {
		t.Run(tag, func(t *testing.T) {
			m, err := image.Open(fixture.Println(t, tag, "arm64"))
			if err != nil {
				t.Fatal(err)
			}
			c, err := Run(t.Context(), m, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(way, first(&c.Result, way)); diff != "" {
				t.Errorf("the way (-want +got): %s", diff)
			}
			for _, e := range c.Events {
				if e.Symbol == "runtime.sigtramp" {
					t.Errorf("a signal came, though sysmon sleeps")
					break
				}
			}
			// It may not have come as far when the program ends; further it does not go.
			for i, e := range trace.OnThread(c.Events, 1) {
				if e.Symbol == "runtime.sysmon" && i != len(trace.OnThread(c.Events, 1))-1 {
					t.Errorf("thread 1 went on behind %+v", e)
				}
			}
			if len(c.Threads) < 2 || c.Threads[0].Creator != -1 || c.Threads[1].Creator != 0 {
				t.Errorf("threads %v", c.Threads)
			}
			if at := c.Threads[1].After; c.Events[at-1].Symbol != "runtime.clone" {
				t.Errorf("thread 1 came after %+v", c.Events[at-1])
			}
			if c.Steps[0] < 50_000 || c.Steps[0] > 1_000_000 {
				t.Errorf("%d instructions", c.Steps[0])
			}
			for _, e := range c.Events {
				if e.Symbol == "runtime.goenvs_unix" && (e.Caller != "runtime.goenvs" || e.Kind != trace.Call) {
					t.Errorf("got %+v", e)
				}
				if e.Symbol == "main.main" && e.Caller != "runtime.main" {
					t.Errorf("got %+v", e)
				}
			}
		})
	}
}

func TestCancel(t *testing.T) {
	emulator(t, "arm64")
	m, err := image.Open(fixture.Println(t, "", "arm64"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Run(ctx, m, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestEarlyEnd(t *testing.T) {
	m, err := image.Open(fixture.Println(t, "", "arm64"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = read(m, strings.NewReader(fmt.Sprintf("Trace 0: 0x1 [0/%x/0/0] x\n", m.Entry)))
	if err == nil || !strings.Contains(err.Error(), "ended before main.main") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkRun(b *testing.B) {
	emulator(b, "arm64")
	m, err := image.Open(fixture.Println(b, "", "arm64"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Run(b.Context(), m, nil); err != nil {
			b.Fatal(err)
		}
	}
}
