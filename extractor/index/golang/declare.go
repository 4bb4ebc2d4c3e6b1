package golang

import (
	"go/ast"
	"go/token"
	"strings"
)

// File is a Go file, read for no platform in particular.
type File struct {
	Path         string
	Declarations []Declaration

	syntax *ast.File
	at     *token.File
	links  []link
	libs   []library
}

// Declaration is one name that a file declares at package level, as the whole lines
// from its doc comment to its end.
type Declaration struct {
	Name       string // schedinit, mheap.init
	Start, End int    // bytes
	First      int    // line of the doc comment, or Head
	Head       int    // line of the declaration itself
	Last       int
	// Signature is the end, in bytes, of what stands before a function's body, or End.
	Signature int
	Prototype bool // a function without a body, a variable without a value
}

// link is a //go:linkname with two names: the linker knows local as remote.
type link struct {
	local, remote string
	line          int
}

// library is a //go:cgo_import_dynamic or cgo_import_static: a name that a library of
// the system defines.
type library struct {
	name string
	line int
}

// declare finds the declarations of a file.
func (f *File) declare() {
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if name := funcName(d); name != "" {
				f.add(d, d.Doc, d.Body, Declaration{Name: name, Prototype: d.Body == nil})
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				var node ast.Node = spec
				doc := specDoc(spec)
				if !d.Lparen.IsValid() {
					node, doc = d, d.Doc
				}
				for _, name := range specNames(spec) {
					f.add(node, doc, nil, Declaration{Name: name.Name, Prototype: d.Tok == token.VAR && isUnset(spec)})
				}
			}
		}
	}
}

// add notes a declaration as the whole lines of node and its doc comment.
func (f *File) add(node ast.Node, doc *ast.CommentGroup, body *ast.BlockStmt, d Declaration) {
	if d.Name == "_" {
		return
	}
	d.Head, d.Last = f.line(node.Pos()), f.line(node.End()-1)
	d.First = d.Head
	if doc != nil {
		d.First = f.line(doc.Pos())
	}
	d.Start = f.at.Offset(f.at.LineStart(d.First))
	d.End = f.at.Size()
	if d.Last < f.at.LineCount() {
		d.End = f.at.Offset(f.at.LineStart(d.Last + 1))
	}
	d.Signature = d.End
	if body != nil {
		d.Signature = f.at.Offset(body.Pos())
	}
	f.Declarations = append(f.Declarations, d)
}

func (f *File) line(p token.Pos) int { return f.at.PositionFor(p, false).Line }

// funcName returns f, T.f for a method of T or *T, and "" for functions that no code can name.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		if d.Name.Name == "init" {
			return ""
		}
		return d.Name.Name
	}
	if d.Name.Name == "_" || len(d.Recv.List) == 0 {
		return ""
	}
	for x := d.Recv.List[0].Type; ; {
		switch t := x.(type) {
		case *ast.StarExpr:
			x = t.X
		case *ast.ParenExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t.Name + "." + d.Name.Name
		default:
			return ""
		}
	}
}

func specDoc(spec ast.Spec) *ast.CommentGroup {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		return s.Doc
	case *ast.TypeSpec:
		return s.Doc
	}
	return nil
}

// specNames returns what a spec declares; an import declares nothing for the package.
func specNames(spec ast.Spec) []*ast.Ident {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		return s.Names
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	}
	return nil
}

func isUnset(spec ast.Spec) bool {
	v, ok := spec.(*ast.ValueSpec)
	return ok && len(v.Values) == 0
}

// readDirectives reads the names that only the linker joins. Go 1.27 writes the
// linknames within the standard library as linknamestd.
func (f *File) readDirectives() {
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			if !strings.HasPrefix(c.Text, "//go:") {
				continue
			}
			w := strings.Fields(c.Text)
			switch w[0] {
			case "//go:linkname", "//go:linknamestd":
				if len(w) == 3 {
					f.links = append(f.links, link{w[1], w[2], f.line(c.Pos())})
				}
			case "//go:cgo_import_dynamic", "//go:cgo_import_static":
				if len(w) > 1 && w[1] != "_" {
					f.libs = append(f.libs, library{w[1], f.line(c.Pos())})
				}
			}
		}
	}
}
