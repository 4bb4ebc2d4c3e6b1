// Package process runs a program under ptrace, as its parent and without privileges.
package process

import "errors"

// ErrPlatform says that programs can be traced on linux/amd64 only.
var ErrPlatform = errors.New("tracing a running program needs linux/amd64")

// Config says how a program is run.
type Config struct {
	Path string
	Env  []string // all of its environment
	// Fixed takes chance away: no randomised addresses, and the random bytes that the
	// kernel hands to the program overwritten.
	Fixed bool
	// OneCPU keeps the program on one CPU; a Go program then starts with GOMAXPROCS=1.
	OneCPU bool
}
