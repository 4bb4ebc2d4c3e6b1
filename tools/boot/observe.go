package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"beforemain/tools/boot/emulate"
	"beforemain/tools/boot/image"
	"beforemain/tools/boot/probe"
	"beforemain/tools/boot/program"
	"beforemain/tools/boot/record"
	"beforemain/tools/boot/static"
	"beforemain/tools/boot/toolchain"
	"beforemain/tools/boot/trace"
)

// errSkip marks an observation that this machine cannot make.
var errSkip = errors.New("not on this machine")

// observation is one release on one platform.
type observation struct {
	cfg     *TraceConfig
	tc      *toolchain.Toolchain
	program program.Program
	dir     string
}

func (o *observation) observe(ctx context.Context, platform string) (*record.Record, error) {
	goos, goarch, ok := strings.Cut(platform, "/")
	if !ok {
		return nil, fmt.Errorf("%q is no platform such as linux/amd64", platform)
	}
	if goos == "linux" && goarch != "amd64" {
		if _, err := emulate.Find(goarch); err != nil {
			return nil, fmt.Errorf("%w: %w", errSkip, err)
		}
	}
	o.cfg.say("%s %s: building", o.tc.Tag, platform)
	path, err := program.Build(ctx, o.tc, o.program, goos, goarch, o.dir)
	if err != nil {
		return nil, err
	}
	r := &record.Record{
		Schema: record.Schema, Version: "go" + o.tc.Language(), Tag: o.tc.Tag, GOOS: goos, GOARCH: goarch,
		Program: o.program.Name, Machine: o.cfg.Machine, Date: o.cfg.Date,
	}
	if goos != "linux" {
		return r, o.read(path, r)
	}
	m, err := image.Open(path)
	if err != nil {
		return nil, err
	}
	if goarch == "amd64" {
		return r, o.run(ctx, m, r)
	}
	return r, o.emulate(ctx, m, r)
}

// run observes a program that this machine runs itself.
func (o *observation) run(ctx context.Context, m *image.Image, r *record.Record) error {
	var runs []*trace.Result
	for i := range o.cfg.runs() {
		o.cfg.say("%s %s/%s: run %d of %d", r.Tag, r.GOOS, r.GOARCH, i+1, o.cfg.runs())
		result, err := trace.Run(ctx, m, trace.Config{Env: o.program.Env})
		if errors.Is(err, trace.ErrPlatform) || errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("%w: %w", errSkip, err)
		}
		if err != nil {
			return err
		}
		runs = append(runs, result)
	}
	fill(r, runs, record.Run)
	if !o.cfg.NoCount {
		o.cfg.say("%s %s/%s: counting instructions", r.Tag, r.GOOS, r.GOARCH)
		c, err := trace.Count(ctx, m, trace.Config{Env: o.program.Env})
		if err != nil {
			return err
		}
		count(r, c)
	}
	return o.time(ctx, m, r, runs[0])
}

// emulate observes a program in an emulator, which counts on the way.
func (o *observation) emulate(ctx context.Context, m *image.Image, r *record.Record) error {
	var runs []*trace.Result
	var instructions int64
	for i := range o.cfg.runs() {
		o.cfg.say("%s %s/%s: run %d of %d", r.Tag, r.GOOS, r.GOARCH, i+1, o.cfg.runs())
		c, err := emulate.Run(ctx, m, o.program.Env)
		if err != nil {
			return err
		}
		if i == 0 {
			instructions = c.Steps[0]
		}
		runs = append(runs, &c.Result)
	}
	fill(r, runs, record.Emulated)
	r.Instructions = instructions
	r.Missing = append(r.Missing, "times and the g of each step: the program ran in an emulator")
	return nil
}

// read observes the instructions of a program that does not run here.
func (o *observation) read(path string, r *record.Record) error {
	o.cfg.say("%s %s/%s: reading the instructions", r.Tag, r.GOOS, r.GOARCH)
	order, err := static.Boot(path, static.Config{})
	if err != nil {
		return err
	}
	r.Threads = []record.Thread{{Creator: -1}}
	for i, s := range order.Steps {
		r.Steps = append(r.Steps, record.Step{Seq: i + 1, Symbol: s.Symbol, Caller: s.Caller, Evidence: record.Static})
	}
	for _, e := range order.Edges {
		r.Edges = append(r.Edges, record.Edge{From: e.From, To: e.To, Count: e.Count})
	}
	r.Missing = append(r.Missing, "which branches are taken, threads and times: the program did not run")
	return nil
}

// time times the wanted steps of thread 0. Where that is forbidden the record says so.
func (o *observation) time(ctx context.Context, m *image.Image, r *record.Record, result *trace.Result) error {
	if len(o.cfg.Timed) == 0 {
		return nil
	}
	at := map[string]uint64{}
	for _, e := range trace.OnThread(firsts(result), 0) {
		at[e.Symbol] = e.Addr
	}
	var places []int64
	var steps []*record.Step
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Thread == 0 && !s.Varies && slices.Contains(o.cfg.Timed, s.Symbol) {
			places = append(places, int64(at[s.Symbol])-int64(m.Entry))
			steps = append(steps, s)
		}
	}
	o.cfg.say("%s %s/%s: timing %d steps", r.Tag, r.GOOS, r.GOARCH, len(steps))
	times, err := probe.Times(ctx, probe.Config{Path: m.Path, Env: o.program.Env, Rounds: o.cfg.rounds()}, places)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		r.Missing = append(r.Missing, "times: "+strings.ReplaceAll(err.Error(), m.Path, o.program.Name))
		return nil
	}
	for i, t := range times {
		steps[i].US = float64(t.Round(100*time.Nanosecond)) / float64(time.Microsecond)
	}
	return nil
}
