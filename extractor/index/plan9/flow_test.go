package plan9

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnreached(t *testing.T) {
	const text = "TEXT ·f(SB), 0, $0\n" // line 1
	headers := map[string]string{"src/p/m.h": "#define TWO RET; CALL ·x(SB)\n#define NOTE FUNCDATA $1, x(SB)\n"}
	cases := []struct {
		name, text string
		want       []Lines
	}{
		{"up to a label", "#ifdef A\n\tJMP ok\n#endif\n\tLEAQ ·a(SB), DI\n\n\t// why\n\tCALL ·b(SB)\n\nok:\n\tRET\n", []Lines{{5, 8}}},
		{"over a jump that is not seen to be taken", "\tJEQ ok\n\tCALL ·b(SB)\nok:\tRET\n", nil},
		{"a label that nobody names", "\tRET\nbad:\n\tCALL ·b(SB)\n", []Lines{{3, 4}}},
		{"a label that dead code names", "\tRET\nx:\tJMP y\ny:\tJMP x\n", []Lines{{3, 4}}},
		{"n(PC)", "\tJEQ 3(PC)\n\tMOVQ AX, BX\n\tRET\n\tCALL ·a(SB)\n\tJMP 2(PC)\n\tCALL ·b(SB)\n\tJMP -4(PC)\n", []Lines{{7, 7}}},
		{"what n(PC) counts", "\tJMP 6(PC)\n\tPCALIGN $16\n\tFUNCDATA $1, x(SB)\n\tPCDATA $1, $2\nl:\n\tNOP\n\tNOP; DATA x(SB)/8, $0\n\tRET\n", []Lines{{6, 8}}},
		{"instructions of macros count", "#include \"m.h\"\n\tJEQ 2(PC)\n\tTWO\n\tJMP 3(PC)\n\tTWO\n\tRET\n", []Lines{{6, 6}}},
		{"a line of which a part is reached", "\tJEQ 2(PC)\n\tRET; NOP\n\tRET; NOP\n", nil},
		{"notes and data", "#include \"m.h\"\n\tRET\n\tNOP\n\tNOTE\n\tNOP\nDATA x(SB)/8, $0\n\tNOP\n\tNOTE\n", []Lines{{4, 6}, {8, 8}}},
		{"between directives", "\tRET\n\tNOP\n#ifdef A\n\tNOP\n#endif\n\tNOP\n", []Lines{{3, 3}, {5, 5}, {7, 7}}},
		{"calls return", "\tCALL ·exit(SB)\n\tINT $3\n\tBL (R1)\n\tNOP\n", nil},
		{"UNDEF does not", "\tUNDEF\n\tCALL ·abort(SB)\n", []Lines{{3, 3}}},
		{"conditions of arm64", "\tB.EQ l\n\tCBZ R0, l\n\tTBZ $1, R0, l\n\tNOP\nl:\tB ·g(SB)\n\tNOP\n", []Lines{{7, 7}}},
		{"an address of a label", "\tADR l, R0\n\tB (R0)\nl:\tNOP\n", nil},
		{"a jump out of the TEXT", "\tJMP 9(PC)\n\tNOP\n", nil},
		{"a jump to nowhere", "\tJMP gone\n\tNOP\n", nil},
		{"a jump before the TEXT", "\tJMP -9(PC)\n\tNOP\n", nil},
		{"a jump that is computed", "\tJMP 99999999999(PC)\n\tNOP\n", nil},
		{"an address in the code", "\tLEAQ 8(PC), AX\n\tJMP AX\n\tNOP\n", nil},
		{"bytes that may jump", "\tBYTE $0xeb; BYTE $1\n\tRET\n\tNOP\n", nil},
		{"a byte that does not", "\tBYTE $0x90\n\tRET\n\tNOP\n", []Lines{{4, 4}}},
		{"a word that may jump", "\tWORD $0x14000002\n\tRET\n\tNOP\n", nil},
		{"a word that reads a register", "\tWORD $0xd53bd060\n\tRET\n\tNOP\n", []Lines{{4, 4}}},
		{"a table of jumps", "\tMOVD $0, R12\n\tB ·g(SB)\n\tMOVD $1, R12\n\tB ·g(SB)\n", nil},
		{"no table", "\tB ·g(SB)\n\tB ·h(SB)\nl:\tB ·h(SB)\n", []Lines{{3, 4}}},
		{"the next TEXT", "\tRET\nTEXT ·g(SB), 0, $0\n\tNOP\n", nil},
		{"a label at the end", "\tJMP end\n\tNOP\nend:\n", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, v := assemble(text+c.text, []string{"A"}, headers)
			clean(t, v)
			if d := cmp.Diff(c.want, v.Unreached); d != "" {
				t.Error(d)
			}
		})
	}
}
