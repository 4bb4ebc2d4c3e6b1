package plan9

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestProblems(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"no endif", "RET\n#ifdef A\nRET\n", "src/p/a.s:2: #ifdef without #endif"},
		{"no endif in a header", "#include \"b.h\"\n", "src/p/b.h:2: #ifdef without #endif"},
		{"no such header", "RET\n#include \"x.h\"\n", `src/p/a.s:2: include "x.h" is not in the tree`},
		{"no such header of a header", "#include \"c.h\"\n", `src/p/c.h:1: include "x.h" is not in the tree`},
		{"include of nothing", "#include x.h\n", "src/p/a.s:1: #include needs a file's name in quotes"},
		{"define of a number", "#define 1 2\n", "src/p/a.s:1: #define needs a name"},
		{"undef of nothing", "#undef A\n", "src/p/a.s:1: macro A is not defined"},
		{"directive alone", "#pragma\n", "src/p/a.s:1: unknown directive #pragma"},
		{"in a macro", "#define A $4\nRET\nA\n", `src/p/a.s:3: an instruction cannot begin with "$"`},
		{"no ifdef", "RET\n#endif\n", "src/p/a.s:2: #endif without #ifdef"},
		{"else alone", "#else\n", "src/p/a.s:1: #else without #ifdef"},
		{"ifdef of nothing", "#ifdef\n", "src/p/a.s:1: #ifdef needs one name"},
		{"ifdef of the end of a line", "#ifdef \\\n#endif\n", "src/p/a.s:1: #ifdef needs one name"},
		{"ifdef of a number", "#ifdef 1\n#endif\n", "src/p/a.s:1: #ifdef needs one name"},
		{"nothing", "#\n", "src/p/a.s:1: # without a directive"},
		{"unknown directive", "#pragma once\n", "src/p/a.s:1: unknown directive #pragma"},
		{"define of nothing", "#define\n", "src/p/a.s:1: #define needs a name"},
		{"twice", "#define A 1\n#define A 2\n", "src/p/a.s:2: macro A is defined twice"},
		{"arguments", "#define A(x, y) x y\nA(1)\n", "src/p/a.s:2: macro A takes 2 arguments, has 1"},
		{"open arguments", "#define A(x) x\nA(1\nRET\n", "src/p/a.s:2: arguments of macro A do not end on their line"},
		{"a macro of itself", "#define A A\n\tA\n", "src/p/a.s:2: macro A expands to too much"},
		{"doubled bodies", "#define A A A\n\tA\n", "src/p/a.s:2: macro A expands to too much"},
		{"doubled arguments", "#define A(x) A(x x)\n\tA(1)\n", "src/p/a.s:2: macro A expands to too much"},
		{"not an instruction", "RET\n$4\n", `src/p/a.s:2: an instruction cannot begin with "$"`},
		{"parentheses", "MOVQ (AX, BX\n", "src/p/a.s:1: parentheses of MOVQ do not match"},
		{"parentheses in the wrong order", "MOVQ )AX(, BX\n", "src/p/a.s:1: parentheses of MOVQ do not match"},
		{"no operand between commas", "TEXT ·f(SB), 0, $0; MOVQ $·a(SB), AX\nMOVQ AX,,\n", "src/p/a.s:2: an operand of MOVQ is missing"},
		{"no operand at the end", "MOVQ AX, // BX\n", "src/p/a.s:1: an operand of MOVQ is missing"},
		{"no symbol", "TEXT 4(SB), $0\n", "src/p/a.s:1: TEXT without a symbol"},
		{"an include of itself", "#include \"a.h\"\n", "src/p/a.h:1: includes are nested too deeply"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, v := assemble(c.text, nil, map[string]string{
				"src/p/a.h": "#include \"a.h\"\n",
				"src/p/b.h": "\n#ifdef A\n",
				"src/p/c.h": "#include \"x.h\"\n",
			})
			if len(v.Problems) == 0 {
				t.Fatal("no problem")
			}
			p := v.Problems[0]
			if got := fmt.Sprintf("%s:%d: %s", p.Path, p.Line, p.Message); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestHostileIncludes: headers that include themselves twice are left in time.
func TestHostileIncludes(t *testing.T) {
	headers := map[string]string{
		"src/p/h.h": "#include \"h.h\"\n#include \"h.h\"\n",
		"src/p/m.h": strings.Repeat("#include \"none.h\"\n", 5000) + "#include \"m.h\"\n",
	}
	start := time.Now()
	_, v := assembleWith("#include \"h.h\"\n", headers, Config{})
	if n := len(v.Problems); n == 0 || n > maxProblems || !slices.ContainsFunc(v.Problems, func(p Problem) bool { return p.Message == "more than 500 headers are included" }) {
		t.Errorf("%d problems, the first: %.3v", n, v.Problems)
	}
	_, v = assembleWith("#include \"m.h\"\n", headers, Config{})
	if n := len(v.Problems); n != maxProblems {
		t.Errorf("%d problems, want %d", n, maxProblems)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
