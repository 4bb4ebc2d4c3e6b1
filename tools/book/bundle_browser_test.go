package main

import (
	"archive/zip"
	"context"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"beforemain/tools/need/chromium"
)

// unzip unpacks a bundle and returns the folder that is in it.
func unzip(t *testing.T, name string) string {
	t.Helper()
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, strings.TrimSuffix(filepath.Base(name), ".zip"))
}

// TestBundleInBrowser reads the bundle as a reader without a network does: from a folder.
func TestBundleInBrowser(t *testing.T) {
	root, cache := smallBook(t)
	ctx := chromium.Start(t)
	out := t.TempDir()
	var stderr strings.Builder
	for _, version := range []string{"v1", "v2"} {
		if code := run(t.Context(), []string{"bundle", "-C", root, "--cache", cache, "--source", "cache", "--go", version, "--out", out}, io.Discard, &stderr); code != exitFine {
			t.Fatalf("bundle exits with %d:\n%s", code, stderr.String())
		}
	}
	listening, stop := context.WithCancel(ctx)
	complaints := make(chan []string)
	events := chromedp.Events(listening, log.EntryAdded)
	go func() {
		var list []string
		for e, err := range events {
			if err != nil {
				break
			}
			list = append(list, e.Entry.Text+" "+e.Entry.URL)
		}
		complaints <- list
	}()
	shows := func(what, js string) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](js)); err == nil && got {
				return
			}
		}
		at, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href`))
		t.Fatalf("%s does not show %s", at, what)
	}
	click := func(selector string) {
		t.Helper()
		shows("a link "+selector, `document.readyState === "complete" && document.querySelector('`+selector+`') !== null`)
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector('`+selector+`').click() ?? true`)); err != nil {
			t.Fatal(err)
		}
	}
	for version, below := range map[string]string{"v1": "/v1", "v2": ""} {
		dir := unzip(t, filepath.Join(out, "before-main-"+version+".zip"))
		front := url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/index.html"}
		if err := chromedp.Do(ctx, chromedp.Navigate(front.String())); err != nil {
			t.Fatal(err)
		}
		at := func(page string) string {
			return `document.readyState === "complete" && decodeURI(location.pathname).endsWith("/before-main-` + version + below + page + `")`
		}
		click(`a[href$="en/index.html"]`)
		shows("the home page", at("/en/index.html")+` && document.styleSheets.length === 1`)
		click(`main a[href*="boot/tick/"]`)
		shows("the chapter", at("/en/boot/tick/index.html")+` && document.querySelector(".note").textContent.includes("Counting begins")`)
		click(`main a[href*="symbols/clock.Start/"]`)
		shows("the symbol", at("/en/symbols/clock.Start/index.html"))
		shows("the button for the colours", `document.querySelector(".bar-theme").hidden === false`)
		shows("other colours after a click", `(() => {
			const paper = () => getComputedStyle(document.body).backgroundColor, before = paper(), button = document.querySelector(".bar-theme")
			button.click()
			const first = paper()
			button.click()
			return new Set([before, first, paper()]).size === 2
		})()`)
		shows("a field to search in", `document.querySelector("#search") !== null && (() => {
			const field = document.querySelector("#search")
			field.value = "tick"
			return field.dispatchEvent(new Event("input"))
		})()`)
		click(`[data-search-result] a[href*="symbols/clock.tick/"]`)
		shows("what was found", at("/en/symbols/clock.tick/index.html"))
		shows("other versions at the public site", `document.querySelector(".versions a:not([aria-current])").href.startsWith("https://small.example/")`)
		shows("no link to a folder", `[...document.querySelectorAll("a, link:not([rel=alternate], [rel=canonical])")].every(a => !a.href.startsWith("file:") || /\.[a-z]+$/.test(new URL(a.href).pathname))`)
	}
	stop()
	if list := <-complaints; len(list) > 0 {
		t.Errorf("the browser complains: %q", list)
	}
}
