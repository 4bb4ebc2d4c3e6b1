package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"beforemain/extractor/source"
)

// progress shows how the sources come in: a bar on a terminal, plain lines otherwise.
type progress struct {
	w    io.Writer
	bar  *progressbar.ProgressBar // nil when w is no terminal
	last source.Progress
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if isTerminal(w) {
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(w),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(20),
			progressbar.OptionSetPredictTime(false),
		)
	}
	return p
}

func (p *progress) report(now source.Progress) {
	line := now.Route + ": " + now.Message
	if now.Total > 0 {
		line = fmt.Sprintf("%s (%d of %s)", line, now.Done, count(now.Total, "version"))
	}
	if now.Bytes > 0 {
		line = fmt.Sprintf("%s, %.1f MB", line, float64(now.Bytes)/1e6)
	}
	if p.bar != nil {
		if p.bar.IsFinished() { // as many as there were to be; what follows is something else
			p.bar.Reset()
		}
		p.bar.ChangeMax(max(now.Total, 1))
		p.bar.Describe(line)
		_ = p.bar.Set(now.Done) // what fails here is only the drawing
		return
	}
	if now.Message != p.last.Message || now.Done != p.last.Done {
		fmt.Fprintln(p.w, line)
	}
	p.last = now
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
