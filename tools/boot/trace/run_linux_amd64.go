package trace

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/process"
)

const int3 = 0xcc // the one-byte breakpoint

// Run runs the program up to main.main with a breakpoint on every function and every
// inlined instance. The program is slowed down, by 40 to 80 µs an entry, and sysmon is
// stopped where it begins; else it is the one that everybody runs: with all its threads,
// and its addresses randomised.
func Run(ctx context.Context, m *image.Image, cfg Config) (result *Result, err error) {
	err = watch(ctx, m, process.Config{Env: cfg.Env, Fixed: cfg.Fixed}, func(s *session) error {
		t := &tracer{
			session: s,
			entries: newEntries(m),
			first:   cfg.First,
			points:  map[uint64]*point{},
			moved:   map[uint64]displaced{},
		}
		if err := t.arm(); err != nil {
			return err
		}
		if err := unix.PtraceCont(s.p.PID, 0); err != nil {
			return err
		}
		result = &s.result
		return s.follow(t.hit, func(tid int, signal unix.Signal) error { return unix.PtraceCont(tid, int(signal)) })
	})
	if err != nil {
		return nil, fmt.Errorf("trace %s: %w", m.Path, err)
	}
	return result, nil
}

// tracer is a session with breakpoints.
type tracer struct {
	*session
	entries *entries
	first   bool
	points  map[uint64]*point
	moved   map[uint64]displaced
}

// point is a breakpoint.
type point struct {
	lifted bool
	passed bool // by thread 0
	idle   int  // hits that told nothing
}

// enough is how many idle hits a point may have: instances in loops are passed often.
const enough = 8

// arm puts all breakpoints into the program, in one write.
func (t *tracer) arm() error {
	text := append([]byte(nil), t.m.Text...)
	for _, addr := range t.m.Probes() {
		text[addr-t.m.TextAddr] = int3
		t.points[addr] = &point{}
	}
	return t.p.Write(t.m.TextAddr+t.bias, text)
}

// hit takes a breakpoint and steps over it. It returns a signal that came meanwhile.
func (t *tracer) hit(tid int, k *task) (unix.Signal, error) {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return 0, err
	}
	r.Rip--
	addr := r.Rip - t.bias
	point := t.points[addr]
	if point == nil {
		return unix.SIGTRAP, nil // the program's own breakpoint
	}
	word, err := t.p.Word(r.Rsp)
	if err != nil {
		return 0, err
	}
	events := t.entries.returned(k.no, addr, word-t.bias)
	if len(events) > 0 {
		t.tell(events, goroutine(t.m, t.p, t.bias, r.Fs_base))
	} else {
		point.idle++
	}
	point.passed = point.passed || k.no == 0
	f, isFunction := t.m.At(addr)
	k.frozen = isFunction && f.Name == frozen
	switch {
	case k.no == 0 && addr == t.end:
		t.done = true
		return 0, nil
	case point.lifted: // while this thread ran into it
		return 0, unix.PtraceSetRegs(tid, &r)
	case t.first || !isFunction && point.passed && point.idle >= enough:
		point.lifted = true
		if err := t.p.Write(r.Rip, t.m.Code(addr)[:1]); err != nil {
			return 0, err
		}
		return 0, unix.PtraceSetRegs(tid, &r)
	}
	return t.over(tid, &r, addr)
}

// over lets the instruction under a breakpoint run without lifting it.
func (t *tracer) over(tid int, r *unix.PtraceRegs, addr uint64) (pending unix.Signal, err error) {
	spare := t.m.Spare()
	d, ok := t.moved[addr]
	if !ok {
		if d, err = displace(t.m.Code(addr), addr, spare); err != nil {
			return 0, err
		}
		t.moved[addr] = d
	}
	next := addr + d.len + t.bias
	if d.code == nil {
		r.Rip = next
		if taken, _ := holds(d.condition, r.Eflags); taken {
			r.Rip = next + uint64(d.branch)
		}
		if d.call {
			r.Rsp -= 8
			if err := t.putWord(r.Rsp, next); err != nil {
				return 0, err
			}
		}
		return 0, unix.PtraceSetRegs(tid, r)
	}
	place := spare + t.bias
	if err := t.p.Write(place, d.code); err != nil {
		return 0, err
	}
	r.Rip = place
	if err := unix.PtraceSetRegs(tid, r); err != nil {
		return 0, err
	}
	signals, err := t.p.Step(tid)
	if err != nil {
		return 0, err
	}
	if len(signals) > 0 {
		pending = signals[len(signals)-1]
	}
	if err := unix.PtraceGetRegs(tid, r); err != nil {
		return pending, err
	}
	switch {
	case d.call:
		return pending, t.putWord(r.Rsp, next)
	case r.Rip == place+d.len:
		r.Rip = next
		return pending, unix.PtraceSetRegs(tid, r)
	}
	return pending, nil
}

func (t *tracer) putWord(addr, value uint64) error {
	b := make([]byte, 0, 8)
	for ; len(b) < 8; value >>= 8 {
		b = append(b, byte(value))
	}
	return t.p.Write(addr, b)
}
