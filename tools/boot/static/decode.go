package static

import (
	"encoding/binary"

	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/arch/x86/x86asm"
)

// op is what an instruction does to the flow of control.
type op int

const (
	opCall    op = iota // calls to
	opJump              // goes on at to
	opBranch            // goes on at to, or behind itself
	opAway              // goes on where only running tells: a return, a jump through a register, a trap
	opAddress           // puts the address to into a register
)

// inst is an instruction that says where a function goes on, or takes an address.
type inst struct {
	op op
	pc uint64
	to uint64
}

// decodeAMD64 finds such instructions in the code at pc. Bytes that are no
// instruction are passed over one by one. A call through a register is known where the
// code before it puts a function's address there, itself or out of a word of the file,
// which word gives (0 if there is none): so runtime.main calls main.main, and main
// rt0_go on linux/arm64.
func decodeAMD64(code []byte, pc uint64, word func(addr uint64) uint64) []inst {
	var out []inst
	known := map[x86asm.Reg]uint64{} // the addresses that registers hold
	for off := 0; off < len(code); {
		in, err := x86asm.Decode(code[off:], 64)
		if err != nil || in.Len == 0 {
			off++
			continue
		}
		at := pc + uint64(off)
		off += in.Len
		next := at + uint64(in.Len)
		switch in.Op {
		case x86asm.RET, x86asm.LRET, x86asm.UD1, x86asm.UD2, x86asm.INT, x86asm.HLT, x86asm.IRET, x86asm.IRETD, x86asm.IRETQ:
			out = append(out, inst{op: opAway, pc: at})
		case x86asm.CALL, x86asm.JMP:
			kind := opCall
			if in.Op == x86asm.JMP {
				kind = opJump
			}
			to, ok := amd64Target(in.Args[0], next, known)
			if ok {
				out = append(out, inst{op: kind, pc: at, to: to})
			} else if kind == opJump {
				out = append(out, inst{op: opAway, pc: at})
			}
			if kind == opCall {
				clear(known)
			}
		case x86asm.LEA:
			r, _ := in.Args[0].(x86asm.Reg)
			forget(known, r)
			if m, ok := in.Args[1].(x86asm.Mem); ok && m.Base == x86asm.RIP {
				// x86asm gives the displacement of RIP without its sign.
				to := next + uint64(int64(int32(m.Disp)))
				known[r] = to
				out = append(out, inst{op: opAddress, pc: at, to: to})
			}
		default:
			if to, ok := in.Args[0].(x86asm.Rel); ok { // Jcc, LOOP, JRCXZ
				out = append(out, inst{op: opBranch, pc: at, to: next + uint64(int64(to))})
			}
			if r, ok := in.Args[0].(x86asm.Reg); ok {
				forget(known, r)
				if m, ok := in.Args[1].(x86asm.Mem); ok && in.Op == x86asm.MOV && m.Base == x86asm.RIP {
					known[r] = word(next + uint64(int64(int32(m.Disp))))
				}
			}
		}
	}
	return out
}

// forget drops the address that a register holds when a part of it is written.
func forget(known map[x86asm.Reg]uint64, r x86asm.Reg) {
	switch {
	case x86asm.AL <= r && r <= x86asm.R15B:
		clear(known) // the bytes are not in the order of the others
	case x86asm.AX <= r && r <= x86asm.R15W:
		delete(known, r-x86asm.AX+x86asm.RAX)
	case x86asm.EAX <= r && r <= x86asm.R15L:
		delete(known, r-x86asm.EAX+x86asm.RAX)
	default:
		delete(known, r)
	}
}

// amd64Target returns where a call or a jump leads, if its operand or the code before
// it says so.
func amd64Target(arg x86asm.Arg, next uint64, known map[x86asm.Reg]uint64) (uint64, bool) {
	switch a := arg.(type) {
	case x86asm.Rel:
		return next + uint64(int64(a)), true
	case x86asm.Reg:
		return known[a], known[a] != 0
	}
	return 0, false
}

// decodeARM64 is decodeAMD64 for arm64. A last word that is cut short is left out.
func decodeARM64(code []byte, pc uint64, word func(addr uint64) uint64) []inst {
	var out []inst
	var page, known [32]uint64 // what ADRP, and ADD after it, left in the registers
	for off := 0; off+4 <= len(code); off += 4 {
		w := binary.LittleEndian.Uint32(code[off:])
		at := pc + uint64(off)
		rd, rn := w&31, w>>5&31
		// Of ADD $imm12, Rn, Rd and MOVD imm12(Rn), Rd arm64asm hides the number.
		imm, paged := uint64(w>>10&0xfff), page[rn]
		switch {
		case w>>22 == 0x244 && paged != 0: // ADD, behind ADRP
			page[rd], known[rd] = 0, paged+imm
			out = append(out, inst{op: opAddress, pc: at, to: known[rd]})
			continue
		case w>>22 == 0x3e5 && paged+known[rn] != 0: // MOVD, behind ADRP or both
			page[rd], known[rd] = 0, word(paged+known[rn]+imm*8)
			continue
		}
		// Branches have 101 in bits 28 to 26, ADR and ADRP 10000 in 28 to 24; decoding
		// the rest would cost most of the time and tell nothing.
		if w>>26&7 != 5 && w>>24&31 != 16 {
			page[rd], known[rd] = 0, 0
			continue
		}
		in, err := arm64asm.Decode(code[off : off+4])
		if err != nil {
			continue
		}
		switch in.Op {
		case arm64asm.BL:
			out = append(out, inst{op: opCall, pc: at, to: relative(in, at)})
			page, known = [32]uint64{}, [32]uint64{}
		case arm64asm.B:
			kind := opJump
			if _, ok := in.Args[0].(arm64asm.Cond); ok {
				kind = opBranch
			}
			out = append(out, inst{op: kind, pc: at, to: relative(in, at)})
		case arm64asm.CBZ, arm64asm.CBNZ, arm64asm.TBZ, arm64asm.TBNZ:
			out = append(out, inst{op: opBranch, pc: at, to: relative(in, at)})
		case arm64asm.BLR:
			if known[rn] != 0 {
				out = append(out, inst{op: opCall, pc: at, to: known[rn]})
			}
			page, known = [32]uint64{}, [32]uint64{}
		case arm64asm.BR:
			if known[rn] != 0 {
				out = append(out, inst{op: opJump, pc: at, to: known[rn]})
			} else {
				out = append(out, inst{op: opAway, pc: at})
			}
		case arm64asm.RET, arm64asm.BRK, arm64asm.HLT, arm64asm.ERET:
			out = append(out, inst{op: opAway, pc: at})
		case arm64asm.ADRP:
			page[rd], known[rd] = relative(in, at&^0xfff), 0
		case arm64asm.ADR:
			page[rd], known[rd] = 0, relative(in, at)
			out = append(out, inst{op: opAddress, pc: at, to: known[rd]})
		}
	}
	return out
}

// relative returns the address that an operand gives as a distance from pc.
func relative(in arm64asm.Inst, pc uint64) uint64 {
	for _, arg := range in.Args {
		if rel, ok := arg.(arm64asm.PCRel); ok {
			return pc + uint64(int64(rel))
		}
	}
	return pc
}
