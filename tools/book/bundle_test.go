package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A bundle of one version tells how its symbols changed over all: that of the newest with
// the comparisons in it, another with links to the public site.
func TestBundleTellsChanges(t *testing.T) {
	root, cache := smallBook(t)
	out := t.TempDir()
	for _, tt := range []struct{ version, page, other, delta string }{
		{"v2", "en/symbols/clock.Start/index.html", "https://small.example/v1/en/symbols/clock.Start/", `class="delta" href="../../changes/v1-v2/clock.Start/index.html"`},
		{"v1", "v1/en/symbols/clock.Start/index.html", "https://small.example/en/symbols/clock.Start/", `class="delta" href="https://small.example/en/changes/v1-v2/clock.Start/"`},
	} {
		var stderr strings.Builder
		if code := run(context.Background(), []string{"-C", root, "--cache", cache, "bundle", "--go", tt.version, "--out", out}, io.Discard, &stderr); code != 0 {
			t.Fatal(stderr.String())
		}
		dir := unzip(t, filepath.Join(out, "before-main-"+tt.version+".zip"))
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(tt.page)))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{tt.other, tt.delta} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: the page lacks %s", tt.version, want)
			}
		}
	}
}
