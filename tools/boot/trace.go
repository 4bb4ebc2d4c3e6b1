// Package boot observes how Go programs start, release by release and platform by
// platform, and writes it down.
package boot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"beforemain/tools/boot/machine"
	"beforemain/tools/boot/program"
	"beforemain/tools/boot/record"
	"beforemain/tools/boot/toolchain"
)

// TraceConfig says what Trace and Verify observe. Its zero value observes nothing.
type TraceConfig struct {
	Tags      []string // releases, such as go1.27.4
	Platforms []string // such as linux/amd64

	Runs     int      // that are compared, to tell what repeats from what does not; 10 if 0
	NoCount  bool     // leaves the instructions uncounted, which saves some 6 s a release
	Timed    []string // functions whose first entry on thread 0 is timed; none if empty
	Rounds   int      // runs for each function of Timed; 51 if 0
	Offline  bool     // skips releases that are not installed, instead of fetching them
	Machine  machine.Machine
	Date     string       // 2026-11-26
	Progress func(string) // is told what is done now; may be nil
}

// observedProgram is the one whose start is recorded: the least.
const observedProgram = "println"

// Skipped is an observation that could not be made.
type Skipped struct {
	Tag      string
	Platform string // empty: all
	Reason   error
}

// String says it in a line.
func (s Skipped) String() string {
	return strings.TrimSpace(s.Tag+" "+s.Platform) + ": " + s.Reason.Error()
}

// Trace observes every release on every platform and hands each record to write. What is
// missing for an observation (a toolchain, an emulator, a kind of machine) is no error;
// it is returned.
//
// The evidence is record.Run on linux/amd64, record.Emulated on Linux otherwise, and
// record.Static on other systems.
func Trace(ctx context.Context, cfg TraceConfig, write func(*record.Record) error) ([]Skipped, error) {
	p, err := program.Find(observedProgram)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "boot")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	defer defaultSignals()()
	var skipped []Skipped
	for _, tag := range cfg.Tags {
		cfg.say("%s: looking for the toolchain", tag)
		find := toolchain.Find
		if cfg.Offline {
			find = toolchain.Installed
		}
		tc, err := find(ctx, tag)
		if ctx.Err() != nil {
			return skipped, ctx.Err()
		}
		if err != nil {
			skipped = append(skipped, Skipped{Tag: tag, Reason: err})
			continue
		}
		for _, platform := range cfg.Platforms {
			o := observation{cfg: &cfg, tc: tc, program: p, dir: dir}
			r, err := o.observe(ctx, platform)
			if errors.Is(err, errSkip) {
				skipped = append(skipped, Skipped{tag, platform, err})
				continue
			}
			if err != nil {
				return skipped, fmt.Errorf("%s %s: %w", tag, platform, err)
			}
			if err := write(r); err != nil {
				return skipped, err
			}
		}
	}
	return skipped, nil
}

func (cfg *TraceConfig) runs() int {
	if cfg.Runs == 0 {
		return 10
	}
	return cfg.Runs
}

func (cfg *TraceConfig) rounds() int {
	if cfg.Rounds == 0 {
		return 51
	}
	return cfg.Rounds
}

func (cfg *TraceConfig) say(format string, args ...any) {
	if cfg.Progress != nil {
		cfg.Progress(fmt.Sprintf(format, args...))
	}
}
