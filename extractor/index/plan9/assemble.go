package plan9

// View is what of a file is assembled in one configuration, in the order of the file.
type View struct {
	Definitions []Definition
	Refs        []Ref // disjoint
	Edges       []Edge
	Inactive    []Lines // that the preprocessor leaves out, with the directives within, not those around
	Unreached   []Lines // that are assembled but can never be executed
	Problems    []Problem
}

// Definition is one TEXT, DATA or GLOBL that is assembled, at its line of the file;
// if a macro makes it, the line is that of the macro's use.
type Definition struct {
	Name        string
	Kind        DefinitionKind
	Line        int
	ABIInternal bool // it follows the calling convention of Go's compiler
}

// DefinitionKind is Text or Data.
type DefinitionKind string

const (
	Text DefinitionKind = "text" // a TEXT
	Data DefinitionKind = "data" // a DATA or GLOBL
)

// Problem is a place that cannot be understood, for one configuration.
type Problem struct {
	Path    string
	Line    int
	Message string
}

// Config says for whom a file is assembled.
type Config struct {
	Package string   // import path, for names such as ·f
	Defines []string // macros that are 1 from the start
	// GoAsm has the macros that the compiler would write to go_asm.h, by name. They
	// are defined where that header is included.
	GoAsm map[string]string
	// Include returns the header of that name for a file in the folder dir, or nil if
	// there is none. It is not asked for go_asm.h.
	Include func(dir, name string) *File
}

// Assemble preprocesses and parses f. It may be called from several goroutines.
func (f *File) Assemble(cfg Config) View {
	p := preprocess(f, cfg)
	list := statements(p.out, p.problem)
	v := View{Inactive: p.inactive}
	refs := p.refs
	for _, s := range list {
		refs = f.symbols(refs, s, cfg.Package)
		if !s.defines() {
			continue
		}
		n, _, ok := name(s.operands[0], cfg.Package)
		if !ok {
			p.problem(s.op, "%s without a symbol", s.op.Text)
			continue
		}
		if at := s.op.site(); at.file == f {
			v.Definitions = append(v.Definitions, Definition{n, s.definitionKind(), at.Line, isABIInternal(s.operands[0])})
		}
	}
	all := routines(list)
	for _, r := range all {
		refs = f.labels(refs, r)
	}
	v.Refs = ordered(refs)
	v.Edges = f.edges(list, all, cfg.Package)
	v.Unreached = f.unreached(all)
	v.Problems = p.problems
	return v
}

func (s statement) definitionKind() DefinitionKind {
	if s.op.Text == "TEXT" {
		return Text
	}
	return Data
}

// isABIInternal reports whether an operand is name<ABIInternal>(SB).
func isABIInternal(operand []token) bool {
	return len(operand) > 3 && operand[1].Kind == '<' && operand[2].Text == "ABIInternal"
}
