// Package measure reads what was measured of the book's subject: the order in which
// the functions of a real program first ran, and how long programs take to start.
//
// The files are JSON that a harness writes (tools/boot, whose schemas say more):
// trace/<goos>-<goarch>/<version>.json and bench/<machine>.json in one folder.
package measure

import (
	"encoding/json"
	"errors"
	"go/token"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"beforemain/extractor/diag"
)

// Set is all that was measured.
type Set struct {
	Traces  []*Trace // by platform, then by version as the files' names sort
	Benches []*Bench // by the files' names
}

// Machine is a computer that something was measured on.
type Machine struct {
	CPU     string
	Cores   int
	Memory  int64 // KiB
	Kernel  string
	OS      string
	Arch    string
	Virtual string // "" for none
}

// Evidence is how a step is known: run, emulated or static.
type Evidence string

// A program ran on its own kind of machine, in an emulator, or was only read.
const (
	Run      Evidence = "run"
	Emulated Evidence = "emulated"
	Static   Evidence = "static"
)

// Trace is the start of one program of one version on one platform.
type Trace struct {
	Version, Tag, GOOS, GOARCH string
	Program                    string
	Machine                    Machine
	Date                       string
	Runs                       int
	Instructions               int64 // of thread 0 up to the end; 0 if not counted
	Threads                    []Thread
	Steps                      []Step // thread 0 from its begin to its end, then thread 1 …
	Edges                      []Edge

	File string `json:"-"` // that it was read from
}

// Thread says which thread made a thread, after which of its steps.
type Thread struct{ Thread, Creator, After int }

// Step is the first entry of a function on a thread.
type Step struct {
	Seq      int
	Symbol   string
	Thread   int
	G        string // g0, g1 …; "" if there was none, or it is not known
	Caller   string
	Inlined  bool
	Varies   bool // other runs lacked it, or had it elsewhere on the thread
	Evidence Evidence
	Insn     int64   // instructions of the thread up to here; 0 if not counted
	US       float64 // microseconds since exec; 0 if not measured
}

// Edge counts calls from one function to another.
type Edge struct {
	From, To string
	Count    int
}

// Bench is how long programs took to start on one machine.
type Bench struct {
	Machine Machine
	Date    string
	Method  struct {
		Rounds, Repeats int
	}
	Series []Series

	File string `json:"-"`
}

// Series is one version of a program. Times are in microseconds.
type Series struct {
	Program, Version string // the floor has no version
	Bytes            int64
	Wall             Stat
	Repeats          []float64 // medians of Wall
	Ratio            *struct{ Value, Low, High float64 }
	Faults           *Stat
	Marks            []Mark
	Instructions     int64
	Memory           *struct {
		Threads          int
		Size, Peak, Exit int64 // KiB
	}
}

// Stat sums up values: the median, the quartiles, and the ends of an interval that
// holds the true median with the confidence that the method had.
type Stat struct {
	N                         int
	Median, Q1, Q3, Low, High float64
}

// Mark is when a function first ran: since exec, and since the mark before.
type Mark struct {
	Symbol   string
	At, Step Stat
}

// Read reads the files below dir. A folder that is not there, or has no name, holds
// none. What cannot be read, and a trace in the place of another, is N109.
func Read(fsys fs.FS, dir string) (*Set, diag.List) {
	var set Set
	var list diag.List
	if dir == "" {
		return &set, nil
	}
	const again = "fix: take it back from git, or measure it again"
	wrong := func(name, format string, args ...any) *diag.Diagnostic {
		return list.Errorf(token.Position{Filename: name, Line: 1, Column: 1}, "N109", format, args...)
	}
	read := func(name string, to any) bool {
		text, err := readFile(fsys, name)
		if err == nil {
			err = json.Unmarshal(text, to)
		}
		if err != nil {
			wrong(name, "cannot be read: %v", err).Relate(again)
		}
		return err == nil
	}
	sane := func(name string, of any) bool {
		err := inRange(reflect.ValueOf(of))
		if err != nil {
			wrong(name, "cannot be drawn: %v", err).Relate(again)
		}
		return err == nil
	}
	placed := func(name, rel string, t *Trace) bool {
		if rel == "trace/"+t.GOOS+"-"+t.GOARCH+"/"+t.Version+".json" {
			return true
		}
		wrong(name, "says that it is %s on %s/%s, which its name does not", t.Version, t.GOOS, t.GOARCH).
			Relate("fix: move it to %s/trace/%s-%s/%s.json, or measure it again", dir, t.GOOS, t.GOARCH, t.Version)
		return false
	}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		switch rel := strings.TrimPrefix(name, dir+"/"); {
		case strings.HasPrefix(rel, "trace/"):
			if t := (&Trace{File: name}); read(name, t) && sane(name, t) && placed(name, rel, t) {
				set.Traces = append(set.Traces, t)
			}
		case strings.HasPrefix(rel, "bench/"):
			if b := (&Bench{File: name}); read(name, b) && sane(name, b) {
				set.Benches = append(set.Benches, b)
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		wrong(dir, "cannot be read: %v", err).Relate(again)
	}
	return &set, list
}

// Trace returns the trace of a version on a platform such as linux/amd64, or nil.
func (s *Set) Trace(version, platform string) *Trace {
	i := slices.IndexFunc(s.Traces, func(t *Trace) bool { return t.Version == version && t.GOOS+"/"+t.GOARCH == platform })
	if i < 0 {
		return nil
	}
	return s.Traces[i]
}

// OnThread returns the steps of one thread, in order.
func (t *Trace) OnThread(thread int) []Step {
	var list []Step
	for _, s := range t.Steps {
		if s.Thread == thread {
			list = append(list, s)
		}
	}
	return list
}

// Of returns the series of a program, one a version in the order of the file.
func (b *Bench) Of(program string) []Series {
	var list []Series
	for _, s := range b.Series {
		if s.Program == program {
			list = append(list, s)
		}
	}
	return list
}

// Programs returns the programs that were measured, in the order of the file.
func (b *Bench) Programs() []string {
	var list []string
	for _, s := range b.Series {
		if !slices.Contains(list, s.Program) {
			list = append(list, s.Program)
		}
	}
	return list
}
