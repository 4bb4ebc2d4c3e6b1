//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"beforemain/extractor/source"
	"beforemain/tools/hugo"
	"beforemain/tools/need"
	"beforemain/tools/need/cost"
)

// BenchmarkBook builds the whole book with the real program, side by side with what it is
// measured against: Hugo alone on the same finished pages, and a copy of the finished
// site, which is the floor. Each is the median of its runs; -benchtime 3x makes three.
//
//	cold-s   sources cached, nothing derived
//	warm-s   all that is derived is kept, no output; warm/hugo is the budget's ratio
//	index-s  only the indexes are kept, no output
//	again-s  nothing changed
//	hugo-s   Hugo alone, one run for all versions
//	copy-s   cp -r of the site
//	peak-MB  the most memory that one of the builds had
func BenchmarkBook(b *testing.B) {
	a, basis := realBook(b, 0)
	root, err := a.root()
	if err != nil {
		b.Fatal(err)
	}
	user, err := os.UserCacheDir()
	if err != nil {
		b.Fatal(err)
	}
	program := buildProgram(b)
	cache := b.TempDir()
	if err := os.CopyFS(filepath.Join(cache, "source.git"), os.DirFS(filepath.Join(user, "before-main", "source.git"))); err != nil {
		need.Sources(b, err)
	}
	tree := b.TempDir()
	result := join(b, basis)
	for _, v := range result.Versions {
		t, err := result.Tree(v)
		if err == nil {
			_, err = t.Update(tree)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	out := filepath.Join(b.TempDir(), "site")
	var peak int64
	seconds := map[string][]float64{}
	timed := func(name string, f func()) {
		start, used := time.Now(), cost.Processor(b)
		f()
		seconds[name+"-s"] = append(seconds[name+"-s"], time.Since(start).Seconds())
		if name == "hugo" {
			seconds["hugo-cpu-s"] = append(seconds["hugo-cpu-s"], (cost.Processor(b) - used).Seconds())
		}
	}
	build := func(name string) {
		timed(name, func() {
			cmd := exec.CommandContext(b.Context(), program, "build", "-C", root, "--cache", cache, "--source", source.RouteCache, "--out", out)
			p, most := runWatched(b, cmd)
			seconds[name+"-cpu-s"] = append(seconds[name+"-cpu-s"], (p.UserTime() + p.SystemTime()).Seconds())
			peak = max(peak, most)
		})
	}
	remove := func(dir string) {
		if err := os.RemoveAll(dir); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		remove(filepath.Join(cache, indexDir))
		remove(filepath.Join(cache, pagesDir))
		remove(out)
		build("cold")
		build("again")
		remove(out)
		build("warm")
		remove(out)
		remove(filepath.Join(cache, pagesDir))
		build("index")
		timed("hugo", func() {
			site := hugo.Site{Root: root, Tree: tree, Scratch: b.TempDir(), Publish: b.TempDir(), BaseURL: result.Book.BaseURL, Log: io.Discard}
			if err := site.Build(result.Book, result.Versions); err != nil {
				b.Fatal(err)
			}
		})
		timed("copy", func() {
			if text, err := exec.CommandContext(b.Context(), "cp", "-r", out, b.TempDir()).CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, text)
			}
		})
	}
	for name, list := range seconds {
		b.ReportMetric(median(list), name)
	}
	b.ReportMetric(median(seconds["warm-s"])/median(seconds["hugo-s"]), "warm/hugo")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
	b.ReportMetric(0, "ns/op")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
