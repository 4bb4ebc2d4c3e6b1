package boot

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"beforemain/tools/boot/bench"
	"beforemain/tools/boot/image"
	"beforemain/tools/boot/machine"
	"beforemain/tools/boot/program"
	"beforemain/tools/boot/toolchain"
	"beforemain/tools/boot/trace"
)

// BenchConfig says what Bench measures.
type BenchConfig struct {
	Tags     []string // releases, the oldest first
	Programs []string // of package program
	Rounds   int      // of each repeat; 0 stands for 200
	Repeats  int      // 0 stands for 3
	Seed     uint64
	// Dir keeps the programs and what has been measured, to go on from after a stop.
	Dir      string
	Machine  machine.Machine
	Date     string // 2026-11-26
	Say      func(string)
	Progress func(bench.Progress)
}

// Bench builds the programs by each release's own toolchain and measures how long
// they take to start on this machine. A release whose toolchain is not to be had is
// left out and returned.
func Bench(ctx context.Context, cfg BenchConfig) (*bench.Result, []Skipped, error) {
	say := cfg.Say
	if say == nil {
		say = func(string) {}
	}
	c := bench.Config{
		Rounds: cfg.Rounds, Repeats: cfg.Repeats, Seed: cfg.Seed, Machine: cfg.Machine, Date: cfg.Date,
		State: filepath.Join(cfg.Dir, "state.jsonl"), Progress: cfg.Progress,
	}
	var skipped []Skipped
	tools := map[string]*toolchain.Toolchain{}
	for _, tag := range cfg.Tags {
		say(tag + ": looking for the toolchain")
		tc, err := toolchain.Find(ctx, tag)
		if ctx.Err() != nil {
			return nil, skipped, ctx.Err()
		}
		if err != nil {
			skipped = append(skipped, Skipped{Tag: tag, Reason: err})
			continue
		}
		tools[tag] = tc
	}
	for _, name := range cfg.Programs {
		p, err := program.Find(name)
		if err != nil {
			return nil, skipped, err
		}
		for _, tag := range cfg.Tags {
			tc := tools[tag]
			if tc == nil {
				continue
			}
			say(tag + ": building " + name)
			path, err := build(ctx, tc, p, cfg.Dir)
			if err != nil {
				return nil, skipped, fmt.Errorf("%s: %w", tag, err)
			}
			c.Binaries = append(c.Binaries, bench.Binary{Program: name, Version: "go" + tc.Language(), Path: path, Env: p.Env})
		}
	}
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		c.Instructions = instructions
	}
	if runtime.GOOS == "linux" && program.HasFloor(runtime.GOARCH) {
		var err error
		if c.Floor, err = program.WriteFloor(runtime.GOARCH, cfg.Dir); err != nil {
			return nil, skipped, err
		}
	}
	defer defaultSignals()()
	result, err := bench.Run(ctx, c)
	return result, skipped, err
}

// build compiles a program into dir, once: a run that is resumed measures the same file.
func build(ctx context.Context, tc *toolchain.Toolchain, p program.Program, dir string) (string, error) {
	kept := filepath.Join(dir, p.Name+"-"+tc.Tag)
	if _, err := os.Stat(kept); err == nil {
		return kept, nil
	}
	scratch, err := os.MkdirTemp(dir, "build")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	path, err := program.Build(ctx, tc, p, runtime.GOOS, runtime.GOARCH, scratch)
	if err != nil {
		return "", err
	}
	return kept, os.Rename(path, kept)
}

// instructions counts what the first thread of a program executes up to main.main, on
// linux/amd64.
func instructions(ctx context.Context, b bench.Binary) (int64, error) {
	m, err := image.Open(b.Path)
	if err != nil {
		return 0, err
	}
	counted, err := trace.Count(ctx, m, trace.Config{Env: b.Env})
	if err != nil {
		return 0, err
	}
	return counted.Steps[0], nil
}
