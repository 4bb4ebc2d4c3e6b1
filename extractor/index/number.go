package index

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// maxExpression is how many bytes an expression may have: each shift in one makes the
// numbers longer that the next one moves.
const maxExpression = 1000

// Number returns the value that a symbol has on a platform in the version of that
// name: of a constant, the value of an integer; of a field, its offset, and of a type,
// its size, in bytes, both as go_asm.h has them. It reports whether there is one.
func (x *Index) Number(version string, on Platform, symbol string) (int64, bool) {
	v := x.version(version)
	i := slices.Index(x.platforms, on)
	if v == nil || i < 0 {
		return 0, false
	}
	s := v.find(symbol)
	if s == nil {
		return 0, false
	}
	at, _ := s.site(1 << i)
	n, err := strconv.ParseInt(at.value, 10, 64)
	return n, err == nil
}

// Evaluate works out an expression of integers as it stands in a package: in Go, or as
// an operand of its assembly. A name is a constant, a type (its size), a field behind
// its type (its offset), one of another package behind the last part of its path, or
// what go_asm.h calls one of these: g_stackguard0, g__size, const_stackMin.
func (x *Index) Evaluate(version string, on Platform, pkg, expression string) (int64, error) {
	return Calculate(expression, func(name string) (int64, bool) { return x.called(version, on, pkg, name) })
}

// Calculate works out an expression of integers, written as in Go, with the numbers
// that its names stand for; a name may be a chain with dots.
func Calculate(expression string, number func(name string) (int64, bool)) (int64, error) {
	if len(expression) > maxExpression {
		return 0, fmt.Errorf("an expression has %d bytes; at most %d", len(expression), maxExpression)
	}
	tree, err := parser.ParseExpr(expression)
	if err != nil {
		return 0, fmt.Errorf("%q is no expression", expression)
	}
	value, err := calculate(tree, number)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", expression, err)
	}
	n, exact := constant.Int64Val(value)
	if !exact {
		return 0, fmt.Errorf("%q is out of range", expression)
	}
	return n, nil
}

// called returns the number that a package knows by a name.
func (x *Index) called(version string, on Platform, pkg, name string) (int64, bool) {
	for _, s := range append([]string{pkg + "." + name}, headerNames(pkg, name)...) {
		if n, ok := x.Number(version, on, s); ok {
			return n, true
		}
	}
	if !strings.Contains(name, ".") {
		return 0, false
	}
	v := x.version(version)
	if v == nil {
		return 0, false
	}
	var found []int64
	for _, s := range v.symbols {
		if s.name != name && !strings.HasSuffix(s.name, "/"+name) {
			continue
		}
		if n, ok := x.Number(version, on, s.name); ok && !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		return 0, false // nothing, or two packages that end alike
	}
	return found[0], true
}

// headerNames returns the symbols that go_asm.h may mean by a name.
func headerNames(pkg, name string) []string {
	if c, ok := strings.CutPrefix(name, "const_"); ok {
		return []string{pkg + "." + c}
	}
	if t, ok := strings.CutSuffix(name, "__size"); ok {
		return []string{pkg + "." + t}
	}
	var list []string
	for i, c := range name {
		if c == '_' {
			list = append(list, pkg+"."+name[:i]+"."+name[i+1:])
		}
	}
	return list
}

// calculate works out a tree of integers.
func calculate(x ast.Expr, number func(name string) (int64, bool)) (constant.Value, error) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return calculate(x.X, number)
	case *ast.BasicLit:
		if x.Kind == token.INT {
			return constant.MakeFromLiteral(x.Value, x.Kind, 0), nil
		}
	case *ast.Ident, *ast.SelectorExpr:
		name := dotted(x)
		if name == "" {
			break
		}
		n, ok := number(name)
		if !ok {
			return nil, fmt.Errorf("%s has no value", name)
		}
		return constant.MakeInt64(n), nil
	case *ast.UnaryExpr:
		v, err := calculate(x.X, number)
		if err != nil {
			return nil, err
		}
		switch x.Op {
		case token.ADD, token.SUB, token.XOR:
			return constant.UnaryOp(x.Op, v, 0), nil
		case token.TILDE: // what assembly writes for ^
			return constant.UnaryOp(token.XOR, v, 0), nil
		}
	case *ast.BinaryExpr:
		a, err := calculate(x.X, number)
		if err != nil {
			return nil, err
		}
		b, err := calculate(x.Y, number)
		if err != nil {
			return nil, err
		}
		return combine(x.Op, a, b)
	}
	return nil, fmt.Errorf("not a sum of integers")
}

func combine(op token.Token, a, b constant.Value) (constant.Value, error) {
	switch op {
	case token.QUO, token.REM:
		if constant.Sign(b) == 0 {
			return nil, fmt.Errorf("a division by zero")
		}
		if op == token.QUO {
			op = token.QUO_ASSIGN // of integers
		}
	case token.ADD, token.SUB, token.MUL, token.AND, token.OR, token.XOR, token.AND_NOT:
	case token.SHL, token.SHR:
		n, ok := constant.Uint64Val(b)
		if !ok || n > 64 {
			return nil, fmt.Errorf("a shift out of range")
		}
		return constant.Shift(a, op, uint(n)), nil
	default:
		return nil, fmt.Errorf("not a sum of integers")
	}
	return constant.BinaryOp(a, op, b), nil
}

// dotted writes a.b.c; it is "" for what is no chain of names.
func dotted(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		if s := dotted(x.X); s != "" {
			return s + "." + x.Sel.Name
		}
	}
	return ""
}
