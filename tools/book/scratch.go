package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// scratchPrefixes begin the names of the folders that runs make in the cache folder.
var scratchPrefixes = []string{"build-", "serve-", "pdf-", "bundle-"}

// makeScratch makes a folder for this run below dir, and removes those that runs left
// which are no more: they were killed. The name says whose it is.
func makeScratch(dir, prefix string) (string, error) {
	removeLeft(dir, prefix)
	return os.MkdirTemp(dir, ownName(prefix))
}

// ownName is the pattern of a name of this run.
func ownName(prefix string) string { return fmt.Sprintf("%s%d-*", prefix, os.Getpid()) }

// find returns the paths of what matches a well-formed pattern below dir, whose own name
// may have a bracket in it.
func find(dir, pattern string) []string {
	names, _ := fs.Glob(os.DirFS(dir), pattern)
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return names
}

// removeLeft removes what runs left below dir that are no more.
func removeLeft(dir, prefix string) {
	left := find(dir, prefix+"*")
	for _, name := range left {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), prefix), "-")
		if pid, err := strconv.Atoi(owner); err == nil && !running(pid) {
			os.RemoveAll(name) // what cannot be removed is in nobody's way
		}
	}
}
