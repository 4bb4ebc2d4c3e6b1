//go:build !unix

package scratch

import "os"

// running reports whether there is a process of that number. Where the system cannot
// tell, it takes it for running.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return p.Release() == nil
}
