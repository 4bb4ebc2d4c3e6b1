package plan9

import (
	"fmt"
	"path"
	"strings"
	"text/scanner"
)

const (
	maxDepth    = 50   // of includes in includes and macros in macros
	maxIncludes = 500  // of one file and all that it includes: two in each are soon more than all headers
	maxProblems = 1000 // that are told of one file
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

// group is one #ifdef … #endif.
type group struct {
	hash   token // of #ifdef
	on     bool  // this branch is assembled
	parent bool  // what surrounds the group is assembled
	from   int   // first line of the branch; 0 for one that does not begin in the main file
}

// preprocessor turns the tokens of one file into those that are assembled.
type preprocessor struct {
	main     *File
	config   Config
	macros   map[string]*macro // nil for one that #undef took from the Config
	goAsm    bool              // go_asm.h is included
	groups   []group
	out      []token
	inactive []Lines
	refs     []Ref
	problems []Problem
	bol      bool // at the beginning of a line
	includes int  // depth
	included int  // in all
	depth    int  // of macros

	spent     int  // tokens that macros brought so far
	exhausted bool // no macro is expanded any more
}

func preprocess(f *File, cfg Config) *preprocessor {
	p := &preprocessor{main: f, config: cfg, macros: map[string]*macro{}, out: make([]token, 0, len(f.tokens))}
	for _, name := range cfg.Defines {
		p.macros[name] = given(MacroRef, "1")
	}
	p.file(f)
	return p
}

func (p *preprocessor) problem(t token, format string, args ...any) {
	if len(p.problems) == maxProblems {
		return
	}
	at := t.site()
	p.problems = append(p.problems, Problem{at.file.Path, at.Line, fmt.Sprintf(format, args...)})
}

func (p *preprocessor) on() bool {
	return len(p.groups) == 0 || p.groups[len(p.groups)-1].on
}

func (p *preprocessor) file(f *File) {
	base := len(p.groups)
	p.bol = true
	p.run(f.tokens)
	for len(p.groups) > base {
		p.problem(p.groups[len(p.groups)-1].hash, "#ifdef without #endif")
		p.groups = p.groups[:len(p.groups)-1]
	}
	p.bol = true
}

// run takes the tokens of a file or of a macro's body; a body may hold #ifdef lines of its own.
func (p *preprocessor) run(tokens []token) {
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
				i = p.expand(tokens, i)
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
		if len(words) != 2 || words[1].Kind != scanner.Ident {
			p.problem(hash, "#%s needs one name", name)
			return
		}
		if p.on() {
			p.refer(words[1], p.lookup(words[1].Text), false)
		}
		defined := p.lookup(words[1].Text) != nil
		p.enter(hash, defined == (name == "ifdef"))
		return
	}
	if !p.on() {
		return
	}
	switch name {
	case "line":
	case "define", "undef":
		if len(words) < 2 || words[1].Kind != scanner.Ident {
			p.problem(hash, "#%s needs a name", name)
			return
		}
		if name == "undef" {
			p.undef(words[1])
			return
		}
		p.define(words[1:])
	case "include":
		if len(words) != 2 || words[1].Kind != scanner.String {
			p.problem(hash, "#include needs a file's name in quotes")
			return
		}
		p.follow(words[1])
	default:
		p.problem(hash, "unknown directive #%s", name)
	}
}

func (p *preprocessor) enter(hash token, on bool) {
	parent := p.on()
	p.groups = append(p.groups, group{hash: hash, on: parent && on, parent: parent, from: p.behind(hash)})
}

func (p *preprocessor) branch(hash token) {
	if len(p.groups) == 0 {
		p.problem(hash, "#else without #ifdef")
		return
	}
	g := &p.groups[len(p.groups)-1]
	p.skipped(*g, hash)
	g.on, g.from = g.parent && !g.on, p.behind(hash)
}

func (p *preprocessor) leave(hash token) {
	if len(p.groups) == 0 {
		p.problem(hash, "#endif without #ifdef")
		return
	}
	p.skipped(p.groups[len(p.groups)-1], hash)
	p.groups = p.groups[:len(p.groups)-1]
}

// plain reports whether the main file itself is read, no header and no macro that it uses.
func (p *preprocessor) plain() bool { return p.includes == 0 && p.depth == 0 }

// behind returns the line after a directive, or 0 for one that a header or a macro brings.
func (p *preprocessor) behind(hash token) int {
	if !p.plain() {
		return 0
	}
	return hash.Line + 1
}

// skipped notes the lines of a branch that ends at hash, if it alone is what keeps them out.
func (p *preprocessor) skipped(g group, hash token) {
	if g.parent && !g.on && g.from > 0 && p.plain() && g.from < hash.Line {
		p.inactive = append(p.inactive, Lines{g.from, hash.Line - 1})
	}
}

// follow reads the header that quoted names.
func (p *preprocessor) follow(quoted token) {
	name := strings.Trim(quoted.Text, `"`)
	ref := Ref{Kind: HeaderRef, Name: name}
	if name == "go_asm.h" {
		p.goAsm = true
		p.refs = p.main.refer(p.refs, quoted, ref)
		return
	}
	var f *File
	if p.config.Include != nil {
		f = p.config.Include(path.Dir(quoted.file.Path), name)
	}
	if f != nil {
		ref.Def = Site{f.Path, 1, 0}
	}
	p.refs = p.main.refer(p.refs, quoted, ref)
	switch {
	case f == nil:
		p.problem(quoted, "include %q is not in the tree", name)
	case p.includes >= maxDepth:
		p.problem(quoted, "includes are nested too deeply")
	case p.included > maxIncludes:
		// as is told already
	case p.included == maxIncludes:
		p.problem(quoted, "more than %d headers are included", maxIncludes)
		p.included++
	default:
		p.included++
		p.includes++
		p.file(f)
		p.includes--
	}
}
