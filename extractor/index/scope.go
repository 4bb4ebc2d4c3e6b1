package index

//lint:file-ignore SA1019 The parser's own resolution of names is all that references by name need; exact ones come from go/types.

import (
	"go/ast"
	"go/parser"
	"go/token"

	"beforemain/extractor/source"
)

// mention is an identifier of a Go file that names something at package level, if
// anything: of the package pkg, or of the file's own package where pkg is empty.
type mention struct {
	span      source.Span
	pkg, name string
	role      Role
}

// mentions resolves the identifiers of a file as far as one file alone tells: what
// a local name, a parameter or a label hides is left out, and so are fields and
// methods, which only types resolve. Sorted by position.
func mentions(path string, text []byte) ([]mention, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, text, 0)
	if err != nil {
		return nil, err
	}
	r := &resolver{file: f, at: fset.File(f.FileStart), imports: imports(f), free: map[*ast.Ident]bool{}}
	for _, id := range f.Unresolved {
		r.free[id] = true
	}
	for _, d := range f.Decls {
		ast.Inspect(d, r.visit)
	}
	return r.list, nil
}

type resolver struct {
	file    *ast.File
	at      *token.File
	imports map[string]string
	free    map[*ast.Ident]bool // resolved to nothing in the file
	list    []mention
}

func (r *resolver) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.FuncDecl:
		r.function(n)
		return false
	case *ast.SelectorExpr:
		if x, ok := n.X.(*ast.Ident); ok && r.free[x] && r.imports[x.Name] != "" {
			r.add(n.Sel, r.imports[x.Name], n.Sel.Name, Reference)
		} else {
			ast.Inspect(n.X, r.visit)
		}
		return false
	case *ast.CompositeLit:
		r.literal(n)
		return false
	case *ast.Ident:
		switch obj := n.Obj; {
		case r.free[n]:
			r.add(n, "", n.Name, Reference)
		case obj == nil || r.file.Scope.Lookup(n.Name) != obj:
		case obj.Pos() == n.Pos():
			r.add(n, "", n.Name, Definition)
		default:
			r.add(n, "", n.Name, Reference)
		}
	}
	return true
}

func (r *resolver) function(d *ast.FuncDecl) {
	if d.Recv != nil {
		ast.Inspect(d.Recv, r.visit)
	}
	if name := funcName(d); name != "" {
		r.add(d.Name, "", name, Definition)
	}
	ast.Inspect(d.Type, r.visit)
	if d.Body != nil {
		ast.Inspect(d.Body, r.visit)
	}
}

// literal resolves the key of an element only where the literal's own type says
// that it is an index and not a field.
func (r *resolver) literal(n *ast.CompositeLit) {
	if n.Type != nil {
		ast.Inspect(n.Type, r.visit)
	}
	indexed := false
	switch n.Type.(type) {
	case *ast.ArrayType, *ast.MapType:
		indexed = true
	}
	for _, elt := range n.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			ast.Inspect(elt, r.visit)
			continue
		}
		if key, ok := kv.Key.(*ast.Ident); !ok {
			ast.Inspect(kv.Key, r.visit)
		} else if indexed && (key.Obj == nil || r.file.Scope.Lookup(key.Name) == key.Obj) {
			r.add(key, "", key.Name, Reference)
		}
		ast.Inspect(kv.Value, r.visit)
	}
}

func (r *resolver) add(id *ast.Ident, pkg, name string, role Role) {
	start := r.at.Offset(id.Pos())
	r.list = append(r.list, mention{source.Span{Start: start, End: start + len(id.Name)}, pkg, name, role})
}
