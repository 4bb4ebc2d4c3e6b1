package plan9

import (
	"slices"
	"text/scanner"
)

// maxTokens bounds what all macros of a file expand to.
const maxTokens = 1 << 18

// macro is what a name stands for.
type macro struct {
	at       token // the name in #define; zero for one of the Config's
	params   []string
	function bool // written with parentheses
	body     []token
	kind     RefKind
}

// given returns a macro of the Config.
func given(kind RefKind, value string) *macro {
	m := &macro{kind: kind}
	for _, t := range Lex([]byte(value)) {
		m.body = append(m.body, token{Token: t})
	}
	return m
}

// lookup returns the macro of a name, or nil.
func (p *preprocessor) lookup(name string) *macro {
	m, known := p.macros[name]
	if known || !p.goAsm {
		return m
	}
	value, ok := p.config.GoAsm[name]
	if !ok {
		return nil
	}
	m = given(GoAsmRef, value)
	p.macros[name] = m
	return m
}

// refer notes that t names m, which is nil for a name that is not defined.
func (p *preprocessor) refer(t token, m *macro, defines bool) {
	r := Ref{Kind: MacroRef, Name: t.Text, Defines: defines}
	if m != nil {
		r.Kind, r.Def = m.kind, m.at.origin()
	}
	p.refs = p.main.refer(p.refs, t, r)
}

func (p *preprocessor) define(words []token) {
	name, body := words[0], words[1:]
	m := &macro{at: name, kind: MacroRef}
	if len(body) > 0 && body[0].Kind == '(' && body[0].Offset == name.End() {
		m.function = true
		i := 1
		for ; i < len(body) && body[i].Kind != ')'; i++ {
			if body[i].Kind == scanner.Ident {
				m.params = append(m.params, body[i].Text)
			}
		}
		body = body[min(i+1, len(body)):]
	}
	if p.lookup(name.Text) != nil {
		p.problem(name, "macro %s is defined twice", name.Text)
	}
	m.body = body
	p.macros[name.Text] = m
	p.refer(name, m, true)
}

func (p *preprocessor) undef(name token) {
	m := p.lookup(name.Text)
	if m == nil {
		p.problem(name, "macro %s is not defined", name.Text)
	}
	p.refer(name, m, false)
	p.macros[name.Text] = nil
}

// expand emits tokens[i], or what the macro of that name stands for, and returns the index of the last token it used.
func (p *preprocessor) expand(tokens []token, i int) int {
	t := tokens[i]
	var m *macro
	if t.Kind == scanner.Ident {
		m = p.lookup(t.Text)
	}
	called := i+1 < len(tokens) && tokens[i+1].Kind == '('
	if m == nil || m.function && !called {
		p.out = append(p.out, t)
		return i
	}
	p.refer(t, m, false)
	var args [][]token
	if m.function {
		args, i = p.arguments(tokens, i)
		if len(m.params) == 0 && len(args) == 1 && len(args[0]) == 0 {
			args = nil
		}
		if len(args) != len(m.params) {
			p.problem(t, "macro %s takes %d arguments, has %d", t.Text, len(m.params), len(args))
			return i
		}
	}
	size := m.size(args)
	if p.spent += size; p.depth >= maxDepth || p.spent > maxTokens {
		if !p.exhausted {
			p.problem(t, "macro %s expands to too much", t.Text)
		}
		p.exhausted = true
	}
	if p.exhausted {
		return i
	}
	bol := p.bol
	p.depth++
	p.run(m.substitute(&use{t}, args, size))
	p.depth--
	p.bol = bol
	return i
}

// arguments splits what stands in the parentheses behind tokens[i], and returns the index of the closing one.
func (p *preprocessor) arguments(tokens []token, i int) (args [][]token, end int) {
	name := tokens[i]
	var arg []token
	nest := 0
	for i += 2; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.Kind == '\n' && t.via == nil:
			p.problem(name, "arguments of macro %s do not end on their line", name.Text)
			return args, i - 1
		case nest == 0 && t.Kind == ')':
			return append(args, arg), i
		case nest == 0 && t.Kind == ',':
			args, arg = append(args, arg), nil
			continue
		case t.Kind == '(':
			nest++
		case t.Kind == ')':
			nest--
		}
		arg = append(arg, t)
	}
	p.problem(name, "arguments of macro %s do not end", name.Text)
	return args, i
}

// argument returns the index of the parameter that a token of the body names, or -1.
func (m *macro) argument(t token) int {
	if t.Kind != scanner.Ident {
		return -1
	}
	return slices.Index(m.params, t.Text)
}

// size returns how many tokens substitute makes.
func (m *macro) size(args [][]token) int {
	n := len(m.body)
	for _, t := range m.body {
		if k := m.argument(t); k >= 0 {
			n += len(args[k]) - 1
		}
	}
	return n
}

// substitute returns the body with the arguments in place of the parameters. An argument keeps its own position.
func (m *macro) substitute(u *use, args [][]token, size int) []token {
	list := make([]token, 0, size)
	for _, t := range m.body {
		if k := m.argument(t); k >= 0 {
			list = append(list, args[k]...)
			continue
		}
		t.via = u
		list = append(list, t)
	}
	return list
}
