// Package toolchain finds, fetches and runs the Go toolchains of the pinned versions.
package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"beforemain/extractor/source"
)

// handedOn are the go command's settings that decide where toolchains come from, who
// vouches for them and where they are kept. The user's values hold, whether from the
// environment or from `go env -w`; nothing else of the user's settings reaches a
// toolchain, because an inherited GOFLAGS breaks the old ones.
var handedOn = []string{
	"GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOSUMDB", "GONOPROXY", "GOINSECURE", "GOAUTH",
	"GOPATH", "GOMODCACHE", "GOCACHE",
}

// A Toolchain is one Go release on this machine.
type Toolchain struct {
	Tag  string // go1.17.13
	Root string // its GOROOT
	env  []string
}

// Find returns the toolchain of a tag, such as go1.17.13, and fetches it through the go
// command where it is missing. The error says why it could not.
func Find(ctx context.Context, tag string) (*Toolchain, error) {
	return find(ctx, tag, false)
}

// Installed is Find without the network.
func Installed(ctx context.Context, tag string) (*Toolchain, error) {
	return find(ctx, tag, true)
}

func find(ctx context.Context, tag string, offline bool) (*Toolchain, error) {
	if !strings.HasPrefix(tag, "go1.") {
		return nil, fmt.Errorf("toolchain %q: not a tag such as go1.17.13", tag)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return nil, errors.New("no go command in PATH: install Go (https://go.dev/dl)")
	}
	env, err := environment(ctx)
	if err != nil {
		return nil, fmt.Errorf("toolchain %s: %w", tag, err)
	}
	choose := append(slices.Clone(env), "GOTOOLCHAIN="+tag)
	if offline {
		choose = append(choose, "GOPROXY=off")
	}
	// Not in the user's folder, whose go.mod could ask for another toolchain.
	out, err := run(ctx, os.TempDir(), choose, "go", "env", "GOROOT")
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && offline:
		return nil, fmt.Errorf("the toolchain %s is not installed: `GOTOOLCHAIN=%s go version` does that", tag, tag)
	case err != nil:
		return nil, source.Refusal("the toolchain "+tag, proxies(choose), err.Error())
	}
	t := &Toolchain{Tag: tag, Root: strings.TrimSpace(string(out))}
	t.env = append(env, "GOTOOLCHAIN=local", "GOROOT="+t.Root)
	// The go command would be silent if it were too old to know GOTOOLCHAIN.
	out, err = run(ctx, os.TempDir(), t.env, t.program(), "version")
	if err != nil {
		return nil, fmt.Errorf("toolchain %s: %w", tag, err)
	}
	if f := strings.Fields(string(out)); len(f) < 3 || f[2] != tag {
		return nil, fmt.Errorf("toolchain %s: the go command chose %q; it must be go1.21 or newer itself", tag, strings.TrimSpace(string(out)))
	}
	return t, nil
}

// proxies returns what an environment has for GOPROXY.
func proxies(env []string) string {
	value := ""
	for _, v := range env {
		if name, rest, _ := strings.Cut(v, "="); name == "GOPROXY" {
			value = rest // the last one counts
		}
	}
	return value
}

// Language returns the toolchain's version as a go directive has it: 1.17 for go1.17.13.
func (t *Toolchain) Language() string {
	major, rest, _ := strings.Cut(strings.TrimPrefix(t.Tag, "go"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	return major + "." + minor
}

// Build compiles the package in dir for a platform, without cgo and with symbols, and
// writes the program to out.
func (t *Toolchain) Build(ctx context.Context, dir, out, goos, goarch string, flags ...string) error {
	env := append(slices.Clone(t.env), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
	args := slices.Concat([]string{"build", "-trimpath", "-o", out}, flags, []string{"."})
	_, err := run(ctx, dir, env, t.program(), args...)
	if err != nil {
		return fmt.Errorf("%s for %s/%s: %w", t.Tag, goos, goarch, err)
	}
	return nil
}

func (t *Toolchain) program() string { return filepath.Join(t.Root, "bin", "go") }

// environment returns what the go command is run with: the user's environment without
// its Go settings, and those that are handed on.
func environment(ctx context.Context) ([]string, error) {
	clean := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GO") || strings.HasPrefix(v, "CGO_") || strings.HasPrefix(v, "PWD=")
	})
	// GOENV is the user's here, and only here.
	ask := exec.CommandContext(ctx, "go", append([]string{"env", "-json"}, handedOn...)...)
	ask.Env = append(os.Environ(), "GOFLAGS=", "GOTOOLCHAIN=local", "GOWORK=off")
	out, err := output(ctx, ask)
	if err != nil {
		return nil, err
	}
	var values map[string]string
	if err := json.Unmarshal(out, &values); err != nil {
		return nil, fmt.Errorf("go env -json: %w", err)
	}
	for _, name := range handedOn {
		if v := values[name]; v != "" {
			clean = append(clean, name+"="+v)
		}
	}
	return append(clean, "GOENV=off", "GOFLAGS=", "GOWORK=off", "GO111MODULE=on"), nil
}

// run runs a go command in a folder and returns what it prints.
func run(ctx context.Context, dir string, env []string, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = dir, env
	return output(ctx, cmd)
}

func output(ctx context.Context, cmd *exec.Cmd) ([]byte, error) {
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		said := strings.Join(strings.FieldsFunc(stderr.String(), func(r rune) bool { return r == '\n' || r == '\t' }), "; ")
		return nil, fmt.Errorf("go %s: %w: %s", cmd.Args[1], err, said)
	}
	return stdout.Bytes(), nil
}
