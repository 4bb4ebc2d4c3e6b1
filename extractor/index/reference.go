package index

import (
	"cmp"
	"slices"

	"beforemain/extractor/source"
)

// Role says what an occurrence does to its symbol.
type Role string

// A Definition is the name where the symbol is declared; everything else is a Reference.
const (
	Definition Role = "definition"
	Reference  Role = "reference"
)

// Occurrence is a place that names a symbol. Span counts in the slice's file.
type Occurrence struct {
	Symbol string
	Span   source.Span
	Role   Role
}

// References returns the occurrences of symbols in s, sorted and disjoint. Only
// symbols that have a slice in the version and are defined on a platform of s occur.
func (x *Index) References(s *Slice) []Occurrence {
	var list []Occurrence
	if s.Asm {
		list = s.assemblyOccurrences()
	} else {
		list = s.goOccurrences()
	}
	on := s.platformSet()
	list = slices.DeleteFunc(list, func(o Occurrence) bool {
		return !s.version.on(o.Symbol, on) || !x.visible(o.Symbol, s.version.definitions[o.Symbol])
	})
	slices.SortStableFunc(list, func(a, b Occurrence) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return slices.CompactFunc(list, func(a, b Occurrence) bool { return a.Span.Overlaps(b.Span) })
}

func (s *Slice) platformSet() set {
	var on set
	for _, p := range s.places {
		on |= 1 << p.platform
	}
	return on
}

// goOccurrences are by name: the same on every platform.
func (s *Slice) goOccurrences() []Occurrence {
	f := s.places[0].def.file
	all := f.mentions()
	from, _ := slices.BinarySearchFunc(all, s.Span.Start, func(m mention, at int) int { return cmp.Compare(m.span.Start, at) })
	var list []Occurrence
	for _, m := range all[from:] {
		if m.span.End > s.Span.End {
			break
		}
		pkg := cmp.Or(m.pkg, f.pkg)
		list = append(list, Occurrence{pkg + "." + m.name, m.span, m.role})
	}
	return list
}

// assemblyOccurrences are what is assembled on any platform of the slice; where a
// name means one symbol here and another there, the first platform's is taken.
func (s *Slice) assemblyOccurrences() []Occurrence {
	var list []Occurrence
	for _, p := range s.places {
		for _, m := range s.version.views[viewKey{p.def.file.Path, p.platform}].Symbols {
			if m.Offset < p.def.span.Start || m.End > p.def.span.End {
				continue
			}
			shift := s.Span.Start - p.def.span.Start
			role := Reference
			if m.Defines {
				role = Definition
			}
			symbol := m.Name
			if alias, ok := s.version.aliases[symbol]; ok && s.version.definitions[symbol] == nil {
				symbol = alias
			}
			list = append(list, Occurrence{symbol, source.Span{Start: m.Offset + shift, End: m.End + shift}, role})
		}
	}
	return list
}

// resolve reads a Go file's mentions; the file has been parsed before.
func (f *file) resolve() []mention {
	list, err := mentions(f.Path, f.Text)
	if err != nil {
		panic(err)
	}
	slices.SortStableFunc(list, func(a, b mention) int { return cmp.Compare(a.span.Start, b.span.Start) })
	return list
}
