package plan9

import (
	"strings"
	"text/scanner"
)

// statement is {label:} op operand{, operand}, ended by a line's end or a semicolon.
type statement struct {
	labels   []token
	first    token
	op       token // zero if there are only labels
	suffix   bool  // as in MOVD.P
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
	list := make([]statement, 0, len(tokens)/8)
	for i := 0; i < len(tokens); {
		if isEnd(tokens[i]) {
			i++
			continue
		}
		s := statement{first: tokens[i]}
		for i+1 < len(tokens) && tokens[i].Kind == scanner.Ident && tokens[i+1].Kind == ':' {
			s.labels = append(s.labels, tokens[i])
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
		s.last, s.suffix = tokens[i+1], true
	}
	from := i // of the operand
	nest, matched, missing := 0, true, false
	for ; i < len(tokens) && !isEnd(tokens[i]); i++ {
		s.last = tokens[i]
		switch s.last.Kind {
		case '(', '[':
			nest++
		case ')', ']':
			if nest--; nest < 0 {
				matched = false
			}
		case ',', ':':
			if nest == 0 {
				missing = missing || from == i
				s.operands = append(s.operands, tokens[from:i])
				from = i + 1
			}
		}
	}
	switch {
	case from < i:
		s.operands = append(s.operands, tokens[from:i])
	case len(s.operands) > 0:
		missing = true
	}
	if missing {
		problem(s.op, "an operand of %s is missing", s.op.Text)
	}
	if nest != 0 || !matched {
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
