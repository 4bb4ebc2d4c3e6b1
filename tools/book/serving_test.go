package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/tools/txtar"

	"beforemain/tools/hugo"
)

// smallBook unpacks the book of build.txtar and fetches its sources.
func smallBook(tb testing.TB) (root, cache string) {
	tb.Helper()
	a, err := txtar.ParseFile("testdata/script/build.txtar")
	if err != nil {
		tb.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	return fetchedBook(tb, files, "example.com/clock", map[string]string{"v1": "v1.0.0", "v2": "v1.2.0"})
}

// fetchedBook writes the files of a book, with this book's theme, and fetches its sources:
// a module whose versions are in folders of the files.
func fetchedBook(tb testing.TB, files map[string]string, path string, versions map[string]string) (root, cache string) {
	tb.Helper()
	root, cache = tb.TempDir(), tb.TempDir()
	check := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		check(os.MkdirAll(filepath.Dir(file), 0o777))
		check(os.WriteFile(file, []byte(text), 0o666))
	}
	for _, name := range []string{"site/hugo.toml", "site/static", "themes"} {
		check(copyAll(filepath.Join("..", "..", filepath.FromSlash(name)), filepath.Join(root, filepath.FromSlash(name))))
	}
	proxy := tb.TempDir()
	for folder, version := range versions {
		check(addModule(proxy, module.Version{Path: path, Version: version}, filepath.Join(root, folder)))
	}
	tb.Setenv("GOPROXY", (&url.URL{Scheme: "file", Path: filepath.ToSlash(proxy)}).String())
	tb.Setenv("GOSUMDB", "off")
	var stderr bytes.Buffer
	if code := run(context.Background(), []string{"fetch", "--update-lock", "-C", root, "--cache", cache}, io.Discard, &stderr); code != exitFine {
		tb.Fatalf("fetch exits with %d:\n%s", code, stderr.String())
	}
	return root, cache
}

// serving is a server that a test has started.
type serving struct {
	tb     testing.TB
	root   string
	url    string // with a slash at its end
	stderr *hugo.Log
	stop   func() int // idempotent; returns the exit code
}

func startServing(tb testing.TB, root, cache string, args ...string) *serving {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	s := &serving{tb: tb, root: root, stderr: &hugo.Log{}}
	args = append([]string{"serve", "-C", root, "--cache", cache, "--source", "cache", "--port", "0"}, args...)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, in, s.stderr)
		in.Close()
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	tb.Cleanup(func() { s.stop() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("serve ended: %v\n%s", err, s.stderr.String())
	}
	s.url = strings.TrimSpace(line)
	return s
}

// ask sends a request with a path as it is written, and returns the answer.
func (s *serving) ask(method, path, host string, headers ...string) (*http.Response, string) {
	s.tb.Helper()
	address := strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/")
	if host == "" {
		host = address
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n", method, path, host, strings.Join(append(headers, ""), "\r\n"))
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		s.tb.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.tb.Fatal(err)
	}
	return resp, string(body)
}

func (s *serving) get(path string) string {
	s.tb.Helper()
	_, body := s.ask("GET", path, "")
	return body
}

// until asks for a page until it holds want, or with no until it holds it no more.
func (s *serving) until(path, want string, no bool) {
	s.tb.Helper()
	var body string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if body = s.get(path); strings.Contains(body, want) != no {
			return
		}
	}
	s.tb.Fatalf("%s: %q (no: %v) not seen in\n%s\nterminal:\n%s", path, want, no, body, s.stderr.String())
}

func (s *serving) has(path, want string)   { s.tb.Helper(); s.until(path, want, false) }
func (s *serving) lacks(path, want string) { s.tb.Helper(); s.until(path, want, true) }

func (s *serving) file(name string) string { return filepath.Join(s.root, filepath.FromSlash(name)) }

func (s *serving) write(name, text string) {
	s.tb.Helper()
	if err := os.MkdirAll(filepath.Dir(s.file(name)), 0o777); err != nil {
		s.tb.Fatal(err)
	}
	if err := os.WriteFile(s.file(name), []byte(text), 0o666); err != nil {
		s.tb.Fatal(err)
	}
}

// edit replaces old by new in a file, the way that editors do: by renaming.
func (s *serving) edit(name, old, new string) {
	s.tb.Helper()
	text, err := os.ReadFile(s.file(name))
	if err != nil {
		s.tb.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		s.tb.Fatalf("%s lacks %q", name, old)
	}
	s.write(name+"~", strings.Replace(string(text), old, new, 1))
	if err := os.Rename(s.file(name+"~"), s.file(name)); err != nil {
		s.tb.Fatal(err)
	}
}

const (
	editedNote = "annotations/clock/Start.md"
	symbolPage = "/en/symbols/clock.Start/"
	tickPage   = "/en/boot/tick/"
	banner     = `class="serve-mistakes"`
)
