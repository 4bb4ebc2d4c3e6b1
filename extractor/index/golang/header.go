package golang

import (
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// Macro is a definition of go_asm.h, the header that the compiler writes for the
// assembly of a package: a constant (const_N), a struct's size (T__size) or a
// field's offset (T_field). Symbol counts in Program.Symbols; -1 is none.
type Macro struct {
	Name, Value string
	Symbol      int

	object types.Object
}

// header computes what the compiler's -asmhdr writes, sorted by name. An alias of a
// struct counts as one; a generic type does not (cmd/compile/internal/gc/export.go).
func header(pkg *types.Package, sizes types.Sizes) []Macro {
	var list []Macro
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		switch o := scope.Lookup(name).(type) {
		case *types.Const:
			if !isFloating(o) {
				list = append(list, Macro{Name: "const_" + name, Value: o.Val().ExactString(), object: o})
			}
		case *types.TypeName:
			s, ok := o.Type().Underlying().(*types.Struct)
			if !ok || isGeneric(o.Type()) {
				continue
			}
			list = append(list, Macro{Name: name + "__size", Value: strconv.FormatInt(sizes.Sizeof(s), 10), object: o})
			fields := make([]*types.Var, s.NumFields())
			for i := range fields {
				fields[i] = s.Field(i)
			}
			for i, at := range sizes.Offsetsof(fields) {
				if f := fields[i]; f.Name() != "_" {
					list = append(list, Macro{Name: name + "_" + f.Name(), Value: strconv.FormatInt(at, 10), object: f})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Macro) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// isFloating reports whether a constant is one that the assembler cannot use. A
// constant of floating type stays one where its value is whole.
func isFloating(c *types.Const) bool {
	switch c.Val().Kind() {
	case constant.Float, constant.Complex, constant.Unknown:
		return true
	}
	b, ok := c.Type().Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

func isGeneric(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.TypeParams().Len() > 0
}
