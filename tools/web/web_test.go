package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"
)

// The headers are those that the published site is served with.
func TestHeaders(t *testing.T) {
	text, err := os.ReadFile("../../netlify.toml")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range Headers() {
		if name != "Cache-Control" && !regexp.MustCompile(regexp.QuoteMeta(name)+` += "`+regexp.QuoteMeta(value)+`"`).Match(text) {
			t.Errorf("netlify.toml has no %s: %s", name, value)
		}
	}
	w := New(80)
	got := httptest.NewRecorder()
	w.ServeHTTP(got, httptest.NewRequest(http.MethodGet, "http://localhost/", nil))
	for name, value := range Headers() {
		if got.Header().Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.Header().Get(name), value)
		}
	}
}
