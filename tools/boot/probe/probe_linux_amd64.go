package probe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/process"
)

const (
	execute = 4 // HW_BREAKPOINT_X: when an instruction is executed
	page    = 4096
)

// Once runs a program once, with a probe at a place for the thread that the program
// begins on. The program is stopped for its exec only. How it ended is no error.
func Once(path string, env []string, place int64) (run Run, err error) {
	err = process.Locked(func() (err error) {
		run, err = once(process.Config{Path: path, Env: env}, place)
		return err
	})
	return run, err
}

func once(cfg process.Config, place int64) (run Run, err error) {
	p, err := process.Start(cfg)
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	// One thread is watched, on whatever CPU: the goroutine of main is locked to it up to
	// main.main.
	e, err := open(p.PID, p.Entry+uint64(place))
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	var begin unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &begin); err != nil {
		return run, err
	}
	if err := p.Detach(); err != nil {
		return run, err
	}
	if run.Status, err = p.End(); err != nil {
		return run, err
	}
	if at, hit := e.first(); hit {
		run.After, run.Hit = time.Duration(at-begin.Nano()), true
	}
	return run, nil
}

// event is a debug register of a thread, and the memory that the kernel notes hits in.
type event struct {
	fd  int
	mem []byte // a page with the kernel's position, then one of notes
}

func open(tid int, addr uint64) (*event, error) {
	attr := unix.PerfEventAttr{
		Type:        unix.PERF_TYPE_BREAKPOINT,
		Size:        uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Bp_type:     execute,
		Ext1:        addr, // bp_addr
		Ext2:        8,    // bp_len
		Sample:      1,
		Sample_type: unix.PERF_SAMPLE_TIME,
		Bits:        unix.PerfBitUseClockID | unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
		Clockid:     unix.CLOCK_MONOTONIC,
	}
	fd, err := unix.PerfEventOpen(&attr, tid, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("perf_event_open of a debug register: %w%s", err, setting(err))
	}
	mem, err := unix.Mmap(fd, 0, 2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("mmap of a perf event: %w", err), unix.Close(fd))
	}
	return &event{fd, mem}, nil
}

// setting names the system's setting that may have forbidden it.
func setting(err error) string {
	if !errors.Is(err, unix.EACCES) && !errors.Is(err, unix.EPERM) {
		return ""
	}
	level, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid")
	if err != nil {
		return ""
	}
	return " (kernel.perf_event_paranoid is " + strings.TrimSpace(string(level)) + ")"
}

// first returns the time of the first hit.
func (e *event) first() (nanoseconds int64, hit bool) {
	head := atomic.LoadUint64(&(*unix.PerfEventMmapPage)(unsafe.Pointer(&e.mem[0])).Data_head)
	return sample(e.mem[page:], head)
}

// sample finds the first hit in the notes, of which head bytes were written in all. Each
// begins with its type (4 bytes), flags (2) and size (2); that of a hit has the time.
func sample(notes []byte, head uint64) (nanoseconds int64, hit bool) {
	// When it is full the kernel drops what comes later, as it is mapped for writing.
	for rest := notes[:min(head, uint64(len(notes)))]; len(rest) >= 16; {
		size := int(binary.LittleEndian.Uint16(rest[6:]))
		if binary.LittleEndian.Uint32(rest) == unix.PERF_RECORD_SAMPLE {
			return int64(binary.LittleEndian.Uint64(rest[8:])), true
		}
		if size < 8 || size > len(rest) {
			break
		}
		rest = rest[size:]
	}
	return 0, false
}

func (e *event) close() error { return errors.Join(unix.Munmap(e.mem), unix.Close(e.fd)) }
