// Package image reads a Go program in an ELF file: its functions under the book's names,
// what was inlined where, and how to find the current goroutine of a thread.
package image

import (
	"cmp"
	"debug/elf"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"beforemain/extractor/index"
)

// A Function is a text symbol of the program.
type Function struct {
	Name   string // the book's: runtime.mheap.init, runtime.gogo<>; X and X.abi0 are both X
	Linker string // as in the symbol table
	Addr   uint64
	Size   uint64 // up to the next function, padding included
}

// An Inlined is an instance of a function that the compiler put into another.
type Inlined struct {
	Name   string      // the function's name in the book
	Caller string      // the function that calls it in the source, maybe inlined itself
	Depth  int         // 1 if the caller is not inlined
	Ranges [][2]uint64 // its instructions, half open, sorted
}

// An Image is a program, read. Addresses are those of the file; a program that is loaded
// elsewhere differs by a constant.
type Image struct {
	Path      string
	GOARCH    string
	Entry     uint64 // the first instruction
	Text      []byte // all instructions
	TextAddr  uint64
	Functions []Function // by address
	Inlined   []Inlined  // as DWARF has them: an instance before those inside of it
	Offsets   Offsets

	spare   uint64
	g0      uint64
	byName  map[string]int   // Linker → index in Functions
	begins  map[uint64][]int // address → Inlined that have a range from there
	holders map[int][]int    // index in Functions → Inlined inside of it
}

// Offsets are positions inside of runtime.g and runtime.m, in bytes.
type Offsets struct {
	GM, GID      int64 // g.m, g.goid
	MG0, MSignal int64 // m.g0, m.gsignal
}

var arches = map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}

// Open reads the program at path, which must be for Linux, linked by Go itself and not
// stripped.
func Open(path string) (*Image, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	m, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m.Path = path
	return m, nil
}

func read(f *elf.File) (*Image, error) {
	m := &Image{GOARCH: arches[f.Machine], Entry: f.Entry, byName: map[string]int{}}
	if m.GOARCH == "" {
		return nil, fmt.Errorf("programs for %v are not read", f.Machine)
	}
	text := f.Section(".text")
	if text == nil {
		return nil, errors.New("no instructions")
	}
	m.TextAddr = text.Addr
	var err error
	if m.Text, err = text.Data(); err != nil {
		return nil, err
	}
	symbols, err := f.Symbols()
	if err != nil {
		return nil, err
	}
	d, err := readDWARF(f)
	if err != nil {
		return nil, fmt.Errorf("DWARF: %w", err)
	}
	m.addFunctions(symbols, d.packages)
	m.addInlined(d.inlined)
	m.Offsets = d.offsets
	m.spare = m.Entry
	for _, p := range f.Progs {
		// The page of the ELF headers is executable where Go's linker put it into the
		// segment of the text; behind the headers there is room.
		if p.Type == elf.PT_LOAD && p.Off == 0 && p.Flags&elf.PF_X != 0 && text.Addr-p.Vaddr >= 0x1000 {
			m.spare = p.Vaddr + 0x400
		}
	}
	return m, nil
}

func (m *Image) addFunctions(symbols []elf.Symbol, packages map[uint64]string) {
	for _, s := range symbols {
		switch {
		case s.Name == "runtime.g0":
			m.g0 = s.Value
		case elf.ST_TYPE(s.Info) != elf.STT_FUNC || s.Size == 0:
			// runtime.text and runtime.etext are no functions, and have no size.
		case s.Value >= m.TextAddr && s.Value < m.end():
			name := Name(s.Name)
			if elf.ST_BIND(s.Info) == elf.STB_LOCAL && !strings.Contains(name, ".") {
				name = packages[s.Value] + "." + name + "<>"
			}
			m.Functions = append(m.Functions, Function{Name: name, Linker: s.Name, Addr: s.Value})
		}
	}
	slices.SortStableFunc(m.Functions, func(a, b Function) int { return cmp.Compare(a.Addr, b.Addr) })
	m.Functions = slices.CompactFunc(m.Functions, func(a, b Function) bool { return a.Addr == b.Addr })
	for i := range m.Functions {
		end := m.end()
		if i+1 < len(m.Functions) {
			end = m.Functions[i+1].Addr
		}
		m.Functions[i].Size = end - m.Functions[i].Addr
		m.byName[m.Functions[i].Linker] = i
	}
}

func (m *Image) addInlined(list []Inlined) {
	m.begins, m.holders = map[uint64][]int{}, map[int][]int{}
	for _, in := range list {
		i := m.find(in.Ranges[0][0])
		if i < 0 {
			continue
		}
		n := len(m.Inlined)
		m.Inlined = append(m.Inlined, in)
		m.holders[i] = append(m.holders[i], n)
		for _, r := range in.Ranges {
			m.begins[r[0]] = append(m.begins[r[0]], n)
		}
	}
}

// Name returns the book's name of a symbol of the linker, but for symbols that are local
// to a file of assembly, which the linker gives no package.
func Name(linker string) string {
	return index.Canonical(strings.TrimSuffix(linker, ".abi0"))
}

// Find returns the function that the instruction at addr is part of.
func (m *Image) Find(addr uint64) (Function, bool) {
	i := m.find(addr)
	if i < 0 {
		return Function{}, false
	}
	return m.Functions[i], true
}

// At returns the function that begins at addr.
func (m *Image) At(addr uint64) (Function, bool) {
	f, ok := m.Find(addr)
	return f, ok && f.Addr == addr
}

// Lookup returns the function with the linker's name.
func (m *Image) Lookup(linker string) (Function, bool) {
	i, ok := m.byName[linker]
	if !ok {
		return Function{}, false
	}
	return m.Functions[i], true
}

// Caller returns the function whose source the instruction at addr comes from: the
// innermost inlined one, or else the one that holds the instruction.
func (m *Image) Caller(addr uint64) string {
	i := m.find(addr)
	if i < 0 {
		return ""
	}
	name, depth := m.Functions[i].Name, 0
	for _, n := range m.holders[i] {
		in := &m.Inlined[n]
		if in.Depth > depth && in.covers(addr) {
			name, depth = in.Name, in.Depth
		}
	}
	return name
}

// Begins returns the instances, outer ones first, that have a range of instructions from
// addr on. The shared values must not be changed.
func (m *Image) Begins(addr uint64) []*Inlined {
	var list []*Inlined
	for _, n := range m.begins[addr] {
		list = append(list, &m.Inlined[n])
	}
	return list
}

// Probes returns every address where a function or an inlined instance may begin, sorted.
func (m *Image) Probes() []uint64 {
	list := make([]uint64, 0, len(m.Functions)+len(m.begins))
	for _, f := range m.Functions {
		list = append(list, f.Addr)
	}
	for addr := range m.begins {
		list = append(list, addr)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Code returns the instructions from addr to the end of the text.
func (m *Image) Code(addr uint64) []byte {
	if addr < m.TextAddr || addr >= m.end() {
		return nil
	}
	return m.Text[addr-m.TextAddr:]
}

// Spare returns the address of at least 16 executable bytes that the program does not
// need: behind the ELF headers, or the entry, whose few instructions run once.
func (m *Image) Spare() uint64 { return m.spare }

// G0 returns the address of runtime.g0, the first stack's g; 0 if there is none.
func (m *Image) G0() uint64 { return m.g0 }

func (m *Image) end() uint64 { return m.TextAddr + uint64(len(m.Text)) }

func (m *Image) find(addr uint64) int {
	if addr < m.TextAddr || addr >= m.end() {
		return -1
	}
	return sort.Search(len(m.Functions), func(i int) bool { return m.Functions[i].Addr > addr }) - 1
}

func (in *Inlined) covers(addr uint64) bool {
	for _, r := range in.Ranges {
		if r[0] <= addr && addr < r[1] {
			return true
		}
	}
	return false
}
