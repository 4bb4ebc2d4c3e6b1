package plan9

import (
	"cmp"
	"slices"
	"strings"
)

// EdgeKind says how one symbol depends on another.
type EdgeKind string

const (
	CallEdge    EdgeKind = "call"    // CALL, BL, also through a register that was loaded with the address
	JumpEdge    EdgeKind = "jump"    // likewise JMP, B and their kin: the target returns in place of the caller
	AddressEdge EdgeKind = "address" // $name(SB), LEAQ name(SB): for a use that is not seen here, in dead code too
	DataEdge    EdgeKind = "data"    // from the symbol of a DATA to that of its value
	MemoryEdge  EdgeKind = "memory"  // a variable that is read or written
)

// Edge says that the instructions or the data of From name To. Line is the file's;
// of what a macro brings, that of the macro's use.
type Edge struct {
	From, To string
	Kind     EdgeKind
	Line     int
}

// tracer collects the edges of one file.
type tracer struct {
	file  *File
	pkg   string
	edges []Edge
	taken []bool         // by edge: its address was only loaded for a call
	held  map[string]int // by register: the Address edge whose symbol it points to
}

// edges returns the edges of f, in the order of its lines.
func (f *File) edges(list []statement, all []*routine, pkg string) []Edge {
	t := &tracer{file: f, pkg: pkg, held: map[string]int{}}
	for _, s := range list {
		switch s.op.Text {
		case "DATA":
			t.data(s)
		case "TEXT":
			t.text(all[0])
			all = all[1:]
		}
	}
	kept := t.edges[:0]
	for i, e := range t.edges {
		if !t.taken[i] {
			kept = append(kept, e)
		}
	}
	// DATA may stand between the instructions of a TEXT.
	slices.SortStableFunc(kept, func(a, b Edge) int { return cmp.Compare(a.Line, b.Line) })
	return kept
}

func (t *tracer) add(s statement, from, to string, kind EdgeKind) {
	at := s.op.site()
	if at.file == t.file {
		t.edges = append(t.edges, Edge{from, to, kind, at.Line})
		t.taken = append(t.taken, false)
	}
}

func (t *tracer) data(s statement) {
	if len(s.operands) < 2 {
		return
	}
	from, _, ok := name(s.operands[0], t.pkg)
	to, _, named := name(s.operands[1], t.pkg)
	if ok && named {
		t.add(s, from, to, DataEdge)
	}
}

// text adds the edges of a TEXT.
func (t *tracer) text(r *routine) {
	head := r.statements[0]
	if len(head.operands) == 0 {
		return
	}
	from, _, ok := name(head.operands[0], t.pkg)
	if !ok {
		return
	}
	clear(t.held)
	for i := 1; i < len(r.code); i++ {
		s := r.statements[r.code[i]]
		if !r.live[i] || r.entered[i] {
			clear(t.held)
		}
		switch {
		case s.isNote():
		case r.live[i]:
			t.instruction(s, from)
		default:
			t.kept(s, from)
		}
	}
}

// kept adds the addresses that s, which is never executed, takes: the linker keeps
// their symbols in the program, and some code stands there for that alone.
func (t *tracer) kept(s statement, from string) {
	for i, operand := range s.operands {
		if to, _, ok := name(operand, t.pkg); ok && s.isAddress(i) {
			t.add(s, from, to, AddressEdge)
		}
	}
}

// instruction adds the edges of s and notes what it does to registers.
func (t *tracer) instruction(s statement, from string) {
	before := len(t.edges)
	for i, operand := range s.operands {
		if to, _, ok := name(operand, t.pkg); ok {
			t.add(s, from, to, s.edgeKind(i))
		}
	}
	leaves := s.isCall() || s.isJump()
	if leaves && len(s.operands) == 1 {
		if e, ok := t.held[register(s.operands[0])]; ok {
			t.taken[e] = true
			t.add(s, from, t.edges[e].To, s.edgeKind(0))
		}
	}
	if s.isCall() || s.isStop() || s.isRaw() || s.changesMuch() {
		clear(t.held)
		return
	}
	if leaves {
		return
	}
	for r := range t.held {
		if s.changes(r) {
			delete(t.held, r)
		}
	}
	if len(t.edges) == before+1 && t.edges[before].Kind == AddressEdge && len(s.operands) == 2 && s.loads() {
		if r := register(s.operands[1]); r != "" {
			t.held[r] = before
		}
	}
}

// edgeKind returns what operand i of s, a symbol or a register that points to one, is to s.
func (s statement) edgeKind(i int) EdgeKind {
	switch {
	case s.isAddress(i):
		return AddressEdge
	case s.operands[i][0].Kind == '*':
		return MemoryEdge // JMP *name(SB) goes where the variable says
	case s.isCall():
		return CallEdge
	case s.isJump():
		return JumpEdge
	}
	return MemoryEdge
}

// loads reports whether s puts its first operand into its second as it is.
func (s statement) loads() bool {
	switch s.op.Text {
	case "MOVQ", "MOVD", "MOVL", "MOVW", "MOV", "MOVV", "LEAQ", "LEAL", "ADR", "ADRP":
		return !s.suffix
	}
	return false
}

// changesMuch reports whether s writes registers that it does not name.
func (s statement) changesMuch() bool {
	switch s.op.Text {
	case "CPUID", "RDTSC", "RDTSCP", "XGETBV", "SYSCALL", "SVC", "INT":
		return true
	}
	// The string instructions, and multiplication and division into DX and AX.
	op := strings.TrimRight(s.op.Text, "BWLQ")
	switch op {
	case "MUL", "IMUL", "DIV", "IDIV":
		return len(s.operands) == 1
	case "MOVS", "STOS", "LODS", "CMPS", "SCAS", "CMPXCHG":
		return true
	}
	return false
}

// changes reports whether s may write register r. It errs towards yes.
func (s statement) changes(r string) bool {
	for i, operand := range s.operands {
		last := i == len(s.operands)-1
		plain := register(operand) == r && len(operand) == 1
		switch {
		case plain && last:
			return !s.compares()
		case plain && (strings.HasPrefix(s.op.Text, "XCHG") || strings.HasPrefix(s.op.Text, "XADD")):
			return true
		case !plain && (s.suffix || last && len(operand) > 3 && operand[0].Kind == '('):
			// A base that moves, as in MOVD.P 8(R1), R2, or a pair (R1, R2) that is loaded.
			if slices.ContainsFunc(operand, func(t token) bool { return t.Text == r }) {
				return true
			}
		}
	}
	return false
}

// compares reports whether s only reads its operands.
func (s statement) compares() bool {
	return strings.HasPrefix(s.op.Text, "CMP") || strings.HasPrefix(s.op.Text, "TEST") || strings.HasPrefix(s.op.Text, "PUSH")
}
