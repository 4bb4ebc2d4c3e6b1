package plan9

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEdges(t *testing.T) {
	headers := map[string]string{
		"src/p/m.h": "#define BODY(F) \\\n\tCALL ·hidden(SB); \\\n\tJMP F(SB)\n#define MAKE(NAME) TEXT NAME(SB), 0, $0; BODY(q·g)\n",
	}
	cases := []struct{ name, text, want string }{
		{
			"amd64",
			"TEXT ·f(SB), 0, $0\n\tCALL ·a(SB)\n\tJNE ·b(SB)\n\tMOVQ $·c(SB), AX\n\tLEAQ ·d+8(SB), BX\n\tMOVQ ·e(SB), CX\n\tMOVQ CX, ·h<>(SB)\n\tRET ·i(SB)\n",
			"2 call p.f p.a\n3 jump p.f p.b\n4 address p.f p.c\n5 address p.f p.d\n6 memory p.f p.e\n7 memory p.f p.h<>\n8 jump p.f p.i\n",
		},
		{
			"arm64",
			"TEXT ·f(SB), 0, $0\n\tBL ·a(SB)\n\tBEQ ·b(SB)\n\tMOVD $·c(SB), R0\n\tMOVD ·d(SB), R1\n\tB ·e(SB)\n",
			"2 call p.f p.a\n3 jump p.f p.b\n4 address p.f p.c\n5 memory p.f p.d\n6 jump p.f p.e\n",
		},
		{
			"data, and what the linker is told",
			"DATA ·t+0(SB)/8, $·f(SB)\nDATA ·t+8(SB)/8, $0\nGLOBL ·t(SB), 8, $16\nTEXT ·f(SB), 0, $0\n\tFUNCDATA $1, no_pointers_stackmap(SB)\n",
			"1 data p.t p.f\n",
		},
		{
			"data among instructions",
			"TEXT ·f(SB), 0, $0\nDATA ·t(SB)/8, $·f(SB)\n\tCALL ·a(SB)\n",
			"2 data p.t p.f\n3 call p.f p.a\n",
		},
		{
			"what a macro brings",
			"#include \"m.h\"\nTEXT ·f(SB), 0, $0\n\tBODY(q·g)\n\nMAKE(·h)\n",
			"3 call p.f p.hidden\n3 jump p.f q.g\n5 call p.h p.hidden\n5 jump p.h q.g\n",
		},
		{
			"through a register",
			"TEXT ·f(SB), 0, $0\n\tMOVD $·a(SB), R2\n\tMOVD R0, R1\n\tBL (R2)\n\tMOVQ $·b(SB), AX\n\tCALL AX\n\tLEAQ ·c(SB), AX\n\tJMP AX\n",
			"4 call p.f p.a\n6 call p.f p.b\n8 jump p.f p.c\n",
		},
		{
			"two calls of one load",
			"TEXT ·f(SB), 0, $0\n\tMOVQ $·a(SB), AX\n\tJEQ AX\n\tJMP AX\n",
			"3 jump p.f p.a\n4 jump p.f p.a\n",
		},
		{
			"a register that is written",
			"TEXT ·f(SB), 0, $0\n\tMOVQ $·a(SB), AX\n\tMOVQ BX, AX\n\tCALL AX\n\tMOVD $·b(SB), R2\n\tMOVD.P 8(R2), R3\n\tBL (R2)\n\tMOVD $·c(SB), R2\n\tLDP (R0), (R1, R2)\n\tBL (R2)\n\tMOVQ $·d(SB), AX\n\tSYSCALL\n\tCALL AX\n\tMOVQ $·e(SB), AX\n\tXCHGQ AX, BX\n\tCALL AX\n",
			"2 address p.f p.a\n5 address p.f p.b\n8 address p.f p.c\n11 address p.f p.d\n14 address p.f p.e\n",
		},
		{
			"a register that is read",
			"TEXT ·f(SB), 0, $0\n\tMOVQ $·a(SB), AX\n\tMOVQ AX, BX\n\tCMPQ BX, AX\n\tMOVQ BX, 8(AX)\n\tCALL AX\n",
			"6 call p.f p.a\n",
		},
		{
			"calls and labels forget registers",
			"TEXT ·f(SB), 0, $0\n\tMOVQ $·a(SB), AX\n\tCALL ·b(SB)\n\tCALL AX\n\tMOVQ $·c(SB), AX\nl:\tCALL AX\n\tJMP l\nTEXT ·g(SB), 0, $0\n\tMOVQ $·c(SB), AX\nl:\tCALL AX\n\tMOVQ $·d(SB), AX\n\tJEQ 2(PC)\n\tMOVQ BX, CX\n\tCALL AX\n",
			"2 address p.f p.a\n3 call p.f p.b\n5 address p.f p.c\n10 call p.g p.c\n11 address p.g p.d\n",
		},
		{
			"bytes forget registers, and only from there on",
			"TEXT ·f(SB), 0, $0\n\tMOVD $·a(SB), R2\n\tBL (R2)\n\tMOVD $·b(SB), R2\n\tWORD $0xd53bd040\n\tBL (R2)\n",
			"3 call p.f p.a\n4 address p.f p.b\n",
		},
		{
			"a jump to where a variable says",
			"TEXT ·f(SB), 0, $0\n\tCALL *·v(SB)\n\tMOVQ ·w(SB), AX\n\tJMP AX\n",
			"2 memory p.f p.v\n3 memory p.f p.w\n",
		},
		{
			"code that is not reached",
			"TEXT ·f(SB), 0, $0\n\tMOVQ $·x(SB), AX\n\tJMP ok\n\tCALL AX\n\tCALL ·a(SB)\n\tMOVQ $·kept(SB), BX\nok:\tCALL ·b(SB)\n",
			"2 address p.f p.x\n6 address p.f p.kept\n7 call p.f p.b\n",
		},
		{"no TEXT", "\tCALL ·a(SB)\nTEXT 4, $0\n\tCALL ·a(SB)\n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, v := assemble(c.text, nil, headers)
			var b strings.Builder
			for _, e := range v.Edges {
				fmt.Fprintln(&b, e.Line, e.Kind, e.From, e.To)
			}
			if d := cmp.Diff(c.want, b.String()); d != "" {
				t.Error(d)
			}
		})
	}
}
