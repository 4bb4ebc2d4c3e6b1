package emulate

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"beforemain/tools/boot/image"
)

// sleep is machine code that waits for ever: ppoll(nil, 0, nil, nil), again and again.
var sleep = map[string][]uint32{"arm64": {
	0xd2800000, // mov x0, #0
	0xd2800001, // mov x1, #0
	0xd2800002, // mov x2, #0
	0xd2800003, // mov x3, #0
	0xd2800928, // mov x8, #73
	0xd4000001, // svc #0
	0x17fffffa, // b to the first
}}

// sleeper writes a copy of a program whose sysmon sleeps from its first instruction on,
// and returns its path. The caller removes it.
func sleeper(m *image.Image) (path string, err error) {
	text, err := os.ReadFile(m.Path)
	if err != nil {
		return "", err
	}
	if err := lull(m, text); err != nil {
		return "", err
	}
	f, err := os.CreateTemp("", "boot")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o700), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// lull puts sysmon to sleep in the text of a program's file.
func lull(m *image.Image, text []byte) error {
	code, ok := sleep[m.GOARCH]
	if !ok {
		return fmt.Errorf("no code that sleeps on %s", m.GOARCH)
	}
	sysmon, found := m.Lookup("runtime.sysmon")
	if !found {
		return nil
	}
	f, err := elf.Open(m.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	section := f.Section(".text")
	size := uint64(4 * len(code))
	at := section.Offset + sysmon.Addr - section.Addr
	if sysmon.Size < size || at+size > uint64(len(text)) {
		return fmt.Errorf("runtime.sysmon has no room for %d bytes", size)
	}
	for _, in := range code {
		binary.LittleEndian.PutUint32(text[at:], in)
		at += 4
	}
	return nil
}
