package margin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"beforemain/tools/need/chromium"
)

// browse starts Chromium on the fixture's site, served with the headers of
// netlify.toml, and returns the site's address. It skips where there is no
// Chromium, unless BOOK_REQUIRE names the browser.
func browse(t *testing.T) (context.Context, string) {
	t.Helper()
	var deploy struct {
		Headers []struct {
			For    string
			Values map[string]string
		}
	}
	decode(t, "../../netlify.toml", &deploy)
	files, static := http.FileServerFS(site(t)), http.FileServer(http.Dir("../../site/static"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for key, value := range deploy.Headers[0].Values {
			if key != "Strict-Transport-Security" {
				w.Header().Set(key, value)
			}
		}
		if strings.HasPrefix(r.URL.Path, "/favicon.") {
			static.ServeHTTP(w, r)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return chromium.Start(t), server.URL
}

// visit opens a page in a window of the given width and returns what the
// browser complains of while it loads.
func visit(t *testing.T, ctx context.Context, address string, width int64) []string {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatal(err)
	}
	listening, stop := context.WithCancel(ctx)
	defer stop()
	entries := chromedp.Events(listening, log.EntryAdded)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(200*time.Millisecond, stop) // an entry comes after the load event, or never
	var complaints []string
	for entry, err := range entries {
		if err != nil {
			break
		}
		complaints = append(complaints, entry.Entry.Text)
	}
	return complaints
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

func TestPagesInABrowser(t *testing.T) {
	ctx, root := browse(t)
	for _, path := range []string{"/zh/", "/en/boot/light/", "/zh/symbols/boot.firstLight/", "/zh/symbols/_start/", "/en/symbols/boot.getHand/", "/en/symbols/", "/zh/status/", "/en/status/", "/zh/changes/", "/en/changes/go1.26-go1.27/", "/zh/changes/go1.26-go1.27/boot.firstLight/", "/go1.26/zh/boot/light/"} {
		for _, width := range []int64{390, 1280} {
			t.Run(fmt.Sprintf("%s %d", path, width), func(t *testing.T) {
				if complaints := visit(t, ctx, root+path, width); len(complaints) > 0 {
					t.Errorf("the browser complains: %q", complaints)
				}
				if sheets := evaluate[int](t, ctx, `document.styleSheets.length`); sheets != 1 {
					t.Errorf("%d style sheets are in force, want 1", sheets)
				}
				if over := evaluate[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("the page is %d pixels wider than the window", over)
				}
			})
		}
	}
}

func TestPolicyIsInForce(t *testing.T) {
	ctx, root := browse(t)
	visit(t, ctx, root+"/zh/", 1280)
	refused := evaluate[bool](t, ctx, `(() => {
		const p = document.querySelector("main p"), before = getComputedStyle(p).color
		p.setAttribute("style", "color: rgb(1, 2, 3)")
		return getComputedStyle(p).color === before
	})()`)
	if !refused {
		t.Error("an inline style took effect: the pages were not tested under the policy of netlify.toml")
	}
}

func TestNotesStandBesideOrBelow(t *testing.T) {
	ctx, root := browse(t)
	const measure = `(() => {
		const p = document.querySelector(".passage.noted"), code = p.querySelector("pre").getBoundingClientRect(), note = p.querySelector(".note").getBoundingClientRect()
		return note.left >= code.right - 1 ? "beside" : note.top >= code.bottom - 1 ? "below" : "over"
	})()`
	for width, want := range map[int64]string{1280: "beside", 390: "below"} {
		visit(t, ctx, root+"/zh/symbols/boot.firstLight/", width)
		if got := evaluate[string](t, ctx, measure); got != want {
			t.Errorf("at %d pixels the note stands %s its lines, want %s", width, got, want)
		}
	}
}

// TestLinksShowWhereTheyLead: in code what leads to a page of the book is underlined
// unasked, and so is what has a colour; the other links are once they have the focus.
func TestLinksShowWhereTheyLead(t *testing.T) {
	ctx, root := browse(t)
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	for class, want := range map[string]string{"x": "underline underline", "y": "underline underline", "u": "underline underline"} {
		got := evaluate[string](t, ctx, `(() => {
			const a = document.querySelector(".code a.`+class+`"), line = () => getComputedStyle(a).textDecorationLine, before = line()
			a.focus({focusVisible: true})
			return before + " " + line()
		})()`)
		if got != want {
			t.Errorf("a link of class %s is underlined %s, want %s", class, got, want)
		}
	}
}

// TestDeadLinesAreNamedInSight: the label is seen without scrolling, however long the line.
func TestDeadLinesAreNamedInSight(t *testing.T) {
	ctx, root := browse(t)
	for _, width := range []int64{390, 1280} {
		visit(t, ctx, root+"/en/symbols/_start/", width)
		if !evaluate[bool](t, ctx, `(() => {
			const label = document.querySelector(".dead"), box = label.getBoundingClientRect(), code = label.closest("pre").getBoundingClientRect()
			return box.width > 0 && box.left >= code.left && box.right <= code.right
		})()`) {
			t.Errorf("at %d pixels the label of a line that is not reached is out of sight", width)
		}
	}
}

// TestComparisonHasTwoViews: the buttons work without a script, and on a narrow window
// there is one view.
func TestComparisonHasTwoViews(t *testing.T) {
	ctx, root := browse(t)
	const beside = `(() => {
		const [a, b] = [...document.querySelectorAll(".pair:not(.talk) > .code")].map(e => e.getBoundingClientRect())
		return a.right <= b.left && a.top === b.top
	})()`
	visit(t, ctx, root+"/zh/changes/go1.26-go1.27/boot.firstLight/", 1280)
	if !evaluate[bool](t, ctx, beside) {
		t.Error("at 1280 the sides do not stand side by side")
	}
	evaluate[bool](t, ctx, `document.querySelector(".views .inline").click(), true`)
	if evaluate[bool](t, ctx, beside) {
		t.Error("the second button did not put one side below the other")
	}
	evaluate[bool](t, ctx, `document.querySelector(".views .quiet").click(), true`)
	if !evaluate[bool](t, ctx, `getComputedStyle(document.querySelector(".talk")).display === "none"`) {
		t.Error("what changed only in comments is still shown")
	}
	visit(t, ctx, root+"/zh/changes/go1.26-go1.27/boot.firstLight/", 390)
	if evaluate[bool](t, ctx, beside) {
		t.Error("at 390 the sides stand side by side")
	}
}
