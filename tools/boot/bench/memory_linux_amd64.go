package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"beforemain/tools/boot/process"

	"golang.org/x/sys/unix"
)

// memory stops a program at offset behind its entry and at its end and reads what the
// kernel says of it. The number that wait4 returns, ru_maxrss, is no use: a child
// inherits the greatest size of its parent.
func memory(b Binary, offset uint64) (Memory, error) {
	p, err := process.Start(process.Config{Path: b.Path, Env: b.Env})
	if err != nil {
		return Memory{}, fmt.Errorf("%s: %w", b.Path, err)
	}
	defer func() {
		// Otherwise a thread that is killed stops at its end once more, for nobody.
		unix.PtraceSetOptions(p.PID, unix.PTRACE_O_EXITKILL)
		p.Close()
	}()
	m, err := memoryOf(p, offset)
	if err == nil {
		err = p.Detach()
	}
	var status syscall.WaitStatus
	if err == nil {
		status, err = p.End()
	}
	if err != nil {
		return Memory{}, fmt.Errorf("%s: %w", b.Path, err)
	}
	return m, failure(b.Path, status)
}

// memoryOf leaves the program stopped at its end.
func memoryOf(p *process.Process, offset uint64) (Memory, error) {
	// Only the first thread is traced, so that the others run as they always do. It is
	// the one that comes to main.main, and the last to end.
	err := unix.PtraceSetOptions(p.PID, unix.PTRACE_O_EXITKILL|unix.PTRACE_O_TRACEEXIT)
	if err != nil {
		return Memory{}, err
	}
	if err := runTo(p, p.Entry+offset); err != nil {
		return Memory{}, err
	}
	m, err := statusOf(p.PID)
	if err != nil {
		return Memory{}, err
	}
	if err := runToExit(p); err != nil {
		return Memory{}, err
	}
	end, err := statusOf(p.PID)
	m.Exit = end.Peak
	return m, err
}

// runTo lets the stopped first thread run up to the instruction at addr.
func runTo(p *process.Process, addr uint64) error {
	old, err := p.Word(addr)
	if err != nil {
		return err
	}
	if err := p.Write(addr, []byte{0xcc}); err != nil { // INT3
		return err
	}
	if err := goOn(p, func(s unix.WaitStatus) bool { return s.StopSignal() == unix.SIGTRAP && s.TrapCause() == 0 }); err != nil {
		return err
	}
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(p.PID, &regs); err != nil {
		return err
	}
	if regs.Rip != addr+1 {
		return fmt.Errorf("a breakpoint at %#x that is not ours", regs.Rip-1)
	}
	regs.Rip = addr
	if err := p.Write(addr, []byte{byte(old)}); err != nil {
		return err
	}
	return unix.PtraceSetRegs(p.PID, &regs)
}

// runToExit lets the stopped first thread run until it is about to end.
func runToExit(p *process.Process) error {
	return goOn(p, func(s unix.WaitStatus) bool {
		return s.StopSignal() == unix.SIGTRAP && s.TrapCause() == unix.PTRACE_EVENT_EXIT
	})
}

// goOn lets the first thread run until a stop that is the wanted one. The signals that
// stop it on the way are handed to it.
func goOn(p *process.Process, wanted func(unix.WaitStatus) bool) error {
	signal := 0
	for {
		if err := unix.PtraceCont(p.PID, signal); err != nil {
			return err
		}
		_, status, err := p.Wait()
		switch {
		case err != nil:
			return err
		case !status.Stopped():
			return errors.New("it ended before it was to be looked at")
		case wanted(status):
			return nil
		}
		if signal = int(status.StopSignal()); status.StopSignal() == unix.SIGTRAP {
			signal = 0
		}
	}
}

// statusOf reads what the kernel says of a process.
func statusOf(pid int) (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Memory{}, err
	}
	return parseStatus(text)
}

func parseStatus(text []byte) (Memory, error) {
	var m Memory
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if key != "Threads" && key != "VmHWM" && key != "VmSize" {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return Memory{}, fmt.Errorf("/proc status: %w", err)
		}
		switch key {
		case "Threads":
			m.Threads = int(n)
		case "VmHWM":
			m.Peak = n
		case "VmSize":
			m.Size = n
		}
	}
	if m.Threads == 0 || m.Peak == 0 {
		return Memory{}, errors.New("/proc status: no Threads or VmHWM")
	}
	return m, nil
}
