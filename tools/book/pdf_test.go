package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	if code := run(t.Context(), []string{"-C", root, "pdf", "--out", out}, &words, &words); code != exitFine {
		t.Fatalf("exit %d: %s", code, words.Bytes())
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
