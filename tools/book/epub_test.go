package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"beforemain/extractor/measure"
	"beforemain/tools/need"
)

// epubcheck returns the command line of the W3C's checker. On Debian the program of that
// name is a Java archive, which not every kernel runs by itself.
func epubcheck() ([]string, error) {
	name, err := exec.LookPath("epubcheck")
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 2)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "PK" {
		return []string{name}, err
	}
	java, err := exec.LookPath("java")
	return []string{java, "-jar", name}, err
}

// TestRealEpub writes the newest version of this repository's book in every language, and
// asks the checker, whose warnings count, and our own eyes for links and for text.
func TestRealEpub(t *testing.T) {
	checker, err := epubcheck()
	need.That(t, "epub", err)
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(filepath.Join(cache, "before-main"))
	need.Sources(t, err)
	out := t.TempDir()
	var stderr bytes.Buffer
	if code := run(context.Background(), []string{"-C", "../..", "--source", "cache", "epub", "--out", out}, io.Discard, &stderr); code != exitFine {
		t.Fatalf("book epub: exit code %d\n%s", code, &stderr)
	}
	t.Logf("%s", &stderr)
	sentinels := map[string]map[string]string{
		"zh": {"home": "main 之前", "boot/schedinit": "调度器的初始化", "boot/glossary": `id="term-g0"`, "boot/colophon": "go1.27", "symbols/runtime.schedinit": "谁调用它", "symbols": "runtime.rt0_go"},
		"en": {"home": "Before main", "boot/schedinit": "preparing the scheduler", "boot/glossary": `id="term-g0"`, "boot/colophon": "go1.27", "symbols/runtime.schedinit": "Called by", "symbols": "runtime.rt0_go"},
	}
	for lang, words := range sentinels {
		files, err := filepath.Glob(filepath.Join(out, "*-"+lang+".epub"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: files %q, %v", lang, files, err)
		}
		report, err := exec.Command(checker[0], append(checker[1:], "--failonwarnings", files[0])...).CombinedOutput()
		if err != nil {
			t.Errorf("epubcheck of %s: %v\n%s", lang, err, report)
		}
		pages, err := epubPages(files[0])
		if err != nil {
			t.Fatal(err)
		}
		for name, word := range words {
			if !strings.Contains(string(pages["EPUB/"+name+".xhtml"].text), word) {
				t.Errorf("%s: %s does not say %q", lang, name, word)
			}
		}
		links := 0
		for name, p := range pages {
			for _, href := range p.links {
				u, err := url.Parse(href)
				if err != nil {
					t.Errorf("%s: %s links %s: %v", lang, name, href, err)
					continue
				}
				if u.Scheme != "" {
					continue
				}
				links++
				to := name
				if u.Path != "" {
					to = path.Join(path.Dir(name), u.Path)
				}
				if there, ok := pages[to]; !ok || u.Fragment != "" && !there.ids[u.Fragment] {
					t.Errorf("%s: %s links %s, which is not there", lang, name, href)
				}
			}
		}
		if links < 5000 {
			t.Errorf("%s: %d links within the book", lang, links)
		}
		t.Logf("%s: %d pages, %d links within", lang, len(pages), links)
	}
}

func TestNewestRecord(t *testing.T) {
	day := func(s string) *measure.Trace { return &measure.Trace{Date: s} }
	for _, c := range []struct {
		name string
		set  *measure.Set
		want string
	}{
		{"nothing measured", nil, "0001-01-01"},
		{"no record", &measure.Set{}, "0001-01-01"},
		{"traces", &measure.Set{Traces: []*measure.Trace{day("2026-02-01"), day("2026-11-26"), day("2025-12-31")}}, "2026-11-26"},
		{"a benchmark", &measure.Set{Traces: []*measure.Trace{day("2026-02-01")}, Benches: []*measure.Bench{{Date: "2026-03-01"}}}, "2026-03-01"},
		{"no date", &measure.Set{Traces: []*measure.Trace{day("soon"), day("2026-02-01")}}, "2026-02-01"},
	} {
		if got := newestRecord(c.set).Format("2006-01-02"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

type epubPage struct {
	text  []byte
	ids   map[string]bool
	links []string
}

// epubPages reads the pages of an e-book, by their names in it.
func epubPages(name string) (pages map[string]epubPage, err error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	pages = map[string]epubPage{}
	for _, f := range z.File {
		if path.Ext(f.Name) != ".xhtml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		p := epubPage{ids: map[string]bool{}}
		if p.text, err = io.ReadAll(r); err != nil {
			return nil, err
		}
		root, err := html.Parse(bytes.NewReader(p.text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				switch a.Key {
				case "id":
					p.ids[a.Val] = true
				case "href":
					if n.Data == "a" {
						p.links = append(p.links, a.Val)
					}
				}
			}
		}
		pages[f.Name] = p
	}
	return pages, nil
}
