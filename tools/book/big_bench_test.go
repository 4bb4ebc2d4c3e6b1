//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"beforemain/tools/need"
	"beforemain/tools/need/cost"
)

// bigVersions is how many versions a big book has: as many as this one.
const bigVersions = 11

// BenchmarkBig builds books of ever more symbols, each in eleven versions and two
// languages. The time for a page should stay what it is, and the memory grow with the
// pages of a version at most. BOOK_REQUIRE=slow makes the largest 200,000 pages.
func BenchmarkBig(b *testing.B) {
	sizes := []int{50, 200, 1000}
	if need.Required("slow") {
		sizes = append(sizes, 4000, 9100)
	}
	program := buildProgram(b)
	for _, n := range sizes {
		pages := float64(2 * bigVersions * n)
		b.Run(strconv.Itoa(2*bigVersions*n), func(b *testing.B) {
			root, cache := bigBook(b, n)
			var last *os.ProcessState
			var peak int64
			for b.Loop() {
				cmd := exec.CommandContext(b.Context(), program, "build", "-C", root, "--cache", cache, "--out", filepath.Join(b.TempDir(), "site"))
				last, peak = runWatched(b, cmd)
			}
			b.ReportMetric(1000*b.Elapsed().Seconds()/float64(b.N)/pages, "ms/page")
			b.ReportMetric(1000*(last.UserTime()+last.SystemTime()).Seconds()/pages, "cpu-ms/page")
			b.ReportMetric(float64(peak)/1e6, "peak-MB")
		})
	}
}

// runWatched runs a command and returns how it ended and its peak of memory.
func runWatched(b *testing.B, cmd *exec.Cmd) (*os.ProcessState, int64) {
	b.Helper()
	var words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &words, &words
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	peak := cost.Watch(cmd.Process)
	err := cmd.Wait()
	most := peak()
	if err != nil {
		b.Fatalf("%v: %s", err, words.Bytes())
	}
	return cmd.ProcessState, most
}

// buildProgram compiles this command.
func buildProgram(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "book")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return program
}

// bigBook makes a book about n functions, five hundred a chapter and a file, each of
// which calls the one before, and fetches its sources. Every hundredth differs from one
// version to the next.
func bigBook(b *testing.B, n int) (root, cache string) {
	b.Helper()
	const perChapter, perFile = 500, 500
	files, versions := map[string]string{}, map[string]string{}
	for version := range bigVersions {
		v := fmt.Sprintf("v%d", version)
		versions[v] = fmt.Sprintf("v1.%d.0", version)
		files[v+"/go.mod"] = "module example.com/big\n"
		var text strings.Builder
		for i := range n {
			if i%perFile == 0 {
				text.Reset()
				text.WriteString("package big\n")
			}
			was := max(i-1, 0)
			result := "n + 1"
			if i%100 == 0 {
				result = fmt.Sprintf("n + %d", version)
			}
			fmt.Fprintf(&text, "\n// F%06d is a step of a long way.\nfunc F%06d(n int) int {\n\tif n > %d {\n\t\treturn F%06d(n - 1)\n\t}\n\treturn %s\n}\n", i, i, i, was, result)
			if i%perFile == perFile-1 || i == n-1 {
				files[fmt.Sprintf("%s/src/big/f%04d.go", v, i/perFile)] = text.String()
			}
		}
	}
	var toml strings.Builder
	toml.WriteString(`title     = { zh = "大书", en = "A big book" }
tagline   = { zh = "许多符号", en = "Many symbols" }
base_url  = "https://big.example/"
languages = ["zh", "en"]
[source]
module         = "example.com/big"
module_version = "{tag}"
upstream       = "https://example.com/big/{tag}/{path}#L{start}"
paths          = ["src"]
suffixes       = [".go"]
packages       = ["big"]
[platforms]
all = ["linux/amd64"]
`)
	for version := range bigVersions {
		fmt.Fprintf(&toml, "[[version]]\nname = \"v1.%d\"\ntag = \"v1.%d.0\"\n", version, version)
	}
	toml.WriteString("[[part]]\ntitle = { zh = \"全部\", en = \"All of it\" }\n")
	for i := 0; i < n; i += perChapter {
		slug := fmt.Sprintf("chapter-%d", i/perChapter+1)
		fmt.Fprintf(&toml, "[[part.chapter]]\nslug = %q\nsymbols = [", slug)
		for j := i; j < min(i+perChapter, n); j++ {
			fmt.Fprintf(&toml, "\"big.F%06d\", ", j)
		}
		toml.WriteString("]\n")
		for _, lang := range []string{"zh", "en"} {
			files["site/content/"+lang+"/boot/"+slug+".md"] = fmt.Sprintf("---\ntitle: \"%s\"\nlede: \"%d\"\n---\n\n%d\n", slug, i, i)
		}
	}
	for _, lang := range []string{"zh", "en"} {
		files["site/content/"+lang+"/home.md"] = "---\ntitle: \"Big\"\nlede: \"Long\"\n---\n\nBig.\n"
	}
	files["annotations/book.toml"] = toml.String()
	files["annotations/glossary.toml"] = ""
	return fetchedBook(b, files, "example.com/big", versions)
}
