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
	Target
	Span source.Span
	Role Role
	// Elsewhere is what the same place means on other platforms of the slice, where
	// that is declared in another place or has another value.
	Elsewhere []Target
}

// Target is what an occurrence leads to. Path and Line say where the symbol is
// declared; of a definition in assembly, where Go declares it, if it does.
type Target struct {
	Symbol    string
	Kind      Kind
	Path      string
	Line      int
	Value     string // of a constant; a field's offset and a type's size in bytes, where assembly asks
	Platforms []Platform
}

// ref is an occurrence as the index keeps it.
type ref struct {
	start, end int
	symbol     int
	defines    bool
	on         set
}

// merge adds the references that one platform has to those of a file. Both are sorted;
// nearly all are the same.
func (v *version) merge(path string, list []ref) {
	old := v.refs[path]
	if old == nil {
		v.refs[path] = list
		return
	}
	var fresh []ref
	i := 0
	for _, r := range list {
		for i < len(old) && old[i].start < r.start {
			i++
		}
		k := i
		for k < len(old) && old[k].start == r.start && (old[k].symbol != r.symbol || old[k].defines != r.defines) {
			k++
		}
		if k < len(old) && old[k].start == r.start {
			old[k].on |= r.on
		} else {
			fresh = append(fresh, r)
		}
	}
	if fresh != nil {
		old = append(old, fresh...)
		slices.SortStableFunc(old, func(a, b ref) int { return cmp.Compare(a.start, b.start) })
		v.refs[path] = old
	}
}

// References returns the occurrences of symbols in s, sorted and disjoint.
func (x *Index) References(s *Slice) []Occurrence {
	var list []Occurrence
	for _, p := range s.places {
		on := set(1) << p.platform
		refs := s.version.refs[p.def.file.Path]
		from, _ := slices.BinarySearchFunc(refs, p.def.span.Start, func(r ref, at int) int { return cmp.Compare(r.start, at) })
		for _, r := range refs[from:] {
			if r.end > p.def.span.End {
				break
			}
			if r.on&on != 0 {
				list = append(list, x.occurrence(s, p, r))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Occurrence) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return join(list)
}

// occurrence resolves a reference on the platform of a place.
func (x *Index) occurrence(s *Slice, p place, r ref) Occurrence {
	symbol, on := s.version.symbols[r.symbol], set(1)<<p.platform
	if len(symbol.sites) == 0 { // assembly names it by its linkname
		if alias := s.version.find(s.version.aliases[symbol.name]); alias != nil {
			symbol = alias
		}
	}
	shift := s.Span.Start - p.def.span.Start
	o := Occurrence{Span: source.Span{Start: r.start + shift, End: r.end + shift}, Role: Reference}
	at, _ := symbol.site(on)
	if r.defines {
		o.Role = Definition
		if s.Asm {
			if i := slices.IndexFunc(symbol.sites, func(at site) bool { return at.prototype && at.on&on != 0 }); i >= 0 {
				at = symbol.sites[i]
			}
		}
	}
	o.Target = Target{symbol.name, symbol.kind, at.path, at.line, at.value, []Platform{x.platforms[p.platform]}}
	return o
}

// join makes one occurrence of those that platforms have at the same place.
func join(list []Occurrence) []Occurrence {
	var joined []Occurrence
	for _, o := range list {
		last := len(joined) - 1
		if last < 0 || joined[last].Span.End <= o.Span.Start {
			joined = append(joined, o)
			continue
		}
		if j := &joined[last]; j.Span == o.Span && !j.Target.extend(o.Target) {
			if i := slices.IndexFunc(j.Elsewhere, func(t Target) bool { return t.same(o.Target) }); i >= 0 {
				j.Elsewhere[i].extend(o.Target)
			} else {
				j.Elsewhere = append(j.Elsewhere, o.Target)
			}
		}
	}
	return joined
}

func (t Target) same(o Target) bool {
	return t.Symbol == o.Symbol && t.Path == o.Path && t.Line == o.Line && t.Value == o.Value
}

// extend adds the platforms of o to t if the two are the same.
func (t *Target) extend(o Target) bool {
	if !t.same(o) {
		return false
	}
	t.Platforms = append(t.Platforms, o.Platforms...)
	return true
}
