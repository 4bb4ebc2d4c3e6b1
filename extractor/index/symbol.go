package index

import (
	"slices"

	"beforemain/extractor/source"
)

// Kind says what a symbol is.
type Kind string

// The kinds of symbols. A macro, a label and a header are of assembly alone.
const (
	Function Kind = "function" // also a method
	Variable Kind = "variable"
	Constant Kind = "constant"
	Type     Kind = "type"
	Field    Kind = "field"
	Macro    Kind = "macro"
	Label    Kind = "label"
	Header   Kind = "header"
)

// symbol is a name and all that a version has under it.
type symbol struct {
	name        string
	kind        Kind
	sites       []site
	definitions []definition // in the order of the platforms
}

// site is a place that declares a symbol.
type site struct {
	path      string
	line      int
	value     string // of a constant; a field's offset, a type's size
	prototype bool   // declares what is defined elsewhere
	on        set
}

// definition is the lines that define a symbol on some platforms.
type definition struct {
	file             *file
	span             source.Span
	start, head, end int
	signature        int // where the part ends, in bytes, that a card shows
	asm              bool
	on               set
}

// id returns the number of a symbol, given on first sight.
func (v *version) id(name string) int {
	id, ok := v.ids[name]
	if !ok {
		id = len(v.symbols)
		v.ids[name] = id
		v.symbols = append(v.symbols, &symbol{name: name, kind: Function})
	}
	return id
}

// symbol returns the symbol of that name, made on first sight.
func (v *version) symbol(name string) *symbol { return v.symbols[v.id(name)] }

// find returns the symbol of that name, or nil.
func (v *version) find(name string) *symbol {
	if id, ok := v.ids[name]; ok {
		return v.symbols[id]
	}
	return nil
}

// declare adds a place that declares a symbol, or its platform to the same place.
func (v *version) declare(name string, kind Kind, at site) int {
	id := v.id(name)
	if at.path == "" {
		return id
	}
	s := v.symbols[id]
	for i := range s.sites {
		same := at
		same.on = s.sites[i].on
		if s.sites[i] == same {
			s.sites[i].on |= at.on
			return id
		}
	}
	if len(s.sites) == 0 {
		s.kind = kind
	}
	s.sites = append(s.sites, at)
	return id
}

// define adds a definition, or its platform to the one with the same lines.
func (s *symbol) define(d definition) {
	for i := range s.definitions {
		if s.definitions[i].file == d.file && s.definitions[i].start == d.start {
			s.definitions[i].on |= d.on
			return
		}
	}
	s.definitions = append(s.definitions, d)
}

// on reports whether the symbol is defined on one of the platforms.
func (s *symbol) on(platforms set) bool {
	return slices.ContainsFunc(s.definitions, func(d definition) bool { return d.on&platforms != 0 })
}

// site returns the place that a reference on a platform leads to: where the symbol is
// defined, else where it is declared.
func (s *symbol) site(on set) (site, bool) {
	var found site
	for _, at := range s.sites {
		if at.on&on != 0 && (found.path == "" || found.prototype && !at.prototype) {
			found = at
		}
	}
	return found, found.path != ""
}

// Kind returns what a symbol is in the version of that name, or "" if the version does
// not declare it.
func (x *Index) Kind(version, symbol string) Kind {
	v := x.version(version)
	if v == nil {
		return ""
	}
	s := v.find(symbol)
	if s == nil || len(s.sites) == 0 {
		return ""
	}
	return s.kind
}

// Site is a place that declares a symbol.
type Site struct {
	Path      string
	Line      int
	Prototype bool // it declares a function or variable that assembly, or another name, defines
	Platforms []Platform
}

// Declarations returns the places that declare a symbol in the version of that name,
// those that define it first. It returns nil for what the version lacks.
func (x *Index) Declarations(version, symbol string) []Site {
	v := x.version(version)
	if v == nil {
		return nil
	}
	s := v.find(symbol)
	if s == nil {
		return nil
	}
	var list []Site
	for _, prototype := range []bool{false, true} {
		for _, at := range s.sites {
			if on := at.on & x.shown(symbol); at.prototype == prototype && on != 0 {
				list = append(list, Site{at.path, at.line, at.prototype, x.list(on)})
			}
		}
	}
	return list
}
