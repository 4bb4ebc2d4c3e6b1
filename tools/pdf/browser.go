package pdf

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// oldest is the first Chromium that prints running heads, the margin boxes of @page.
const oldest = 131

// browser is a Chromium with the book open.
type browser struct {
	ctx    context.Context
	cancel context.CancelFunc
	server *http.Server
}

// open serves the folder on this computer only and opens its book.html.
func open(ctx context.Context, program, dir string) (*browser, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &browser{server: &http.Server{Handler: http.FileServer(http.Dir(dir))}}
	go func() { _ = b.server.Serve(listener) }() // it ends with an error when it is closed
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		// It would keep a process ready for a page that nobody opens, and one for its address bar.
		chromedp.Flag("disable-features", "Translate,SpareRendererForSitePerProcess,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"),
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it has none for root
	}
	// What is logged is also returned as an error, and said once.
	silent := chromedp.WithErrorf(func(string, ...any) {})
	b.ctx, b.cancel = chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(options...), silent)
	if err := chromedp.Do(b.ctx, chromedp.Navigate("http://"+listener.Addr().String()+"/book.html")); err != nil {
		b.close()
		return nil, explain(ctx, fmt.Errorf("%s does not start as a Chromium does: name another program with --chromium (%s)",
			program, strings.Join(strings.Fields(err.Error()), " ")))
	}
	_, err = chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.fonts.ready.then(() => "")`, chromedp.EvalAwaitPromise))
	if err == nil {
		err = b.checkVersion()
	}
	if err != nil {
		b.close()
		return nil, explain(ctx, err)
	}
	return b, nil
}

// explain prefers the interruption to what it broke.
func explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (b *browser) close() {
	b.cancel()
	_ = b.server.Close()
}

func (b *browser) checkVersion() error {
	agent, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`navigator.userAgent`))
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(agent, "Chrome/")
	number, _, _ := strings.Cut(after, ".")
	if major, err := strconv.Atoi(number); err == nil && major < oldest {
		return fmt.Errorf("the browser is Chromium %d, which prints no running heads: install %d or newer, or name it with --chromium", major, oldest)
	}
	return nil
}

// checkWidth makes sure that everything fits between the margins. The browser would make
// all of the book smaller for the sake of one wide table.
func (b *browser) checkWidth(pixels int) error {
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(int64(pixels), 1000)); err != nil {
		return err
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		return err
	}
	wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string]("tooWide()"))
	if err != nil {
		return err
	}
	if len(wide) > 0 {
		return fmt.Errorf("%d things are wider than the page: %s", len(wide), strings.Join(wide[:min(len(wide), 5)], "; "))
	}
	return chromedp.Do(b.ctx, chromedp.EmulateReset())
}

// print returns the book, if wanted as a tagged file with an outline.
func (b *browser) print(tagged bool) ([]byte, error) {
	options := []chromedp.PDFOption{chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground(), chromedp.PDFStream()}
	if tagged {
		options = append(options, chromedp.PDFOutlineAndTagged())
	}
	return chromedp.Run(b.ctx, chromedp.PrintToPDF(options...))
}

// fill writes page numbers, by the id that they are of, wherever the book names them, and
// puts the empty pages in. A number that is not known takes its room.
func (b *browser) fill(s sides) error {
	numbers, err := json.Marshal(s.pages)
	if err != nil {
		return err
	}
	blank, err := json.Marshal(slices.Sorted(maps.Keys(s.blank)))
	if err != nil {
		return err
	}
	_, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf("fillPages(%s, %s)", numbers, blank)))
	return err
}
