package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"beforemain/tools/need"
	"beforemain/tools/need/chromium"
	"beforemain/tools/need/reader"
	"beforemain/tools/web"
)

// realSite builds the book of this repository in its oldest and its newest version, and
// serves it with the headers that it is published with.
func realSite(t testing.TB) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "site")
	var stderr bytes.Buffer
	if code := run(context.Background(), []string{"-C", "../..", "build", "--source", "cache", "--versions", "go1.17,go1.27", "--out", out}, &stderr, &stderr); code != 0 {
		need.Sources(t, fmt.Errorf("%s", stderr.String()))
	}
	files := http.FileServer(http.Dir(out))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range web.Headers() {
			w.Header().Set(name, value)
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// searcher is an open page of the book.
type searcher struct {
	testing.TB
	ctx  context.Context
	root string
}

func startSearching(t testing.TB) searcher {
	ctx := chromium.Start(t)
	s := searcher{t, ctx, realSite(t)}
	s.call(chromedp.EmulateViewport(1280, 900))
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s searcher) call(actions ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	if err := chromedp.Do(s.ctx, actions...); err != nil {
		s.Fatal(err)
	}
}

// open opens the home page of an edition as if for the first time.
func (s searcher) open(lang, version string) string {
	s.Helper()
	root := "/" + version + "/" + lang + "/"
	if version == "go1.27" {
		root = "/" + lang + "/"
	}
	if _, err := chromedp.Call(s.ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
		s.Fatal(err)
	}
	s.call(chromedp.Navigate(s.root + root))
	s.see("the field", `!!document.querySelector("[data-search] input[type=search]")`)
	return root
}

// insert types a text at once.
func (s searcher) insert(text string) {
	s.Helper()
	if _, err := chromedp.Call(s.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		s.Fatal(err)
	}
}

// slash presses the key as a person does: chromedp.KeyEvent sends the character by
// itself, which arrives even where the page has refused the key.
func (s searcher) slash() {
	s.Helper()
	for _, e := range []input.DispatchKeyEventParams{{Type: "keyDown", Key: "/", Text: "/"}, {Type: "keyUp", Key: "/"}} {
		if _, err := chromedp.Call(s.ctx, input.DispatchKeyEvent, e); err != nil {
			s.Fatal(err)
		}
	}
}

// see waits until a script is true, and fails if it never is.
func (s searcher) see(what, js string) {
	s.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if got, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool](js)); err == nil && got {
			return
		}
	}
	s.Fatalf("the page never shows %s: %s", what, js)
}

func TestSearchInABrowser(t *testing.T) {
	s := startSearching(t)
	queries, err := reader.Queries("../../extractor/search/testdata/queries.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		t.Run(fmt.Sprint(q.Lang, " ", q.Version, " ", q.Text), func(t *testing.T) {
			s := s
			s.TB = t
			root := s.open(q.Lang, q.Version)
			s.slash()
			s.insert(q.Text)
			s.see("results", `document.querySelectorAll("[data-search-result] a").length > 0`)
			got, err := chromedp.Run(s.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll("[data-search-result] a")].map(a => decodeURI(a.pathname + a.hash))`))
			if err != nil {
				t.Fatal(err)
			}
			if got[0] != root+q.Want {
				t.Errorf("%q come first, want %s", got[:min(3, len(got))], root+q.Want)
			}
			for _, address := range got {
				if !strings.HasPrefix(address, root) {
					t.Errorf("%s leads out of the edition %s", address, root)
				}
			}
			s.see("what matches", `document.querySelectorAll("[data-search-result] mark").length > 0`)
			bytes, err := chromedp.Run(s.ctx, chromedp.Evaluate[int](`performance.getEntriesByType("resource").filter(e => e.name.includes("/search/")).reduce((sum, e) => sum + e.transferSize, 0)`))
			if err != nil || bytes == 0 || bytes > 60<<10 {
				t.Errorf("the first answer takes %d bytes (%v), want at most 60 KiB", bytes, err)
			}
		})
	}
}

// TestSearchByKeyboard: a key opens the field, arrows choose, Enter follows only what was
// chosen, and Escape leaves.
func TestSearchByKeyboard(t *testing.T) {
	s := startSearching(t)
	const focus = `document.activeElement.matches("[data-search] input")`
	for _, width := range []int64{390, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			s := s
			s.TB = t
			s.call(chromedp.EmulateViewport(width, 800))
			root := s.open("zh", "go1.17")
			s.slash()
			s.see("the focus in the field", focus+` && document.activeElement.value === ""`)
			s.call(chromedp.KeyEvent("sched"))
			s.see("the number of results", `/^[1-9]\d* 条结果$/.test(document.querySelector("[data-search] [role=status]").textContent)`)
			s.call(chromedp.KeyEvent(kb.Enter))
			time.Sleep(200 * time.Millisecond)
			s.see("the same page", `location.pathname === "`+root+`" && `+focus)
			s.call(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
			s.see("the focus on the second result", `document.activeElement === document.querySelectorAll("[data-search-result] a")[1]`)
			s.see("it within the window", `(() => { const r = document.activeElement.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight })()`)
			s.call(chromedp.KeyEvent("i"))
			s.see("what is typed on in the field", focus+` && document.activeElement.value === "schedi"`)
			for range 30 { // more than are shown at a time
				s.call(chromedp.KeyEvent(kb.ArrowDown))
			}
			s.see("more results", `document.querySelectorAll("[data-search-result]").length > 10`)
			s.call(chromedp.KeyEvent(kb.Escape))
			s.see("no results", `[...document.querySelectorAll("[data-search-result]")].every(e => e.getClientRects().length === 0)`)
			s.open("zh", "go1.17")
			s.slash()
			s.call(chromedp.KeyEvent("mallocinit"))
			s.see("results", `document.querySelector("[data-search-result] a")?.textContent.includes("runtime.mallocinit")`)
			s.call(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
			s.see("the page that was chosen", `location.pathname === "`+root+`symbols/runtime.mallocinit/"`)
		})
	}
}

// BenchmarkKeystroke types into a page on a processor that is six times slower, and
// reports how long after a key the results are there: for a file that has to come, and
// for a query of which all files are there.
func BenchmarkKeystroke(b *testing.B) {
	s := startSearching(b)
	if _, err := chromedp.Call(s.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 6}); err != nil {
		b.Fatal(err)
	}
	const typed = `(async () => {
		const input = document.querySelector("[data-search] input"), times = []
		input.focus()
		for (const query of %s) for (let n = 1; n <= query.length; n++) {
			if (query[n - 1] === " ") continue // nothing new is asked
			const from = performance.now()
			const done = new Promise(resolve => new MutationObserver((_, o) => { o.disconnect(); resolve() }).observe(document.querySelector("[data-search] [role=status]"), {childList: true}))
			input.value = query.slice(0, n)
			input.dispatchEvent(new InputEvent("input", {bubbles: true}))
			await Promise.race([done, new Promise(r => setTimeout(r, 1000))])
			document.querySelector("[data-search]").getBoundingClientRect()
			times.push(performance.now() - from)
		}
		return times.sort((a, b) => a - b)
	})()`
	for b.Loop() {
		for _, lang := range []string{"zh", "en"} {
			s.open(lang, "go1.27")
			for _, when := range []string{"first", "again"} {
				times, err := chromedp.Run(s.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(typed, `["schedinit", "调度器", "线程局部存储", "runtime.rt0_go", "write barrier"]`), chromedp.EvalAwaitPromise))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(times[len(times)/2], lang+"-"+when+"-median-ms")
				b.ReportMetric(times[len(times)-1], lang+"-"+when+"-worst-ms")
			}
		}
	}
}
