package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// elsewhere is what to do where a folder is of no use.
const elsewhere = "name another folder with --out or --cache"

// explain makes one sentence of an error: what happened, and what to do about it. What
// the system refuses may come up anywhere, deep in a library too, which says only by
// which way it got there; everything else says it itself.
func explain(err error) string {
	name, failed := refused(err)
	if !failed {
		return err.Error()
	}
	if name == os.Stdout.Name() {
		name = "what is printed"
	} else {
		name = displayPath(name)
	}
	switch {
	case isAny(err, syscall.ENOSPC, syscall.EDQUOT), onWindows(err, 39, 112): // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
		return fmt.Sprintf("no room on the disk for %s: free some, or %s", name, elsewhere)
	case isAny(err, syscall.EFBIG):
		return fmt.Sprintf("%s may not grow so large: raise the limit on the size of files (ulimit -f)", name)
	case isAny(err, syscall.EMFILE, syscall.ENFILE):
		return fmt.Sprintf("too many files are open for %s to be: raise the limit (ulimit -n 1024)", name)
	case isAny(err, syscall.EROFS), onWindows(err, 19): // ERROR_WRITE_PROTECT
		return fmt.Sprintf("%s is on a disk that is only read: %s", name, elsewhere)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("%s is not yours to read or write (permission denied): change its owner or its mode, or %s", name, elsewhere)
	case isAny(err, syscall.ENOTDIR), onWindows(err, 267), errors.Is(err, fs.ErrExist): // ERROR_DIRECTORY
		return fmt.Sprintf("a file is in the way of the folder %s: move it, or %s", name, elsewhere)
	case isAny(err, syscall.EISDIR):
		return fmt.Sprintf("%s is a folder, and a file is wanted: name a file", name)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("%s is not there: is its name right, or did something remove it?", name)
	}
	return err.Error()
}

// refused returns what a system call was refused on.
func refused(err error) (name string, ok bool) {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Path, true
	case errors.As(err, &link):
		return link.New, true
	}
	return "", false
}

func isAny(err error, numbers ...syscall.Errno) bool {
	for _, n := range numbers {
		if errors.Is(err, n) {
			return true
		}
	}
	return false
}

// onWindows is isAny for numbers that mean something else, or nothing, elsewhere.
func onWindows(err error, numbers ...syscall.Errno) bool {
	return runtime.GOOS == "windows" && isAny(err, numbers...)
}
