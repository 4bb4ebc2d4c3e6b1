// Package probe times when a program comes to an instruction, by a debug register: the
// program is not changed, and not stopped.
package probe

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"
)

// Config says what is timed.
type Config struct {
	Path   string
	Env    []string // all of the program's environment
	Rounds int      // runs for each place
}

// A Run is what one run of a program with one probe gave.
type Run struct {
	After  time.Duration      // from exec to the first hit
	Hit    bool               // the first thread came to the place
	Status syscall.WaitStatus // how the program ended
}

// Times returns, for each place, the median time from exec to the first time that the
// thread which the program begins on comes to it; 0 if it came there in less than half
// of the runs. A place is an address relative to the program's entry. A hit takes some
// 13 µs in a virtual machine, so that each run has one probe, and the places are taken in
// random order within each round. The places must be sorted by the order in which they
// are come to; what contradicts that order is levelled out.
func Times(ctx context.Context, cfg Config, places []int64) ([]time.Duration, error) {
	got := make([][]time.Duration, len(places))
	random := rand.New(rand.NewPCG(0, 0))
	for range cfg.Rounds {
		for _, i := range random.Perm(len(places)) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			run, err := Once(cfg.Path, cfg.Env, places[i])
			if err == nil && run.Status.Signaled() {
				err = fmt.Errorf("the program ended by the signal %v", run.Status.Signal())
			}
			if err != nil {
				return nil, fmt.Errorf("probe %s: %w", cfg.Path, err)
			}
			if run.Hit {
				got[i] = append(got[i], run.After)
			}
		}
	}
	if cfg.Rounds > 0 && len(places) > 0 && !slices.ContainsFunc(got, func(g []time.Duration) bool { return len(g) > 0 }) {
		return nil, errors.New("no debug register was hit in any run")
	}
	return level(medians(got, cfg.Rounds)), nil
}

func medians(got [][]time.Duration, rounds int) []time.Duration {
	list := make([]time.Duration, len(got))
	for i, g := range got {
		if len(g)*2 < rounds || len(g) == 0 {
			continue
		}
		slices.Sort(g)
		list[i] = (g[(len(g)-1)/2] + g[len(g)/2]) / 2
	}
	return list
}

// level makes a list ascend: neighbours that contradict it get their mean, which is the
// nearest ascending list by the least squares. A 0 is no time and stays.
func level(list []time.Duration) []time.Duration {
	type block struct {
		sum time.Duration
		n   int
	}
	mean := func(b block) time.Duration { return b.sum / time.Duration(b.n) }
	var blocks []block
	for _, d := range list {
		if d == 0 {
			continue
		}
		blocks = append(blocks, block{d, 1})
		for n := len(blocks); n > 1 && mean(blocks[n-2]) > mean(blocks[n-1]); n-- {
			blocks[n-2].sum += blocks[n-1].sum
			blocks[n-2].n += blocks[n-1].n
			blocks = blocks[:n-1]
		}
	}
	out := make([]time.Duration, len(list))
	used := 0
	for i, d := range list {
		if d == 0 {
			continue
		}
		out[i] = mean(blocks[0])
		if used++; used == blocks[0].n {
			blocks, used = blocks[1:], 0
		}
	}
	return out
}
