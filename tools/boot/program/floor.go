package program

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

// exits holds, per architecture, the machine code of exit_group(0).
var exits = map[string]struct {
	machine elf.Machine
	code    []byte
}{
	"amd64": {elf.EM_X86_64, []byte{
		0xb8, 0xe7, 0x00, 0x00, 0x00, // mov eax, 231
		0x31, 0xff, // xor edi, edi
		0x0f, 0x05, // syscall
	}},
	"arm64": {elf.EM_AARCH64, []byte{
		0xc8, 0x0b, 0x80, 0xd2, // mov x8, #94
		0x00, 0x00, 0x80, 0xd2, // mov x0, #0
		0x01, 0x00, 0x00, 0xd4, // svc #0
	}},
}

// floorBase is where the floor program is loaded; any page but the first would do.
const floorBase = 0x400000

// HasFloor reports whether there is a floor program for an architecture.
func HasFloor(goarch string) bool { return exits[goarch].code != nil }

// Floor returns the least program that Linux runs: an ELF file with one segment, whose
// first instructions leave again. What it costs, every program costs.
func Floor(goarch string) ([]byte, error) {
	exit, ok := exits[goarch]
	if !ok {
		return nil, fmt.Errorf("no floor program for linux/%s", goarch)
	}
	const headers = 64 + 56 // the file's header and the segment's
	size := uint64(headers + len(exit.code))
	file := elf.Header64{
		Ident:     [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:      uint16(elf.ET_EXEC),
		Machine:   uint16(exit.machine),
		Version:   uint32(elf.EV_CURRENT),
		Entry:     floorBase + headers,
		Phoff:     64,
		Ehsize:    64,
		Phentsize: 56,
		Phnum:     1,
	}
	segment := elf.Prog64{
		Type:   uint32(elf.PT_LOAD),
		Flags:  uint32(elf.PF_R | elf.PF_X),
		Vaddr:  floorBase,
		Paddr:  floorBase,
		Filesz: size,
		Memsz:  size,
		Align:  0x10000, // the largest page size of an arm64 kernel
	}
	var out bytes.Buffer
	for _, part := range []any{file, segment, exit.code} {
		if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// WriteFloor writes the floor program into dir and returns its path.
func WriteFloor(goarch, dir string) (string, error) {
	text, err := Floor(goarch)
	if err != nil {
		return "", err
	}
	out, err := filepath.Abs(filepath.Join(dir, "floor-linux-"+goarch))
	if err != nil {
		return "", err
	}
	return out, os.WriteFile(out, text, 0o777)
}
