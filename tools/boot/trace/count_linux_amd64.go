package trace

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/process"
)

// Count runs the program up to main.main one instruction at a time, with chance taken
// away: on one CPU, at fixed addresses, with fixed random bytes and without sysmon. It
// takes some 25 µs an instruction, 4 to 10 s in all, and repeats to within 0.05 % with Go
// 1.27 and 0.5 % with Go 1.17 (println, five runs).
func Count(ctx context.Context, m *image.Image, cfg Config) (counted *Counted, err error) {
	err = watch(ctx, m, process.Config{Env: cfg.Env, Fixed: true, OneCPU: true}, func(s *session) error {
		c := &counter{session: s, flow: NewFlow(m)}
		// The thread stands before the first instruction already.
		if _, err := c.step(s.p.PID, s.tasks[s.p.PID]); err != nil {
			return err
		}
		if err := singleStep(s.p.PID, 0); err != nil {
			return err
		}
		if err := s.follow(c.step, singleStep); err != nil {
			return err
		}
		counted = &Counted{Result: s.result, Steps: c.flow.Steps()}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", m.Path, err)
	}
	return counted, nil
}

// counter is a session in single steps.
type counter struct {
	*session
	flow *Flow
}

// step takes the instruction that a thread is about to run.
func (c *counter) step(tid int, k *task) (unix.Signal, error) {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return 0, err
	}
	addr := r.Rip - c.bias
	events := c.flow.Next(k.no, addr)
	if len(events) > 0 {
		c.tell(events, goroutine(c.m, c.p, c.bias, r.Fs_base))
	}
	f, begins := c.m.At(addr)
	k.frozen = begins && f.Name == frozen
	c.done = k.no == 0 && addr == c.end
	return 0, nil
}

func singleStep(tid int, signal unix.Signal) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_SINGLESTEP, uintptr(tid), 0, uintptr(signal), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
