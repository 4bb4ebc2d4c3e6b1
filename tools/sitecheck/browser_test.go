package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"beforemain/tools/need"
	"beforemain/tools/need/chromium"
	"beforemain/tools/netlify"
)

// kinds are pages of the built site, one a kind; do brings a page into a state that only
// a reader's act shows.
var kinds = []struct{ name, path, do string }{
	{"home", "/zh/", ""},
	{"home in English", "/en/", ""},
	{"chapter with a listing", "/zh/boot/newproc/", ""},
	{"chapter with pictures", "/en/boot/rt0-go/", ""},
	{"chapter with charts", "/zh/boot/cost/", ""},
	{"chapter with what was observed", "/en/boot/observed/", ""},
	{"the largest chapter", "/zh/boot/schedinit/", ""},
	{"symbol of Go", "/zh/symbols/runtime.schedinit/", ""},
	{"symbol of assembly", "/en/symbols/runtime.rt0_go/", ""},
	{"card", "/zh/symbols/runtime.injectglist/", ""},
	{"symbols", "/zh/symbols/", ""},
	{"glossary", "/en/boot/glossary/", ""},
	{"colophon", "/zh/boot/colophon/", ""},
	{"contributing", "/en/boot/contributing/", ""},
	{"status", "/zh/status/", ""},
	{"changes", "/zh/changes/", ""},
	{"release", "/en/changes/go1.26-go1.27/", ""},
	{"change", "/zh/changes/go1.26-go1.27/runtime.schedinit/", ""},
	{"not found", "/zh/nothing/", ""},
	{"old home", "/go1.17/zh/", ""},
	{"old chapter", "/go1.17/en/boot/rt0-go/", ""},
	{"old symbol", "/go1.17/zh/symbols/runtime.schedinit/", ""},
	{"contents open", "/en/boot/newproc/", `document.querySelector("details.contents").open = true`},
	{"versions open", "/zh/boot/newproc/", `document.querySelector("details.versions").open = true`},
	{"search open", "/en/boot/args/", `(() => {
		const field = document.querySelector("#search")
		field.value = "stack"
		field.dispatchEvent(new Event("input"))
		return new Promise(found => new MutationObserver(found).observe(document.querySelector("#search-hits"), {childList: true})).then(() => 0)
	})()`},
	{"keys open", "/zh/boot/newproc/", `dispatchEvent(new KeyboardEvent("keydown", {key: "?", bubbles: true}))`},
}

// built returns the built site: site/public, or the folder that BOOK_SITE names. What is
// there may be older than the tree, so these tests run only where BOOK_REQUIRE asks.
func built(t *testing.T) fs.FS {
	t.Helper()
	if !need.Required("site") {
		need.That(t, "site", errors.New("`go run ./tools/book build`, and then BOOK_REQUIRE=site"))
	}
	dir := os.Getenv("BOOK_SITE")
	if dir == "" {
		dir = "../../site/public"
	}
	site := os.DirFS(dir)
	if _, err := fs.Stat(site, "zh/index.html"); err != nil {
		t.Fatalf("no built site: %v", err)
	}
	return site
}

// serve serves the built site as Netlify would.
func serve(t *testing.T) string {
	t.Helper()
	site := built(t)
	deploy, err := netlify.Read("../../netlify.toml")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(deploy.Handler(site))
	t.Cleanup(server.Close)
	return server.URL
}

// browse opens Chromium for the built site, whose address it returns.
func browse(t *testing.T) (context.Context, string) {
	t.Helper()
	root := serve(t)
	return chromium.Start(t), root
}

// look is how a reader looks at a page.
type look struct {
	width int64
	dark  bool
}

func (l look) String() string {
	name := map[int64]string{390: "telephone", 1280: "desk"}[l.width]
	if l.dark {
		name += ", dark"
	}
	return name
}

// open shows a page in that way, and does what the page kind asks.
func (l look) open(t *testing.T, ctx context.Context, address, do string) {
	t.Helper()
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(l.width, 900), chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if do == "" {
		return
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](do, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatalf("%s: %v", do, err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%.200s: %v", script, err)
	}
	return v
}
