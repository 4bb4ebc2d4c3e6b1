package bench

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"unsafe"

	"beforemain/tools/boot/process"

	"golang.org/x/sys/unix"
)

const (
	execute = 4 // HW_BREAKPOINT_X: when an instruction is executed
	page    = 4096
)

// system is what linux/amd64 can measure.
func system() meter { return meter{wall: wall, mark: mark, memory: memory, faults: true} }

// mark times a program from its exec to the first instruction at offset behind the
// entry, with a debug register: nothing in the program is changed, and it is stopped for
// its exec only. A hit costs about 13 µs in a virtual machine, so there is one a run.
func mark(b Binary, offset uint64) (ns int64, hit bool, err error) {
	p, err := process.Start(process.Config{Path: b.Path, Env: b.Env})
	if err != nil {
		return 0, false, err
	}
	defer p.Close()
	// All marks are reached by the first thread (the goroutine of main is locked to it up
	// to main.main), so the event need not be inherited, and one is enough for all CPUs.
	probe, err := newProbe(p.PID, p.Entry+offset)
	if err != nil {
		return 0, false, err
	}
	defer probe.close()
	start := monotonic()
	if err := p.Detach(); err != nil {
		return 0, false, err
	}
	if err := ended(p, b.Path); err != nil {
		return 0, false, err
	}
	at, hit := probe.first()
	return at - start, hit, nil
}

// ended waits for the end of a program.
func ended(p *process.Process, path string) error {
	for {
		tid, status, err := p.Wait()
		switch {
		case err != nil:
			return fmt.Errorf("%s: wait: %w", path, err)
		case tid != p.PID || status.Stopped():
			continue
		case status.Signaled():
			return fmt.Errorf("%s: ended by the signal %v", path, status.Signal())
		case status.ExitStatus() != 0:
			return fmt.Errorf("%s: exit status %d", path, status.ExitStatus())
		}
		return nil
	}
}

// monotonic reads the clock of the probes, in nanoseconds.
func monotonic() int64 {
	var now unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) // fails for unknown clocks only
	return now.Nano()
}

// probe notes the time whenever a thread executes an instruction.
type probe struct {
	fd  int
	mem []byte // a page of the kernel's head, then one of records
}

func newProbe(tid int, addr uint64) (*probe, error) {
	attr := unix.PerfEventAttr{
		Type:        unix.PERF_TYPE_BREAKPOINT,
		Size:        uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Bp_type:     execute,
		Ext1:        addr,
		Ext2:        uint64(unsafe.Sizeof(uintptr(0))),
		Sample:      1,
		Sample_type: unix.PERF_SAMPLE_TIME,
		Bits:        unix.PerfBitUseClockID | unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
		Clockid:     unix.CLOCK_MONOTONIC,
	}
	fd, err := unix.PerfEventOpen(&attr, tid, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("perf_event_open of a debug register: %w%s", err, paranoid(err))
	}
	mem, err := unix.Mmap(fd, 0, 2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("mmap of a probe's records: %w", err), unix.Close(fd))
	}
	return &probe{fd, mem}, nil
}

// paranoid says what the system's setting is if that may be the reason.
func paranoid(err error) string {
	if !errors.Is(err, unix.EACCES) && !errors.Is(err, unix.EPERM) {
		return ""
	}
	level, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid")
	if err != nil {
		return ""
	}
	return " (kernel.perf_event_paranoid is " + strings.TrimSpace(string(level)) + ")"
}

// first returns when the instruction was first executed.
func (p *probe) first() (ns int64, hit bool) {
	head := atomic.LoadUint64(&(*unix.PerfEventMmapPage)(unsafe.Pointer(&p.mem[0])).Data_head)
	return firstSample(p.mem[page:], head)
}

func (p *probe) close() {
	unix.Munmap(p.mem)
	unix.Close(p.fd)
}

// firstSample finds the first sample in a ring of records of which head bytes were
// written. A record is a head of 8 bytes (type, flags, size) and, of a sample, the time.
func firstSample(ring []byte, head uint64) (ns int64, hit bool) {
	if head > uint64(len(ring)) {
		return 0, false // overwritten, or not ours
	}
	for rest := ring[:head]; len(rest) >= 8; {
		size := int(binary.LittleEndian.Uint16(rest[6:]))
		if size < 8 || size > len(rest) {
			return 0, false
		}
		if binary.LittleEndian.Uint32(rest) == unix.PERF_RECORD_SAMPLE && size >= 16 {
			return int64(binary.LittleEndian.Uint64(rest[8:])), true
		}
		rest = rest[size:]
	}
	return 0, false
}
