package source_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"beforemain/extractor/source"
	"beforemain/tools/need"
)

var (
	v1 = source.Version{Name: "one", Tag: "v1"}
	v2 = source.Version{Name: "two", Tag: "v2"}
	v3 = source.Version{Name: "three", Tag: "v3"}
)

// upstream is a bare repository with three tags: v1 holds a folder of the running Go's
// GOROOT and is annotated; v2 and v3 are each a child of the one before, a little edited.
type upstream struct {
	dir     string
	backend string // git-http-backend
}

// backend returns the path of git-http-backend, or why it is not there.
var backend = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		return "", err
	}
	path := filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
	_, err = os.Stat(path)
	return path, err
})

// shared is src/runtime, which tests only read: it is 8 MB and takes a second to make.
var shared struct {
	sync.Mutex
	*upstream
	temp string
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(shared.temp)
	os.Exit(code)
}

func sharedUpstream(t testing.TB) *upstream {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.upstream == nil {
		var err error
		if shared.temp == "" {
			if shared.temp, err = os.MkdirTemp("", "upstream"); err != nil {
				t.Fatal(err)
			}
		}
		shared.upstream = newUpstream(t, shared.temp, "src/runtime")
	}
	return shared.upstream
}

// newUpstream skips the test if git is not installed, unless BOOK_REQUIRE names it.
func newUpstream(t testing.TB, dir, folder string) *upstream {
	t.Helper()
	u := &upstream{dir: filepath.Join(dir, "upstream.git")}
	var err error
	u.backend, err = backend()
	need.That(t, "git", err)
	u.git(t, "", "init", "-q", "--bare", u.dir)
	// GOROOT itself is the work tree, so nothing is copied.
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	u.git(t, "", "--work-tree="+strings.TrimSpace(string(goroot)), "add", "-f", folder)
	u.tag(t, "v1", "-a", "-m", "annotated")
	u.put(t, "src/runtime/proc.go", "package runtime // two\n")
	u.tag(t, "v2")
	u.put(t, "src/runtime/proc.go", "package runtime // three\n")
	u.put(t, "src/new/new.go", "package new\n")
	u.tag(t, "v3")
	u.git(t, "", "repack", "-a", "-d", "-q")
	return u
}

// put puts a file into the index.
func (u *upstream) put(t testing.TB, path, text string) {
	t.Helper()
	id := u.git(t, text, "hash-object", "-w", "--stdin")
	u.git(t, "", "update-index", "--add", "--cacheinfo", "100644,"+id+","+path)
}

// tag commits the index and tags the commit.
func (u *upstream) tag(t testing.TB, tag string, flags ...string) {
	t.Helper()
	tree := u.git(t, "", "write-tree")
	args := []string{"commit-tree", "-m", tag, tree}
	if head, err := os.ReadFile(filepath.Join(u.dir, "refs", "heads", "main")); err == nil {
		args = append(args, "-p", strings.TrimSpace(string(head)))
	}
	commit := u.git(t, "", args...)
	u.git(t, "", "update-ref", "refs/heads/main", commit)
	u.git(t, "", append(append([]string{"tag", "-f"}, flags...), tag, commit)...)
}

func (u *upstream) git(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "GIT_DIR="+u.dir, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@test.invalid", "GIT_AUTHOR_DATE=@0 +0000",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@test.invalid", "GIT_COMMITTER_DATE=@0 +0000")
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, &stderr)
	}
	return strings.TrimSpace(string(out))
}

// server serves the repository on loopback and remembers the packs that were asked for.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	packs []int // sizes of the answers to upload-pack requests
}

func (s *server) url() string { return s.URL + "/upstream.git" }

// sizes returns the sizes of the packs since the last call.
func (s *server) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.packs
	s.packs = nil
	return p
}

// serve starts a server; filter says whether it lets the client choose objects. If
// answer is not nil, it stands between git and the client for requests of packs.
func (u *upstream) serve(t testing.TB, filter bool, answer func(w http.ResponseWriter, r *http.Request, body []byte)) *server {
	h := &cgi.Handler{
		Path: u.backend,
		Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(u.dir), "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
			"GIT_CONFIG_COUNT=3",
			"GIT_CONFIG_KEY_0=uploadpack.allowFilter", fmt.Sprintf("GIT_CONFIG_VALUE_0=%v", filter),
			"GIT_CONFIG_KEY_1=uploadpack.allowAnySHA1InWant", fmt.Sprintf("GIT_CONFIG_VALUE_1=%v", filter),
			"GIT_CONFIG_KEY_2=safe.directory", "GIT_CONFIG_VALUE_2=*"},
		InheritEnv: []string{"PATH"},
		Stderr:     &bytes.Buffer{},
	}
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			h.ServeHTTP(w, r)
			return
		}
		count := &countingWriter{ResponseWriter: w}
		if answer == nil {
			h.ServeHTTP(count, r)
		} else {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			answer(count, r, rec.Body.Bytes())
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.packs = append(s.packs, count.n)
	}))
	t.Cleanup(s.Close)
	return s
}

type countingWriter struct {
	http.ResponseWriter
	n int
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.n += n
	return n, err
}

func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *countingWriter) Flush() { w.ResponseWriter.(http.Flusher).Flush() }

// gitConfig is a configuration with only the git route.
func gitConfig(cache, remote string) source.Config {
	return source.Config{
		Remote:   remote,
		Paths:    []string{"src"},
		Suffixes: []string{".go", ".s", ".h"},
		Cache:    cache,
		Timeout:  10 * time.Second,
	}
}

// read reads all files below a folder of some versions and returns the lock of them.
func read(t testing.TB, r *source.Repo, dir string, versions ...source.Version) *source.Lock {
	t.Helper()
	for _, v := range versions {
		s, err := r.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		readAll(t, s, dir)
	}
	return r.Lock()
}

func readAll(t testing.TB, s *source.Snapshot, dir string) {
	t.Helper()
	infos, err := s.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range infos {
		name := dir + "/" + i.Name()
		if i.IsDir() {
			readAll(t, s, name)
		} else if _, err := s.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t testing.TB, cfg source.Config, versions ...source.Version) *source.Repo {
	t.Helper()
	r, err := source.Open(context.Background(), cfg, versions)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// contents returns the hash of every file below a folder, by path; nothing if it is not
// there.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil || d.IsDir() {
			all[rel] = "folder"
			return err
		}
		text, err := os.ReadFile(p)
		all[rel] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return all
}

// messages collects the progress of a route.
type messages struct {
	all []source.Progress
}

func (m *messages) add(p source.Progress) { m.all = append(m.all, p) }

func (m *messages) contain(route, text string) bool {
	return slices.ContainsFunc(m.all, func(p source.Progress) bool { return p.Route == route && strings.Contains(p.Message, text) })
}
