package plan9

import (
	"slices"
	"strconv"
	"text/scanner"
)

// routine is one TEXT with its instructions.
type routine struct {
	statements []statement // the first is the TEXT; DATA and GLOBL are none of them
	code       []int       // which of them the assembler counts for n(PC): all but lone labels
	labels     map[string]label
	live       []bool // by index in code: can be executed
	entered    []bool // likewise: a jump of the TEXT leads here
}

type label struct {
	at    token
	index int // in code, of the instruction behind it
}

// routines divides statements by their TEXTs. What stands before the first one is dropped.
func routines(list []statement) []*routine {
	var all []*routine
	var r *routine
	for _, s := range list {
		switch s.op.Text {
		case "DATA", "GLOBL":
			continue
		case "TEXT":
			r = &routine{labels: map[string]label{}}
			all = append(all, r)
		}
		if r == nil {
			continue
		}
		for _, t := range s.labels {
			if _, twice := r.labels[t.Text]; !twice {
				r.labels[t.Text] = label{t, len(r.code)}
			}
		}
		if s.op.Text != "" {
			r.code = append(r.code, len(r.statements))
		}
		r.statements = append(r.statements, s)
	}
	for _, r := range all {
		r.walk()
	}
	return all
}

// label finds the label that operand i of s is. A jump's last operand is one even if
// the TEXT lacks it.
func (r *routine) label(s statement, i int) (token, label, bool) {
	operand := s.operands[i]
	if len(operand) != 1 || operand[0].Kind != scanner.Ident || s.op.Text == "TEXT" {
		return token{}, label{}, false
	}
	t := operand[0]
	l, ok := r.labels[t.Text]
	lost := i == len(s.operands)-1 && (s.isJump() || s.isCall()) && !isRegister(t.Text)
	return t, l, ok || lost
}

// walk finds what can be executed from the TEXT on. Where the TEXT may have jumps
// that are not seen, everything can be.
func (r *routine) walk() {
	n := len(r.code)
	r.live, r.entered = make([]bool, n), make([]bool, n)
	if r.isTable() || slices.ContainsFunc(r.statements, statement.isOpaque) || !r.follow() {
		r.doubt()
	}
}

// follow walks along the jumps. It reports whether all of them are understood.
func (r *routine) follow() bool {
	next := []int{0}
	for len(next) > 0 {
		i := next[len(next)-1]
		next = next[:len(next)-1]
		if i >= len(r.code) || r.live[i] {
			continue
		}
		r.live[i] = true
		s := r.statements[r.code[i]]
		if !s.isStop() {
			next = append(next, i+1)
		}
		for k := range s.operands {
			to, ok := r.target(s, i, k)
			if !ok {
				continue
			}
			if to < 0 || to >= len(r.code) {
				return false
			}
			r.entered[to] = true
			next = append(next, to)
		}
	}
	return true
}

// doubt makes all of r reachable.
func (r *routine) doubt() {
	for i, at := range r.code {
		r.live[i] = true
		s := r.statements[at]
		for k := range s.operands {
			if to, ok := r.target(s, i, k); ok && 0 <= to && to < len(r.code) {
				r.entered[to] = true
			}
		}
	}
}

// isTable reports whether two jumps to one symbol follow each other with neither a
// label nor another jump away between them. Such code is entered at addresses that
// are computed, as callbackasm is on windows/arm64.
func (r *routine) isTable() bool {
	last := ""
	for _, s := range r.statements {
		if len(s.labels) > 0 {
			last = ""
		}
		if !s.isStop() {
			continue
		}
		to := ""
		if len(s.operands) == 1 {
			to, _, _ = name(s.operands[0], "")
		}
		if to != "" && to == last {
			return true
		}
		last = to
	}
	return false
}

// target returns the instruction that operand k of s, which is instruction i, leads
// to: that of a label, or with n(PC) the nth from here. One that is not in r is
// out of range. It reports whether the operand leads anywhere in r.
func (r *routine) target(s statement, i, k int) (to int, ok bool) {
	if t, l, ok := r.label(s, k); ok {
		if _, known := r.labels[t.Text]; !known {
			return -1, true
		}
		return l.index, true
	}
	operand := s.operands[k]
	at := len(operand) - 3
	if at < 0 || operand[at].Kind != '(' || operand[at+1].Text != "PC" {
		return 0, false
	}
	text := ""
	for _, t := range operand[:at] {
		text += t.Text
	}
	n, err := strconv.ParseInt(text, 0, 32)
	if err != nil || !s.isJump() && !s.isCall() {
		return -1, true
	}
	return i + int(n), true
}

// The contents of a line, for what can be executed.
const (
	note = 1 << iota // what the linker is told
	dead             // instructions that cannot be executed
	kept             // something else that is assembled
)

// unreached returns the lines of f on which every instruction is one that cannot be executed.
func (f *File) unreached(list []*routine) []Lines {
	holds := make([]byte, len(f.lines))
	for _, r := range list {
		next := 0 // in code: the instruction of s, or that behind its lone label
		for k, s := range r.statements {
			counted := next < len(r.code) && r.code[next] == k
			var bit byte = kept
			switch {
			case counted && s.isNote():
				bit = note
			case next < len(r.code) && !r.live[next]:
				bit = dead
			}
			if counted {
				next++
			}
			first, last := s.first.site(), s.last.site()
			if first.file != f || last.file != f {
				continue
			}
			for l := first.Line; l <= last.Line && l < len(holds); l++ {
				holds[l] |= bit
			}
		}
	}
	return f.runs(holds)
}

// runs joins the lines that hold nothing but dead instructions, across comments and blank lines.
func (f *File) runs(holds []byte) []Lines {
	var list []Lines
	open := false // the last range may go on
	for l, bits := range holds {
		switch {
		case bits&(dead|kept) == dead:
			if !open {
				list = append(list, Lines{First: l})
			}
			list[len(list)-1].Last = l
			open = true
		case f.lines[l] >= control && bits != note:
			open = false
		}
	}
	return list
}
