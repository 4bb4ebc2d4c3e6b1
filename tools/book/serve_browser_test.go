package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"beforemain/tools/need/chromium"
)

// An open page renews itself under the policy of the published site, shows a mistake,
// and is clean again when it is mended.
func TestServeInBrowser(t *testing.T) {
	root, cache := smallBook(t)
	s := startServing(t, root, cache)
	ctx := chromium.Start(t)
	listening, stop := context.WithCancel(ctx)
	complaints := make(chan []string)
	events := chromedp.Events(listening, log.EntryAdded)
	go func() {
		var list []string
		for e, err := range events {
			if err != nil {
				break
			}
			list = append(list, e.Entry.Text)
		}
		complaints <- list
	}()
	if err := chromedp.Do(ctx, chromedp.Navigate(strings.TrimSuffix(s.url, "/")+symbolPage)); err != nil {
		t.Fatal(err)
	}
	shows := func(what, js string) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](js)); err == nil && got {
				return
			}
		}
		t.Fatalf("the page does not show %s:\n%s", what, s.stderr.String())
	}
	shows("itself", `document.querySelector(".note").textContent.includes("Counting begins")`)
	s.edit(editedNote, "Counting begins", "Reckoning begins")
	shows("the edit", `document.querySelector(".note").textContent.includes("Reckoning begins")`)
	s.edit(editedNote, "tick(read())", "tick(reed())")
	shows("the mistake", `getComputedStyle(document.querySelector(".serve-mistakes")).position === "sticky" && document.querySelector(".serve-mistakes").textContent.includes("N101")`)
	s.edit(editedNote, "tick(reed())", "tick(read())")
	shows("the mending", `!document.querySelector(".serve-mistakes") && document.querySelector(".note") !== null`)
	stop()
	if list := <-complaints; len(list) > 0 {
		t.Errorf("the browser complains: %q", list)
	}
}
