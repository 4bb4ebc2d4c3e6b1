// Package emulate observes the start of a Linux program for another processor, in QEMU's
// user-mode emulator.
package emulate

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/trace"
)

// ErrNoEmulator says that the emulator is not installed.
var ErrNoEmulator = errors.New("no emulator is installed")

// stop is the function whose entry ends the observation.
const stop = "main.main"

// emulators are QEMU's names of the architectures.
var emulators = map[string]string{"arm64": "aarch64"}

// Find returns the path of the emulator of an architecture, or ErrNoEmulator.
func Find(goarch string) (string, error) {
	name, ok := emulators[goarch]
	if !ok {
		return "", fmt.Errorf("%w for %s", ErrNoEmulator, goarch)
	}
	for _, program := range []string{"qemu-" + name, "qemu-" + name + "-static"} {
		if path, err := exec.LookPath(program); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w for %s: qemu-%s, which Debian has in qemu-user, is not in PATH", ErrNoEmulator, goarch, name)
}

// Run runs a program in the emulator up to main.main, and counts its instructions on the
// way. Which g a thread runs is not known. It is a copy of the program that runs, whose
// sysmon sleeps: else it would interrupt the others, which are slow here.
func Run(ctx context.Context, m *image.Image, env []string) (*trace.Counted, error) {
	counted, err := run(ctx, m, env)
	if err != nil {
		return nil, fmt.Errorf("emulate %s: %w", m.Path, err)
	}
	return counted, nil
}

func run(ctx context.Context, m *image.Image, env []string) (*trace.Counted, error) {
	qemu, err := Find(m.GOARCH)
	if err != nil {
		return nil, err
	}
	path, err := sleeper(m)
	if err != nil {
		return nil, err
	}
	defer os.Remove(path)
	each, err := eachInstruction(ctx, qemu)
	if err != nil {
		return nil, err
	}
	log, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	// The log of what is executed goes to the pipe, which is the file 3 over there.
	cmd := exec.CommandContext(running, qemu, each, "-d", "exec,nochain", "-D", "/dev/fd/3", path)
	cmd.Env = append([]string{}, env...)
	cmd.ExtraFiles = []*os.File{w}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	counted, err := read(m, log)
	cancel()
	ended := cmd.Wait() // it was killed, if all went well
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%w; %s ended with %v: %s", err, qemu, ended, bytes.TrimSpace(said.Bytes()))
	}
	return counted, nil
}

// eachInstruction returns the option that makes each instruction a block of its own, so
// that it is in the log. It has another name since QEMU 8.1.
func eachInstruction(ctx context.Context, qemu string) (string, error) {
	out, err := exec.CommandContext(ctx, qemu, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", qemu, err)
	}
	return option(string(out))
}

func option(version string) (string, error) {
	var name string
	var major, minor int
	if _, err := fmt.Sscanf(version, "%s version %d.%d", &name, &major, &minor); err != nil {
		return "", fmt.Errorf("QEMU's version %q: %w", version, err)
	}
	if major > 8 || major == 8 && minor >= 1 {
		return "-one-insn-per-tb", nil
	}
	return "-singlestep", nil
}

// read makes events of QEMU's log, up to main.main.
func read(m *image.Image, log io.Reader) (*trace.Counted, error) {
	end, ok := m.Lookup(stop)
	if !ok {
		return nil, fmt.Errorf("no %s in it", stop)
	}
	c := &trace.Counted{}
	flow := trace.NewFlow(m)
	// The log shows a thread when it first runs; it was made by the first clone that has
	// not made another.
	born := []trace.Thread{{Creator: -1}}
	for lines := bufio.NewScanner(log); ; {
		if !lines.Scan() {
			return nil, errors.Join(lines.Err(), fmt.Errorf("the program ended before %s", stop))
		}
		thread, pc, ok := parse(lines.Bytes())
		if !ok {
			continue
		}
		for thread >= len(c.Threads) {
			if len(born) == 0 {
				return nil, fmt.Errorf("thread %d runs, and none made it", thread)
			}
			c.Threads, born = append(c.Threads, born[0]), born[1:]
		}
		for _, e := range flow.Next(thread, pc) {
			c.Events = append(c.Events, e)
			if e.Symbol == "runtime.clone" {
				born = append(born, trace.Thread{Creator: thread, After: len(c.Events)})
			}
		}
		if pc == end.Addr && thread == 0 {
			c.Steps = flow.Steps()
			return c, nil
		}
	}
}

// parse reads a line such as
//
//	Trace 0: 0x7f587c000100 [0000000001009331/0000000000086760/00000001/00000201] _rt0_arm64_linux
//
// which says that thread 0 comes to the instruction at 0x86760.
func parse(line []byte) (thread int, pc uint64, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("Trace "))
	if !ok {
		return 0, 0, false
	}
	no, rest, ok := bytes.Cut(rest, []byte(": "))
	if !ok {
		return 0, 0, false
	}
	thread, err := strconv.Atoi(string(no))
	if err != nil || thread < 0 || thread > 1<<12 {
		return 0, 0, false
	}
	_, rest, _ = bytes.Cut(rest, []byte("["))
	_, rest, _ = bytes.Cut(rest, []byte("/"))
	hex, _, ok := bytes.Cut(rest, []byte("/"))
	if !ok {
		return 0, 0, false
	}
	pc, err = strconv.ParseUint(string(hex), 16, 64)
	return thread, pc, err == nil
}
