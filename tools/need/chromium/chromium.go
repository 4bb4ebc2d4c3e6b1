// Package chromium starts a browser for tests.
package chromium

import (
	"context"
	"errors"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"

	"beforemain/tools/need"
)

// Start opens an empty page in a Chromium that lives as long as the test. Where none is
// installed the test is skipped, unless BOOK_REQUIRE names the browser.
func Start(t testing.TB) context.Context {
	t.Helper()
	program, err := Find()
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

// Find returns the program.
func Find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("no Chromium in PATH")
}
