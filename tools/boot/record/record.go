// Package record is what an observed start is written down as: plain data, in JSON.
package record

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"beforemain/tools/boot/machine"
)

// Schema is the number of this format.
const Schema = 1

// JSONSchema describes the format to other programs.
//
//go:embed schema.json
var JSONSchema []byte

// Evidence is how something is known.
type Evidence string

const (
	Run      Evidence = "run"      // the program ran on its own kind of machine
	Emulated Evidence = "emulated" // the program ran in an emulator
	Static   Evidence = "static"   // it was read in the program's instructions
)

// A Record is the start of one program of one version on one platform, from its first
// instruction to main.main.
type Record struct {
	Schema  int             `json:"schema"`
	Version string          `json:"version"` // go1.27
	Tag     string          `json:"tag"`     // go1.27.4
	GOOS    string          `json:"goos"`
	GOARCH  string          `json:"goarch"`
	Program string          `json:"program"`
	Machine machine.Machine `json:"machine"` // that it was observed on
	Date    string          `json:"date"`    // 2026-11-26
	Runs    int             `json:"runs"`    // that were compared; 0 if the program did not run

	// Instructions is how many thread 0 runs up to main.main, on one CPU or in the
	// emulator; 0 if they were not counted.
	Instructions int64 `json:"instructions,omitempty"`

	// Missing says, in sentences, what could not be observed and why.
	Missing []string `json:"missing,omitempty"`

	Threads []Thread `json:"threads"`
	Steps   []Step   `json:"steps"`
	Edges   []Edge   `json:"edges"`
}

// A Step is the first entry of a function on a thread. Inlined functions are steps on
// thread 0 only, and only those of package runtime.
type Step struct {
	// Seq counts from 1: thread 0 from its begin to its end, then thread 1, and so on.
	// Between threads it says nothing.
	Seq      int      `json:"seq"`
	Symbol   string   `json:"symbol"`
	Thread   int      `json:"thread"`
	G        string   `json:"g,omitempty"`       // g0, gsignal, g1 …; empty before there is one, or not known
	Caller   string   `json:"caller,omitempty"`  // in the source; empty for the first of all, or not known
	Inlined  bool     `json:"inlined,omitempty"` // the function's instructions are part of its caller's
	Varies   bool     `json:"varies,omitempty"`  // other runs lacked it, or had it elsewhere on the thread
	Evidence Evidence `json:"evidence"`
	Insn     int64    `json:"insn,omitempty"` // instructions that thread 0 had run, on one CPU
	US       float64  `json:"us,omitempty"`   // microseconds since exec, by a probe that does not stop the program
}

// A Thread says where a thread came from.
type Thread struct {
	Thread  int `json:"thread"`
	Creator int `json:"creator"` // −1 for thread 0
	After   int `json:"after"`   // the last step of the creator before; 0 if there is none
}

// An Edge counts calls on thread 0, or in the instructions if the program did not run.
// Inlined functions are not called.
type Edge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int    `json:"count"`
}

// OnThread returns the steps of one thread, in order.
func (r *Record) OnThread(thread int) []Step {
	var list []Step
	for _, s := range r.Steps {
		if s.Thread == thread {
			list = append(list, s)
		}
	}
	return list
}

// WriteTo writes the record as JSON, one step or edge a line.
func (r *Record) WriteTo(w io.Writer) (int64, error) {
	head := *r
	head.Threads, head.Steps, head.Edges = nil, nil, nil
	text, err := json.Marshal(head)
	if err != nil {
		return 0, err
	}
	var out bytes.Buffer
	out.Write(text[:bytes.LastIndex(text, []byte(`,"threads":`))])
	err = errors.Join(lines(&out, "threads", r.Threads), lines(&out, "steps", r.Steps), lines(&out, "edges", r.Edges))
	if err != nil {
		return 0, err
	}
	out.WriteString("}\n")
	return out.WriteTo(w)
}

func lines[T any](out *bytes.Buffer, name string, list []T) error {
	fmt.Fprintf(out, ",\n%q:[", name)
	for i, v := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		out.WriteByte('\n')
		out.Write(text)
	}
	out.WriteByte(']')
	return nil
}

// maxSize is how many bytes a record may have; the longest of this book has 150,000.
const maxSize = 16 << 20

// Read reads a record. It fails on one of another schema.
func Read(r io.Reader) (*Record, error) {
	var rec Record
	few := &io.LimitedReader{R: r, N: maxSize + 1}
	d := json.NewDecoder(few)
	err := d.Decode(&rec)
	if few.N == 0 {
		err = fmt.Errorf("more than %d MB", maxSize>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("record: something follows it")
	}
	if rec.Schema != Schema {
		return nil, fmt.Errorf("record: schema %d, not %d", rec.Schema, Schema)
	}
	for i, s := range rec.Steps {
		if s.Symbol == "" {
			return nil, fmt.Errorf("record: step %d of %d has no symbol", i+1, len(rec.Steps))
		}
	}
	return &rec, nil
}
