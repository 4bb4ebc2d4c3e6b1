// Package program holds the programs whose start is observed, and builds them.
package program

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"beforemain/tools/boot/toolchain"
)

// source holds each program as one file. The go tool ignores .go.txt.
//
//go:embed source/*.go.txt
var source embed.FS

// A Program is a program whose start is observed.
type Program struct {
	Name string
	Env  []string // it is run with this environment and no more
}

// List returns the programs: the least, one with fmt, one with net/http, and one whose
// package initialisations the runtime reports on its standard error.
func List() []Program {
	return []Program{
		{Name: "println"},
		{Name: "fmt"},
		{Name: "nethttp"},
		{Name: "inits", Env: []string{"GODEBUG=inittrace=1"}},
	}
}

// Find returns the program of that name.
func Find(name string) (Program, error) {
	var names []string
	for _, p := range List() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Program{}, fmt.Errorf("there is no program %q, but %s", name, strings.Join(names, ", "))
}

// Build compiles a program into dir and returns the path of the executable. Its module
// has the toolchain's own language version: with another, or with none, the program
// would start with the GODEBUG defaults of another release. Flags go to go build.
func Build(ctx context.Context, t *toolchain.Toolchain, p Program, goos, goarch, dir string, flags ...string) (string, error) {
	text, err := source.ReadFile("source/" + p.Name + ".go.txt")
	if err != nil {
		return "", fmt.Errorf("no program %q", p.Name)
	}
	out, err := filepath.Abs(filepath.Join(dir, p.Name+"-"+t.Tag+"-"+goos+"-"+goarch))
	if err != nil {
		return "", err
	}
	if goos == "windows" {
		out += ".exe"
	}
	scratch, err := os.MkdirTemp("", "boot")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	// Go 1.19 refuses a module whose path has no dot.
	err = errors.Join(
		os.WriteFile(filepath.Join(scratch, "main.go"), text, 0o666),
		os.WriteFile(filepath.Join(scratch, "go.mod"), []byte("module example.org/boot\n\ngo "+t.Language()+"\n"), 0o666),
	)
	if err != nil {
		return "", err
	}
	if err := t.Build(ctx, scratch, out, goos, goarch, flags...); err != nil {
		return "", fmt.Errorf("build %s: %w", p.Name, err)
	}
	return out, nil
}
