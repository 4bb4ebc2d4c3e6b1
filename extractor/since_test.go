package extractor

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/diag"
)

// A tree that is brought up to date after an edit is the tree that a whole build makes.
func TestSince(t *testing.T) {
	const (
		start = "annotations/clock/Start.md"
		tick  = "site/content/en/boot/tick.md"
		way   = "annotations/pictures/way.toml"
		home  = "site/content/zh/home.md"
	)
	other := "---\nsymbol: clock.tick\n---\n\n## beat\n\n```anchor\nat:       return n + 1\nreviewed: v1.2.0\n```\n\n### en A beat\n\nIt counts.\n"
	for _, c := range []struct {
		name, file, old, new string
		all                  bool
		want                 int // files
	}{
		{name: "nothing", file: start, old: "Counting", new: "Counting"},
		{name: "blank line", file: start, old: "## wind", new: "\n## wind"},
		// v1 and v2: the symbol's page, and the chapter that pulls its slice in
		{name: "text of a note", file: start, old: "Counting", new: "Reckoning", want: 4},
		{name: "title in Chinese", file: start, old: "上弦", new: "上紧", want: 4},
		{name: "anchor", file: start, old: "at:       n := tick(0)", new: "at:       return n", want: 4},
		{name: "no notes", file: start, old: "*", new: "", want: 10},
		{name: "new note", file: "annotations/clock/tick.md", old: "*", new: other, want: 6},
		{name: "chapter", file: tick, old: "From v2 on", new: "Since v2", want: 1},
		{name: "heading", file: tick, old: "## Start", new: "## Begin", want: 2},
		{name: "caption of a picture", file: way, old: "Downward.", new: "Down.", want: 2},
		{name: "version of a node", file: way, old: `go     = "v2"`, new: `go     = "v2+"`},
		{name: "node of a picture", file: way, old: "look   = \"strong\"\n", new: "", want: 2},
		{name: "no picture", file: way, old: "*", new: "", want: 4},
		{name: "home", file: home, old: "一只钟", new: "一口钟", want: 2},
		{name: "a download", file: DownloadsFile, old: "*", new: `[{"version":"v2","kind":"pdf","url":"https://x.example/a.pdf","bytes":1000,"date":"2021-01-01"}]`, all: true},
		{name: "title of a chapter", file: tick, old: `"A beat"`, new: `"One beat"`, all: true},
		{name: "symbol mentioned", file: "site/content/zh/boot/tick.md", old: "## 开始", new: "[一拍](sym:clock.tick)\n\n## 开始", all: true},
		{name: "no chapter", file: tick, old: "*", new: "", all: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := clock(t, nil)
			basis, _, err := NewBasis(context.Background(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			before, _, err := basis.Join(cfg.Root)
			if err != nil {
				t.Fatal(err)
			}
			text := c.new
			if c.old != "*" {
				was, err := fs.ReadFile(cfg.Root, c.file)
				if err != nil {
					t.Fatal(err)
				}
				text = strings.Replace(string(was), c.old, c.new, 1)
			}
			after, problems, err := basis.Join(clock(t, map[string]string{c.file: text}).Root)
			if err != nil || problems.Count(diag.Error) > 0 && c.new != "" {
				t.Fatal(err, problems)
			}
			d := after.Layout.Since(before.Layout)
			if d.All != c.all {
				t.Fatalf("All = %v, want %v", d.All, c.all)
			}
			if d.All {
				return
			}
			updated, whole := t.TempDir(), t.TempDir()
			writeTree(t, before, updated)
			writeTree(t, after, whole)
			files, err := after.UpdateTree(updated, d)
			if err != nil {
				t.Fatal(err)
			}
			if len(files) != c.want {
				t.Errorf("%d files changed, want %d: %v", len(files), c.want, files)
			}
			if d := cmp.Diff(readTree(t, whole), readTree(t, updated)); d != "" {
				t.Errorf("(-whole +updated):\n%s", d)
			}
		})
	}
}
