//go:build unix

// Package cost measures what a benchmark takes beyond what package testing tells: the
// time on processors, the bytes that are kept, and what one more of something adds.
package cost

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Processor returns the time that this process has had on processors, in all threads:
// unlike the clock, it does not depend on what else the machine does.
func Processor(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Heap returns the bytes in use.
func Heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Watch returns a function that says the most bytes of memory that a process has had, as
// often as it is looked at while the process runs: what the system says after its end
// may be the parent's, from before it began. It is 0 where there is no /proc.
func Watch(process *os.Process) (peak func() int64) {
	var most int64
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Pid)); err == nil {
				if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
					if number := strings.Fields(after); len(number) > 0 {
						if kb, err := strconv.ParseInt(number[0], 10, 64); err == nil {
							most = max(most, kb<<10)
						}
					}
				}
			}
			select {
			case <-ended:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		close(ended)
		<-gone
		return most
	}
}

// Slope is what one more of something costs, over the first. Its zero value, with a
// unit, is ready.
type Slope struct {
	Unit string // in the names of the metrics: s/version

	cpu, wall time.Duration // of the first
	held      float64       // bytes that its result keeps
	first     int           // how many the first were
}

// Measure runs f, which handles n somethings and returns its result, as often as the
// benchmark asks for, and reports seconds, seconds on processors and kept bytes: of the
// first measurement each, of the later ones what each something more adds.
func (s *Slope) Measure(b *testing.B, n int, f func() any) {
	b.ReportAllocs()
	before, start := Heap(), Processor(b)
	var result any
	for b.Loop() {
		result = f()
	}
	runs := time.Duration(b.N)
	cpu, wall := (Processor(b)-start)/runs, b.Elapsed()/runs
	held := float64(max(Heap(), before) - before)
	runtime.KeepAlive(result)
	more := float64(n)
	if s.first == 0 {
		defer func() { *s = Slope{s.Unit, cpu, wall, held, n} }()
	} else {
		more = float64(n - s.first)
	}
	b.ReportMetric((wall-s.wall).Seconds()/more, "s/"+s.Unit)
	b.ReportMetric((cpu-s.cpu).Seconds()/more, "cpu-s/"+s.Unit)
	b.ReportMetric((held-s.held)/more, "held-B/"+s.Unit)
}
