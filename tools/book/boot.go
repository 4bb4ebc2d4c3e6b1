package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/tools/boot"
	"beforemain/tools/boot/bench"
	"beforemain/tools/boot/machine"
	"beforemain/tools/boot/program"
	"beforemain/tools/boot/record"
)

func (a *app) bootCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "boot",
		Short: "observe how real programs start",
		Long: `Boot runs the harness: it builds small programs with the toolchain of each
pinned version, watches them start, and writes what it saw into the folder of
book.toml's "measured". Toolchains that are missing are fetched by the go command.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.bootTraceCommand(), a.bootVerifyCommand(), a.bootBenchCommand())
	return cmd
}

// observed is what the commands of boot share.
type observed struct {
	book     *extractor.Book
	dir      string // of the records
	tags     []string
	versions string
	on       string
	offline  bool
}

func (o *observed) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.versions, "versions", "", "only these `versions`, such as go1.17,go1.27")
}

// open reads the book and the flags that all commands of boot have.
func (o *observed) open(a *app) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	if o.book, err = a.book(); err != nil {
		return err
	}
	if o.book.Measured == "" {
		return fmt.Errorf("%s: no folder for what is measured; set \"measured\"", extractor.BookFile)
	}
	o.dir = filepath.Join(root, filepath.FromSlash(o.book.Measured))
	versions, err := o.book.Select(splitList(o.versions))
	if err != nil {
		return usageError{err}
	}
	for _, v := range versions {
		o.tags = append(o.tags, v.Tag)
	}
	return nil
}

// platforms returns those of the book that --on names.
func (o *observed) platforms() ([]string, error) {
	var list []string
	for _, p := range o.book.Platforms.All {
		if o.on == "" || o.on == p || strings.HasPrefix(p, o.on+"/") || strings.HasSuffix(p, "/"+o.on) {
			list = append(list, p)
		}
	}
	if list == nil {
		return nil, usagef("--on %s: the book has %s", o.on, strings.Join(o.book.Platforms.All, ", "))
	}
	return list, nil
}

// traceConfig opens and returns what trace and verify have in common.
func (o *observed) traceConfig(a *app) (boot.TraceConfig, error) {
	if err := o.open(a); err != nil {
		return boot.TraceConfig{}, err
	}
	platforms, err := o.platforms()
	return boot.TraceConfig{
		Tags: o.tags, Platforms: platforms, Offline: o.offline,
		Machine: machine.Describe(), Date: today(), Progress: a.say,
	}, err
}

// functions returns the symbols of the book, and where the boot ends.
func (o *observed) functions() []string { return append(o.book.Spine(), "main.main") }

func (a *app) say(line string) { fmt.Fprintln(a.stderr, line) }

func (a *app) skipped(list []boot.Skipped) {
	for _, s := range list {
		fmt.Fprintf(a.stderr, "skipped %s\n", s)
	}
}

func today() string { return time.Now().Format(time.DateOnly) }

func (a *app) bootTraceCommand() *cobra.Command {
	var o observed
	cmd := &cobra.Command{
		Use:   "trace",
		Short: "record the order in which functions first run",
		Long: `Trace records the start of a program: on linux/amd64 it runs under ptrace, on
linux/arm64 in an emulator (qemu-user), and of other systems the instructions
are read. Times are taken by debug registers, without stopping the program.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.traceConfig(a)
			if err != nil {
				return err
			}
			cfg.Timed = o.functions()
			skipped, err := boot.Trace(cmd.Context(), cfg, func(r *record.Record) error {
				a.say(filepath.Join(o.dir, boot.Path(r)))
				return boot.Save(o.dir, r)
			})
			a.skipped(skipped)
			return err
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&o.on, "on", "", "a `platform`, an OS or an architecture (default: all of the book)")
	return cmd
}

func (a *app) bootVerifyCommand() *cobra.Command {
	var o observed
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "observe again, and compare with the records",
		Long: `Verify observes the start of programs again and fails if the symbols of the book
first ran in another order on the first thread than the committed records say.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := o.traceConfig(a)
			if err != nil {
				return err
			}
			cfg.Runs = 3
			verdicts, skipped, err := boot.Verify(cmd.Context(), cfg, os.DirFS(o.dir), o.functions()...)
			a.skipped(skipped)
			if err != nil {
				return err
			}
			bad := 0
			for _, v := range verdicts {
				if len(v.Differences) == 0 {
					fmt.Fprintf(a.stdout, "%s %s: as recorded\n", v.Tag, v.Platform)
					continue
				}
				bad++
				fmt.Fprintf(a.stdout, "%s %s: differs\n%s", v.Tag, v.Platform, record.Report(v.Differences))
			}
			if bad > 0 {
				return errProblems
			}
			if len(verdicts) == 0 {
				return errors.New("nothing could be observed: the lines above say why")
			}
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&o.on, "on", "linux/amd64", "a `platform`, an OS or an architecture")
	cmd.Flags().BoolVar(&o.offline, "offline", false, "skip toolchains that are not installed")
	return cmd
}

func (a *app) bootBenchCommand() *cobra.Command {
	var o observed
	var programs, name string
	cfg := boot.BenchConfig{}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "measure how long programs take to start",
		Long: `Bench measures how long programs take from exec to their end and to each of a
few marks, all versions interleaved at random, against a program that only
exits. It can be stopped and goes on where it was. Where the machine forbids
something it is left out, and the result says why.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.open(a); err != nil {
				return err
			}
			if err := checkBench(cfg, splitList(programs), name); err != nil {
				return err
			}
			cache, err := a.cacheDir()
			if err != nil {
				return err
			}
			cfg.Tags, cfg.Programs = o.tags, splitList(programs)
			cfg.Machine, cfg.Date = machine.Describe(), today()
			cfg.Dir = filepath.Join(cache, "bench")
			if err := os.MkdirAll(cfg.Dir, 0o777); err != nil {
				return err
			}
			cfg.Say, cfg.Progress = a.say, a.benchProgress()
			result, skipped, err := boot.Bench(cmd.Context(), cfg)
			a.skipped(skipped)
			if errors.Is(err, context.Canceled) {
				a.say("stopped; the same command goes on from here")
				return err
			}
			if err != nil {
				return err
			}
			if name == "" {
				name = fileName(result.Machine)
			}
			return a.saveBench(filepath.Join(o.dir, "bench", name+".json"), result)
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&programs, "programs", "println,fmt,nethttp", "the `programs` to compare")
	cmd.Flags().StringVar(&name, "machine", "", "the `name` of the file (default: made of the processor's name)")
	cmd.Flags().IntVar(&cfg.Rounds, "rounds", 200, "the `number` of rounds in each repeat")
	cmd.Flags().IntVar(&cfg.Repeats, "repeats", 3, "the `number` of repeats")
	cmd.Flags().Uint64Var(&cfg.Seed, "seed", 1, "the `number` that the order of programs in a round comes of")
	return cmd
}

// checkBench refuses flags before anything is built by them.
func checkBench(cfg boot.BenchConfig, programs []string, name string) error {
	if cfg.Rounds < 1 || cfg.Repeats < 1 {
		return usagef("--rounds %d --repeats %d: want 1 or more of each", cfg.Rounds, cfg.Repeats)
	}
	for _, p := range programs {
		if _, err := program.Find(p); err != nil {
			return usagef("--programs: %w", err)
		}
	}
	if unsafeName.ReplaceAllString(name, "-") != name {
		return usagef("--machine %s: want a name of small letters, digits and hyphens", name)
	}
	return nil
}

// benchProgress prints how far a run is, now and then.
func (a *app) benchProgress() func(bench.Progress) {
	var last time.Time
	return func(p bench.Progress) {
		if now := time.Now(); now.Sub(last) > 5*time.Second {
			last = now
			fmt.Fprintf(a.stderr, "%s: %d of %d, about %s left\n", p.Stage, p.Done, p.Total, p.Left.Round(time.Second))
		}
	}
}

// saveBench writes a result.
func (a *app) saveBench(name string, result *bench.Result) error {
	text, err := json.MarshalIndent(result, "", " ")
	if err != nil {
		return err
	}
	if err := rewrite(filepath.Dir(name), map[string][]byte{filepath.Base(name): append(text, '\n')}); err != nil {
		return err
	}
	a.say(displayPath(name))
	return nil
}

var unsafeName = regexp.MustCompile(`[^a-z0-9]+`)

// fileName makes a file's name of a machine.
func fileName(m machine.Machine) string {
	name := strings.Trim(unsafeName.ReplaceAllString(strings.ToLower(m.CPU), "-"), "-")
	if name == "" {
		name = runtime.GOOS + "-" + runtime.GOARCH
	}
	return fmt.Sprintf("%s-%d", name, m.Cores)
}
