//go:build unix

package scratch

import (
	"errors"
	"syscall"
)

// running reports whether there is a process of that number, whoever owns it.
func running(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
