package plan9

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refs writes references one a line: text kind name, then what else is set.
func refs(text string, v View) string {
	var b strings.Builder
	for _, r := range v.Refs {
		fmt.Fprintf(&b, "%s: %s %s", text[r.Offset:r.End], r.Kind, r.Name)
		if r.Defines {
			b.WriteString(" defines")
		}
		if r.Def != (Site{}) {
			fmt.Fprintf(&b, " %s:%d@%d", r.Def.Path, r.Def.Line, r.Def.Offset)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestRefs(t *testing.T) {
	headers := map[string]string{
		"src/p/m.h": "#include \"go_asm.h\"\n#define SIZE 8\n#define CALLFN(NAME, MAX) \\\nTEXT NAME(SB), 0, $MAX; \\\n\tCALL ·hidden(SB); \\\n\tJMP NAME(SB)\n#define GOTO(L) JMP L\n#define LABEL out: RET\n",
	}
	goAsm := map[string]string{"m_tls": "136", "const_n": "-1", "g__size": "400"}
	cases := []struct{ name, text, want string }{
		{
			"symbols",
			"TEXT ·f(SB), 0, $0\n\tMOVQ q∕r·v+8(SB), AX\n\tCALL g<>(SB)\n\tMOVQ x+8(FP), AX\nDATA t<>+0(SB)/8, $·f(SB)\nGLOBL t<>(SB), 8, $8\n",
			"·f: symbol p.f defines\nq∕r·v: symbol q/r.v\ng: symbol p.g<>\nt: symbol p.t<> defines\n·f: symbol p.f\nt: symbol p.t<> defines\n",
		},
		{
			"macros of the file",
			"#define A 1\n\tMOVQ $A, AX\n#undef A\n#ifdef A\n\tCALL ·f(SB)\n#ifdef B\n#endif\n#else\n\tRET\n#endif\n",
			"A: macro A defines src/p/a.s:1@8\nA: macro A src/p/a.s:1@8\nA: macro A src/p/a.s:1@8\nA: macro A\n",
		},
		{
			"macros from outside",
			"#ifdef GOOS_linux\n\tRET\n#endif\n#ifndef GOOS_b\n#endif\n",
			"GOOS_linux: macro GOOS_linux\nGOOS_b: macro GOOS_b\n",
		},
		{
			"go_asm.h through a header",
			"\tMOVQ m_tls(AX), BX\n#include \"m.h\"\n#ifdef const_n\n\tMOVQ $(m_tls+const_n), AX\n#endif\n#undef m_tls\n\tMOVQ m_tls(AX), SIZE\n",
			"\"m.h\": header m.h src/p/m.h:1@0\nconst_n: go_asm const_n\nm_tls: go_asm m_tls\nconst_n: go_asm const_n\nm_tls: go_asm m_tls\nSIZE: macro SIZE src/p/m.h:2@28\n",
		},
		{
			"go_asm.h itself",
			"#include \"go_asm.h\"\n\tMOVQ g__size(AX), BX\n",
			"\"go_asm.h\": header go_asm.h\ng__size: go_asm g__size\n",
		},
		{
			"arguments of macros",
			"#include \"m.h\"\nCALLFN(·call16, SIZE)\n",
			"\"m.h\": header m.h src/p/m.h:1@0\nCALLFN: macro CALLFN src/p/m.h:3@43\n·call16: symbol p.call16 defines\nSIZE: macro SIZE src/p/m.h:2@28\n",
		},
		{
			"labels are of one TEXT",
			"TEXT ·f(SB), 0, $0\nok:\tJMP ok\n\tJNZ out\nout:\n\tRET\nTEXT ·g(SB), 0, $0\n\tB.EQ ok\n\tCBZ R0, ok\n\tTBZ $1, R0, ok\n\tADR ok, R1\n\tBL (R1)\n\tJMP R2\nok:\tRET\n\tJMP gone\n",
			"·f: symbol p.f defines\nok: label ok defines src/p/a.s:2@20\nok: label ok src/p/a.s:2@20\nout: label out src/p/a.s:4@40\nout: label out defines src/p/a.s:4@40\n" +
				"·g: symbol p.g defines\nok: label ok src/p/a.s:13@136\nok: label ok src/p/a.s:13@136\nok: label ok src/p/a.s:13@136\nok: label ok src/p/a.s:13@136\nok: label ok defines src/p/a.s:13@136\ngone: label gone\n",
		},
		{
			"labels in macros",
			"#include \"m.h\"\nTEXT ·f(SB), 0, $0\n\tGOTO(out)\n\tJMP out\n\tLABEL\n",
			"\"m.h\": header m.h src/p/m.h:1@0\n·f: symbol p.f defines\nGOTO: macro GOTO src/p/m.h:7@133\nout: label out src/p/m.h:8@161\nout: label out src/p/m.h:8@161\nLABEL: macro LABEL src/p/m.h:8@155\n",
		},
		{
			"a macro without its arguments is none",
			"#include \"m.h\"\n\tMOVQ GOTO, AX\n",
			"\"m.h\": header m.h src/p/m.h:1@0\n",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, v := assembleWith(c.text, headers, Config{Defines: []string{"GOOS_linux"}, GoAsm: goAsm})
			clean(t, v)
			if d := cmp.Diff(c.want, refs(c.text, v)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestAssembleTogether reads one file for two platforms at once.
func TestAssembleTogether(t *testing.T) {
	f := Parse("src/p/a.s", []byte("TEXT ·f(SB), 0, $0\n#ifdef A\n\tCALL ·a(SB)\n#else\n\tCALL ·b(SB)\n#endif\n"))
	var wg sync.WaitGroup
	for _, c := range []struct{ define, want string }{{"A", "p.a"}, {"B", "p.b"}} {
		for range 4 {
			wg.Go(func() {
				v := f.Assemble(Config{Package: "p", Defines: []string{c.define}})
				if d := cmp.Diff([]Edge{{"p.f", c.want, CallEdge, map[string]int{"A": 3, "B": 5}[c.define]}}, v.Edges); d != "" {
					t.Error(d)
				}
			})
		}
	}
	wg.Wait()
}
