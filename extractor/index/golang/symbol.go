package golang

import (
	"go/ast"
	"go/types"
	"strings"
)

// symbols numbers the declarations of a program and names them.
type symbols struct {
	loader *loader
	ids    map[types.Object]int
	named  map[string]int
	fields map[types.Object]string // names of fields and of the methods of interfaces
}

// local is the number of what has no symbol: a parameter, a variable or a type
// within a function, a label, a package's name, what the language predeclares.
const local = -1

// id returns the number of an object's symbol, or local.
func (s *symbols) id(o types.Object) int {
	if o == nil {
		return local // what the type checker has passed over, for it does not parse
	}
	o = origin(o)
	if id, ok := s.ids[o]; ok {
		return id
	}
	id := local
	if name := s.name(o); name != "" {
		id = s.number(name)
		at := s.loader.reader.fset.PositionFor(o.Pos(), false)
		if sym := &s.loader.program.Symbols[id]; sym.Path == "" {
			*sym = Symbol{Name: name, Kind: kind(o), Path: at.Filename, Line: at.Line, Value: value(o)}
		}
	}
	s.ids[o] = id
	return id
}

// number returns the number of a name, given on first sight.
func (s *symbols) number(name string) int {
	id, ok := s.named[name]
	if !ok {
		id = len(s.loader.program.Symbols)
		s.named[name] = id
		s.loader.program.Symbols = append(s.loader.program.Symbols, Symbol{Name: name, Kind: Function})
	}
	return id
}

// origin returns the declaration that an instance of a generic one comes from.
func origin(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return o
}

// name returns the name of a symbol, or "" for what is local.
func (s *symbols) name(o types.Object) string {
	if o.Pkg() == nil || o.Name() == "_" {
		return ""
	}
	switch o := o.(type) {
	case *types.PkgName, *types.Label:
		return ""
	case *types.Func:
		if recv := o.Signature().Recv(); recv != nil {
			if named := receiver(recv.Type()); named != nil && !types.IsInterface(named) {
				return o.Pkg().Path() + "." + named.Obj().Name() + "." + o.Name()
			}
			return s.fields[o]
		}
	case *types.Var:
		if o.IsField() {
			return s.fields[o]
		}
	}
	if o.Parent() != o.Pkg().Scope() {
		return ""
	}
	return o.Pkg().Path() + "." + o.Name()
}

// receiver returns the named type of a method's receiver.
func receiver(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

func kind(o types.Object) Kind {
	switch o := o.(type) {
	case *types.Const:
		return Constant
	case *types.TypeName:
		return Type
	case *types.Var:
		if o.IsField() {
			return Field
		}
		return Variable
	}
	return Function
}

// value returns a constant's value, if it is short enough to show.
func value(o types.Object) string {
	c, ok := o.(*types.Const)
	if !ok {
		return ""
	}
	const long = 40
	s := c.Val().ExactString()
	if len(s) > long || strings.Contains(s, "\n") {
		return ""
	}
	return s
}

// nameFields names the fields of the structs, and the methods of the interfaces,
// that the package-level declarations of a file write down, nested ones too:
// runtime.g.sched, runtime.work.full.
func (s *symbols) nameFields(p *Package, f *File) {
	for _, d := range f.syntax.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s.nameWithin(p, p.Path+"."+spec.Name.Name, spec.Type)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					s.nameWithin(p, p.Path+"."+name.Name, spec.Type)
					break // the names of one spec share one type
				}
				for i, v := range spec.Values {
					s.nameWithin(p, p.Path+"."+spec.Names[min(i, len(spec.Names)-1)].Name, v)
				}
			}
		}
	}
}

func (s *symbols) nameWithin(p *Package, name string, within ast.Expr) {
	if within == nil {
		return
	}
	ast.Inspect(within, func(n ast.Node) bool {
		var list *ast.FieldList
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // what it declares is local
		case *ast.StructType:
			list = n.Fields
		case *ast.InterfaceType:
			list = n.Methods
		default:
			return true
		}
		for _, f := range list.List {
			for _, id := range f.Names {
				if o := p.info.Defs[id]; o != nil {
					s.fields[o] = name + "." + id.Name
				}
				s.nameWithin(p, name+"."+id.Name, f.Type)
			}
			if len(f.Names) == 0 {
				if id := embedded(f.Type); id != nil && p.info.Defs[id] != nil {
					s.fields[p.info.Defs[id]] = name + "." + id.Name
				}
				s.nameWithin(p, name, f.Type)
			}
		}
		return false
	})
}

// embedded returns the identifier under which an embedded field is known.
func embedded(t ast.Expr) *ast.Ident {
	switch t := ast.Unparen(t).(type) {
	case *ast.Ident:
		return t
	case *ast.StarExpr:
		return embedded(t.X)
	case *ast.SelectorExpr:
		return t.Sel
	case *ast.IndexExpr:
		return embedded(t.X)
	case *ast.IndexListExpr:
		return embedded(t.X)
	}
	return nil
}
