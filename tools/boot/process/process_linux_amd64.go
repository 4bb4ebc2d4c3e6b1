package process

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	atEntry  = 9  // AT_ENTRY: where the program begins
	atRandom = 25 // AT_RANDOM: address of 16 random bytes

	addrNoRandomize = 0x0040000 // ADDR_NO_RANDOMIZE of personality(2)
)

// A Process is a program that is stopped or runs under ptrace. All its methods must be
// called from the thread that started it.
type Process struct {
	PID   int
	Entry uint64 // where the first instruction is in memory
	mem   *os.File
	gone  atomic.Bool // its number may be another's
}

// Start runs a program up to its exec and leaves it stopped there: none of its
// instructions has run. Its standard streams are /dev/null. The calling goroutine must
// have locked its thread, and must call Close.
func Start(cfg Config) (*Process, error) {
	p, err := start(cfg)
	if err != nil {
		return nil, fmt.Errorf("run it under ptrace: %w", err)
	}
	return p, nil
}

func start(cfg Config) (*Process, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	if cfg.Fixed {
		old, err := personality(0xffffffff)
		if err != nil {
			return nil, err
		}
		if _, err := personality(old | addrNoRandomize); err != nil {
			return nil, err
		}
		defer personality(old)
	}
	pid, err := syscall.ForkExec(cfg.Path, []string{cfg.Path}, &syscall.ProcAttr{
		Env:   cfg.Env,
		Files: []uintptr{null.Fd(), null.Fd(), null.Fd()},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Setpgid: true},
	})
	if err != nil {
		return nil, err
	}
	p := &Process{PID: pid}
	if err := p.prepare(cfg.Fixed, cfg.OneCPU); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Process) prepare(fixed, oneCPU bool) error {
	var status unix.WaitStatus
	if _, err := unix.Wait4(p.PID, &status, unix.WALL, nil); err != nil {
		return err
	}
	if !status.Stopped() {
		return fmt.Errorf("it did not stop at its exec, but ended with %#x", int(status))
	}
	err := unix.PtraceSetOptions(p.PID, unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_EXITKILL|unix.PTRACE_O_TRACEEXEC)
	if err != nil {
		return err
	}
	p.mem, err = os.OpenFile(fmt.Sprintf("/proc/%d/mem", p.PID), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	auxv, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", p.PID))
	if err != nil {
		return err
	}
	for ; len(auxv) >= 16; auxv = auxv[16:] {
		value := binary.LittleEndian.Uint64(auxv[8:])
		switch tag := binary.LittleEndian.Uint64(auxv); {
		case tag == atEntry:
			p.Entry = value
		case tag == atRandom && fixed:
			if err := p.Write(value, []byte("0123456789abcdef")); err != nil {
				return err
			}
		}
	}
	if !oneCPU {
		return nil
	}
	return p.oneCPU()
}

// oneCPU lets the program run on one CPU only, the last of those it may use.
func (p *Process) oneCPU() error {
	var may, one unix.CPUSet
	if err := unix.SchedGetaffinity(p.PID, &may); err != nil {
		return err
	}
	for cpu := range len(may) * 64 {
		if may.IsSet(cpu) {
			one.Zero()
			one.Set(cpu)
		}
	}
	return unix.SchedSetaffinity(p.PID, &one)
}

// Wait waits for one of the program's threads to stop or end.
func (p *Process) Wait() (tid int, status unix.WaitStatus, err error) {
	for {
		// Of its group only: the end of other children is os/exec's to wait for.
		tid, err = unix.Wait4(-p.PID, &status, unix.WALL|unix.WNOTHREAD, nil)
		if err == unix.EINTR {
			continue
		}
		if tid == p.PID && (status.Exited() || status.Signaled()) {
			p.gone.Store(true)
		}
		return tid, status, err
	}
}

// Step lets a thread run one instruction and returns the signals that came instead.
func (p *Process) Step(tid int) (pending []unix.Signal, err error) {
	for {
		if err := unix.PtraceSingleStep(tid); err != nil {
			return pending, err
		}
		var status unix.WaitStatus
		for {
			_, err := unix.Wait4(tid, &status, unix.WALL, nil)
			if err == nil {
				break
			}
			if err != unix.EINTR {
				return pending, err
			}
		}
		switch {
		case !status.Stopped():
			return pending, errors.New("the thread ended in a step")
		case status.StopSignal() == unix.SIGTRAP:
			return pending, nil
		}
		pending = append(pending, status.StopSignal())
	}
}

// Word reads 8 bytes of memory.
func (p *Process) Word(addr uint64) (uint64, error) {
	var b [8]byte
	if _, err := p.mem.ReadAt(b[:], int64(addr)); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// Write writes memory, instructions too.
func (p *Process) Write(addr uint64, b []byte) error {
	_, err := p.mem.WriteAt(b, int64(addr))
	return err
}

// Detach lets the program run on its own; its end is still the caller's to wait for.
func (p *Process) Detach() error { return syscall.PtraceDetach(p.PID) }

// End waits until the program has ended, and says how.
func (p *Process) End() (syscall.WaitStatus, error) {
	for {
		tid, status, err := p.Wait()
		if err != nil {
			return 0, fmt.Errorf("wait: %w", err)
		}
		if tid == p.PID && !status.Stopped() {
			return syscall.WaitStatus(status), nil
		}
	}
}

// Kill ends the program. It may be called from any thread.
func (p *Process) Kill() {
	if !p.gone.Load() {
		unix.Kill(p.PID, unix.SIGKILL)
	}
}

// Close kills the program if it still runs, and waits until all its threads are gone.
func (p *Process) Close() error {
	p.Kill()
	for {
		if _, _, err := p.Wait(); err != nil {
			break // ECHILD: none is left
		}
	}
	if p.mem == nil {
		return nil
	}
	return p.mem.Close()
}

func personality(persona uintptr) (uintptr, error) {
	old, _, errno := unix.RawSyscall(unix.SYS_PERSONALITY, persona, 0, 0)
	if errno != 0 {
		return 0, fmt.Errorf("personality: %w", errno)
	}
	return old, nil
}

// Locked calls f with the goroutine locked to its thread, as Start asks.
func Locked(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return f()
}
