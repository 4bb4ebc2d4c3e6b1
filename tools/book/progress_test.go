package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/schollz/progressbar/v3"

	"beforemain/extractor/source"
)

// A bar that was full, or finished, goes on with what comes next.
func TestProgressGoesOn(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, bar: progressbar.NewOptions(-1, progressbar.OptionSetWriter(&b), progressbar.OptionClearOnFinish())}
	for _, now := range []source.Progress{{Message: "first", Done: 3, Total: 3}, {Message: "second", Done: 1, Total: 2}} {
		p.report(now)
		if !strings.Contains(b.String(), now.Message) {
			t.Errorf("%q does not say %q", b.String(), now.Message)
		}
		p.finish()
		b.Reset()
	}
}
