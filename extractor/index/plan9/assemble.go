package plan9

import "text/scanner"

// Symbol is one place of a file that names a symbol. Offset and End are -1 where a
// macro's body names it, not the file.
type Symbol struct {
	Name        string
	Offset, End int
	Defines     bool // the name in TEXT, DATA or GLOBL
}

// Definition is one TEXT, DATA or GLOBL that is assembled, at its line of the file;
// if a macro makes it, the line is that of the macro's use.
type Definition struct {
	Name string
	Line int
}

// View is what of a file is assembled in one configuration.
type View struct {
	Definitions []Definition // in the order of the file
	Symbols     []Symbol     // likewise
	Inactive    []Lines      // that the preprocessor leaves out, #ifdef and its kin not among them
	Problems    []error
}

// Config says for whom a file is assembled.
type Config struct {
	Package string                       // import path, for names such as ·f
	Defines []string                     // macros that are 1 from the start
	Include func(dir, name string) *File // nil for a file that is empty or not to be had
}

// Assemble preprocesses and parses f.
func (f *File) Assemble(cfg Config) View {
	p := &preprocessor{main: f, include: cfg.Include, macros: map[string]*macro{}, out: make([]token, 0, len(f.tokens))}
	for _, d := range cfg.Defines {
		p.macros[d] = &macro{body: []token{{Token: Token{Kind: scanner.Int, Text: "1"}, file: f}}}
	}
	p.file(f)
	var v View
	for _, s := range statements(p.out, p.problem) {
		for i, operand := range s.operands {
			n, t, ok := name(operand, cfg.Package)
			defines := i == 0 && s.defines()
			if !ok {
				if defines {
					p.problem(s.op, "%s without a symbol", s.op.Text)
				}
				continue
			}
			if defines && s.op.site().file == f {
				v.Definitions = append(v.Definitions, Definition{n, s.op.site().Line})
			}
			at := Symbol{Name: n, Offset: -1, End: -1, Defines: defines}
			if t.via == nil && t.file == f {
				at.Offset, at.End = t.Offset, t.End()
			}
			v.Symbols = append(v.Symbols, at)
		}
	}
	v.Inactive, v.Problems = p.inactive, p.problems
	return v
}
