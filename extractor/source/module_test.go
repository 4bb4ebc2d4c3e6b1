package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/source"
)

func TestModuleRoute(t *testing.T) {
	p := newProxy(t, twoVersions)
	for _, c := range []struct{ name, goproxy string }{
		{"fetched", p.URL},
		{"with a fallback", p.URL + ",off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// A user's flags must not reach the go command, but the proxy must.
			modcache := userEnv(t, "GOPROXY="+c.goproxy, "GOFLAGS=-mod=vendor -nosuchflag", "GOTOOLCHAIN=go1.99.9")
			t.Setenv("GOFLAGS", "-buildvcs=maybe -alsonosuchflag")
			t.Setenv("GO111MODULE", "off")
			var m messages
			cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
			cfg.Remote, cfg.Progress = refusing(t), m.add
			r := open(t, cfg, names("v1", "v2")...)
			if r.Route() != source.RouteModule {
				t.Errorf("route %q, want module", r.Route())
			}
			if !m.contain(source.RouteCache, "it is empty") || !m.contain(source.RouteGit, "refused") || !m.contain(source.RouteModule, "v2: downloading example.com/Tree@v0.0.1-v2") {
				t.Errorf("messages %v", m.all)
			}
			if last := m.all[len(m.all)-1]; last.Done != 2 || last.Total != 2 {
				t.Errorf("the last progress is %+v, want 2 of 2", last)
			}
			lock := lockText(t, read(t, r, "src", names("v1", "v2")...))
			var want strings.Builder
			for _, f := range []struct{ path, text string }{
				{"v1 src/a.go", "package a\n"}, {"v1 src/sub/b.s", "TEXT ·b(SB),4,$0\n"}, {"v2 src/a.go", "package a // two\n"},
			} {
				fmt.Fprintf(&want, "%s %s\n", f.path, plumbing.ComputeHash(plumbing.BlobObject, []byte(f.text)))
			}
			if d := cmp.Diff(want.String(), lock); d != "" {
				t.Error(d)
			}
			if got := contents(t, modcache); len(got) != 0 {
				t.Errorf("the user's module cache has %v", got)
			}
			if got := dirNames(t, cfg.Cache); got != "source.git source.lock" {
				t.Errorf("the cache holds %s", got)
			}
		})
	}
}

// TestModuleReproducible holds that the commits depend on nothing but the modules.
func TestModuleReproducible(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	var got []map[string]string
	for _, tags := range [][]string{{"v1", "v2"}, {"v2", "v1"}} {
		cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
		open(t, cfg, names(tags...)...)
		got = append(got, contents(t, filepath.Join(cfg.Cache, "source.git", "refs")))
	}
	if d := cmp.Diff(got[0], got[1]); d != "" {
		t.Error(d)
	}
}

// TestModuleOneByOne holds that what is there is not fetched again.
func TestModuleOneByOne(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	for _, c := range []struct {
		tags []string
		zips string
		want string
	}{
		{[]string{"v2"}, "v2", "module"},
		{[]string{"v1", "v2"}, "v2 v1", "module"},
		{[]string{"v1", "v2"}, "v2 v1", "cache"},
	} {
		r := open(t, cfg, names(c.tags...)...)
		if got := strings.Join(p.zips, " "); got != c.zips || r.Route() != c.want {
			t.Errorf("%v: route %s, zips %s, want %s, %s", c.tags, r.Route(), got, c.want, c.zips)
		}
		read(t, r, "src", names(c.tags...)...)
	}
}

// TestModuleOnePack holds that a version that is added takes the earlier ones into its
// pack, and that who reads from the old pack can go on.
func TestModuleOnePack(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	before := open(t, cfg, names("v2")...)
	s, err := before.Snapshot(names("v2")[0])
	if err != nil {
		t.Fatal(err)
	}
	refs := func() map[string]string { return contents(t, filepath.Join(cfg.Cache, "source.git", "refs", "tags")) }
	want := refs()["v2"]
	r := open(t, cfg, names("v1")...)
	read(t, r, "src", names("v1", "v2")...)
	packs, err := filepath.Glob(filepath.Join(cfg.Cache, "source.git", "objects", "pack", "*"))
	if err != nil || len(packs) != 2 {
		t.Errorf("%v, %v, want a pack and its index", packs, err)
	}
	if got := refs()["v2"]; got != want {
		t.Errorf("v2 is another commit than before")
	}
	readAll(t, s, "src")
}

// TestModuleInPlace holds that a module of the user's cache is read where it is, if it
// was unpacked completely.
func TestModuleInPlace(t *testing.T) {
	p := newProxy(t, twoVersions)
	modcache := userEnv(t, "GOPROXY="+p.URL)
	dir := filepath.Join(modcache, filepath.FromSlash(escaped)+"@v0.0.1-v1")
	for name, text := range byTag(twoVersions)["v1"] {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	partial := filepath.Join(modcache, "cache", "download", filepath.FromSlash(escaped), "@v", "v0.0.1-v1.partial")
	if err := os.MkdirAll(filepath.Dir(partial), 0o777); err != nil {
		t.Fatal(err)
	}
	before := contents(t, modcache)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	read(t, open(t, cfg, names("v1")...), "src", names("v1")...)
	if len(p.zips) != 0 {
		t.Errorf("zips of %v were fetched", p.zips)
	}
	if d := cmp.Diff(before, contents(t, modcache)); d != "" {
		t.Errorf("the user's module cache changed:\n%s", d)
	}
	if err := os.WriteFile(partial, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	open(t, moduleConfig(filepath.Join(t.TempDir(), "cache")), names("v1")...)
	if strings.Join(p.zips, " ") != "v1" {
		t.Errorf("zips of %v were fetched, want v1, of which the user has a part only", p.zips)
	}
}

func TestModuleFailures(t *testing.T) {
	p := newProxy(t, twoVersions+"-- v5/doc/x.go --\npackage x\n")
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		resp, err := http.Get(p.URL + r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		if strings.HasSuffix(r.URL.Path, ".zip") {
			body = body[:len(body)/2]
		}
		w.WriteHeader(resp.StatusCode)
		w.Write(body)
	}))
	t.Cleanup(broken.Close)
	a := plumbing.ComputeHash(plumbing.BlobObject, []byte("package a // two\n")).String()
	for _, c := range []struct {
		name, goproxy, tag, lock, want string
		module                         string
	}{
		{name: "no such version", goproxy: p.URL, tag: "v9", want: "example.com/Tree@v0.0.1-v9"},
		{name: "nothing kept", goproxy: p.URL, tag: "v5", want: "example.com/Tree@v0.0.1-v5: none of its files is one that the book reads"},
		{name: "no proxy", goproxy: "off", tag: "v2", want: "GOPROXY=off"},
		{name: "truncated zip", goproxy: broken.URL, tag: "v2", want: "zip"},
		{name: "other blob", goproxy: p.URL, tag: "v2", lock: "v2 src/a.go " + oidA + "\n", want: "src/a.go at v2 differs from the lock: got blob " + a + ", expected " + oidA},
		{name: "no module", goproxy: p.URL, tag: "v2", module: "-", want: "the book names no Go module"},
	} {
		t.Run(c.name, func(t *testing.T) {
			userEnv(t, "GOPROXY="+p.URL)
			cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
			open(t, cfg, names("v1")...)
			want := contents(t, cfg.Cache)
			userEnv(t, "GOPROXY="+c.goproxy)
			if c.module != "" {
				cfg.Module = ""
			}
			if c.lock != "" {
				cfg.Lock = readLock(t, c.lock)
			}
			_, err := source.Open(context.Background(), cfg, names("v1", c.tag))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want … %s …", err, c.want)
			}
			var locked *source.LockError
			if errors.As(err, &locked) != (c.lock != "") {
				t.Errorf("a LockError: %v, want %v", c.lock == "", c.lock != "")
			}
			if d := cmp.Diff(want, contents(t, cfg.Cache)); d != "" {
				t.Errorf("the cache changed:\n%s", d)
			}
		})
	}
}

func TestModuleCancel(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	open(t, cfg, names("v1")...)
	want := contents(t, cfg.Cache)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.hold = func(r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	_, err := source.Open(ctx, cfg, names("v1", "v2"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if d := cmp.Diff(want, contents(t, cfg.Cache)); d != "" {
		t.Errorf("the cache changed:\n%s", d)
	}
}

// TestTogether holds that of several fetches at once one does the work.
func TestTogether(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	// What a process that was killed has left goes away.
	left := filepath.Join(cfg.Cache, "incoming-123", "modcache")
	if err := os.MkdirAll(left, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(left, 0o555); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := source.Open(context.Background(), cfg, names("v1", "v2")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(p.zips) != 2 {
		t.Errorf("zips of %v were fetched, want each once", p.zips)
	}
	if got := dirNames(t, cfg.Cache); got != "source.git source.lock" {
		t.Errorf("the cache holds %s", got)
	}
}

// TestWaiting holds that waiting for another fetch ends when the context does.
func TestWaiting(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	asked, release := make(chan bool, 2), make(chan bool)
	p.hold = func(*http.Request) {
		asked <- true
		<-release
	}
	done := make(chan error)
	go func() {
		_, err := source.Open(context.Background(), cfg, names("v1"))
		done <- err
	}()
	<-asked
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := source.Open(ctx, cfg, names("v1")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRoutes(t *testing.T) {
	for _, c := range []struct{ name, route, cache, want string }{
		{"no cache folder", "", "", "no folder for the source cache"},
		{"unknown route", "ftp", "x", `no route is named "ftp" (auto, cache, git, module)`},
		{"empty cache", "cache", "x", "it is empty"},
		{"no remote", "git", "x", "git: the book names no git remote"},
		{"no module", "module", "x", "module: the book names no Go module that carries its source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := source.Config{Route: c.route}
			if c.cache != "" {
				cfg.Cache = filepath.Join(t.TempDir(), c.cache)
			}
			if _, err := source.Open(context.Background(), cfg, names("v1")); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want … %s …", err, c.want)
			}
		})
	}
}

// TestNamedCache: a cache may have any name, and what another process left in it goes.
func TestNamedCache(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	for _, name := range []string{"a[b]c", "a[b", "a*?"} {
		t.Run(name, func(t *testing.T) {
			cfg := moduleConfig(filepath.Join(t.TempDir(), name))
			left := filepath.Join(cfg.Cache, "incoming-left")
			if err := os.MkdirAll(left, 0o777); err != nil {
				t.Skip(err) // Windows has no such names
			}
			open(t, cfg, names("v1")...)
			if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s is still there (%v)", left, err)
			}
			read(t, open(t, cfg, names("v1", "v2")...), "src", names("v1", "v2")...)
			cfg.Route = source.RouteCache
			read(t, open(t, cfg, names("v1", "v2")...), "src", names("v1", "v2")...)
			if packs, err := fs.Glob(os.DirFS(cfg.Cache), "source.git/objects/pack/*.pack"); err != nil || len(packs) != 1 {
				t.Errorf("packs %v (%v), want one", packs, err)
			}
		})
	}
}

// TestNoRepository: a folder that stands where the cache has its repository is named.
func TestNoRepository(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
	repo := filepath.Join(cfg.Cache, "source.git")
	if err := os.MkdirAll(repo, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := source.Open(context.Background(), cfg, names("v1"))
	if err == nil || !strings.Contains(err.Error(), "the cache cannot be opened (it is empty): delete "+repo) {
		t.Errorf("error %v, want … delete %s", err, repo)
	}
}

// TestDamagedCache holds that a reader learns which file is damaged, and what to do.
func TestDamagedCache(t *testing.T) {
	p := newProxy(t, twoVersions)
	userEnv(t, "GOPROXY="+p.URL)
	for _, c := range []struct {
		name   string
		change func(pack []byte) []byte
	}{
		{"changed", func(pack []byte) []byte {
			for i := range pack[12 : len(pack)-20] {
				pack[12+i] ^= 0x55
			}
			return pack
		}},
		{"truncated", func(pack []byte) []byte { return pack[:20] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := moduleConfig(filepath.Join(t.TempDir(), "cache"))
			cfg.Lock = read(t, open(t, cfg, names("v1")...), "src", names("v1")...)
			packs, err := filepath.Glob(filepath.Join(cfg.Cache, "source.git", "objects", "pack", "*.pack"))
			if err != nil || len(packs) != 1 {
				t.Fatal(packs, err)
			}
			pack, err := os.ReadFile(packs[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(packs[0], 0o666); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(packs[0], c.change(pack), 0o666); err != nil {
				t.Fatal(err)
			}
			cfg.Route = source.RouteCache
			_, err = source.Open(context.Background(), cfg, names("v1"))
			if err == nil || !strings.Contains(err.Error(), "delete "+filepath.Join(cfg.Cache, "source.git")) {
				t.Errorf("error %v, want … delete …", err)
			}
			// Fetched again, it is as good as new.
			cfg.Route = ""
			read(t, open(t, cfg, names("v1")...), "src", names("v1")...)
		})
	}
}
