package static

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pointer is the one word that the tests' code can load.
const pointer = 0x9000

func oneWord(addr uint64) uint64 {
	if addr == pointer {
		return 0x4000
	}
	return 0
}

// words lays out arm64 instructions.
func words(ws ...uint32) []byte {
	var out []byte
	for _, w := range ws {
		out = binary.LittleEndian.AppendUint32(out, w)
	}
	return out
}

var unexported = cmp.AllowUnexported(inst{}, Symbol{})

func TestDecodeAMD64(t *testing.T) {
	tests := map[string]struct {
		code []byte
		want []inst
	}{
		"call forward":        {[]byte{0xe8, 0x10, 0, 0, 0}, []inst{{opCall, 0x1000, 0x1015}}},
		"call backward":       {[]byte{0x90, 0xe8, 0xfa, 0xff, 0xff, 0xff}, []inst{{opCall, 0x1001, 0x1000}}},
		"near and far jump":   {[]byte{0xeb, 0x05, 0xe9, 0xf9, 0xff, 0xff, 0xff}, []inst{{opJump, 0x1000, 0x1007}, {opJump, 0x1002, 0x1000}}},
		"conditional":         {[]byte{0x74, 0x02, 0x0f, 0x85, 0, 1, 0, 0}, []inst{{opBranch, 0x1000, 0x1004}, {opBranch, 0x1002, 0x1108}}},
		"return and traps":    {[]byte{0xc3, 0x0f, 0x0b, 0xcc}, []inst{{opAway, 0x1000, 0}, {opAway, 0x1001, 0}, {opAway, 0x1003, 0}}},
		"address, negative":   {[]byte{0x48, 0x8d, 0x05, 0xf9, 0xff, 0xff, 0xff}, []inst{{opAddress, 0x1000, 0x1000}}},
		"call of an address":  {[]byte{0x48, 0x8d, 0x05, 1, 0, 0, 0, 0xff, 0xd0}, []inst{{opAddress, 0x1000, 0x1008}, {opCall, 0x1007, 0x1008}}},
		"call of a word":      {[]byte{0x48, 0x8b, 0x05, 0xf9, 0x7f, 0, 0, 0xff, 0xd0}, []inst{{opCall, 0x1007, 0x4000}}},
		"call of a variable":  {[]byte{0x48, 0x8b, 0x05, 0, 0, 0, 0, 0xff, 0xd0}, nil},
		"register set anew":   {[]byte{0x48, 0x8d, 0x05, 1, 0, 0, 0, 0x31, 0xc0, 0xff, 0xd0}, []inst{{opAddress, 0x1000, 0x1008}}},
		"jump by a register":  {[]byte{0xff, 0xe1}, []inst{{opAway, 0x1000, 0}}},
		"not an instruction":  {[]byte{0x06, 0xc3}, []inst{{opAway, 0x1001, 0}}},
		"cut in the middle":   {[]byte{0xe8, 0x10}, nil},
		"an empty body":       {nil, nil},
		"a call forgets them": {[]byte{0x48, 0x8d, 0x05, 1, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xff, 0xe0}, []inst{{opAddress, 0x1000, 0x1008}, {opCall, 0x1007, 0x100c}, {opAway, 0x100c, 0}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := decodeAMD64(test.code, 0x1000, oneWord)
			if diff := cmp.Diff(test.want, got, unexported); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDecodeARM64(t *testing.T) {
	tests := map[string]struct {
		code []byte
		want []inst
	}{
		"call forward":       {words(0x94000002), []inst{{opCall, 0x1000, 0x1008}}},
		"call backward":      {words(0xd503201f, 0x97ffffff), []inst{{opCall, 0x1004, 0x1000}}},
		"jump":               {words(0x17ffffff), []inst{{opJump, 0x1000, 0xffc}}},
		"conditional":        {words(0x54000041), []inst{{opBranch, 0x1000, 0x1008}}},
		"zero and bit":       {words(0xb4000040, 0x35000040, 0x36000040, 0xb7f80040), []inst{{opBranch, 0x1000, 0x1008}, {opBranch, 0x1004, 0x100c}, {opBranch, 0x1008, 0x1010}, {opBranch, 0x100c, 0x1014}}},
		"return and trap":    {words(0xd65f03c0, 0xd4200000), []inst{{opAway, 0x1000, 0}, {opAway, 0x1004, 0}}},
		"page and offset":    {words(0x90000000, 0x91004001), []inst{{opAddress, 0x1004, 0x1010}}},
		"call of an address": {words(0xb0000002, 0x910e8042, 0xd63f0040), []inst{{opAddress, 0x1004, 0x23a0}, {opCall, 0x1008, 0x23a0}}},
		"jump to an address": {words(0xb0000002, 0x910e8042, 0xd61f0040), []inst{{opAddress, 0x1004, 0x23a0}, {opJump, 0x1008, 0x23a0}}},
		"call of a word":     {words(0x9000005a, 0x9100035a, 0xf9400340, 0xd63f0000), []inst{{opAddress, 0x1004, pointer}, {opCall, 0x100c, 0x4000}}},
		"word by its page":   {words(0x90000040, 0xf9400000, 0xd63f0000), []inst{{opCall, 0x1008, 0x4000}}},
		"unknown register":   {words(0xd63f0180, 0xd61f0180), []inst{{opAway, 0x1004, 0}}},
		"register set anew":  {words(0xb0000002, 0x910e8042, 0xd2800002, 0xd63f0040), []inst{{opAddress, 0x1004, 0x23a0}}},
		"no page before it":  {words(0x910023e1), nil},
		"cut short":          {[]byte{0x02, 0x00, 0x00}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := decodeARM64(test.code, 0x1000, oneWord)
			if diff := cmp.Diff(test.want, got, unexported); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// No bytes make a decoder panic, leave the code, or go backward in it.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0xe8, 0x10, 0, 0, 0, 0x48, 0x8d, 0x05, 1, 0, 0, 0, 0xff, 0xd0}, uint64(0x1000))
	f.Add(words(0xb0000002, 0x910e8042, 0xd63f0040, 0x54000041), uint64(0x1000))
	f.Add(bytes.Repeat([]byte{0x66}, 40), ^uint64(0))
	f.Fuzz(func(t *testing.T, code []byte, pc uint64) {
		for _, decode := range []func([]byte, uint64, func(uint64) uint64) []inst{decodeAMD64, decodeARM64} {
			last := -1
			for _, in := range decode(code, pc, oneWord) {
				off := int(in.pc - pc)
				if off <= last || off >= len(code) {
					t.Fatalf("an instruction at %d behind one at %d of %d bytes", off, last, len(code))
				}
				last = off
			}
		}
	})
}
