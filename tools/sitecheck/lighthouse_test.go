package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"beforemain/tools/need"
	"beforemain/tools/need/chromium"
	"beforemain/tools/need/npm"
)

const lighthouse = "lighthouse@12.8.2"

// runs is how often Lighthouse looks at a page; the median of the speeds counts, since a
// busy machine slows single runs down.
const runs = 5

// report is what the test reads of Lighthouse's answer.
type report struct {
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct{ ID string }
	}
	Audits map[string]struct {
		Title, DisplayValue string
		Score               *float64
	}
}

func TestLighthouse(t *testing.T) {
	root := serve(t)
	program := filepath.Join(npm.Install(t, lighthouse), "lighthouse", "cli", "index.js")
	chrome, err := chromium.Find()
	need.That(t, "browser", err)
	for _, path := range []string{"/zh/", "/en/boot/newproc/", "/zh/symbols/runtime.schedinit/", "/en/changes/go1.26-go1.27/runtime.schedinit/"} {
		t.Run(path, func(t *testing.T) {
			var speeds []float64
			for i := range runs {
				r := judge(t, program, chrome, root+path, i == 0)
				speeds = append(speeds, r.Categories["performance"].Score)
				if i > 0 {
					continue // the rest does not depend on the clock
				}
				for _, name := range []string{"accessibility", "best-practices", "seo"} {
					r.want(t, name, 1)
				}
			}
			slices.Sort(speeds)
			t.Logf("speeds %v", speeds)
			if median := speeds[runs/2]; median < 0.95 {
				t.Errorf("performance is %.2f, the median of %v; want at least 0.95", median, speeds)
			}
		})
	}
}

// want reports a category below a score, with the audits that cost it.
func (r *report) want(t *testing.T, name string, score float64) {
	t.Helper()
	c, ok := r.Categories[name]
	if !ok || c.Score >= score {
		if !ok {
			t.Errorf("Lighthouse says nothing of %s", name)
		}
		return
	}
	t.Errorf("%s is %.2f, want %.2f", name, c.Score, score)
	for _, ref := range c.AuditRefs {
		if a := r.Audits[ref.ID]; a.Score != nil && *a.Score < 1 {
			t.Logf("%s: %s %s", ref.ID, a.Title, a.DisplayValue)
		}
	}
}

// judge lets Lighthouse look at a page; all says whether at more than its speed.
func judge(t *testing.T, program, chrome, address string, all bool) *report {
	t.Helper()
	categories := "performance"
	if all {
		categories += ",accessibility,best-practices,seo"
	}
	cmd := exec.CommandContext(t.Context(), "node", program, address, "--quiet", "--output=json", "--output-path=stdout",
		"--only-categories="+categories, "--chrome-flags=--headless --no-sandbox --disable-gpu")
	cmd.Env = append(os.Environ(), "CHROME_PATH="+chrome)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("lighthouse %s: %v", address, err)
	}
	r := &report{}
	if err := json.Unmarshal(out, r); err != nil {
		t.Fatal(err)
	}
	return r
}
