// Package scratch makes and finds files in folders of any name: those that belong to a run
// of the program, of which it removes what killed runs have left.
package scratch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Make makes a folder for this run below dir, and removes those that runs left which are
// no more: they were killed. The name says whose it is.
func Make(dir, prefix string) (string, error) {
	Clear(dir, prefix)
	return os.MkdirTemp(dir, Name(prefix))
}

// Name is the pattern, as of os.CreateTemp, of a name of this run.
func Name(prefix string) string { return fmt.Sprintf("%s%d-*", prefix, os.Getpid()) }

// Find returns the paths of what matches a well-formed pattern below dir, whose own name
// may have a bracket in it.
func Find(dir, pattern string) []string {
	names, _ := fs.Glob(os.DirFS(dir), pattern)
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return names
}

// Clear removes what runs left below dir that are no more.
func Clear(dir, prefix string) {
	for _, name := range Find(dir, prefix+"*") {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), prefix), "-")
		if pid, err := strconv.Atoi(owner); err == nil && !running(pid) {
			os.RemoveAll(name) // what cannot be removed is in nobody's way
		}
	}
}
