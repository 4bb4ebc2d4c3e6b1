package trace

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/process"
)

// Count runs the program up to main.main one instruction at a time, with chance taken
// away: on one CPU, at fixed addresses, with fixed random bytes and without sysmon. It
// takes some 25 µs an instruction, 4 to 10 s in all, and repeats to within 0.05 % with Go
// 1.27 and 0.5 % with Go 1.17 (println, five runs).
func Count(ctx context.Context, m *image.Image, cfg Config) (*Counted, error) {
	var counted *Counted
	err := process.Locked(func() (err error) {
		counted, err = count(ctx, m, cfg)
		return err
	})
	return counted, err
}

func count(ctx context.Context, m *image.Image, cfg Config) (counted *Counted, err error) {
	s, err := newSession(m, process.Config{Env: cfg.Env, Fixed: true, OneCPU: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.p.Close()) }()
	defer context.AfterFunc(ctx, s.p.Kill)()
	c := &counter{session: s, flow: NewFlow(m), tree: newTree(), in: map[int]uint64{}}
	// The thread stands before the first instruction already.
	if _, err = c.step(s.p.PID, s.tasks[s.p.PID]); err == nil {
		err = singleStep(s.p.PID, 0)
	}
	if err == nil {
		err = s.follow(c.step, singleStep)
	}
	if err != nil {
		return nil, errors.Join(ctx.Err(), fmt.Errorf("count %s: %w", m.Path, err))
	}
	return &Counted{Result: s.result, Steps: c.flow.Steps(), Tree: c.tree.finish()}, nil
}

// counter is a session in single steps.
type counter struct {
	*session
	flow *Flow
	tree *tree
	in   map[int]uint64 // thread → address of the function that it is in
}

// step takes the instruction that a thread is about to run.
func (c *counter) step(tid int, k *task) (unix.Signal, error) {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return 0, err
	}
	addr := r.Rip - c.bias
	before := c.flow.steps[k.no]
	events := c.flow.Next(k.no, addr)
	if len(events) > 0 {
		c.tell(events, goroutine(c.m, c.p, c.bias, r.Fs_base))
	}
	f, inside := c.m.Find(addr)
	if !inside {
		// The kernel's own code (vDSO), on g0's stack whatever g is.
		f.Addr = c.in[k.no]
	}
	switch {
	case len(events) > 0 && events[0].Kind != Inlined:
		c.tree.enter(events[0], f.Linker, c.g(&r), r.Rsp)
	case c.in[k.no] == f.Addr:
	case f.Linker == c.flow.thread(k.no).growing && c.flow.thread(k.no).last.Name == gogo:
		c.tree.again(k.no, f.Linker, c.g(&r), r.Rsp)
	default:
		c.tree.leave(k.no, c.g(&r), r.Rsp)
	}
	c.in[k.no] = f.Addr
	if c.flow.steps[k.no] > before {
		c.tree.step(k.no)
	}
	k.frozen = addr == f.Addr && f.Name == frozen
	c.done = k.no == 0 && addr == c.end
	return 0, nil
}

// g returns the address of a thread's g. Before it has one the first thread is on the
// stack that will be that of g0.
func (c *counter) g(r *unix.PtraceRegs) uint64 {
	if r.Fs_base != 0 {
		if g, err := c.p.Word(r.Fs_base + tlsG); err == nil && g != 0 {
			return g
		}
	}
	return c.m.G0() + c.bias
}

func singleStep(tid int, signal unix.Signal) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(tid), 0, uintptr(signal), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
