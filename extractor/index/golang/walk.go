package golang

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// walk turns type-checked packages into symbols, references and edges.
type walk struct {
	*symbols
	program *Program
	runs    map[string]int // the argument that a function calls, by its name

	pkg   *Package
	file  *File
	refs  []Ref
	from  int                     // the symbol whose declaration is walked
	kinds map[*ast.Ident]EdgeKind // how the declaration uses a function, where not as a value
}

func newWalk(l *loader) *walk {
	w := &walk{
		symbols: &symbols{l, map[types.Object]int{}, map[string]int{}, map[types.Object]string{}},
		program: l.program,
		runs:    map[string]int{},
		kinds:   map[*ast.Ident]EdgeKind{},
	}
	for _, r := range l.reader.cfg.Runs {
		w.runs[r.Symbol] = r.Argument
	}
	return w
}

func (w *walk) run() {
	for _, p := range w.program.Packages {
		for _, f := range p.Files {
			w.nameFields(p, f)
		}
	}
	for _, p := range w.program.Packages {
		w.pkg = p
		for i := range p.Header {
			w.header(&p.Header[i])
		}
		for _, f := range p.Files {
			w.file, w.refs = f, nil
			for _, d := range f.syntax.Decls {
				w.declaration(d)
			}
			w.clause(f.syntax)
			slices.SortStableFunc(w.refs, func(a, b Ref) int { return a.Start - b.Start })
			p.Refs = append(p.Refs, w.refs)
		}
		for _, f := range p.Files { // a function without a body may stand behind its linkname
			w.file = f
			w.linknames(f)
		}
	}
	for _, p := range w.program.Packages {
		for _, f := range p.Files {
			w.libraries(f)
		}
	}
}

// libraries declares the names of libraries that no Go declaration has.
func (w *walk) libraries(f *File) {
	for _, l := range f.libs {
		if s := &w.program.Symbols[w.number(l.name)]; s.Path == "" {
			s.Path, s.Line = f.Path, l.line
		}
	}
}

// header gives the symbol of a macro its value: a field its offset, a type its size.
func (w *walk) header(m *Macro) {
	if m.Symbol = w.id(m.object); m.Symbol == local {
		return
	}
	if s := &w.program.Symbols[m.Symbol]; s.Value == "" {
		s.Value = m.Value
	}
}

// clause counts the identifiers outside of declarations: the package's name and those
// that imports are given.
func (w *walk) clause(f *ast.File) {
	w.program.Identifiers++
	for _, spec := range f.Imports {
		if spec.Name != nil {
			w.program.Identifiers++
		}
	}
}

func (w *walk) declaration(d ast.Decl) {
	clear(w.kinds)
	switch d := d.(type) {
	case *ast.FuncDecl:
		w.from = w.function(d)
		ast.Inspect(d, w.visit)
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return
		}
		for _, spec := range d.Specs {
			w.from = local
			if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				w.from = w.id(w.pkg.info.Defs[v.Names[0]])
			}
			ast.Inspect(spec, w.visit)
		}
	}
}

// function returns the symbol of a declaration. All functions init of a package are one.
func (w *walk) function(d *ast.FuncDecl) int {
	o := w.pkg.info.Defs[d.Name]
	if d.Recv == nil && d.Name.Name == "init" {
		return w.number(w.pkg.Path + ".init")
	}
	if o == nil {
		return local
	}
	id := w.id(o)
	if id != local && d.Body == nil {
		w.program.Symbols[id].Prototype = true
	}
	return id
}

// visit notes an identifier, and what its surroundings say of it before it is reached.
func (w *walk) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		if id := w.callee(n.Call); id != nil {
			w.kinds[id] = Go
		}
	case *ast.CallExpr:
		w.call(n)
	case *ast.Ident:
		w.identifier(n)
	}
	return true
}

// call notes how the function that is called, and one that is handed to it, is used.
func (w *walk) call(n *ast.CallExpr) {
	id := w.callee(n)
	if id == nil {
		return
	}
	if _, ok := w.kinds[id]; !ok {
		w.kinds[id] = Call
	}
	f, ok := w.pkg.info.Uses[id].(*types.Func)
	if !ok {
		return
	}
	to := w.id(f)
	if to == local {
		return
	}
	if i, ok := w.runs[w.program.Symbols[to].Name]; ok && i < len(n.Args) {
		if arg := identifier(n.Args[i]); arg != nil {
			w.kinds[arg] = Argument
		}
	}
}

// callee returns the identifier that names what is called, or nil: a literal, the
// result of a call, an element.
func (w *walk) callee(n *ast.CallExpr) *ast.Ident {
	return identifier(n.Fun)
}

// identifier returns the last name of x, T.f and f[int].
func identifier(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	case *ast.IndexExpr:
		return identifier(x.X)
	case *ast.IndexListExpr:
		return identifier(x.X)
	}
	return nil
}

func (w *walk) identifier(n *ast.Ident) {
	w.program.Identifiers++
	o := w.pkg.info.Uses[n] // of an embedded field, the type
	defines := o == nil
	if defines {
		def, known := w.pkg.info.Defs[n]
		if !known && n.Name != "_" {
			w.program.Unresolved++
		}
		if o = def; o == nil {
			return // blank, or the x of switch x := y.(type)
		}
	}
	to := w.id(o)
	if to == local {
		return
	}
	start := w.file.at.Offset(n.Pos())
	w.refs = append(w.refs, Ref{start, start + len(n.Name), to, defines})
	if f, ok := o.(*types.Func); ok && !defines && w.from != local && !isAbstract(f) {
		kind, ok := w.kinds[n]
		if !ok {
			kind = Address
		}
		w.edge(w.from, to, kind, w.file.line(n.Pos()))
	}
}

// isAbstract reports whether f is a method of an interface: who calls it calls no function that can be told.
func isAbstract(f *types.Func) bool {
	recv := f.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

func (w *walk) edge(from, to int, kind EdgeKind, line int) {
	w.program.Edges = append(w.program.Edges, Edge{from, to, kind, w.file.Path, line})
}

// linknames adds the edges of a file's linknames. A function without a body is
// somewhere else, under the other name; one with a body is what the other name means.
func (w *walk) linknames(f *File) {
	for _, k := range f.links {
		o := w.pkg.types.Scope().Lookup(k.local)
		if o == nil {
			w.program.Problems = append(w.program.Problems, Problem{f.Path, k.line, "linkname of " + k.local + ", which is not declared"})
			continue
		}
		here := w.id(o)
		remote := k.remote
		if here == local || remote == w.program.Symbols[here].Name {
			continue
		}
		if w.program.Symbols[here].Prototype {
			w.edge(here, w.number(remote), Linkname, k.line)
			continue
		}
		w.program.Aliases = append(w.program.Aliases, Alias{remote, w.program.Symbols[here].Name})
		if kind(o) == Function {
			w.edge(w.number(remote), here, Linkname, k.line)
		}
	}
}
