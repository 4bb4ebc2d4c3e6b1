package netlify

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

const rules = `
[[headers]]
for = "/*"
[headers.values]
A = "all"
[[headers]]
for = "/css/*"
[headers.values]
Cache-Control = "immutable"
[[redirects]]
from = "/"
to = "/en/"
status = 302
force = true
conditions = { Language = ["en"] }
[[redirects]]
from = "/"
to = "/zh/"
status = 302
force = true
[[redirects]]
from = "/v2/*"
to = "/:splat"
status = 301
[[redirects]]
from = "/:version/en/*"
to = "/en/404.html"
status = 404
[[redirects]]
from = "/*"
to = "/zh/404.html"
status = 404
`

func TestHandler(t *testing.T) {
	name := filepath.Join(t.TempDir(), "netlify.toml")
	if err := os.WriteFile(name, []byte(rules), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	site := fstest.MapFS{}
	for _, name := range []string{"index.html", "zh/index.html", "zh/404.html", "en/404.html", "v1/en/a/index.html", "v2/kept.txt", "css/a.css"} {
		site[name] = &fstest.MapFile{Data: []byte(name)}
	}
	handler := d.Handler(site)
	for _, c := range []struct {
		path, language string
		status         int
		body, location string
		cache          string
	}{
		{"/zh/", "", 200, "zh/index.html", "", "public,max-age=0,must-revalidate"},
		{"/css/a.css", "", 200, "css/a.css", "", "immutable"},
		{"/", "en-GB,zh;q=0.5", 302, "", "/en/", ""},
		{"/", "de", 302, "", "/zh/", ""},
		{"/v2/en/a/", "", 301, "", "/en/a/", ""},
		{"/v2/", "", 301, "", "/", ""},
		{"/v2/kept.txt", "", 200, "v2/kept.txt", "", "public,max-age=0,must-revalidate"}, // without force a file goes first
		{"/v1/en/a/", "", 200, "v1/en/a/index.html", "", "public,max-age=0,must-revalidate"},
		{"/v1/en/b/", "", 404, "en/404.html", "", "public,max-age=0,must-revalidate"},
		{"/v1/b/", "", 404, "zh/404.html", "", "public,max-age=0,must-revalidate"},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.language)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Location") != c.location || w.Header().Get("Cache-Control") != c.cache || w.Header().Get("A") != "all" {
			t.Errorf("%s (%s): %d to %q with %v", c.path, c.language, w.Code, w.Header().Get("Location"), w.Header())
		}
		if c.body == "" {
			continue
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		if body, err := io.ReadAll(z); err != nil || string(body) != c.body {
			t.Errorf("%s: %q (%v), want %q", c.path, body, err, c.body)
		}
	}
}
