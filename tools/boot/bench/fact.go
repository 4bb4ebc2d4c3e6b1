package bench

import (
	"context"
	"fmt"
	"time"

	"beforemain/tools/boot/static"
)

// stops is how often memory and threads are looked at; their medians count.
const stops = 5

// Memory is what a program holds when main.main begins, and the most it held up to its
// end. How many threads it had there is not to be seen: by then they are being killed.
type Memory struct {
	Threads int   `json:"threads"`
	Size    int64 `json:"size"` // VmSize, the address space, KiB
	Peak    int64 `json:"peak"` // VmHWM, the most that was resident up to then, KiB
	Exit    int64 `json:"exit"` // the same up to the end, KiB
}

// findMarks looks up where the marks are in each program.
func (b *bench) findMarks() error {
	b.places = make([]map[string]uint64, len(b.Binaries))
	if b.mark == nil {
		return nil
	}
	for i, binary := range b.Binaries {
		if binary.Program == floor {
			continue
		}
		im, err := static.Open(binary.Path)
		if err != nil {
			return err
		}
		b.places[i] = map[string]uint64{}
		for _, mark := range Marks() {
			f, ok := im.Find(mark)
			if !ok {
				return fmt.Errorf("%s: no function %s", binary.Path, mark)
			}
			b.places[i][mark] = f.Start - im.Entry // maybe below zero; adding it wraps back
		}
	}
	return nil
}

// tryTracing leaves out what the first program shows not to work here.
func (b *bench) tryTracing() {
	if b.mark == nil {
		b.header.omit("marks", errPlatform)
		b.header.omit("memory", errPlatform)
		return
	}
	i := len(b.Binaries) - 1
	place := b.places[i][Marks()[0]]
	if _, hit, err := b.mark(b.Binaries[i], place); err != nil {
		b.header.omit("marks", err.Error())
	} else if !hit { // some virtual machines take a debug register and do not tell
		b.header.omit("marks", "a debug register was set at "+Marks()[0]+", and was not hit")
	}
	if _, err := b.memory(b.Binaries[i], place); err != nil {
		b.header.omit("memory", err.Error())
		if b.Instructions != nil { // which are counted under ptrace too
			b.Instructions = nil
			b.header.omit("instructions", err.Error())
		}
	}
}

// errPlatform is why other systems have no marks and no memory.
const errPlatform = "probes and ptrace are used on linux/amd64 only"

// measureFacts measures what is measured once a binary and not in rounds.
func (b *bench) measureFacts(ctx context.Context, state *state) error {
	start, first := time.Now(), len(state.facts)
	for i := first; i < len(b.Binaries); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		left := b.round * time.Duration(b.header.Repeats*b.header.Rounds-len(state.rounds))
		if i > first {
			left += time.Since(start) / time.Duration(i-first) * time.Duration(len(b.Binaries)-i)
		}
		b.report("facts", i, len(b.Binaries), left)
		f, err := b.factsOf(ctx, i)
		if err != nil {
			return err
		}
		if err := state.add(line{Fact: &f}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) factsOf(ctx context.Context, i int) (fact, error) {
	f := fact{Binary: i}
	if b.Binaries[i].Program == floor {
		return f, nil
	}
	if b.Instructions != nil {
		n, err := b.Instructions(ctx, b.Binaries[i])
		if err != nil {
			return f, err
		}
		f.Instructions = n
	}
	if b.header.omitted("memory") {
		return f, nil
	}
	var all []Memory
	for range stops {
		one, err := b.memory(b.Binaries[i], b.places[i]["main.main"])
		if err != nil {
			return f, err
		}
		all = append(all, one)
	}
	f.Memory = middle(all)
	return f, nil
}

// middle returns the medians of each number.
func middle(of []Memory) *Memory {
	var threads, size, peak, exit []float64
	for _, m := range of {
		threads = append(threads, float64(m.Threads))
		size = append(size, float64(m.Size))
		peak = append(peak, float64(m.Peak))
		exit = append(exit, float64(m.Exit))
	}
	return &Memory{int(median(threads)), int64(median(size)), int64(median(peak)), int64(median(exit))}
}
