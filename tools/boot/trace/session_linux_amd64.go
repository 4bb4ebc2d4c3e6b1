package trace

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/process"
)

// session is one run of a program under observation.
type session struct {
	m    *image.Image
	p    *process.Process
	bias uint64 // memory − file
	end  uint64 // the function whose entry by thread 0 ends the run

	tasks  map[int]*task // by the kernel's thread id
	result Result
	done   bool
}

// task is a thread of the program.
type task struct {
	no      int
	running bool // it has come out of the stop that it is born with
	frozen  bool // it shall not go on
}

// watch starts a program and hands it, stopped before its first instruction, to observe;
// whatever happens there, or to ctx, the program has ended when watch returns.
func watch(ctx context.Context, m *image.Image, cfg process.Config, observe func(*session) error) error {
	return process.Locked(func() (err error) {
		s, err := newSession(m, cfg)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.p.Close()) }()
		defer context.AfterFunc(ctx, s.p.Kill)()
		if err := observe(s); err != nil {
			return errors.Join(ctx.Err(), err)
		}
		return nil
	})
}

func newSession(m *image.Image, cfg process.Config) (*session, error) {
	end, ok := m.Lookup(stop)
	if !ok {
		return nil, fmt.Errorf("no %s in it", stop)
	}
	cfg.Path = m.Path
	p, err := process.Start(cfg)
	if err != nil {
		return nil, err
	}
	return &session{
		m: m, p: p, bias: p.Entry - m.Entry, end: end.Addr,
		tasks:  map[int]*task{p.PID: {running: true}},
		result: Result{Threads: []Thread{{Creator: -1}}},
	}, nil
}

// follow takes what happens to the program until done. Trapped is called when a thread
// has come to a breakpoint or has made a step; a signal that it returns is delivered.
// Resume lets a thread go on.
func (s *session) follow(trapped func(tid int, k *task) (unix.Signal, error), resume func(tid int, signal unix.Signal) error) error {
	for {
		tid, status, err := s.p.Wait()
		if err != nil {
			return err
		}
		if status.Exited() || status.Signaled() {
			if tid == s.p.PID {
				return fmt.Errorf("the program ended before %s, with %#x", stop, int(status))
			}
			continue
		}
		k := s.task(tid, -1)
		deliver := unix.Signal(0)
		switch sig := status.StopSignal(); {
		case sig == unix.SIGTRAP && status.TrapCause() == unix.PTRACE_EVENT_CLONE:
			child, err := unix.PtraceGetEventMsg(tid)
			if err != nil {
				return err
			}
			s.task(int(child), k.no)
		case sig == unix.SIGTRAP && status.TrapCause() > 0:
		case sig == unix.SIGSTOP && !k.running:
			k.running = true
		case sig == unix.SIGTRAP:
			if deliver, err = trapped(tid, k); err != nil || s.done {
				return err
			}
		default:
			deliver = sig
		}
		if k.frozen {
			continue
		}
		if err := resume(tid, deliver); err != nil {
			return err
		}
	}
}

// task returns a thread; one that is not known yet was made by creator.
func (s *session) task(tid, creator int) *task {
	k := s.tasks[tid]
	if k == nil {
		k = &task{no: len(s.tasks)}
		s.tasks[tid] = k
		s.result.Threads = append(s.result.Threads, Thread{Creator: creator, After: len(s.result.Events)})
	} else if creator >= 0 && k.no > 0 {
		// Its first stop came before the news of its birth.
		s.result.Threads[k.no].Creator = creator
	}
	return k
}

// tell adds events of a thread that runs the goroutine g.
func (s *session) tell(events []Event, g string) {
	for i := range events {
		events[i].G = g
	}
	s.result.Events = append(s.result.Events, events...)
}
