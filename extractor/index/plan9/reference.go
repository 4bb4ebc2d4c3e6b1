package plan9

import (
	"cmp"
	"slices"
)

// RefKind says what a reference names.
type RefKind string

const (
	// SymbolRef names a function or variable, as in name(SB). It defines in TEXT, DATA and GLOBL.
	SymbolRef RefKind = "symbol"
	// MacroRef names a macro: a use, the name in #define, which defines it, and those
	// in #undef, #ifdef and #ifndef.
	MacroRef RefKind = "macro"
	// GoAsmRef names a macro of go_asm.h: a constant of Go, an offset or a size.
	GoAsmRef RefKind = "go_asm"
	// LabelRef names a label of the same TEXT.
	LabelRef RefKind = "label"
	// HeaderRef is the string of an #include.
	HeaderRef RefKind = "header"
)

// Ref is a place of a file that names something. What the body of a header's macro
// names has no place in the file that uses the macro; what its arguments name has.
type Ref struct {
	Kind        RefKind
	Name        string // of a symbol, the book's; of a header, as it is written
	Offset, End int    // in the file's text
	Defines     bool
	// Def is where the macro or label is defined, and the header from its start. It is
	// zero for symbols, for what is defined nowhere, and for the macros of [Config].
	Def Site
}

// Site is a place of some file. Line counts from 1.
type Site struct {
	Path         string
	Line, Offset int
}

// origin returns where t itself stands, be it in a macro's body.
func (t token) origin() Site {
	if t.file == nil {
		return Site{}
	}
	return Site{t.file.Path, t.Line, t.Offset}
}

// refer adds a reference at t if t stands in f, be it in the body of a macro. What a
// body means may differ from use to use only by its arguments, and by its labels.
func (f *File) refer(list []Ref, t token, r Ref) []Ref {
	if t.file != f || t.via != nil && r.Kind == LabelRef {
		return list
	}
	r.Offset, r.End = t.Offset, t.End()
	return append(list, r)
}

// symbols adds what the operands of s name. They say nothing of labels.
func (f *File) symbols(refs []Ref, s statement, pkg string) []Ref {
	for i, operand := range s.operands {
		if n, t, ok := name(operand, pkg); ok {
			refs = f.refer(refs, t, Ref{Kind: SymbolRef, Name: n, Defines: i == 0 && s.defines()})
		}
	}
	return refs
}

// labels adds where the labels of r are defined and named.
func (f *File) labels(refs []Ref, r *routine) []Ref {
	for _, s := range r.statements {
		for _, t := range s.labels {
			refs = f.refer(refs, t, Ref{Kind: LabelRef, Name: t.Text, Defines: true, Def: t.origin()})
		}
		for i := range s.operands {
			if t, def, ok := r.label(s, i); ok {
				refs = f.refer(refs, t, Ref{Kind: LabelRef, Name: t.Text, Def: def.at.origin()})
			}
		}
	}
	return refs
}

// ordered sorts references and drops what is there twice: the body of a macro that is
// used twice, an argument that a body has twice, and a file that includes itself.
func ordered(refs []Ref) []Ref {
	slices.SortStableFunc(refs, func(a, b Ref) int { return cmp.Compare(a.Offset, b.Offset) })
	return slices.CompactFunc(refs, func(a, b Ref) bool { return a.Offset == b.Offset })
}
