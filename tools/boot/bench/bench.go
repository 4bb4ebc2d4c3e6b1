// Package bench measures how long programs take to start: every version of each
// program once a round in an order drawn anew, so that what the machine does meanwhile
// meets all of them alike, against a floor program that does nothing.
//
// On linux/amd64 it needs no privileges; what a machine does not allow is left out of
// the Result with the reason. On other systems it measures wall times.
package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"beforemain/tools/boot/machine"
)

// Binary is a program, built by the toolchain of a version.
type Binary struct {
	Program string
	Version string // go1.27
	Path    string
	Env     []string // all of its environment
}

// Config says what is measured and how often.
type Config struct {
	// Binaries are what is compared: of each program the versions, the oldest first.
	Binaries []Binary
	Floor    string // the path of the floor program; empty leaves the ratio to it out
	Rounds   int    // of each repeat; 0 stands for 200
	Repeats  int    // 0 stands for 3
	Seed     uint64 // of the orders in which the rounds run their programs
	// State is the file of what has been measured, to go on from; empty keeps nothing.
	State    string
	Machine  machine.Machine
	Date     string         // the day, 2026-11-26; a run that is resumed keeps its first
	Progress func(Progress) // called before each binary and round; may be nil
	// Instructions counts what a program executes up to main.main; nil leaves it out.
	Instructions func(context.Context, Binary) (int64, error)
}

// Progress says how far a run is.
type Progress struct {
	Stage string // "facts", what is measured once a binary; then "rounds"
	Done  int
	Total int
	Left  time.Duration // an estimate, of both stages
}

// Marks returns the functions whose first call is timed, in the order of the boot.
func Marks() []string {
	return []string{"runtime.rt0_go", "runtime.schedinit", "runtime.main", "main.main"}
}

// Run measures, and sums up the rounds that are complete. If ctx ends it first, the
// error is ctx's and the result, where a round was complete, is of the rounds so far;
// the same Config goes on from there if it has a State.
func Run(ctx context.Context, c Config) (*Result, error) {
	return c.run(ctx, system())
}

// meter measures one run of a program.
type meter struct {
	// wall returns the nanoseconds from before the fork until the end was seen.
	wall func(Binary) (run, error)
	// mark returns the nanoseconds from the exec to a function's first instruction,
	// which stands at offset behind the entry; hit is false if it was not reached.
	mark func(b Binary, offset uint64) (ns int64, hit bool, err error)
	// memory returns what the program holds at that instruction, and held up to its end.
	memory func(b Binary, offset uint64) (Memory, error)
	// faults says that wall counts page faults.
	faults bool
}

// job is one run of a round.
type job struct {
	binary int    // index into header.Binaries
	mark   string // empty: the wall time
}

// bench is a run of the benchmark.
type bench struct {
	Config
	meter
	header header
	jobs   []job
	places []map[string]uint64 // of each binary, the marks' offsets from the entry
	round  time.Duration       // what a round takes
}

func (c Config) run(ctx context.Context, m meter) (*Result, error) {
	// The tracer of a process is a thread, and so is its parent to the kernel.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	b := &bench{Config: c, meter: m}
	if err := b.plan(); err != nil {
		return nil, err
	}
	state, err := open(c.State, b.header)
	if err != nil {
		return nil, err
	}
	err = b.measure(ctx, state)
	if closing := state.close(); err == nil {
		err = closing
	}
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	if err != nil { // whatever it was: the terminal's Ctrl-C reaches the programs too
		err = ctx.Err()
	}
	if len(state.rounds) == 0 {
		return nil, err
	}
	return summarize(state.samples), err
}

// plan fills in what the Config leaves open, and finds out what can be measured here.
func (b *bench) plan() error {
	if len(b.Binaries) == 0 {
		return errors.New("bench: no binaries")
	}
	h := header{Schema: schema, Date: b.Date, Machine: b.Machine, Seed: b.Seed, Rounds: b.Rounds, Repeats: b.Repeats, Faults: b.faults}
	if h.Rounds == 0 {
		h.Rounds = 200
	}
	if h.Repeats == 0 {
		h.Repeats = 3
	}
	if b.Floor != "" {
		b.Binaries = append([]Binary{{Program: floor, Path: b.Floor}}, b.Binaries...)
	} else {
		h.omit("ratio", "no floor program was given")
	}
	for i, binary := range b.Binaries {
		if slices.ContainsFunc(b.Binaries[:i], func(o Binary) bool { return o.Program == binary.Program && o.Version == binary.Version }) {
			return fmt.Errorf("bench: %s %s is there twice", binary.Program, binary.Version)
		}
		text, err := os.ReadFile(binary.Path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		h.Binaries = append(h.Binaries, entry{binary.Program, binary.Version, int64(len(text)), hex.EncodeToString(sum[:])})
	}
	if !b.faults {
		h.omit("faults", "this system does not count a program's page faults")
	}
	if b.Instructions == nil {
		h.omit("instructions", "no tracer was given that counts them")
	}
	b.header = h
	if err := b.findMarks(); err != nil {
		return err
	}
	b.tryTracing()
	b.plant()
	return nil
}

// plant lists the jobs of a round.
func (b *bench) plant() {
	for i, binary := range b.Binaries {
		b.jobs = append(b.jobs, job{binary: i})
		if binary.Program == floor || b.header.omitted("marks") {
			continue
		}
		for _, mark := range Marks() {
			b.jobs = append(b.jobs, job{i, mark})
		}
	}
}

// measure does what the state lacks.
func (b *bench) measure(ctx context.Context, state *state) error {
	if state.complete() {
		return nil
	}
	// A round that does not count brings the programs into the page cache and says how
	// long the others will take.
	start := time.Now()
	if _, err := b.runRound(ctx, round{Repeat: -1}); err != nil {
		return err
	}
	b.round = time.Since(start)
	if err := b.measureFacts(ctx, state); err != nil {
		return err
	}
	total := b.header.Repeats * b.header.Rounds
	start = time.Now()
	for first := len(state.rounds); len(state.rounds) < total; {
		done := len(state.rounds)
		if done > first {
			b.round = time.Since(start) / time.Duration(done-first)
		}
		b.report("rounds", done, total, b.round*time.Duration(total-done))
		r, err := b.runRound(ctx, round{Repeat: done / b.header.Rounds, Round: done % b.header.Rounds})
		if err != nil {
			return err
		}
		if err := state.add(line{Round: &r}); err != nil {
			return err
		}
	}
	return nil
}

// report calls the caller's Progress.
func (b *bench) report(stage string, done, total int, left time.Duration) {
	if b.Progress != nil {
		b.Progress(Progress{Stage: stage, Done: done, Total: total, Left: left})
	}
}

// runRound does the jobs of a round in the order that its numbers and the seed give.
func (b *bench) runRound(ctx context.Context, r round) (round, error) {
	order := rand.New(rand.NewPCG(b.Seed, uint64(r.Repeat)<<32|uint64(r.Round))).Perm(len(b.jobs))
	runtime.GC() // now, rather than while a program runs
	for _, k := range order {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		one, ok, err := b.runJob(b.jobs[k])
		if err != nil {
			return r, err
		}
		if ok {
			r.Runs = append(r.Runs, one)
		}
	}
	return r, nil
}

// runJob returns what a job measured; ok is false if the mark was not reached.
func (b *bench) runJob(j job) (one run, ok bool, err error) {
	if j.mark == "" {
		one, err = b.wall(b.Binaries[j.binary])
		one.Binary = j.binary
		return one, true, err
	}
	ns, hit, err := b.mark(b.Binaries[j.binary], b.places[j.binary][j.mark])
	return run{Binary: j.binary, Mark: j.mark, NS: ns}, hit, err
}
