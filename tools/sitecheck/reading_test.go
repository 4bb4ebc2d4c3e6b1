package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	protocol "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestKinds looks at every kind of page: nothing is wider than the window, the browser has
// nothing to complain of, and the paper has the colour that the reader's system wants.
// Where BOOK_SCREENSHOTS names a folder, what was seen is kept there.
func TestKinds(t *testing.T) {
	ctx, root := browse(t)
	var complaints []string
	listening, stop := context.WithCancel(ctx)
	entries := chromedp.Events(listening, log.EntryAdded)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for e, err := range entries {
			if err != nil {
				return
			}
			complaints = append(complaints, e.Entry.URL+": "+e.Entry.Text)
		}
	}()
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			for _, l := range []look{{390, false}, {1280, false}, {1280, true}} {
				l.open(t, ctx, root+kind.path, kind.do)
				if over := evaluate[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%s: the page is %d pixels wider than the window", l, over)
				}
				if dark := evaluate[bool](t, ctx, `getComputedStyle(document.body).backgroundColor.match(/\d+/)[0] < 128`); dark != l.dark {
					t.Errorf("%s: the paper is dark: %t", l, dark)
				}
				keep(t, ctx, kind.name+", "+l.String())
			}
		})
	}
	stop()
	<-done
	for _, c := range complaints {
		if !strings.Contains(c, "/zh/nothing/") { // that page is not found, as it should be
			t.Errorf("the browser complains: %s", c)
		}
	}
}

// keep writes a picture of the window into the folder that BOOK_SCREENSHOTS names.
func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("BOOK_SCREENSHOTS")
	if dir == "" {
		return
	}
	shot, err := chromedp.Call(ctx, protocol.CaptureScreenshot, protocol.CaptureScreenshotParams{Format: "png"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, ", ", "-")+".png"), shot.Data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// until waits for a condition of a page that has loaded.
func until(t *testing.T, ctx context.Context, condition string) bool {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if v, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && (`+condition+`)`)); err == nil && v {
			return true
		}
	}
	return false
}

// at is the condition that a page has this path.
func at(path string) string { return `location.pathname === "` + path + `"` }

const (
	symbolPage   = "/zh/symbols/runtime.rt0_go/"
	visibleTexts = `(selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).length)`
)

func TestVersionsAndLanguages(t *testing.T) {
	ctx, root := browse(t)
	look{1280, false}.open(t, ctx, root+symbolPage, "")
	for _, step := range []struct{ link, want string }{
		{`.versions a[href^="/go1.17/"]`, "/go1.17" + symbolPage},
		{`.languages a[href^="/go1.17/en/"]`, "/go1.17/en/symbols/runtime.rt0_go/"},
		{`.banner a`, "/en/symbols/runtime.rt0_go/"},
		{`.languages a[href^="/zh/"]`, symbolPage},
	} {
		evaluate[bool](t, ctx, `document.querySelector('`+step.link+`').click() ?? true`)
		if !until(t, ctx, at(step.want)) {
			t.Fatalf("%s led to %s, want %s", step.link, evaluate[string](t, ctx, `location.pathname`), step.want)
		}
	}
}

// TestKeyboard goes by the Tab key alone: past the bar into the text, and into a menu.
func TestKeyboard(t *testing.T) {
	ctx, root := browse(t)
	look{1280, false}.open(t, ctx, root+symbolPage, "")
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	press := func(key, code string, number int64, text string) {
		t.Helper()
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			event := input.DispatchKeyEventParams{Type: kind, Key: key, Code: code, WindowsVirtualKeyCode: number}
			if kind == input.DispatchKeyEventTypeKeyDown {
				event.Text = text
			}
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, event); err != nil {
				t.Fatal(err)
			}
		}
	}
	press("Tab", "Tab", 9, "")
	if !evaluate[bool](t, ctx, `document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().top >= 0`) {
		t.Error("the first stop is not the link to the text, in sight")
	}
	for range 10 {
		press("Tab", "Tab", 9, "")
		if evaluate[bool](t, ctx, `document.activeElement.matches(".contents > summary")`) {
			press("Enter", "Enter", 13, "\r")
			press("Tab", "Tab", 9, "")
			if !evaluate[bool](t, ctx, `document.activeElement.matches(".contents[open] > nav a") && getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
				t.Error("Enter and Tab do not lead into the contents, or the place of the focus is not shown")
			}
			return
		}
	}
	t.Error("ten stops do not reach the contents")
}

// TestWithoutScripts reads with scripts switched off: the text and its notes are there,
// and tabs, folds, menus and the two views of a comparison work.
func TestWithoutScripts(t *testing.T) {
	ctx, root := browse(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		if kind.do != "" {
			continue
		}
		look{390, false}.open(t, ctx, root+kind.path, "")
		if evaluate[int](t, ctx, `document.querySelector("main").innerText.length`) < 10 {
			t.Errorf("%s: there is nothing to read", kind.name)
		}
		// A button that only a script could serve is not shown.
		if n := evaluate[int](t, ctx, visibleTexts+`("button, input[type=search]")`); n > 0 {
			t.Errorf("%s: %d buttons do nothing", kind.name, n)
		}
	}
	look{1280, false}.open(t, ctx, root+symbolPage, "")
	for _, c := range []struct{ what, do, shown string }{
		{"notes", ``, `.variant:first-of-type .note`},
		{"the second tab", `location.hash = document.querySelector(".t2").hash`, `#linux-arm64`},
		{"the menu of versions", `document.querySelector(".versions summary").click()`, `.versions[open] li a`},
	} {
		evaluate[any](t, ctx, c.do)
		if !until(t, ctx, visibleTexts+`("`+c.shown+`") > 0`) {
			t.Errorf("%s: %s is not shown", c.what, c.shown)
		}
	}
	if n := evaluate[int](t, ctx, visibleTexts+`(".variant")`); n != 1 {
		t.Errorf("%d variants are shown at once", n)
	}
	look{1280, false}.open(t, ctx, root+"/zh/boot/newproc/", `document.querySelector("details.fold summary").click()`)
	if !until(t, ctx, `document.querySelector("details.fold[open] pre").checkVisibility()`) {
		t.Error("a fold does not open")
	}
}
