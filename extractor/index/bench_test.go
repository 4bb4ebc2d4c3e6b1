//go:build unix

package index

import (
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"beforemain/extractor/source"
)

// BenchmarkVersions reads the newest 1, 2, 4 and all versions on all platforms. What each
// version after the first costs is s/version, cpu-s/version and held-B/version; the first
// has all of it.
func BenchmarkVersions(b *testing.B) {
	r := sources(b)
	s := slope{unit: "version"}
	for _, n := range []int{1, 2, 4, len(r.snapshots)} {
		s.measure(b, n, r.snapshots[len(r.snapshots)-n:], r.cfg)
	}
}

// BenchmarkPlatforms reads the newest version on the first 1, 2 and all platforms.
func BenchmarkPlatforms(b *testing.B) {
	r := sources(b)
	s := slope{unit: "platform"}
	for _, n := range []int{1, 2, len(r.cfg.Platforms)} {
		cfg := r.cfg
		cfg.Platforms, cfg.Extra = cfg.Platforms[:n], nil
		s.measure(b, n, r.snapshots[len(r.snapshots)-1:], cfg)
	}
}

// slope is what one more of something costs, over the first.
type slope struct {
	unit string
	wall time.Duration // of the first
	cpu  time.Duration // likewise, of all threads
	held uint64        // bytes that its index keeps
}

// measure reads an index of n somethings and reports what each but the first costs.
// Blobs are read from the repository beforehand.
func (s *slope) measure(b *testing.B, n int, snapshots []*source.Snapshot, cfg Config) {
	b.Run(strconv.Itoa(n), func(b *testing.B) {
		if _, _, err := New(snapshots, cfg); err != nil {
			b.Fatal(err)
		}
		before, start := heap(), processor(b)
		var x *Index
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if x, _, err = New(snapshots, cfg); err != nil {
				b.Fatal(err)
			}
		}
		runs := time.Duration(b.N)
		now := slope{s.unit, b.Elapsed() / runs, (processor(b) - start) / runs, max(heap(), before) - before}
		runtime.KeepAlive(x)
		first, more := *s, float64(n-1)
		if n == 1 {
			first, more = slope{}, 1
			*s = now
		}
		b.ReportMetric((now.wall-first.wall).Seconds()/more, "s/"+s.unit)
		b.ReportMetric((now.cpu-first.cpu).Seconds()/more, "cpu-s/"+s.unit)
		b.ReportMetric((float64(now.held)-float64(first.held))/more, "held-B/"+s.unit)
	})
}

// heap returns the bytes in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// processor returns the time that the process has had on processors: unlike the clock, it
// does not depend on what else the machine does.
func processor(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
