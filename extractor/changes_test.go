package extractor

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/content"
)

// changePages returns the pages of one language of a book by their paths.
func changePages(t *testing.T, result *Result, lang string) map[string]content.Page {
	t.Helper()
	got := map[string]content.Page{}
	for _, v := range result.Versions {
		pages, err := result.Layout.Pages(v, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pages {
			if strings.HasPrefix(p.Path, "changes") {
				got[p.Path] = p
			}
		}
	}
	return got
}

// groups writes what a pair's page tells.
func groups(r content.ReleaseParams) []string {
	var list []string
	for _, g := range r.Groups {
		for _, s := range g.Symbols {
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s +%d −%d %s", g.What, s.Name, s.Added, s.Removed, s.Before)))
		}
	}
	return list
}

func TestChangesOverARename(t *testing.T) {
	result, problems, err := Run(context.Background(), open(t, "testdata/rename.txtar", nil))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	got := changePages(t, result, "en")
	want := []string{"renamed clock.Beat +1 −1 clock.beat", "renamed clock.tick1 +1 −1 clock.tick",
		"code clock.Beat +1 −1", "code clock.tick +1 −1", "code clock.tick1 +1 −1"}
	release := got["changes/v1-v2.html"].Params.(content.ReleaseParams)
	if d := cmp.Diff(want, groups(release)); d != "" {
		t.Errorf("v1 to v2 (-want +got):\n%s", d)
	}
	if len(release.Same) != 1 || release.Same[0].Name != "clock.same" {
		t.Errorf("unchanged: %v", release.Same)
	}
	var cells []string
	for _, r := range got["changes.html"].Params.(content.ChangesParams).Rows {
		cells = append(cells, r.Name+" "+r.Cells[0].What+" "+r.Cells[0].URL)
	}
	// Beat is written apart from beat: they are equal in lower case.
	beat := "en/changes/v1-v2/clock.Beat/"
	want = []string{"clock.beat renamed " + beat, "clock.Beat code " + beat, "clock.tick code en/changes/v1-v2/clock.tick/",
		"clock.tick1 code en/changes/v1-v2/clock.tick1/", "clock.same same "}
	if d := cmp.Diff(want, cells); d != "" {
		t.Errorf("the table (-want +got):\n%s", d)
	}
}

// A symbol whose new name has no page is gone from the pages.
func TestChangesOverARenameAway(t *testing.T) {
	cfg := open(t, "testdata/rename.txtar", nil)
	text, err := fs.ReadFile(cfg.Root, BookFile)
	if err != nil {
		t.Fatal(err)
	}
	book := strings.Replace(string(text), `["clock.beat", "clock.Beat", "clock.tick", "clock.tick1", "clock.same"]`, `["clock.same", "clock.beat"]`, 1)
	result, problems, err := Run(context.Background(), open(t, "testdata/rename.txtar", map[string]string{BookFile: book}))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	got := changePages(t, result, "en")
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, []string{"changes.html", "changes/v1-v2.html"}) {
		t.Errorf("pages %q", names)
	}
	if d := cmp.Diff([]string{"gone clock.beat +0 −0"}, groups(got["changes/v1-v2.html"].Params.(content.ReleaseParams))); d != "" {
		t.Errorf("v1 to v2 (-want +got):\n%s", d)
	}
	var cells []string
	for _, r := range got["changes.html"].Params.(content.ChangesParams).Rows {
		cells = append(cells, r.Name+" "+r.Cells[0].What+" "+r.Cells[0].URL)
	}
	if d := cmp.Diff([]string{"clock.same same ", "clock.beat gone "}, cells); d != "" {
		t.Errorf("the table (-want +got):\n%s", d)
	}
}

// Every page offers the feed of the changes if and only if it is made.
func TestFeedOfSomeVersions(t *testing.T) {
	text := clockFile(t, BookFile)
	for _, tag := range []string{"v1.0.0", "v1.2.0"} {
		text = strings.Replace(text, fmt.Sprintf("tag  = %q", tag), fmt.Sprintf("tag  = %q\ndate = \"2020-01-01\"", tag), 1)
	}
	for _, book := range []string{text, clockFile(t, BookFile)} {
		for _, versions := range [][]string{nil, {"v2"}} {
			cfg := clock(t, map[string]string{BookFile: book})
			cfg.Versions = versions
			result, _, err := Run(context.Background(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			feed, updated := "", ""
			for _, v := range result.Versions {
				pages, err := result.Layout.Pages(v, "en")
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range pages {
					switch p := p.Params.(type) {
					case content.HomeParams:
						feed = p.Feed
					case content.ChangesParams:
						updated = p.Updated
					}
				}
			}
			if dated := book == text; (feed != "") != dated || (updated != "") != dated {
				t.Errorf("with dates %v, of %v: the feed is %q, and its date %q", dated, versions, feed, updated)
			}
		}
	}
}

// TestRealChanges holds what the history of the book says of some symbols against what
// the comparison finds.
func TestRealChanges(t *testing.T) {
	result := runReal(t)
	got := changePages(t, result, "en")
	table := got["changes.html"].Params.(content.ChangesParams)
	if table.Updated == "" {
		t.Error("not every version has a date, and the changes no feed")
	}
	what := func(symbol string) string {
		i := slices.IndexFunc(table.Rows, func(r content.ChangeRow) bool { return r.Name == symbol })
		var cells []string
		for _, c := range table.Rows[i].Cells {
			cells = append(cells, c.What)
		}
		return strings.Join(cells, " ")
	}
	never, always := strings.TrimSpace(strings.Repeat("same ", 11)), strings.TrimSpace(strings.Repeat("code ", 11))
	for symbol, want := range map[string]string{
		"_rt0_amd64": never, "runtime.args": never, "runtime.schedinit": always, "runtime.newproc1": always,
		"runtime.findrunnable": "same renamed absent absent absent absent absent absent absent absent renamed",
	} {
		if got := what(symbol); got != want {
			t.Errorf("%s: %s\nwant %s", symbol, got, want)
		}
	}
	release := got["changes/go1.25-go1.26.html"].Params.(content.ReleaseParams)
	if len(release.Moved) != 1 || release.Moved[0].Name != "runtime.randinit" {
		t.Errorf("1.26 moved %v in the observed order, want randinit", release.Moved)
	}
	if release.Story != "en/boot/history/#v1-26" {
		t.Errorf("the story of 1.26 is at %q", release.Story)
	}
	first, ok := got["changes/go1.17-go1.27/runtime.newproc.html"]
	if !ok || !strings.Contains(string(first.Body), "siz") {
		t.Errorf("1.17 to 1.27 does not show that newproc lost siz:\n%s", first.Body)
	}
}
