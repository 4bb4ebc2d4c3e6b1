package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"beforemain/extractor/measure"
)

// Observed is a symbol's place in the recorded start of a program.
type Observed struct {
	Platform string `json:"platform"`
	Step     int    `json:"step"` // among the symbols of the book on the first thread, from 1; 0 on others
	Of       int    `json:"of"`
	Thread   int    `json:"thread"`
	G        string `json:"g,omitempty"`
	Time     string `json:"time,omitempty"` // microseconds since exec
	Insn     string `json:"insn,omitempty"`
	Inlined  bool   `json:"inlined,omitempty"`
	Evidence string `json:"evidence"`
	Machine  string `json:"machine"`
	Date     string `json:"date"`

	Prev *SymbolLink `json:"prev,omitempty"` // in observed order
	Next *SymbolLink `json:"next,omitempty"`
}

// Stretch is a chapter's place in the recorded start: its first step and its last, from
// 1, of all that are symbols of the book, and when the first was reached.
type Stretch struct {
	First int    `json:"first"`
	Last  int    `json:"last"`
	Of    int    `json:"of"`
	Time  string `json:"time,omitempty"` // microseconds since exec
}

// trace returns the trace of the edition's version on the platform that is asked for,
// or on the first of the book that has one.
func (e edition) trace(version, on string) *measure.Trace {
	if e.Measured == nil {
		return nil
	}
	for _, p := range e.Book.everywhere() {
		if on == "" || p.Matches(on) {
			if t := e.Measured.Trace(version, p.String()); t != nil {
				return t
			}
		}
	}
	return nil
}

// spineSteps returns the steps of the first thread that are symbols of the book, each
// once, and its last step, where the trace ends.
func (e edition) spineSteps(t *measure.Trace) []measure.Step {
	var list []measure.Step
	seen := map[string]bool{}
	all := t.OnThread(0)
	for i, s := range all {
		if _, ok := e.position[s.Symbol]; (ok || i == len(all)-1) && !seen[s.Symbol] {
			seen[s.Symbol] = true
			list = append(list, s)
		}
	}
	return list
}

// observed returns the place of a symbol in the trace of its version, or nil.
func (e edition) observed(symbol string) *Observed {
	t := e.trace(e.version.Name, "")
	if t == nil {
		return nil
	}
	o := &Observed{Platform: t.GOOS + "/" + t.GOARCH, Machine: e.machine(t.Machine), Date: t.Date}
	steps := e.spineSteps(t)
	i := slices.IndexFunc(steps, func(s measure.Step) bool { return s.Symbol == symbol })
	var step measure.Step
	if i >= 0 {
		step = steps[i]
		o.Step, o.Of = i+1, len(steps)
		o.Prev, o.Next = e.stepLink(steps, i-1), e.stepLink(steps, i+1)
	} else {
		k := slices.IndexFunc(t.Steps, func(s measure.Step) bool { return s.Symbol == symbol })
		if k < 0 {
			return nil
		}
		step = t.Steps[k]
	}
	o.Thread, o.G, o.Inlined, o.Evidence = step.Thread, step.G, step.Inlined, string(step.Evidence)
	if step.US > 0 {
		o.Time = micros(step.US)
	}
	if step.Insn > 0 {
		o.Insn = grouped(step.Insn)
	}
	return o
}

// stretch returns the steps of a chapter's symbols in the trace of the version, from that
// of the first one that ran on the first thread: a helper that is told in the chapter may
// have served before. It is nil where none ran.
func (e edition) stretch(symbols []string) *Stretch {
	t := e.trace(e.version.Name, "")
	if t == nil {
		return nil
	}
	steps := e.spineSteps(t)
	s := Stretch{Of: len(steps)}
	for _, symbol := range symbols {
		i := slices.IndexFunc(steps, func(step measure.Step) bool { return step.Symbol == symbol })
		if i >= 0 && s.First == 0 {
			s.First = i + 1
			if us := steps[i].US; us > 0 {
				s.Time = micros(us)
			}
		}
		s.Last = max(s.Last, i+1)
	}
	if s.First == 0 {
		return nil
	}
	return &s
}

func (e edition) stepLink(steps []measure.Step, i int) *SymbolLink {
	if i < 0 || i >= len(steps) || e.reach(e.version.Name, steps[i].Symbol) == "" {
		return nil
	}
	return &SymbolLink{steps[i].Symbol, e.urls.symbol(e.version.Name, e.lang, steps[i].Symbol)}
}

// Machines describes the computers that anything was measured on, a line each.
func (l *Layout) Machines(lang string) []string {
	var list []string
	add := func(m measure.Machine) {
		if line := (edition{Layout: l, lang: lang}).machine(m); !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	if l.Measured != nil {
		for _, t := range l.Measured.Traces {
			add(t.Machine)
		}
		for _, b := range l.Measured.Benches {
			add(b.Machine)
		}
	}
	return list
}

// machine describes a computer in a line.
func (e edition) machine(m measure.Machine) string {
	parts := []string{m.CPU, fmt.Sprintf("%d × %s", m.Cores, m.Arch), m.Kernel}
	switch m.Virtual {
	case "":
	case "yes":
		parts = append(parts, e.word("virtualised"))
	default:
		parts = append(parts, e.word("virtualised")+" ("+m.Virtual+")")
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// micros writes microseconds: whole from 10 on, to a tenth below.
func micros(v float64) string {
	if v < 10 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return grouped(int64(v + 0.5))
}

// grouped writes a number with commas between groups of three digits.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
