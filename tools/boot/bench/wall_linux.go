package bench

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// wall times a program from before its fork until its end was seen. It uses the bare
// system calls: os/exec would add a descriptor and a second wait.
func wall(b Binary) (run, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return run{}, err
	}
	defer null.Close()
	attr := &syscall.ProcAttr{Env: b.Env, Files: []uintptr{null.Fd(), null.Fd(), null.Fd()}}
	start := time.Now() // CLOCK_MONOTONIC
	pid, err := syscall.ForkExec(b.Path, []string{b.Path}, attr)
	if err != nil {
		return run{}, fmt.Errorf("%s: %w", b.Path, err)
	}
	var status syscall.WaitStatus
	var usage syscall.Rusage
	for {
		if _, err = syscall.Wait4(pid, &status, 0, &usage); err != syscall.EINTR {
			break
		}
	}
	took := time.Since(start)
	if err != nil {
		return run{}, fmt.Errorf("%s: wait: %w", b.Path, err)
	}
	if err := failure(b.Path, status); err != nil {
		return run{}, err
	}
	return run{NS: took.Nanoseconds(), Faults: usage.Minflt + usage.Majflt}, nil
}

// failure returns what is wrong with how a program ended.
func failure(path string, status syscall.WaitStatus) error {
	switch {
	case status.Signaled():
		return fmt.Errorf("%s: ended by the signal %v", path, status.Signal())
	case status.ExitStatus() != 0:
		return fmt.Errorf("%s: exit status %d", path, status.ExitStatus())
	}
	return nil
}
