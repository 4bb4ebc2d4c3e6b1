package source_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"beforemain/extractor/source"
)

const (
	modulePath = "example.com/Tree"
	escaped    = "example.com/!tree" // how a proxy and a module cache write it
)

// proxy is a module proxy on loopback, whose module's versions are v0.0.1-v1 and so on.
type proxy struct {
	*httptest.Server
	mu   sync.Mutex
	zips []string // versions whose zip was asked for
	hold func(r *http.Request)
}

// newProxy serves the top folders of an archive as versions.
func newProxy(t testing.TB, archive string) *proxy {
	t.Helper()
	zips := map[string][]byte{}
	for tag, files := range byTag(archive) {
		zips[tag] = moduleZip(t, tag, files)
	}
	p := &proxy{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, "/"+escaped+"/@v/v0.0.1-")
		tag := strings.TrimSuffix(name, filepath.Ext(name))
		if !ok || zips[tag] == nil {
			http.NotFound(w, r)
			return
		}
		switch filepath.Ext(name) {
		case ".info":
			fmt.Fprintf(w, `{"Version": "v0.0.1-%s", "Time": "2020-01-01T00:00:00Z"}`, tag)
		case ".mod":
			fmt.Fprintf(w, "module %s\n", modulePath)
		case ".zip":
			p.mu.Lock()
			p.zips = append(p.zips, tag)
			hold := p.hold
			p.mu.Unlock()
			if hold != nil {
				hold(r)
			}
			w.Write(zips[tag])
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func byTag(archive string) map[string]map[string][]byte {
	trees := map[string]map[string][]byte{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		tag, name, _ := strings.Cut(f.Name, "/")
		if trees[tag] == nil {
			trees[tag] = map[string][]byte{}
		}
		trees[tag][name] = f.Data
	}
	return trees
}

func moduleZip(t testing.TB, tag string, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(modulePath + "@v0.0.1-" + tag + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// userEnv gives the go command the settings of a user, in the file that `go env -w`
// writes, and returns the user's module cache.
func userEnv(t testing.TB, settings ...string) (modcache string) {
	t.Helper()
	dir := t.TempDir()
	modcache = filepath.Join(dir, "modcache")
	settings = append([]string{"GOSUMDB=off", "GOMODCACHE=" + modcache}, settings...)
	file := filepath.Join(dir, "env")
	if err := os.WriteFile(file, []byte(strings.Join(settings, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	setter := t.(interface{ Setenv(key, value string) })
	setter.Setenv("GOENV", file)
	for _, name := range []string{"GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOSUMDB", "GONOPROXY", "GOINSECURE", "GOAUTH", "GOFLAGS", "GOMODCACHE", "GOTOOLCHAIN", "GO111MODULE"} {
		setter.Setenv(name, "")
	}
	return modcache
}

func moduleConfig(cache string) source.Config {
	cfg := twoConfig
	cfg.Module, cfg.ModuleVersion, cfg.Cache = modulePath, "v0.0.1-{tag}", cache
	return cfg
}

func names(tags ...string) []source.Version {
	var vs []source.Version
	for _, tag := range tags {
		vs = append(vs, source.Version{Name: tag, Tag: tag})
	}
	return vs
}

func dirNames(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}
