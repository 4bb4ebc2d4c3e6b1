package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"beforemain/tools/boot/record"
)

// A Verdict is what observing a start again says about the committed record.
type Verdict struct {
	Tag         string
	Platform    string
	Differences []record.Difference // on thread 0; none: the record holds
}

// Verify observes every release on every platform again and compares thread 0 with the
// committed records in data, which is site/data/boot. With symbols, such as the book's
// spine, those functions are compared. Without, it is all that thread 0 does before there
// is another, which holds for machines of one kind only. Nothing is counted or timed. What
// could not be observed is returned as skipped; a record that is missing or of another
// release is an error.
func Verify(ctx context.Context, cfg TraceConfig, data fs.FS, symbols ...string) ([]Verdict, []Skipped, error) {
	cfg.NoCount, cfg.Timed = true, nil
	var verdicts []Verdict
	skipped, err := Trace(ctx, cfg, func(is *record.Record) error {
		was, err := Load(data, is)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is missing; make it with boot trace", Path(is))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", Path(is), err)
		}
		if was.Tag != is.Tag || was.Program != is.Program {
			return fmt.Errorf("%s is of %s and %s, not of %s and %s", Path(is), was.Program, was.Tag, is.Program, is.Tag)
		}
		verdicts = append(verdicts, Verdict{is.Tag, is.GOOS + "/" + is.GOARCH, record.Compare(was, is, symbols...)})
		return nil
	})
	return verdicts, skipped, err
}
