package plan9

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"text/scanner"
)

// maxDepth bounds includes in includes and macros in macros; maxTokens bounds what
// all macros of a file expand to.
const (
	maxDepth  = 50
	maxTokens = 1 << 18
)

// token is a token with the file that it stands in and, where a macro's body
// brought it, the use of that macro.
type token struct {
	Token
	file *File
	via  *use
}

type use struct{ at token }

// site returns the token of a file that t comes from: t itself or the outermost macro's name.
func (t token) site() token {
	for t.via != nil {
		t = t.via.at
	}
	return t
}

type macro struct {
	params   []string
	function bool // written with parentheses
	body     []token
}

// group is one #ifdef … #endif.
type group struct {
	on     bool // this branch is assembled
	parent bool // what surrounds the group is assembled
	main   bool // it stands in the file itself, not in an include or a macro
	from   int  // first line of the branch
}

// preprocessor turns the tokens of one file into those that are assembled.
type preprocessor struct {
	main     *File
	include  func(dir, name string) *File
	macros   map[string]*macro
	groups   []group
	out      []token
	inactive []Lines
	problems []error
	bol      bool // at the beginning of a line
	includes int  // depth

	spent     int  // tokens that macros brought so far
	exhausted bool // no macro is expanded any more
}

func (p *preprocessor) problem(t token, format string, args ...any) {
	at := t.site()
	p.problems = append(p.problems, fmt.Errorf("%s:%d: %s", at.file.Path, at.Line, fmt.Sprintf(format, args...)))
}

func (p *preprocessor) on() bool {
	return len(p.groups) == 0 || p.groups[len(p.groups)-1].on
}

func (p *preprocessor) file(f *File) {
	base := len(p.groups)
	p.bol = true
	p.run(f.tokens, 0)
	if len(p.groups) > base {
		p.problems = append(p.problems, fmt.Errorf("%s: #ifdef without #endif", f.Path))
		p.groups = p.groups[:base]
	}
	p.bol = true
}

// run takes the tokens of a file or of a macro's body; a body may hold #ifdef lines of its own.
func (p *preprocessor) run(tokens []token, depth int) {
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.Kind == '\n':
			p.bol = true
			if p.on() {
				p.out = append(p.out, t)
			}
		case p.bol && t.Kind == '#':
			var words []token
			words, i = directive(tokens, i)
			p.directive(t, words)
			p.bol = true
		default:
			p.bol = false
			if p.on() {
				i = p.expand(tokens, i, depth)
			}
		}
	}
}

// directive returns the words behind the # at tokens[i] up to the end of its line,
// which a backslash continues, and the index of that end.
func directive(tokens []token, i int) (words []token, end int) {
	for i++; i < len(tokens) && tokens[i].Kind != '\n'; i++ {
		if tokens[i].Kind == '\\' && i+1 < len(tokens) && (tokens[i+1].Kind == '\n' || tokens[i+1].Kind == '\\') {
			i++
		}
		words = append(words, tokens[i])
	}
	return words, i
}

func (p *preprocessor) directive(hash token, words []token) {
	if len(words) == 0 {
		p.problem(hash, "# without a directive")
		return
	}
	name := words[0].Text
	switch name {
	case "else":
		p.branch(hash)
		return
	case "endif":
		p.leave(hash)
		return
	case "ifdef", "ifndef":
		if len(words) != 2 {
			p.problem(hash, "#%s needs one name", name)
			return
		}
		_, defined := p.macros[words[1].Text]
		p.enter(hash, defined == (name == "ifdef"))
		return
	}
	if !p.on() {
		return
	}
	switch {
	case name == "line":
	case len(words) < 2:
		p.problem(hash, "#%s needs a name", name)
	case name == "define":
		p.define(words[1:])
	case name == "undef":
		delete(p.macros, words[1].Text)
	case name == "include":
		p.follow(hash, strings.Trim(words[1].Text, `"`))
	default:
		p.problem(hash, "unknown directive #%s", name)
	}
}

func (p *preprocessor) enter(hash token, on bool) {
	parent := p.on()
	main := hash.file == p.main && hash.via == nil
	p.groups = append(p.groups, group{on: parent && on, parent: parent, main: main, from: hash.Line + 1})
}

func (p *preprocessor) branch(hash token) {
	if len(p.groups) == 0 {
		p.problem(hash, "#else without #ifdef")
		return
	}
	g := &p.groups[len(p.groups)-1]
	p.skipped(*g, hash.Line-1)
	g.on, g.from = g.parent && !g.on, hash.Line+1
}

func (p *preprocessor) leave(hash token) {
	if len(p.groups) == 0 {
		p.problem(hash, "#endif without #ifdef")
		return
	}
	p.skipped(p.groups[len(p.groups)-1], hash.Line-1)
	p.groups = p.groups[:len(p.groups)-1]
}

// skipped notes the lines of a branch that ends at last, if it alone is what keeps them out.
func (p *preprocessor) skipped(g group, last int) {
	if g.main && g.parent && !g.on && g.from <= last {
		p.inactive = append(p.inactive, Lines{g.from, last})
	}
}

func (p *preprocessor) define(words []token) {
	name, body := words[0], words[1:]
	m := &macro{}
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
	if p.macros[name.Text] != nil {
		p.problem(name, "macro %s is defined twice", name.Text)
	}
	m.body = body
	p.macros[name.Text] = m
}

// follow reads an included file. One that is not in the tree brings no macros.
func (p *preprocessor) follow(hash token, name string) {
	f := p.include(path.Dir(hash.file.Path), name)
	if f == nil {
		return
	}
	if p.includes >= maxDepth {
		p.problem(hash, "includes are nested too deeply")
		return
	}
	p.includes++
	p.file(f)
	p.includes--
}

// expand emits tokens[i], or what the macro of that name stands for, and returns the index of the last token it used.
func (p *preprocessor) expand(tokens []token, i, depth int) int {
	t := tokens[i]
	m := p.macros[t.Text]
	called := i+1 < len(tokens) && tokens[i+1].Kind == '('
	if t.Kind != scanner.Ident || m == nil || m.function && !called {
		p.out = append(p.out, t)
		return i
	}
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
	if p.spent += size; depth >= maxDepth || p.spent > maxTokens {
		if !p.exhausted {
			p.problem(t, "macro %s expands to too much", t.Text)
		}
		p.exhausted = true
	}
	if p.exhausted {
		return i
	}
	bol := p.bol
	p.run(m.substitute(&use{t}, args, size), depth+1)
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
