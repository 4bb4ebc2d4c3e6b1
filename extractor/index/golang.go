package index

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"beforemain/extractor/source"
)

// goFile is what the index keeps of a Go file.
type goFile struct {
	decls []decl
	links []link
}

// decl is one name that a file declares at package level.
type decl struct {
	name     string // schedinit, mheap.init
	span     source.Span
	start    int // line of the doc comment, or head
	head     int // line of the declaration itself
	end      int
	bodyless bool // a function without a body
	unset    bool // a variable without a value
}

// link is a //go:linkname with two names: the linker knows local as remote.
type link struct{ local, remote string }

// parseGo reads the declarations of a file.
func parseGo(path string, text []byte) (*goFile, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	g := &goFile{links: links(f)}
	at := fset.File(f.FileStart)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if name := funcName(d); name != "" {
				g.add(at, d, d.Doc, decl{name: name, bodyless: d.Body == nil})
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				var node ast.Node = spec
				doc := specDoc(spec)
				if !d.Lparen.IsValid() {
					node, doc = d, d.Doc
				}
				for _, name := range specNames(spec) {
					g.add(at, node, doc, decl{name: name.Name, unset: d.Tok == token.VAR && isUnset(spec)})
				}
			}
		}
	}
	return g, nil
}

// add notes a declaration as the whole lines of node and its doc comment.
func (g *goFile) add(at *token.File, node ast.Node, doc *ast.CommentGroup, d decl) {
	if d.name == "_" {
		return
	}
	line := func(p token.Pos) int { return at.PositionFor(p, false).Line }
	d.head, d.end = line(node.Pos()), line(node.End()-1)
	d.start = d.head
	if doc != nil {
		d.start = line(doc.Pos())
	}
	d.span.Start = at.Offset(at.LineStart(d.start))
	d.span.End = at.Size()
	if d.end < at.LineCount() {
		d.span.End = at.Offset(at.LineStart(d.end + 1))
	}
	g.decls = append(g.decls, d)
}

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

// links reads the linknames. Go 1.27 writes those within the standard library as linknamestd.
func links(f *ast.File) []link {
	var list []link
	for _, group := range f.Comments {
		for _, c := range group.List {
			if !strings.HasPrefix(c.Text, "//go:linkname") {
				continue
			}
			w := strings.Fields(c.Text)
			if len(w) == 3 && (w[0] == "//go:linkname" || w[0] == "//go:linknamestd") {
				list = append(list, link{w[1], w[2]})
			}
		}
	}
	return list
}

// imports maps the names under which a file knows other packages to their paths. A
// package that is imported without a name is taken to be called as its path ends.
func imports(f *ast.File) map[string]string {
	m := map[string]string{}
	for _, spec := range f.Imports {
		path, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		m[name] = path
	}
	return m
}
