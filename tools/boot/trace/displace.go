package trace

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/arch/x86/x86asm"
)

// A displaced instruction is run elsewhere than where it stands, so that the breakpoint
// on it can stay: no other thread slips past.
type displaced struct {
	code []byte // to be run in the other place; nil if the branch is taken by hand
	len  uint64 // of the instruction where it stands
	call bool   // it pushes the address behind it, which must be the one where it stands

	// A branch by hand: relative to the end of the instruction, if the condition holds.
	branch    int64
	condition x86asm.Op // JMP and CALL always hold
}

// displace prepares the first instruction of code, which stands at from, to be run at to.
func displace(code []byte, from, to uint64) (displaced, error) {
	in, err := x86asm.Decode(code[:min(len(code), 15)], 64)
	if err != nil {
		return displaced{}, fmt.Errorf("instruction at %#x: %w", from, err)
	}
	d := displaced{len: uint64(in.Len), call: in.Op == x86asm.CALL}
	if rel, ok := in.Args[0].(x86asm.Rel); ok {
		d.branch, d.condition = int64(rel), in.Op
		if _, known := holds(in.Op, 0); !known {
			return displaced{}, fmt.Errorf("instruction at %#x: %v cannot be run elsewhere", from, in.Op)
		}
		return d, nil
	}
	if in.Op == x86asm.SYSCALL {
		return displaced{}, fmt.Errorf("instruction at %#x: a system call cannot be run elsewhere", from)
	}
	d.code = append([]byte(nil), code[:in.Len]...)
	if in.PCRel != 4 {
		return d, nil
	}
	at := d.code[in.PCRelOff:]
	moved := int64(int32(binary.LittleEndian.Uint32(at))) + int64(from) - int64(to)
	if moved != int64(int32(moved)) {
		return displaced{}, fmt.Errorf("instruction at %#x: its operand is out of reach from %#x", from, to)
	}
	binary.LittleEndian.PutUint32(at, uint32(moved))
	return d, nil
}

// The bits of RFLAGS that conditional jumps look at.
const (
	carry    = 1 << 0
	parity   = 1 << 2
	zero     = 1 << 6
	sign     = 1 << 7
	overflow = 1 << 11
)

// holds says whether a jump or call is taken with these flags, and whether it is known.
func holds(op x86asm.Op, flags uint64) (taken, known bool) {
	set := func(mask uint64) bool { return flags&mask != 0 }
	less := set(sign) != set(overflow)
	switch op {
	case x86asm.JMP, x86asm.CALL:
		return true, true
	case x86asm.JE:
		return set(zero), true
	case x86asm.JNE:
		return !set(zero), true
	case x86asm.JB:
		return set(carry), true
	case x86asm.JAE:
		return !set(carry), true
	case x86asm.JBE:
		return set(carry | zero), true
	case x86asm.JA:
		return !set(carry | zero), true
	case x86asm.JL:
		return less, true
	case x86asm.JGE:
		return !less, true
	case x86asm.JLE:
		return less || set(zero), true
	case x86asm.JG:
		return !less && !set(zero), true
	case x86asm.JS:
		return set(sign), true
	case x86asm.JNS:
		return !set(sign), true
	case x86asm.JO:
		return set(overflow), true
	case x86asm.JNO:
		return !set(overflow), true
	case x86asm.JP:
		return set(parity), true
	case x86asm.JNP:
		return !set(parity), true
	}
	return false, false
}

// callBefore finds the call instruction that ends where code does, at the address end.
// Target is where it goes, 0 if that stands in a register or in memory.
func callBefore(code []byte, end uint64) (site, target uint64, ok bool) {
	if n := len(code); n >= 5 && code[n-5] == 0xe8 {
		rel := int32(binary.LittleEndian.Uint32(code[n-4:]))
		return end - 5, end + uint64(int64(rel)), true
	}
	for size := 2; size <= min(8, len(code)); size++ {
		in, err := x86asm.Decode(code[len(code)-size:], 64)
		if err == nil && in.Len == size && in.Op == x86asm.CALL {
			return end - uint64(size), 0, true
		}
	}
	return 0, 0, false
}
