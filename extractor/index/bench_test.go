//go:build unix

package index

import (
	"strconv"
	"testing"

	"beforemain/extractor/source"
	"beforemain/tools/need/cost"
)

// BenchmarkVersions reads the newest 1, 3, 6 and all versions on all platforms, and
// reports what each version after the first costs.
func BenchmarkVersions(b *testing.B) {
	r := sources(b)
	s := cost.Slope{Unit: "version"}
	for _, n := range []int{1, 3, 6, len(r.snapshots)} {
		measure(b, &s, n, r.snapshots[len(r.snapshots)-n:], r.cfg)
	}
}

// BenchmarkPlatforms reads the newest version on the first 1, 3 and all platforms.
func BenchmarkPlatforms(b *testing.B) {
	r := sources(b)
	s := cost.Slope{Unit: "platform"}
	for _, n := range []int{1, 3, len(r.cfg.Platforms)} {
		cfg := r.cfg
		cfg.Platforms, cfg.Extra = cfg.Platforms[:n], nil
		measure(b, &s, n, r.snapshots[len(r.snapshots)-1:], cfg)
	}
}

// measure reads an index of n somethings. Blobs are read from the repository beforehand.
func measure(b *testing.B, s *cost.Slope, n int, snapshots []*source.Snapshot, cfg Config) {
	b.Run(strconv.Itoa(n), func(b *testing.B) {
		read := func() any {
			x, _, err := New(snapshots, cfg)
			if err != nil {
				b.Fatal(err)
			}
			return x
		}
		read()
		s.Measure(b, n, read)
	})
}

func BenchmarkNew(b *testing.B) {
	r := sources(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := New(r.snapshots, r.cfg); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReferences(b *testing.B) {
	r, x := realIndex(b)
	for b.Loop() {
		for _, v := range x.Versions() {
			for _, symbol := range r.book.spine() {
				for _, s := range x.Slices(v.Name, symbol) {
					x.References(s)
				}
			}
		}
	}
}
