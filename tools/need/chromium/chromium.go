// Package chromium starts a browser for tests.
package chromium

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"beforemain/tools/need"
	"beforemain/tools/pdf"
)

// Start opens an empty page in a Chromium that lives as long as the test. Where none is
// installed the test is skipped, unless BOOK_REQUIRE names the browser.
func Start(t testing.TB) context.Context {
	t.Helper()
	program, err := pdf.FindChromium()
	need.That(t, "browser", err)
	ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
	))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return ctx
}
