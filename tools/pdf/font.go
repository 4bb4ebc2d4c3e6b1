package pdf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// fontsWanted says what to install where no font of the style sheet's list serves.
const fontsWanted = "install one that the book's style sheet names: Debian and Ubuntu fonts-noto-cjk; macOS has PingFang SC; " +
	"Windows the optional feature \"Chinese (Simplified) Supplemental Fonts\""

// checkFonts makes sure that Han characters come from a face that the style sheet names,
// in text and in code. Any other has the shapes of another language, or none.
func (b *browser) checkFonts() error {
	if _, err := chromedp.Call(b.ctx, dom.Enable, dom.EnableParams{}); err != nil {
		return err
	}
	if _, err := chromedp.Call(b.ctx, css.Enable, cdp.Empty{}); err != nil {
		return err
	}
	for _, tag := range []string{"p", "code"} {
		named, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf("probeFont(%q)", tag)))
		if err != nil {
			return err
		}
		ids, err := chromedp.Run(b.ctx, chromedp.QueryNodeIDs("#font-probe"))
		if err != nil {
			return err
		}
		used, err := fontsOf(b, ids)
		if err != nil {
			return err
		}
		for _, name := range used {
			if !slices.ContainsFunc(strings.Split(named, ","), func(s string) bool { return strings.Trim(s, ` "`) == name }) {
				return fmt.Errorf("no Chinese font for <%s>: the browser would take %s; %s", tag, name, fontsWanted)
			}
		}
	}
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("removeProbe()"))
	return err
}

func fontsOf(b *browser, ids []cdp.NodeID) ([]string, error) {
	var names []string
	for _, id := range ids {
		r, err := chromedp.Call(b.ctx, css.GetPlatformFontsForNode, css.GetPlatformFontsForNodeParams{NodeID: id})
		if err != nil {
			return nil, err
		}
		for _, f := range r.Fonts {
			names = append(names, f.FamilyName)
		}
	}
	return names, nil
}
