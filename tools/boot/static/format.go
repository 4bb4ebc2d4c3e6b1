package static

import (
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"fmt"
	"io"
	"strings"
)

// readELF reads a program of Linux or another Unix.
func readELF(r io.ReaderAt) (*linked, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, err
	}
	l := &linked{Image: Image{Format: "elf", Entry: f.Entry}}
	switch f.Machine {
	case elf.EM_X86_64:
		l.Arch = "amd64"
	case elf.EM_AARCH64:
		l.Arch = "arm64"
	}
	for _, p := range f.Progs {
		if p.Type != elf.PT_LOAD {
			continue
		}
		data, err := io.ReadAll(p.Open())
		if err != nil {
			return nil, fmt.Errorf("segment at %#x: %w", p.Vaddr, err)
		}
		l.segments = append(l.segments, segment{p.Vaddr, data, p.Flags&elf.PF_X != 0})
	}
	for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab"} {
		if s := f.Section(name); s != nil {
			data, err := s.Data()
			if err != nil {
				return nil, fmt.Errorf("section %s: %w", name, err)
			}
			l.lines = segment{addr: s.Addr, data: data}
		}
	}
	symbols, err := f.Symbols()
	if err != nil {
		return nil, err
	}
	for _, s := range symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC && s.Section != elf.SHN_UNDEF {
			l.raw = append(l.raw, Symbol{Linker: s.Name, Start: s.Value, End: s.Value + s.Size})
		}
	}
	return l, nil
}

// readPE reads a program of Windows. Its symbol table has no sizes.
func readPE(r io.ReaderAt) (*linked, error) {
	f, err := pe.NewFile(r)
	if err != nil {
		return nil, err
	}
	head, ok := f.OptionalHeader.(*pe.OptionalHeader64)
	if !ok {
		return nil, fmt.Errorf("not a 64-bit program")
	}
	l := &linked{Image: Image{Format: "pe", Entry: head.ImageBase + uint64(head.AddressOfEntryPoint)}}
	switch f.Machine {
	case pe.IMAGE_FILE_MACHINE_AMD64:
		l.Arch = "amd64"
	case pe.IMAGE_FILE_MACHINE_ARM64:
		l.Arch = "arm64"
	}
	start := make([]uint64, len(f.Sections))
	for i, s := range f.Sections {
		data, err := s.Data()
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", s.Name, err)
		}
		start[i] = head.ImageBase + uint64(s.VirtualAddress)
		l.segments = append(l.segments, segment{start[i], data, s.Characteristics&pe.IMAGE_SCN_MEM_EXECUTE != 0})
	}
	var table, tableEnd uint64
	for _, s := range f.Symbols {
		if s.SectionNumber < 1 || int(s.SectionNumber) > len(f.Sections) {
			continue
		}
		addr := start[s.SectionNumber-1] + uint64(s.Value)
		switch s.Name {
		case "runtime.pclntab":
			table = addr
		case "runtime.epclntab":
			tableEnd = addr
		}
		l.raw = append(l.raw, Symbol{Linker: s.Name, Start: addr})
	}
	if table < tableEnd {
		l.lines = segment{addr: table, data: l.bytes(table, tableEnd-table)}
	}
	return l, nil
}

// The load commands that say where a Mach-O program starts; debug/macho has no names
// for them.
const (
	loadMain       = 0x80000028 // LC_MAIN: command, size, then the offset from __TEXT
	loadUnixThread = 0x5        // LC_UNIXTHREAD: the registers; rip is the 17th of x86_64
)

// readMacho reads a program of macOS. Its symbol table has no sizes, and a "_" before
// every name without a dot.
func readMacho(r io.ReaderAt) (*linked, error) {
	f, err := macho.NewFile(r)
	if err != nil {
		return nil, err
	}
	l := &linked{Image: Image{Format: "macho"}}
	switch f.Cpu {
	case macho.CpuAmd64:
		l.Arch = "amd64"
	case macho.CpuArm64:
		l.Arch = "arm64"
	}
	for _, s := range f.Sections {
		if s.Offset == 0 { // zeroes, which are not in the file
			continue
		}
		data, err := s.Data()
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", s.Name, err)
		}
		l.segments = append(l.segments, segment{s.Addr, data, s.Name == "__text"})
		if s.Name == "__gopclntab" {
			l.lines = segment{addr: s.Addr, data: data}
		}
	}
	if s := f.Segment("__TEXT"); s != nil {
		l.Entry = s.Addr
	}
	for _, load := range f.Loads {
		raw := load.Raw()
		if len(raw) < 16 {
			continue
		}
		switch cmd := f.ByteOrder.Uint32(raw); {
		case cmd == loadMain:
			l.Entry += f.ByteOrder.Uint64(raw[8:])
		case cmd == loadUnixThread && l.Arch == "amd64" && len(raw) >= 16+17*8:
			l.Entry = f.ByteOrder.Uint64(raw[16+16*8:])
		}
	}
	if f.Symtab == nil {
		return nil, fmt.Errorf("no symbol table")
	}
	for _, s := range f.Symtab.Syms {
		if s.Sect == 0 {
			continue
		}
		name := s.Name
		if !strings.Contains(name, ".") {
			name = strings.TrimPrefix(name, "_")
		}
		l.raw = append(l.raw, Symbol{Linker: name, Start: s.Value})
	}
	return l, nil
}
