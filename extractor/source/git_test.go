package source_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/source"
)

func TestGitRoute(t *testing.T) {
	u := sharedUpstream(t)
	cache := filepath.Join(t.TempDir(), "cache")
	plain, filtering := u.serve(t, false, nil), u.serve(t, true, nil)

	// Without a lock, all comes in one pack.
	r := open(t, gitConfig(cache, plain.url()), v1, v2, v3)
	if r.Route() != source.RouteGit {
		t.Errorf("route %q, want git", r.Route())
	}
	whole := plain.sizes()
	if len(whole) != 1 {
		t.Errorf("%d packs were fetched, want 1", len(whole))
	}
	lock := read(t, r, "src/runtime", v1, v2, v3)
	text := lockText(t, lock)
	for _, tag := range []string{"v1", "v2", "v3"} {
		want := tag + " commit " + u.git(t, "", "rev-parse", tag+"^{commit}") + "\n"
		want += tag + " src/runtime/proc.go " + u.git(t, "", "rev-parse", tag+":src/runtime/proc.go") + "\n"
		for line := range strings.Lines(want) {
			if !strings.Contains(text, line) {
				t.Errorf("the lock lacks %s", line)
			}
		}
	}

	// Then the cache has all of it, with a lock and without.
	for name, l := range map[string]*source.Lock{"no lock": nil, "lock": lock} {
		cfg := gitConfig(cache, plain.url())
		cfg.Lock = l
		if r := open(t, cfg, v1, v2, v3); r.Route() != source.RouteCache || len(plain.sizes()) != 0 {
			t.Errorf("%s: route %q, want cache, and no pack", name, r.Route())
		}
	}

	// A server that lets the client choose sends the locked blobs only, and from a server
	// that does not, the same comes with the rest. Versions are added one by one.
	locked := readLock(t, pick(text, "src/runtime/proc.go", "src/runtime/asm_amd64.s", "commit"))
	for _, c := range []struct {
		name   string
		server *server
		packs  int
	}{
		{"filter", filtering, 2},
		{"no filter", plain, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.server.sizes()
			cfg := gitConfig(filepath.Join(t.TempDir(), "cache"), c.server.url())
			cfg.Lock = locked
			open(t, cfg, v2)
			r := open(t, cfg, v1, v2, v3)
			if got := c.server.sizes(); len(got) != 2*c.packs || c.packs == 2 && sum(got) > whole[0]/10 {
				t.Errorf("packs of %d bytes came, want %d of less than a tenth of %d", got, 2*c.packs, whole[0])
			}
			for _, v := range []source.Version{v1, v2, v3} {
				s, err := r.Snapshot(v)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range []string{"src/runtime/proc.go", "src/runtime/asm_amd64.s"} {
					f, err := s.ReadFile(p)
					if err != nil {
						t.Fatal(err)
					}
					if want := u.git(t, "", "rev-parse", v.Tag+":"+p); f.Blob != want {
						t.Errorf("%s at %s is blob %s, want %s", p, v.Tag, f.Blob, want)
					}
				}
			}
			if d := cmp.Diff(lockText(t, locked), lockText(t, r.Lock())); d != "" {
				t.Error(d)
			}
			// With another lock, what is there does not do.
			cfg.Lock = nil
			cfg.Route = source.RouteCache
			if _, err := source.Open(context.Background(), cfg, []source.Version{v1}); (err != nil) != (c.packs == 2) {
				t.Errorf("whole versions in the cache: %v", err)
			}
		})
	}
}

func sum(list []int) (n int) {
	for _, i := range list {
		n += i
	}
	return n
}

// pick returns the lines of a lock that are about certain paths.
func pick(lock string, paths ...string) string {
	var b strings.Builder
	for line := range strings.Lines(lock) {
		for _, p := range paths {
			if strings.Fields(line)[1] == p {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

// TestGitFailures holds that whatever a server does, Open ends soon with one sentence,
// and the cache is what it was: empty, or with one version.
func TestGitFailures(t *testing.T) {
	u := sharedUpstream(t)
	good := u.serve(t, false, nil)
	full := read(t, open(t, gitConfig(t.TempDir(), good.url()), v1, v2, v3), "src/runtime", v1, v2, v3)
	empty, some := t.TempDir(), t.TempDir()
	open(t, gitConfig(some, good.url()), v1, v3)
	text := lockText(t, full)
	commit, proc := u.git(t, "", "rev-parse", "v2^{commit}"), u.git(t, "", "rev-parse", "v2:src/runtime/proc.go")

	hang := func(w http.ResponseWriter, r *http.Request, body []byte) { <-r.Context().Done() }
	stall := func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Write(body[:len(body)/2])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	cut := func(w http.ResponseWriter, r *http.Request, body []byte) { w.Write(body[:len(body)/2]) }
	damage := func(w http.ResponseWriter, r *http.Request, body []byte) {
		body[len(body)/2] ^= 0x40
		w.Write(body)
	}
	nothing := func(w http.ResponseWriter, r *http.Request, body []byte) {}
	page := func(w http.ResponseWriter, r *http.Request, body []byte) {
		http.Error(w, strings.Repeat("<p>no\n", 1000), http.StatusForbidden)
	}
	for _, c := range []struct {
		name   string
		remote string
		lock   string // replaces the whole lock
		want   string
		locked bool
	}{
		{name: "silent before the references", remote: silent(t), want: "kept silent for 300ms"},
		{name: "silent before the pack", remote: u.serve(t, false, hang).url(), want: "kept silent for 300ms"},
		{name: "silent within the pack", remote: u.serve(t, false, stall).url(), want: "kept silent for 300ms"},
		{name: "silent when asked for some", remote: u.serve(t, true, hang).url(), want: "kept silent for 300ms"},
		{name: "refuses", remote: refusing(t), want: "refused"},
		{name: "forbids", remote: u.serve(t, false, page).url(), want: "authorization failed"},
		{name: "no repository", remote: good.URL + "/none.git", want: "repository not found"},
		{name: "not http", remote: "ssh://git@127.0.0.1/x", want: "neither http nor https"},
		{name: "sends nothing", remote: u.serve(t, false, nothing).url(), want: "sent nothing"},
		{name: "truncated pack", remote: u.serve(t, false, cut).url(), want: "the pack is cut short or damaged"},
		{name: "truncated packs", remote: u.serve(t, true, cut).url(), want: "the pack is cut short or damaged"},
		{name: "damaged pack", remote: u.serve(t, false, damage).url(), want: "the pack is cut short or damaged"},
		{name: "moved tag", remote: good.url(), lock: strings.Replace(text, "v2 commit "+commit, "v2 commit "+oidA, 1), locked: true,
			want: "tag v2 has moved: got commit " + commit + ", expected " + oidA},
		{name: "other blob", remote: good.url(), lock: strings.Replace(text, proc, oidA, 1), locked: true,
			want: "src/runtime/proc.go at v2 differs from the lock: got blob " + proc + ", expected " + oidA},
		{name: "other blob, chosen", remote: u.serve(t, true, nil).url(), lock: strings.Replace(text, proc, oidA, 1), locked: true,
			want: "src/runtime/proc.go at v2 differs from the lock: got blob " + proc + ", expected " + oidA},
		{name: "missing file", remote: good.url(), lock: text + "v2 src/runtime/none.go " + oidA + "\n", locked: true,
			want: "src/runtime/none.go at v2 is missing, expected blob " + oidA},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, before := range []string{empty, some} {
				cache := filepath.Join(t.TempDir(), "cache")
				if err := os.CopyFS(cache, os.DirFS(before)); err != nil {
					t.Fatal(err)
				}
				want := contents(t, cache)
				want["source.lock"] = fmt.Sprintf("%x", sha256.Sum256(nil))
				cfg := gitConfig(cache, c.remote)
				if strings.Contains(c.want, "silent") {
					cfg.Timeout = 300 * time.Millisecond
				}
				if cfg.Lock = full; c.lock != "" {
					cfg.Lock = readLock(t, c.lock)
				}
				_, err := source.Open(context.Background(), cfg, []source.Version{v1, v2})
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error %v, want … %s …", err, c.want)
				}
				var locked *source.LockError
				if errors.As(err, &locked) != c.locked {
					t.Errorf("a LockError: %v, want %v", !c.locked, c.locked)
				}
				for line := range strings.Lines(err.Error()) {
					if len(line) > 600 {
						t.Errorf("a line of %d bytes: %s", len(line), line)
					}
				}
				if d := cmp.Diff(want, contents(t, cache)); d != "" {
					t.Errorf("the cache changed:\n%s", d)
				}
			}
		})
	}
	t.Run("no such tag", func(t *testing.T) {
		cache := filepath.Join(t.TempDir(), "cache")
		_, err := source.Open(context.Background(), gitConfig(cache, good.url()), []source.Version{v1, {Name: "x", Tag: "v9"}})
		if err == nil || !strings.Contains(err.Error(), "has no tag v9") {
			t.Errorf("error %v", err)
		}
		if got := contents(t, filepath.Join(cache, "source.git")); len(got) != 0 {
			t.Errorf("the cache has %v", got)
		}
	})
}

// silent returns the URL of a server that accepts and says nothing.
func silent(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go io.Copy(io.Discard, c)
		}
	}()
	return "http://" + l.Addr().String() + "/x.git"
}

// refusing returns a URL at which nobody listens.
func refusing(t testing.TB) string {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	return s.URL + "/x.git"
}

// TestSelectiveFallback holds that a server that promises to filter, and then does not
// manage, is asked for everything.
func TestSelectiveFallback(t *testing.T) {
	u := sharedUpstream(t)
	good := u.serve(t, false, nil)
	lock := read(t, open(t, gitConfig(t.TempDir(), good.url()), v1), "src/runtime", v1)
	asked := 0
	s := u.serve(t, true, func(w http.ResponseWriter, r *http.Request, body []byte) {
		if asked++; asked == 2 {
			body = body[:len(body)/2]
		}
		w.Write(body)
	})
	var m messages
	cfg := gitConfig(filepath.Join(t.TempDir(), "cache"), s.url())
	cfg.Lock, cfg.Progress = lock, m.add
	r := open(t, cfg, v1)
	if got := lockText(t, read(t, r, "src/runtime", v1)); got != lockText(t, lock) {
		t.Error("what came is not what the lock names")
	}
	if asked != 3 || !m.contain(source.RouteGit, "fetching whole trees") {
		t.Errorf("%d packs, want 3; messages %v", asked, m.all)
	}
}

func TestGitCancel(t *testing.T) {
	u := sharedUpstream(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := u.serve(t, false, func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Write(body[:len(body)/2])
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	cache := filepath.Join(t.TempDir(), "cache")
	cfg := gitConfig(cache, s.url())
	cfg.Module, cfg.ModuleVersion = "example.com/never", "v0.0.1-{tag}"
	_, err := source.Open(ctx, cfg, []source.Version{v1})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if d := cmp.Diff(map[string]string{".": "folder", "source.lock": contents(t, cache)["source.lock"]}, contents(t, cache)); d != "" {
		t.Error(d)
	}
}

// TestForced holds that a route that is named is taken although the cache has all, and
// that the cache does not grow by what it has already.
func TestForced(t *testing.T) {
	u := newUpstream(t, t.TempDir(), "src/runtime/cgo")
	s := u.serve(t, false, nil)
	cfg := gitConfig(filepath.Join(t.TempDir(), "cache"), s.url())
	open(t, cfg, v1, v2)
	want := contents(t, cfg.Cache)
	s.sizes()
	cfg.Route = source.RouteGit
	if r := open(t, cfg, v1, v2); r.Route() != source.RouteGit || len(s.sizes()) != 1 {
		t.Errorf("route %q, want git and one pack", r.Route())
	}
	if d := cmp.Diff(want, contents(t, cfg.Cache)); d != "" {
		t.Error(d)
	}
	// A tag that moved upstream moves here, if no lock says otherwise.
	u.put(t, "src/runtime/proc.go", "package runtime // moved\n")
	u.tag(t, "v2")
	sn, err := open(t, cfg, v2).Snapshot(v2)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := sn.ReadFile("src/runtime/proc.go"); err != nil || string(f.Text) != "package runtime // moved\n" {
		t.Errorf("%q, %v", f.Text, err)
	}
}
