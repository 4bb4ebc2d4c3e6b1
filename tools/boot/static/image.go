package static

import (
	"bytes"
	"cmp"
	"debug/gosym"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"
)

// Image is a linked program: its functions and the bytes at its addresses.
type Image struct {
	Format string // elf, macho or pe
	Arch   string // amd64 or arm64
	Entry  uint64 // the address at which the system starts the program

	symbols  []Symbol // functions by address, one at each
	segments []segment
	lines    segment // the table of files and lines, if it was found
}

// Symbol is a function of a program, the half-open span of its addresses. A function
// that assembly and Go call by different conventions has two of one Name.
type Symbol struct {
	Name   string // the book's form
	Linker string // as it stands in the symbol table, without Mach-O's "_"
	Start  uint64
	End    uint64
}

func (s Symbol) holds(addr uint64) bool { return s.Start <= addr && addr < s.End }

// twins reports whether two symbols are one function for two calling conventions.
func twins(a, b Symbol) bool { return a.Name == b.Name && a.Start != b.Start }

// segment is a part of the file that the system maps at addr.
type segment struct {
	addr uint64
	data []byte
	code bool
}

// linked is what the readers of the three formats have in common.
type linked struct {
	Image
	raw []Symbol // Linker and Start, and End where the format has sizes
}

// Open reads the program at path.
func Open(path string) (*Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	im, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return im, nil
}

// Read reads a program. Its errors are about the file: not one of the three formats,
// cut short, another architecture, or no functions in the symbol table.
func Read(r io.ReaderAt) (*Image, error) {
	magic := make([]byte, 4)
	if _, err := r.ReadAt(magic, 0); err != nil {
		return nil, fmt.Errorf("read the magic number: %w", err)
	}
	read := readMacho
	switch {
	case string(magic) == "\x7fELF":
		read = readELF
	case string(magic[:2]) == "MZ":
		read = readPE
	case !bytes.Equal(magic, []byte{0xcf, 0xfa, 0xed, 0xfe}):
		return nil, fmt.Errorf("not an ELF, 64-bit Mach-O or PE program: it begins with %x", magic)
	}
	l, err := read(r)
	if err != nil {
		return nil, err
	}
	if l.Arch == "" {
		return nil, errors.New("not a program for amd64 or arm64")
	}
	return l.image()
}

// image names the functions, gives each an end, and leaves out the names that only
// mark a place.
func (l *linked) image() (*Image, error) {
	slices.SortStableFunc(l.raw, func(a, b Symbol) int { return cmp.Compare(a.Start, b.Start) })
	files := l.files()
	im := &l.Image
	for i, s := range l.raw {
		part, ok := im.segment(s.Start)
		if !ok || !part.code || marker(s.Linker) {
			continue
		}
		if n := len(im.symbols); n > 0 && im.symbols[n-1].Start == s.Start {
			continue
		}
		if s.End <= s.Start {
			s.End = part.addr + uint64(len(part.data))
			if next := following(l.raw[i:]); next != 0 {
				s.End = min(s.End, next)
			}
		}
		s.Name = bookName(s.Linker, files, s.Start)
		im.symbols = append(im.symbols, s)
	}
	if len(im.symbols) == 0 {
		return nil, errors.New("no functions in the symbol table: was the program stripped?")
	}
	return im, nil
}

// following returns the first address behind that of raw[0].
func following(raw []Symbol) uint64 {
	for _, s := range raw {
		if s.Start > raw[0].Start {
			return s.Start
		}
	}
	return 0
}

// marker reports whether a symbol marks a place in the text, where a function may
// have its own.
func marker(linker string) bool {
	return linker == "" || linker == "runtime.text" || linker == "runtime.etext" ||
		strings.HasPrefix(linker, "runtime.text.") || strings.HasPrefix(linker, "go:") || strings.HasPrefix(linker, "go.")
}

// files returns the table of files and lines, or nil.
func (l *linked) files() *gosym.Table {
	if len(l.lines.data) == 0 {
		return nil
	}
	text := uint64(0)
	for _, s := range l.raw {
		if s.Linker == "runtime.text" {
			text = s.Start
		}
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(l.lines.data, text))
	if err != nil {
		return nil
	}
	return table
}

func (s segment) holds(addr uint64) bool { return s.addr <= addr && addr-s.addr < uint64(len(s.data)) }

// segment returns the segment that holds addr.
func (im *Image) segment(addr uint64) (segment, bool) {
	for _, s := range im.segments {
		if s.holds(addr) {
			return s, true
		}
	}
	return segment{}, false
}

// bytes returns the n bytes at addr, or as many as the file has there.
func (im *Image) bytes(addr, n uint64) []byte {
	s, ok := im.segment(addr)
	if !ok {
		return nil
	}
	data := s.data[addr-s.addr:]
	return data[:min(n, uint64(len(data)))]
}

// at returns the function that holds addr.
func (im *Image) at(addr uint64) (Symbol, bool) {
	i := sort.Search(len(im.symbols), func(i int) bool { return im.symbols[i].Start > addr }) - 1
	if i < 0 || !im.symbols[i].holds(addr) {
		return Symbol{}, false
	}
	return im.symbols[i], true
}

// function returns the function whose address is addr, or stands in the word at addr:
// a function value, such as runtime.mainPC.
func (im *Image) function(addr uint64) (Symbol, bool) {
	if s, ok := im.at(addr); ok {
		return s, s.Start == addr
	}
	start := im.word(addr)
	s, ok := im.at(start)
	return s, ok && s.Start == start
}

// word returns the eight bytes at addr as a number, or 0 if the file has none there.
func (im *Image) word(addr uint64) uint64 {
	b := im.bytes(addr, 8)
	if len(b) < 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// Find returns the function of a name in the book's form, its body for Go's own calls
// where it has an entry for assembly too.
func (im *Image) Find(name string) (Symbol, bool) {
	found := Symbol{}
	for _, s := range im.symbols {
		if s.Name == name && (found.Name == "" || strings.HasSuffix(found.Linker, ".abi0")) {
			found = s
		}
	}
	return found, found.Name != ""
}

// body returns the instructions of a function that say where it goes on.
func (im *Image) body(s Symbol) []inst {
	code := im.bytes(s.Start, s.End-s.Start)
	if im.Arch == "arm64" {
		return decodeARM64(code, s.Start, im.word)
	}
	return decodeAMD64(code, s.Start, im.word)
}
