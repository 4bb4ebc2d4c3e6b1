package plan9

import (
	"strconv"
	"strings"
	"text/scanner"
)

// Mnemonics mean the same on every architecture that has them, so one table serves
// all. They are those of cmd/asm/internal/arch, where amd64 and arm64 are complete.

// isCall reports whether s comes back behind itself.
func (s statement) isCall() bool {
	switch s.op.Text {
	case "CALL", "BL", "BLX", "JAL", "BCL", "BGEZAL", "BLTZAL":
		return true
	}
	return false
}

// isJump reports whether s may go on elsewhere: a jump, a branch, a return.
func (s statement) isJump() bool {
	op := s.op.Text
	switch op {
	case "B", "BR", "BX", "RET",
		"BEQ", "BNE", "BCS", "BHS", "BCC", "BLO", "BMI", "BPL", "BVS", "BVC", "BHI", "BLS", "BGE", "BLT", "BGT", "BLE",
		"CBZ", "CBZW", "CBNZ", "CBNZW", "TBZ", "TBNZ", "XBEGIN",
		"BC", "BDNZ", "BDZ", "BEQZ", "BGEU", "BGEZ", "BGTU", "BGTZ", "BLEU", "BLEZ", "BLTU", "BLTZ", "BNEZ", "BFPF", "BFPT",
		"BRC", "BRCT", "BRCTG", "CRJ", "CGRJ", "CLRJ", "CLGRJ", "CIJ", "CGIJ", "CLIJ", "CLGIJ":
		return true
	case "JAL":
		return false
	}
	return strings.HasPrefix(op, "J") || strings.HasPrefix(op, "LOOP") ||
		strings.HasPrefix(op, "CMPB") && len(op) == 6 || strings.HasPrefix(op, "CMPUB")
}

// isStop reports whether what follows s is never executed because of s alone: it
// jumps without a condition, returns, or is an instruction that no processor has.
// INT3 and BRK are none, a debugger continues behind them. A suffix may be a
// condition (B.EQ).
func (s statement) isStop() bool {
	if s.suffix {
		return false
	}
	switch s.op.Text {
	case "JMP", "B", "BR", "RET", "ERET", "IRETL", "IRETQ", "IRETW", "RETFL", "RETFQ", "RETFW", "UNDEF", "UD2":
		return true
	}
	return false
}

// isAddress reports whether operand i of s is an address, not what stands there.
func (s statement) isAddress(i int) bool {
	op := s.op.Text
	return s.operands[i][0].Kind == '$' || strings.HasPrefix(op, "LEA") || op == "ADR" || op == "ADRP"
}

// isRaw reports whether s puts bytes of its own among the instructions. BYTE $0x90,
// which does nothing, is none.
func (s statement) isRaw() bool {
	switch s.op.Text {
	case "BYTE":
		return s.constant() != 0x90
	case "WORD", "LONG", "QUAD", "DWORD":
		return true
	}
	return false
}

// isOpaque reports whether s may jump anywhere, being any instruction. On arm64 a WORD
// that reads a register of the system (MRS; 0xd53 in its upper twelve bits) is known
// not to.
func (s statement) isOpaque() bool {
	return s.isRaw() && (s.op.Text != "WORD" || s.constant()>>20 != 0xd53)
}

// constant returns the value of the one operand $n, or 0.
func (s statement) constant() uint64 {
	if len(s.operands) != 1 || len(s.operands[0]) != 2 || s.operands[0][0].Kind != '$' {
		return 0
	}
	n, _ := strconv.ParseUint(s.operands[0][1].Text, 0, 64)
	return n
}

// isNote reports whether s tells something to the linker and is not executed.
func (s statement) isNote() bool {
	switch s.op.Text {
	case "FUNCDATA", "PCDATA", "PCALIGN", "":
		return true
	}
	return false
}

// isRegister reports whether a word looks like a register's name: R2, AX, g.
func isRegister(word string) bool { return word == "g" || word == strings.ToUpper(word) }

// register returns the register that an operand is, be it in parentheses, or "".
func register(operand []token) string {
	if len(operand) == 3 && operand[0].Kind == '(' && operand[2].Kind == ')' {
		operand = operand[1:2]
	}
	if len(operand) != 1 || operand[0].Kind != scanner.Ident || !isRegister(operand[0].Text) {
		return ""
	}
	return operand[0].Text
}
