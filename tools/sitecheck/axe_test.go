package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"beforemain/tools/need/npm"
)

// axe is the version of https://github.com/dequelabs/axe-core that judges the pages.
const axe = "axe-core@4.14.1"

// TestAxe: axe finds nothing on any kind of page, light or dark, on a telephone or a desk.
func TestAxe(t *testing.T) {
	ctx, root := browse(t)
	script, err := os.ReadFile(filepath.Join(npm.Install(t, axe), "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			seen := map[string][]string{} // what is wrong → where it shows
			for _, l := range []look{{390, false}, {390, true}, {1280, false}, {1280, true}} {
				l.open(t, ctx, root+kind.path, kind.do)
				// What the protocol evaluates is not held to the page's policy.
				evaluate[bool](t, ctx, string(script)+"; true")
				found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then(r =>
					r.violations.map(v => v.id + " (" + v.help + "): " + v.nodes.length + " × " + v.nodes[0].html.slice(0, 300) + " — " + v.nodes[0].failureSummary))`, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range found {
					seen[f] = append(seen[f], l.String())
				}
			}
			for f, looks := range seen {
				t.Errorf("%q: %s", slices.Compact(looks), f)
			}
		})
	}
}
