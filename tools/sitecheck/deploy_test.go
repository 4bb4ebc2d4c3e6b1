package main

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"beforemain/tools/netlify"
)

// TestDeployed asks for addresses of the built site as readers and their browsers do.
func TestDeployed(t *testing.T) {
	site := built(t)
	deploy, err := netlify.Read("../../netlify.toml")
	if err != nil {
		t.Fatal(err)
	}
	handler := deploy.Handler(site)
	ask := func(path, language string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Result()
	}

	var book struct {
		Version []struct{ Name string }
	}
	if _, err := toml.DecodeFile("../../annotations/book.toml", &book); err != nil {
		t.Fatal(err)
	}
	newest := book.Version[len(book.Version)-1].Name
	for _, v := range book.Version {
		for _, lang := range []string{"zh", "en"} {
			path := "/" + v.Name + "/" + lang + "/symbols/runtime.schedinit/"
			r := ask(path, "")
			if v.Name == newest {
				if got, want := r.Header.Get("Location"), strings.TrimPrefix(path, "/"+newest); r.StatusCode != 301 || got != want || ask(want, "").StatusCode != 200 {
					t.Errorf("%s: %d to %q, want %q", path, r.StatusCode, got, want)
				}
			} else if r.StatusCode != 200 {
				t.Errorf("%s: %d", path, r.StatusCode)
			}
			gone := "/" + v.Name + "/" + lang + "/symbols/runtime.gone/"
			if v.Name == newest {
				gone = "/" + lang + "/symbols/runtime.gone/"
			}
			r = ask(gone, "")
			text, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[string]string{"zh": `lang="zh-CN"`, "en": `lang="en"`}[lang]; r.StatusCode != 404 || !strings.Contains(string(text[:200]), want) {
				t.Errorf("%s: %d, want 404 and a page with %s", gone, r.StatusCode, want)
			}
		}
	}
	for language, want := range map[string]string{"en-US,en;q=0.9": "/en/", "zh-TW": "/zh/", "fr": "/zh/", "": "/zh/"} {
		if r := ask("/", language); r.StatusCode != 302 || r.Header.Get("Location") != want {
			t.Errorf("a reader of %q: %d to %q, want %s", language, r.StatusCode, r.Header.Get("Location"), want)
		}
	}

	// What is kept for good has the hash of its content in its name, and the other way round.
	hashed := regexp.MustCompile(`\.[0-9a-f]{32,}\.(css|js)$|^search/[a-z]+-[0-9a-f]{8,}/`)
	immutable := 0
	err = fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".html") && strings.Count(name, "/") > 1 {
			return err
		}
		r := ask("/"+name, "")
		kept := strings.Contains(r.Header.Get("Cache-Control"), "immutable")
		if kept != hashed.MatchString(name) {
			t.Errorf("%s: Cache-Control %q", name, r.Header.Get("Cache-Control"))
		}
		if kept {
			immutable++
		}
		for _, header := range []string{"Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"} {
			if r.Header.Get(header) == "" {
				t.Errorf("%s: no %s", name, header)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if immutable < 3 {
		t.Errorf("only %d files are kept for good: nothing was tested", immutable)
	}
}
