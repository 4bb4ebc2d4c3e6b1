package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"beforemain/extractor"
	"beforemain/tools/need"
	"beforemain/tools/pdf"
)

// TestPDF prints the newest version in each language and holds the files to what a reader
// may expect of them.
func TestPDF(t *testing.T) {
	_, err := pdf.FindChromium()
	for _, program := range []string{"pdftotext", "pdffonts", "qpdf"} {
		if _, perr := exec.LookPath(program); err == nil {
			err = perr
		}
	}
	if err == nil && !need.Required("pdf") {
		err = fmt.Errorf("it takes minutes: set BOOK_REQUIRE=pdf")
	}
	need.That(t, "pdf", err)
	root := filepath.Join("..", "..")
	book, err := extractor.ReadBook(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	var words bytes.Buffer
	for _, lang := range book.Languages {
		printPDF(t, &words, "-C", root, "pdf", "--lang", lang, "--out", out)
	}
	said := regexp.MustCompile(`(\d+) symbols`).FindSubmatch(words.Bytes())
	if said == nil {
		t.Fatalf("the command does not say how many symbols there are: %s", words.Bytes())
	}
	symbols, _ := strconv.Atoi(string(said[1]))
	sentinels := map[string][]string{
		"zh": {"前言：在 main 之前", "调度器的初始化", "runtime·rt0_go", "术语", "符号索引"},
		"en": {"Before main", "runtime·rt0_go", "func schedinit()", "Glossary", "Index of symbols"},
	}
	for _, lang := range book.Languages {
		t.Run(lang, func(t *testing.T) {
			checkPDF(t, filepath.Join(out, "before-main-"+book.Newest().Name+"-"+lang+".pdf"), book, symbols, sentinels[lang])
		})
	}
}

// printPDF runs the command, and holds it to what it may take: 1.2 GB, and 60 seconds on
// two processors, which are counted as their work since the machine may have other.
func printPDF(t *testing.T, words *bytes.Buffer, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "book", args...)
	cmd.Stdout, cmd.Stderr = words, words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var m meter
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		m.watch(cmd.Process.Pid, done)
		close(stopped)
	}()
	err := cmd.Wait()
	close(done)
	<-stopped
	if err != nil {
		t.Fatalf("book %q: %v: %s", args, err, words.Bytes())
	}
	if runtime.GOOS != "linux" {
		return // where else to read it from is not known
	}
	t.Logf("%q: %.0f MB at most, %.0f s of processors", args, float64(m.peak)/1e6, m.seconds())
	if m.peak > 1.2e9 || m.peak < 1e8 {
		t.Errorf("it took %d bytes", m.peak)
	}
	if s := m.seconds(); s > 120 {
		t.Errorf("processors worked %.0f seconds", s)
	}
}

// checkPDF checks a file that shows so many symbols and holds the sentinels.
func checkPDF(t *testing.T, name string, book *extractor.Book, want int, sentinels []string) {
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > 15e6 {
		t.Errorf("%d bytes", len(file))
	}
	doc, err := pdf.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.PageCount(); n < 200 || n > 700 {
		t.Errorf("%d pages", n)
	}
	outline, err := doc.Outline()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(book.ChapterSlugs()) + len(book.Parts); len(outline) < n {
		t.Errorf("%d entries in the outline, want at least %d", len(outline), n)
	}
	symbols := 0
	for _, s := range book.Spine() {
		if slices.Contains(outline, s) {
			symbols++
		}
	}
	if symbols != want || want == 0 {
		t.Errorf("the outline names %d symbols, want %d", symbols, want)
	}
	places, err := doc.Destinations()
	if err != nil {
		t.Fatal(err)
	}
	for _, start := range slices.Concat(partIDs(book), []string{"listings", "index"}) {
		if places[start]%2 != 1 {
			t.Errorf("%s begins on page %d, not on a right one", start, places[start])
		}
	}
	inside, dangling, err := doc.Links()
	if err != nil || inside < 1000 || len(dangling) > 0 {
		t.Errorf("%d links, dangling %q, %v", inside, dangling, err)
	}
	if boxes, err := doc.Unprintable(); err != nil || len(boxes) > 0 {
		t.Errorf("empty boxes by page: %v, %v", boxes, err)
	}
	text := output(t, "pdftotext", name, "-")
	if slices.ContainsFunc(outline, doubled) {
		t.Errorf("a title of the outline stands twice in itself: %q", outline)
	}
	for _, s := range sentinels {
		if !strings.Contains(text, s) {
			t.Errorf("the text does not hold %q", s)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(output(t, "pdffonts", name)), "\n")[2:] {
		if f := strings.Fields(line); f[len(f)-5] != "yes" {
			t.Errorf("not embedded: %s", line)
		}
	}
	if got := output(t, "qpdf", "--check", name); !strings.Contains(got, "No syntax or stream encoding errors") {
		t.Errorf("qpdf: %s", got)
	}
	checkEdges(t, output(t, "pdftotext", "-bbox", name, "-"))
}

// partIDs are the places of the parts.
func partIDs(book *extractor.Book) []string {
	var ids []string
	for i := range book.Parts {
		ids = append(ids, fmt.Sprintf("part-%d", i+1))
	}
	return ids
}

// doubled reports whether a title is a word said twice, which is how Chromium's outline
// shows a heading that it painted on two pages.
func doubled(title string) bool {
	half := len(title) / 2
	return len(title) > 2 && title[:half] == title[half:]
}

// checkEdges looks for words that reach beyond the margins of their page.
func checkEdges(t *testing.T, boxes string) {
	page := 0
	width := 0.0
	attribute := regexp.MustCompile(`(width|xMin|xMax)="([\d.-]+)"`)
	for _, line := range strings.Split(boxes, "\n") {
		values := map[string]float64{}
		for _, m := range attribute.FindAllStringSubmatch(line, -1) {
			values[m[1]], _ = strconv.ParseFloat(m[2], 64)
		}
		switch {
		case strings.Contains(line, "<page "):
			page, width = page+1, values["width"]
		case strings.Contains(line, "<word ") && (values["xMax"] > width-46 || values["xMin"] < 46):
			t.Errorf("page %d, %.0f points wide: beyond the margin: %s", page, width, strings.TrimSpace(line))
		}
	}
}

func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	var out, words bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v: %s", program, err, words.Bytes())
	}
	return out.String()
}
