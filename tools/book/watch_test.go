package main

import (
	"path/filepath"
	"testing"
)

func TestClassify(t *testing.T) {
	w := &watcher{root: t.TempDir()}
	for name, want := range map[string]change{
		"annotations/runtime/check.md":     changedText,
		"annotations/book.toml":            changedBasis,
		"annotations/sources.lock":         changedBasis,
		"annotations/pictures/way.toml":    changedText,
		"site/content/zh/home.md":          changedText,
		"site/downloads.json":              changedText,
		"site/data/boot/trace/x/y.json":    changedBasis,
		"site/hugo.toml":                   changedTheme,
		"site/static/favicon.svg":          changedTheme,
		"site/layouts/404.html":            changedTheme,
		"site/i18n/en.toml":                changedTheme,
		"site/assets/css/own.css":          changedTheme,
		"themes/margin/i18n/zh.toml":       changedTheme,
		"site/public/index.html":           0,
		"site/content/zh/.home.md.swp":     0,
		"site/content/zh/home.md~":         0,
		"annotations/runtime/#check.md#":   0,
		"extractor/extract.go":             0,
		"site/staticfiles/not-a-static.md": 0,
	} {
		if got := w.classify(filepath.Join(w.root, filepath.FromSlash(name))); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}
