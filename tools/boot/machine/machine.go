// Package machine describes the computer that something was measured on.
package machine

import (
	"bufio"
	"runtime"
	"strings"
)

// Machine is a computer, as far as it says.
type Machine struct {
	CPU     string `json:"cpu"`     // the maker's name of the processor
	Cores   int    `json:"cores"`   // logical processors that a program may use
	Memory  int64  `json:"memory"`  // KiB; 0 if it is not known
	Kernel  string `json:"kernel"`  // the system's name and release
	OS      string `json:"os"`      // as GOOS
	Arch    string `json:"arch"`    // as GOARCH
	Virtual string `json:"virtual"` // empty: not virtualised, as far as it says; else by what, or "yes"
}

// Describe asks the system what machine this is. What it does not say stays empty.
func Describe() Machine {
	m := Machine{Cores: runtime.NumCPU(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	m.ask()
	return m
}

// fields reads the lines "key : value" of a text, the first of each key.
func fields(text string) map[string]string {
	out := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		key, value, ok := strings.Cut(lines.Text(), ":")
		key = strings.TrimSpace(key)
		if _, have := out[key]; ok && !have {
			out[key] = strings.TrimSpace(value)
		}
	}
	return out
}
