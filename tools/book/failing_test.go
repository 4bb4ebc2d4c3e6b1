package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
)

// smallScript is the script command "small": the small book with its theme, and its two
// versions in the proxy.
func smallScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: small")
	}
	for _, dir := range []string{"small/annotations", "small/site", "site", "themes"} {
		ts.Check(copyAll(ts.MkAbs("shared/"+dir), ts.MkAbs(filepath.Base(dir))))
	}
	for _, v := range []string{"v1.0.0", "v1.2.0"} {
		ts.Check(addModule(ts.MkAbs("proxy"), module.Version{Path: "example.com/clock", Version: v}, ts.MkAbs("shared/small/"+v)))
	}
}

// canMount reports whether this user may mount a disk, which root may in most places.
var canMount = sync.OnceValue(func() bool {
	dir, err := os.MkdirTemp("", "mount")
	if err != nil {
		return false
	}
	defer os.Remove(dir)
	return exec.Command("mount", "-t", "tmpfs", "none", dir).Run() == nil && exec.Command("umount", dir).Run() == nil
})

// mountDisk is the script command "disk FOLDER OPTIONS": a disk in memory, such as one
// of size=100k, which is there until the script ends.
func mountDisk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: disk FOLDER OPTIONS")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o777))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", args[1], "none", dir).CombinedOutput(); err != nil {
		ts.Fatalf("mount: %v: %s", err, out)
	}
	ts.Defer(func() { _ = exec.Command("umount", "-l", dir).Run() })
}

// listenScript is the script command "listen NAME": a port that answers nothing, until
// the script ends, and whose number is the variable of that name.
func listenScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: listen NAME")
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
}
