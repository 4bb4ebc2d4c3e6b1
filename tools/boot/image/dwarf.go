package image

import (
	"debug/dwarf"
	"debug/elf"
	"slices"

	"beforemain/extractor/index"
)

// debugInfo is what is taken from DWARF.
type debugInfo struct {
	packages map[uint64]string // entry of a function → import path
	inlined  []Inlined
	offsets  Offsets
}

// scope is an entry of DWARF that other entries are inside of.
type scope struct {
	entry dwarf.Offset // of the function; its name may come later
	depth int          // of inlining
}

type pending struct {
	Inlined
	origin, caller dwarf.Offset
}

type walker struct {
	debugInfo
	data    *dwarf.Data
	names   map[dwarf.Offset]string
	scopes  []scope
	pending []pending
	unit    string // import path
}

func readDWARF(f *elf.File) (*debugInfo, error) {
	data, err := f.DWARF()
	if err != nil {
		return nil, err
	}
	w := &walker{data: data, names: map[dwarf.Offset]string{}}
	w.packages = map[uint64]string{}
	fields := map[string]map[string]*int64{
		"runtime.g": {"m": &w.offsets.GM, "goid": &w.offsets.GID},
		"runtime.m": {"g0": &w.offsets.MG0, "gsignal": &w.offsets.MSignal},
	}
	for r := data.Reader(); ; {
		e, err := r.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		switch e.Tag {
		case dwarf.TagStructType:
			name, _ := e.Val(dwarf.AttrName).(string)
			if err := readFields(r, e, fields[name]); err != nil {
				return nil, err
			}
			continue
		case 0:
			w.scopes = w.scopes[:len(w.scopes)-1]
			continue
		}
		if err := w.enter(e); err != nil {
			return nil, err
		}
	}
	for _, p := range w.pending {
		p.Name, p.Caller = w.names[p.origin], w.names[p.caller]
		if p.Name != "" && p.Caller != "" && len(p.Ranges) > 0 {
			w.inlined = append(w.inlined, p.Inlined)
		}
	}
	return &w.debugInfo, nil
}

func (w *walker) enter(e *dwarf.Entry) error {
	var s scope
	if n := len(w.scopes); n > 0 {
		s = w.scopes[n-1]
	}
	name, _ := e.Val(dwarf.AttrName).(string)
	origin, abstract := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
	switch e.Tag {
	case dwarf.TagCompileUnit:
		w.unit = name
	case dwarf.TagSubprogram:
		s.entry = e.Offset
		if abstract {
			s.entry = origin
		} else {
			w.names[e.Offset] = index.Canonical(name)
		}
		if low, ok := e.Val(dwarf.AttrLowpc).(uint64); ok {
			w.packages[low] = w.unit
		}
	case dwarf.TagInlinedSubroutine:
		ranges, err := w.data.Ranges(e)
		if err != nil {
			return err
		}
		ranges = slices.DeleteFunc(ranges, func(r [2]uint64) bool { return r[0] >= r[1] })
		slices.SortFunc(ranges, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
		s.depth++
		w.pending = append(w.pending, pending{Inlined{Depth: s.depth, Ranges: ranges}, origin, s.entry})
		s.entry = origin
	}
	if e.Children {
		w.scopes = append(w.scopes, s)
	}
	return nil
}

// readFields reads the members of a structure, and where the wanted ones are.
func readFields(r *dwarf.Reader, e *dwarf.Entry, want map[string]*int64) error {
	if !e.Children {
		return nil
	}
	for {
		c, err := r.Next()
		if err != nil || c == nil || c.Tag == 0 {
			return err
		}
		name, _ := c.Val(dwarf.AttrName).(string)
		if at, ok := c.Val(dwarf.AttrDataMemberLoc).(int64); ok && want[name] != nil {
			*want[name] = at
		}
		if c.Children {
			r.SkipChildren()
		}
	}
}
