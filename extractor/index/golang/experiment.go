package golang

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// experimentsFile is where a Go tree says which experiments are on by default.
const experimentsFile = "src/internal/buildcfg/exp.go"

// experiments evaluates the literal "baseline" in the function ParseGOEXPERIMENT of
// experimentsFile and returns the names of the experiments that are on for a
// platform, lower case and sorted. They are those of the very tree that is read: with the
// experiments of the Go that this program was built with, the wrong files are
// selected in one package of twenty-five, and nothing says so.
func experiments(src []byte, goos, goarch string) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), experimentsFile, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "ParseGOEXPERIMENT" && fn.Body != nil {
			e := evaluator{
				"goos":   constant.MakeString(goos),
				"goarch": constant.MakeString(goarch),
				"true":   constant.MakeBool(true),
				"false":  constant.MakeBool(false),
			}
			return e.baseline(fn.Body.List)
		}
	}
	return nil, fmt.Errorf("%s: no function ParseGOEXPERIMENT", experimentsFile)
}

// evaluator holds the values of the names seen so far; false for a variable without a value.
type evaluator map[string]constant.Value

// baseline runs statements up to the assignment of the literal.
func (e evaluator) baseline(list []ast.Stmt) ([]string, error) {
	for _, s := range list {
		var err error
		switch s := s.(type) {
		case *ast.DeclStmt:
			err = e.declare(s)
		case *ast.SwitchStmt:
			err = e.choose(s)
		case *ast.AssignStmt:
			if lit, ok := s.Rhs[0].(*ast.CompositeLit); ok {
				return e.enabled(lit)
			}
			err = e.assign(s)
		default:
			err = unknown(s)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: no literal of the baseline", experimentsFile)
}

func unknown(n ast.Node) error {
	return fmt.Errorf("%s: cannot evaluate %T before the baseline", experimentsFile, n)
}

// enabled returns the fields of the literal whose value is true.
func (e evaluator) enabled(lit *ast.CompositeLit) ([]string, error) {
	var names []string
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return nil, unknown(elt)
		}
		v, err := e.value(kv.Value)
		if err != nil {
			return nil, err
		}
		if key, ok := kv.Key.(*ast.Ident); ok && isTrue(v) {
			names = append(names, strings.ToLower(key.Name))
		}
	}
	slices.Sort(names)
	return names, nil
}

// declare takes var a, b bool.
func (e evaluator) declare(s *ast.DeclStmt) error {
	for _, spec := range s.Decl.(*ast.GenDecl).Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) > 0 {
			return unknown(s)
		}
		for _, n := range v.Names {
			e[n.Name] = constant.MakeBool(false)
		}
	}
	return nil
}

// assign takes a = x and a := x.
func (e evaluator) assign(s *ast.AssignStmt) error {
	name, ok := s.Lhs[0].(*ast.Ident)
	if !ok || len(s.Lhs) != 1 || len(s.Rhs) != 1 {
		return unknown(s)
	}
	v, err := e.value(s.Rhs[0])
	e[name.Name] = v
	return err
}

// choose takes a switch over a value, whose cases assign.
func (e evaluator) choose(s *ast.SwitchStmt) error {
	if s.Tag == nil {
		return unknown(s)
	}
	tag, err := e.value(s.Tag)
	if err != nil {
		return err
	}
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		if c.List == nil { // default
			return unknown(c)
		}
		for _, x := range c.List {
			v, err := e.value(x)
			if err != nil {
				return err
			}
			if v.Kind() != tag.Kind() {
				return unknown(x)
			}
			if !constant.Compare(v, token.EQL, tag) {
				continue
			}
			for _, b := range c.Body {
				a, ok := b.(*ast.AssignStmt)
				if !ok {
					return unknown(b)
				}
				if err := e.assign(a); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (e evaluator) value(x ast.Expr) (constant.Value, error) {
	switch x := x.(type) {
	case *ast.Ident:
		if v, ok := e[x.Name]; ok {
			return v, nil
		}
	case *ast.BasicLit:
		return constant.MakeFromLiteral(x.Value, x.Kind, 0), nil
	case *ast.ParenExpr:
		return e.value(x.X)
	case *ast.UnaryExpr:
		v, err := e.value(x.X)
		if err == nil && x.Op == token.NOT {
			return constant.MakeBool(!isTrue(v)), nil
		}
	case *ast.BinaryExpr:
		l, err := e.value(x.X)
		if err != nil {
			return nil, err
		}
		r, err := e.value(x.Y)
		if err != nil {
			return nil, err
		}
		switch {
		case l.Kind() != r.Kind():
		case x.Op == token.EQL || x.Op == token.NEQ:
			return constant.MakeBool(constant.Compare(l, x.Op, r)), nil
		case l.Kind() == constant.Bool && (x.Op == token.LAND || x.Op == token.LOR):
			return constant.BinaryOp(l, x.Op, r), nil
		}
	}
	return nil, unknown(x)
}

func isTrue(v constant.Value) bool {
	return v.Kind() == constant.Bool && constant.BoolVal(v)
}
