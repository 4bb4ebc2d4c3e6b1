package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"beforemain/tools/need"
)

func TestServe(t *testing.T) {
	root, cache := smallBook(t)
	s := startServing(t, root, cache)

	t.Log("a note")
	s.edit(editedNote, "Counting begins", "Reckoning begins")
	s.has(symbolPage, "Reckoning begins")
	s.has(tickPage, "Reckoning begins")
	t.Log("a new note in a new folder")
	s.write("annotations/new/tick.md", "---\nsymbol: clock.tick\n---\n\n## beat\n\n```anchor\nat:       return n + 1\nreviewed: v1.2.0\n```\n\n### en A beat\n\nIt counts.\n")
	s.has("/en/symbols/clock.tick/", "It counts.")
	t.Log("a folder less")
	if err := os.RemoveAll(s.file("annotations/new")); err != nil {
		t.Fatal(err)
	}
	s.lacks("/en/symbols/clock.tick/", "It counts.")
	t.Log("a chapter, and its title, which every page shows")
	s.edit("site/content/en/boot/tick.md", "From v2 on", "Since v2")
	s.has(tickPage, "Since v2")
	s.edit("site/content/en/boot/tick.md", `"A beat"`, `"One beat"`)
	s.has(symbolPage, "One beat")
	t.Log("the theme, and the book")
	s.edit("themes/margin/i18n/en.toml", "Skip to the text", "Skip to it")
	s.has(symbolPage, "Skip to it")
	s.edit("annotations/book.toml", "A small book", "A little book")
	s.has(symbolPage, "A little book")
	s.write("site/static/new.txt", "static")
	s.has("/new.txt", "static")

	t.Log("a mistake, in the middle of it another, and the mending")
	s.edit(editedNote, "at:       n := tick(read())", "at:       n := tick(reed())")
	s.has(symbolPage, banner)
	body := s.get(symbolPage)
	for _, want := range []string{editedNote + ":15:11: error: N101 anchor not found in v2", "tick(reed())", "fix: ", "Reckoning begins"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page with a mistake lacks %q:\n%s", want, body)
		}
	}
	if !strings.Contains(s.stderr.String(), editedNote+":15:11: error: N101") {
		t.Errorf("the terminal shows no mistake:\n%s", s.stderr.String())
	}
	s.edit(editedNote, "Reckoning begins", "Numbering begins")
	s.edit(editedNote, "tick(reed())", "tick(read())")
	s.lacks(symbolPage, banner)
	s.has(symbolPage, "Numbering begins")

	t.Log("what was renewed piece by piece is what a build makes")
	out := filepath.Join(t.TempDir(), "out")
	var stderr bytes.Buffer
	if code := run(context.Background(), []string{"build", "-C", root, "--cache", cache, "--versions", "v2", "--base-url", s.url, "--out", out}, io.Discard, &stderr); code != exitFine {
		t.Fatal(stderr.String())
	}
	script := regexp.MustCompile(`<link rel="stylesheet" href="/_serve/.*?</script>`)
	err := filepath.WalkDir(out, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		want, err := os.ReadFile(name)
		rel, _ := filepath.Rel(out, name)
		got := script.ReplaceAllString(s.get("/"+filepath.ToSlash(rel)), "")
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (-build +serve):\n%s", rel, d)
		}
		if bytes.Contains(want, []byte("_serve")) {
			t.Errorf("%s: a published page knows of serve", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	if code := s.stop(); code != exitFine {
		t.Errorf("Ctrl-C: exit %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "serve-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := os.Stat(filepath.Join(root, "site", "public")); err == nil {
		t.Error("serve wrote site/public")
	}
}

// An open page is told that it is old: at once if it is, else as soon as it is.
func TestServeNews(t *testing.T) {
	root, cache := smallBook(t)
	s := startServing(t, root, cache)
	at := func() string {
		m := regexp.MustCompile(`<script src="/_serve/reload.js" data-at="([^"]+)" defer></script>`).FindStringSubmatch(s.get(symbolPage))
		if m == nil {
			t.Fatal("no script in the page")
		}
		return m[1]
	}
	first := at()
	edited := make(chan struct{})
	time.AfterFunc(100*time.Millisecond, func() {
		defer close(edited)
		s.edit(editedNote, "Counting begins", "Reckoning begins")
	})
	for _, name := range []string{"an edit after", "an edit before"} {
		resp, err := http.Get(s.url + "_serve/news?at=" + first)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(text), "data: renewed\n\n") || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	<-edited
	if now := at(); now == first {
		t.Errorf("the page still shows %s", now)
	}
	for _, name := range []string{"reload.js", "serve.css"} {
		if resp, body := s.ask("GET", "/_serve/"+name, ""); resp.StatusCode != 200 || body == "" {
			t.Errorf("%s: %s", name, resp.Status)
		}
	}
}

// Nothing that is in the book's folder, or not, ends the server; the last good page stays.
func TestServeSurvives(t *testing.T) {
	root, cache := smallBook(t)
	s := startServing(t, root, cache)
	write := func(text string) func(string) error {
		return func(name string) error { return os.WriteFile(name, []byte(text), 0o666) }
	}
	folder := func(name string) error {
		if err := os.Remove(name); err != nil {
			return err
		}
		return os.Mkdir(name, 0o777)
	}
	for _, c := range []struct {
		name, file string
		harm       func(string) error
		want       string
	}{
		{"half a note", editedNote, write("---\nsymbol: clock.St"), editedNote + ":1:1: error: N109"},
		{"no UTF-8", editedNote, write("---\nsymbol: clock.Start\n---\n\xff\xfe"), "not UTF-8"},
		{"markup", editedNote, write("---\nsymbol: <script>alert(1)</script>\n---\n"), "&lt;script&gt;"},
		{"folder for a chapter", "site/content/en/boot/tick.md", folder, "site/content/en/boot/tick.md:1:1: error: N109"},
		{"broken book.toml", "annotations/book.toml", write("title = ["), "annotations/book.toml:1: "},
		{"no book.toml", "annotations/book.toml", os.Remove, "annotations/book.toml"},
		{"folder for book.toml", "annotations/book.toml", folder, "annotations/book.toml"},
		{"no annotations", "annotations", os.RemoveAll, "annotations/book.toml"},
		{"broken glossary", "annotations/glossary.toml", write("[[term"), "annotations/glossary.toml:1:1: error: N109"},
		{"broken lock", "annotations/sources.lock", write("x"), "annotations/sources.lock:1: "},
		{"broken hugo.toml", "site/hugo.toml", write("[["), "site/hugo.toml"},
		{"broken layout", "themes/margin/layouts/_partials/bar.html", write("{{ if }}"), "themes/margin/layouts/_partials/bar.html:1:1"},
		{"layout gone", "themes/margin/layouts/_partials/bar.html", os.Remove, "bar.html"},
		{"layouts gone", "themes/margin/layouts", os.RemoveAll, "found no layout file"},
		{"style sheet gone", "themes/margin/assets/css/bar.css", os.Remove, "styles.html"},
		{"words gone", "themes/margin/i18n/en.toml", os.Remove, "themes/margin/i18n/en.toml:1:1: error: N109"},
		{"theme gone", "themes", os.RemoveAll, "themes/margin/i18n/en.toml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.tb = t
			saved := filepath.Join(t.TempDir(), "saved")
			if err := copyAll(s.file(c.file), saved); err != nil {
				t.Fatal(err)
			}
			if err := c.harm(s.file(c.file)); err != nil {
				t.Fatal(err)
			}
			s.has(symbolPage, banner)
			s.has(symbolPage, c.want) // a folder goes file by file: another mistake may come first
			if body := s.get(symbolPage); !strings.Contains(body, "Counting begins") {
				t.Errorf("not the last good page:\n%s", body)
			}
			if err := os.RemoveAll(s.file(c.file)); err != nil {
				t.Fatal(err)
			}
			if err := copyAll(saved, s.file(c.file)); err != nil {
				t.Fatal(err)
			}
			s.lacks(symbolPage, banner)
		})
	}
	s.tb = t
	s.edit(editedNote, "Counting begins", "Reckoning begins")
	s.has(symbolPage, "Reckoning begins")
}

// A book that is wrong from the start is served as soon as it is mended.
func TestServeStartsWithMistakes(t *testing.T) {
	root, cache := smallBook(t)
	name := filepath.Join(root, filepath.FromSlash(editedNote))
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("nothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	s := startServing(t, root, cache)
	resp, body := s.ask("GET", symbolPage, "")
	if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, banner) || !strings.Contains(body, "N109") {
		t.Errorf("%s\n%s", resp.Status, body)
	}
	s.write(editedNote, string(good))
	s.has(symbolPage, "Counting begins")
}

func TestServeRefuses(t *testing.T) {
	root, cache := smallBook(t)
	if err := os.Symlink("/etc", filepath.Join(root, "site", "static", "etc")); err != nil {
		t.Skipf("no symbolic links: %v", err)
	}
	s := startServing(t, root, cache)
	port := strings.TrimSuffix(s.url[strings.LastIndex(s.url, ":")+1:], "/")
	for _, c := range []struct {
		method, path, host string
		status             int
	}{
		{"GET", symbolPage, "", 200},
		{"HEAD", symbolPage, "", 200},
		{"GET", symbolPage, "localhost:" + port, 200},
		{"GET", symbolPage, "LOCALHOST:" + port, 200},
		{"GET", symbolPage, "[::1]:" + port, 200},
		{"GET", symbolPage, "evil.example", 403},
		{"GET", symbolPage, "evil.example:" + port, 403},
		{"GET", symbolPage, "localhost", 403},
		{"GET", symbolPage, "localhost.evil.example:" + port, 403},
		{"GET", symbolPage, "127.0.0.1:1", 403},
		{"GET", "/_serve/news?at=0", "evil.example", 403},
		{"GET", "/_serve/reload.js", "evil.example", 403},
		{"POST", symbolPage, "", 405},
		{"PUT", "/en/new.html", "", 405},
		{"DELETE", symbolPage, "", 405},
		{"OPTIONS", symbolPage, "", 405},
		{"GET", "/en/boot/tick", "", 301},
		{"GET", "/en/boot/none/", "", 404},
		{"GET", "/v1/en/boot/tick/", "", 404},
		{"GET", "/en/", "", 200},
		{"GET", "/css", "", 404},
		{"GET", "/robots.txt/", "", 404},
		{"GET", "/../annotations/book.toml", "", 404},
		{"GET", "/en/../../annotations/book.toml", "", 404},
		{"GET", "/%2e%2e/annotations/book.toml", "", 404},
		{"GET", "/..%2fannotations/book.toml", "", 404},
		{"GET", "/..%5cannotations%5cbook.toml", "", 404},
		{"GET", "/annotations/book.toml", "", 404},
		{"GET", "//etc/passwd", "", 404},
		{"GET", "//evil.example/", "", 404},
		{"GET", "/etc/passwd", "", 404},
		{"GET", "/en%00/", "", 404},
		{"GET", "/_serve/", "", 404},
		{"GET", "/_serve/../pages/page.html", "", 404},
	} {
		resp, body := s.ask(c.method, c.path, c.host)
		if resp.StatusCode != c.status {
			t.Errorf("%s %s of %q: %s, want %d\n%s", c.method, c.path, c.host, resp.Status, c.status, body)
		}
		if c.method == "HEAD" && body != "" {
			t.Errorf("HEAD has a body: %q", body)
		}
		if strings.Contains(body, "base_url") || strings.Contains(body, "root:") {
			t.Errorf("%s %s shows a file that is not of the site:\n%s", c.method, c.path, body)
		}
	}
	if body := s.get("/v1/en/boot/tick/"); !strings.Contains(body, "--versions v1") {
		t.Errorf("a version that is not made is not explained:\n%s", body)
	}
}

// TestServeRefusesOtherSites: their pages may lead a reader here, and ask for nothing.
func TestServeRefusesOtherSites(t *testing.T) {
	root, cache := smallBook(t)
	s := startServing(t, root, cache)
	own := strings.TrimSuffix(s.url, "/")
	for _, c := range []struct {
		name, path string
		headers    []string
		status     int
	}{
		{"own page", "/_serve/reload.js", []string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: no-cors"}, 200},
		{"own module", "/_serve/reload.js", []string{"Origin: " + own}, 200},
		{"typed address", symbolPage, []string{"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate"}, 200},
		{"followed link", symbolPage, []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"}, 200},
		{"foreign picture", "/favicon.svg", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"}, 403},
		{"foreign script", "/search/en.js", []string{"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"}, 403},
		{"foreign request", symbolPage, []string{"Origin: https://evil.example"}, 403},
		{"foreign news", "/_serve/news?at=0", []string{"Origin: http://localhost:1"}, 403},
		{"no origin at all", symbolPage, []string{"Origin: null"}, 403},
	} {
		if resp, body := s.ask("GET", c.path, "", c.headers...); resp.StatusCode != c.status {
			t.Errorf("%s: %s, want %d\n%.300s", c.name, resp.Status, c.status, body)
		}
		if resp, _ := s.ask("HEAD", c.path, "", c.headers...); resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: others may read the answer", c.name)
		}
	}
}

// TestServeIsLocal: no address of this computer but the loopback's answers.
func TestServeIsLocal(t *testing.T) {
	l, err := listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, a := range addresses {
		ip, ok := a.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() {
			continue
		}
		c, err := net.DialTimeout("tcp", net.JoinHostPort(ip.IP.String(), port), time.Second)
		if err == nil {
			c.Close()
			t.Errorf("%s answers", ip.IP)
		}
	}
	if host, _, _ := net.SplitHostPort(l.Addr().String()); host != "127.0.0.1" {
		t.Errorf("it listens on %s", host)
	}
}

func TestServePort(t *testing.T) {
	root, cache := smallBook(t)
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--port", port}, exitProblems, "book: port " + port + " is in use: end the program that has it, or choose another with --port (0 takes a free one)\n"},
		{[]string{"--port", "65536"}, exitUsage, "--port 65536: want a number from 0 to 65535"},
		{[]string{"--port", "0", "--versions", "v3"}, exitUsage, `version "v3" is not in annotations/book.toml`},
		{[]string{"--port", "0", "--source", "ftp"}, exitUsage, "--source ftp"},
		{[]string{"--port", "0", "--source", "cache", "--cache", t.TempDir()}, exitProblems, ""},
	} {
		var stderr bytes.Buffer
		args := append([]string{"serve", "-C", root, "--cache", cache}, c.args...)
		if code := run(context.Background(), args, io.Discard, &stderr); code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: exit %d, want %d, %q in\n%s", c.args, code, c.code, c.want, stderr.String())
		}
	}
}

// BenchmarkServeNote is the way from a saved note to the new page, on the small book and
// on this one.
func BenchmarkServeNote(b *testing.B) {
	b.Run("small", func(b *testing.B) {
		root, cache := smallBook(b)
		benchmarkNote(b, startServing(b, root, cache), editedNote, "Counting begins", symbolPage)
	})
	b.Run("real", func(b *testing.B) {
		benchmarkNote(b, serveReal(b), "annotations/runtime/schedinit.md", schedinitText, "/zh/symbols/runtime.schedinit/")
	})
}

// schedinitText is in a note of this book.
const schedinitText = "引导的次序如下："

// serveReal serves a copy of this book.
func serveReal(tb testing.TB) *serving {
	tb.Helper()
	root := tb.TempDir()
	for _, dir := range []string{"annotations", "themes", "site/content", "site/data", "site/static", "site/hugo.toml"} {
		if err := copyAll(filepath.Join("..", "..", filepath.FromSlash(dir)), filepath.Join(root, filepath.FromSlash(dir))); err != nil {
			tb.Fatal(err)
		}
	}
	user, err := os.UserCacheDir()
	need.Sources(tb, err)
	cache := filepath.Join(user, "before-main")
	_, err = os.Stat(filepath.Join(cache, "source.git"))
	need.Sources(tb, err)
	return startServing(tb, root, cache)
}

// The newest version of this book, alone, as contributors see it first.
func TestServeReal(t *testing.T) {
	s := serveReal(t)
	s.has("/zh/symbols/runtime.schedinit/", schedinitText)
	s.has("/en/changes/", `class="changes"`)
}

// benchmarkNote puts a number before the first old of a file, and waits for it on a page.
func benchmarkNote(b *testing.B, s *serving, file, old, page string) {
	text, err := os.ReadFile(s.file(file))
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; b.Loop(); n++ {
		words := fmt.Sprintf("N%dN ", n)
		s.write(file, strings.Replace(string(text), old, words+old, 1))
		s.has(page, words)
	}
}
