package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// makeScratch makes a folder for this run below dir, and removes those that runs left
// which are no more: they were killed. The name says whose it is.
func makeScratch(dir, prefix string) (string, error) {
	left, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil {
		return "", err
	}
	for _, name := range left {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), prefix), "-")
		if pid, err := strconv.Atoi(owner); err == nil && !running(pid) {
			os.RemoveAll(name) // what cannot be removed is in nobody's way
		}
	}
	return os.MkdirTemp(dir, fmt.Sprintf("%s%d-", prefix, os.Getpid()))
}
