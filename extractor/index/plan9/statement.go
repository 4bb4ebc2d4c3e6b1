package plan9

import (
	"fmt"
	"strings"
	"text/scanner"
)

// statement is {label:} op operand{, operand}, ended by a line's end or a semicolon.
type statement struct {
	labels   int
	first    token
	op       token
	last     token
	operands [][]token
}

// defines reports whether the statement is one of the three that define a symbol.
func (s statement) defines() bool {
	switch s.op.Text {
	case "TEXT", "DATA", "GLOBL":
		return len(s.operands) > 0
	}
	return false
}

func isEnd(t token) bool { return t.Kind == '\n' || t.Kind == ';' }

// statements parses preprocessed tokens.
func statements(tokens []token, problem func(token, string, ...any)) []statement {
	var list []statement
	for i := 0; i < len(tokens); {
		if isEnd(tokens[i]) {
			i++
			continue
		}
		s := statement{first: tokens[i]}
		for i+1 < len(tokens) && tokens[i].Kind == scanner.Ident && tokens[i+1].Kind == ':' {
			s.labels++
			s.last = tokens[i+1]
			i += 2
		}
		if i < len(tokens) && !isEnd(tokens[i]) {
			if tokens[i].Kind != scanner.Ident {
				problem(tokens[i], "an instruction cannot begin with %q", tokens[i].Text)
				for i < len(tokens) && !isEnd(tokens[i]) {
					i++
				}
				continue
			}
			i = s.parse(tokens, i, problem)
		}
		list = append(list, s)
	}
	return list
}

// parse takes the instruction at tokens[i] with its operands and returns the index behind it.
func (s *statement) parse(tokens []token, i int, problem func(token, string, ...any)) int {
	s.op, s.last = tokens[i], tokens[i]
	for i++; i+1 < len(tokens) && tokens[i].Kind == '.' && tokens[i+1].Kind == scanner.Ident; i += 2 {
		s.last = tokens[i+1] // a suffix of the instruction, as in MOVD.P
	}
	var operand []token
	nest := 0
	for ; i < len(tokens) && !isEnd(tokens[i]); i++ {
		t := tokens[i]
		s.last = t
		switch t.Kind {
		case '(', '[':
			nest++
		case ')', ']':
			nest--
		case ',', ':':
			if nest == 0 {
				s.operands = append(s.operands, operand)
				operand = nil
				continue
			}
		}
		operand = append(operand, t)
	}
	if operand != nil {
		s.operands = append(s.operands, operand)
	}
	if nest != 0 {
		problem(s.op, "parentheses of %s do not match", s.op.Text)
	}
	return i
}

// name finds the symbol of an operand [$|*]name[<>|<ABI>][offset](SB) and the token
// that names it. Names on the frame, the stack and in code (FP, SP, PC) are none.
func name(operand []token, pkg string) (string, token, bool) {
	rest := operand
	if len(rest) > 0 && (rest[0].Kind == '$' || rest[0].Kind == '*') {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0].Kind != scanner.Ident {
		return "", token{}, false
	}
	t := rest[0]
	local := len(rest) > 2 && rest[1].Kind == '<' && rest[2].Kind == '>'
	for rest = rest[1:]; len(rest) > 2; rest = rest[1:] {
		if rest[0].Kind != '(' || rest[2].Kind != ')' {
			continue
		}
		switch rest[1].Text {
		case "SB":
			return symbol(t.Text, pkg, local), t, true
		case "FP", "SP", "PC":
			return "", token{}, false
		}
	}
	return "", token{}, false
}

var replacer = strings.NewReplacer("\u00B7", ".", "\u2215", "/")

// symbol returns the book's name of a symbol that a file of package pkg writes as
// written: ·f is the package's own, f<> is the file's own and named after its
// package, and a bare name has no package.
func symbol(written, pkg string, local bool) string {
	s := replacer.Replace(written)
	switch {
	case strings.HasPrefix(s, "."):
		s = pkg + s
	case local && !strings.Contains(s, "."):
		s = pkg + "." + s
	}
	if local {
		s += "<>"
	}
	return s
}

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
	p := &preprocessor{main: f, include: cfg.Include, macros: map[string]*macro{}}
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

// String returns a range as people write it.
func (l Lines) String() string { return fmt.Sprintf("%d–%d", l.First, l.Last) }
