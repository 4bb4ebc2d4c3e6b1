package plan9

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLex(t *testing.T) {
	cases := []struct {
		name, text string
		want       string // with spaces between; a line's end is ¶
	}{
		{"instruction", "\tMOVQ\t$runtime·g0(SB), DI\n", "MOVQ $ runtime·g0 ( SB ) , DI ¶"},
		{"package with a slash", "CALL runtime∕internal∕sys·f(SB)", "CALL runtime∕internal∕sys·f ( SB )"},
		{"comments", "RET // it's over\n/* two\nlines */ RET\r\n", "RET // it's over ¶ /* two\nlines */ RET ¶"},
		{"continuation", "#define A \\\n\tRET\n", "# define A \\ ¶ RET ¶"},
		{"numbers", "MOVD $(-64*1024)(R7), 0x1.8p3", "MOVD $ ( - 64 * 1024 ) ( R7 ) , 0x1.8p3"},
		{"file-local", "MOVQ $f<>+8(SB), 'x'", "MOVQ $ f < > + 8 ( SB ) , 'x'"},
		{"string that does not end", "DATA x(SB)/8, \"abc\nRET", "DATA x ( SB ) / 8 , \"abc¶ RET"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, tok := range Lex([]byte(c.text)) {
				got = append(got, strings.ReplaceAll(tok.Text, "\n", "¶"))
			}
			want := strings.ReplaceAll(c.want, "\n", "¶")
			if d := cmp.Diff(want, strings.Join(got, " ")); d != "" {
				t.Error(d)
			}
		})
	}
}

// assemble reads a file with the headers beside it.
func assemble(text string, defines []string, headers map[string]string) (*File, View) {
	f := Parse("src/p/a.s", []byte(text))
	v := f.Assemble(Config{Package: "p", Defines: defines, Include: func(dir, name string) *File {
		h, ok := headers[path.Join(dir, name)]
		if !ok {
			return nil
		}
		return Parse(path.Join(dir, name), []byte(h))
	}})
	return f, v
}

func TestAssemble(t *testing.T) {
	type definition struct {
		Name              string
		First, Head, Last int
	}
	cases := []struct {
		name, text string
		defines    []string
		headers    map[string]string
		want       []definition
		refs       string // names that do not define, with their texts where the file has them
		inactive   []Lines
	}{
		{
			name: "comment and body",
			text: "// far away\n\n// f does\n// a thing.\nTEXT ·f(SB), NOSPLIT, $0-8\n\tCALL\tq·g(SB)\n\tRET\n\n// next\nTEXT g<>(SB), 0, $0\n\tRET\n",
			want: []definition{{"p.f", 3, 5, 7}, {"p.g<>", 9, 10, 11}},
			refs: "q.g=q·g",
		},
		{
			name: "data",
			text: "// table\nDATA ·t+0(SB)/8, $·f(SB)\n\nDATA ·t+8(SB)/8, $0\nGLOBL ·t(SB), RODATA, $16\nGLOBL u<>(SB), NOPTR, $8\n",
			want: []definition{{"p.t", 1, 2, 5}, {"p.t", 1, 2, 5}, {"p.t", 1, 2, 5}, {"p.u<>", 6, 6, 6}},
			refs: "p.f=·f",
		},
		{
			name:     "branches inside",
			text:     "TEXT ·f(SB), 0, $0\n#ifdef GOOS_a\n\t// on a\n\tCALL ·a(SB)\n#else\n\tCALL ·b(SB)\n#ifndef X\n\tRET\n#endif\n#endif\n\nTEXT ·g(SB), 0, $0\n\tRET\n",
			defines:  []string{"GOOS_a"},
			want:     []definition{{"p.f", 1, 1, 10}, {"p.g", 12, 12, 13}},
			refs:     "p.a=·a",
			inactive: []Lines{{6, 9}},
		},
		{
			name:     "guard around a head",
			text:     "#ifdef GOOS_b\n// b's\nTEXT ·f(SB), 0, $0\n\tRET\n#endif\n#ifndef GOOS_b\nTEXT ·f(SB), 0, $4\n\tRET\n#endif\n",
			want:     []definition{{"p.f", 7, 7, 8}},
			inactive: []Lines{{2, 4}},
		},
		{
			name:    "macro that defines",
			text:    "#include \"m.h\"\nTEXT ·f(SB), 0, $0\n\tBODY(q·g)\n\tRET\n\n// made\nMAKE(·h, 16)\nMAKE(·i, 32)\n\nTEXT ·j(SB), 0, $0\n\tRET\n",
			headers: map[string]string{"src/p/m.h": "#define MAKE(NAME, SIZE) \\\nTEXT NAME(SB), 0, $SIZE; \\\n\tCALL ·x(SB) \\\n\tRET\n#define BODY(F) CALL F(SB)\n"},
			want:    []definition{{"p.f", 2, 2, 4}, {"p.h", 6, 7, 7}, {"p.i", 8, 8, 8}, {"p.j", 10, 10, 11}},
			refs:    "q.g=q·g p.x= p.x=",
		},
		{
			name:     "branch in a macro's body",
			text:     "#define BREAK \\\n#ifdef GOOS_w \\\n\tCALL ·w(SB) \\\n#else \\\n\tCALL ·o(SB) \\\n#endif\n\nTEXT ·f(SB), 0, $0\n\tBREAK\n\tRET\n",
			want:     []definition{{"p.f", 8, 8, 10}},
			refs:     "p.o=",
			inactive: nil,
		},
		{
			name: "no package, labels, other registers",
			text: "TEXT _rt0(SB), 0, $-8\nloop:\tMOVQ (AX), BX\n\tMOVQ x+8(FP), AX\n\tJMP loop\n\tJMP main(SB)\n\tMOVQ $runtime∕sys·v<ABIInternal>+4(SB)(R9*8), AX\n",
			want: []definition{{"_rt0", 1, 1, 6}},
			refs: "main=main runtime/sys.v=runtime∕sys·v",
		},
		{
			name:    "undef and redefinition in another branch",
			text:    "#define N 1\n#undef N\n#define N ·n\nTEXT N(SB), 0, $0\n\tRET\n",
			want:    []definition{{"p.n", 4, 4, 5}},
			defines: []string{"GOOS_a"},
		},
		{
			name: "include that is not there",
			text: "#include \"textflag.h\"\nTEXT ·f(SB), NOSPLIT, $0\n\tRET\n",
			want: []definition{{"p.f", 2, 2, 3}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, v := assemble(c.text, c.defines, c.headers)
			for _, err := range v.Problems {
				t.Error(err)
			}
			var got []definition
			for _, d := range v.Definitions {
				b := f.Block(d.Line)
				got = append(got, definition{d.Name, b.First, b.Head, b.Last})
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			var refs []string
			for _, s := range v.Symbols {
				if s.Defines {
					continue
				}
				text := ""
				if s.Offset >= 0 {
					text = c.text[s.Offset:s.End]
				}
				refs = append(refs, s.Name+"="+text)
			}
			if d := cmp.Diff(c.refs, strings.Join(refs, " ")); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.inactive, v.Inactive); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"no endif", "#ifdef A\n", "src/p/a.s: #ifdef without #endif"},
		{"no ifdef", "RET\n#endif\n", "src/p/a.s:2: #endif without #ifdef"},
		{"else alone", "#else\n", "src/p/a.s:1: #else without #ifdef"},
		{"ifdef of nothing", "#ifdef\n", "src/p/a.s:1: #ifdef needs one name"},
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
		{"no symbol", "TEXT 4(SB), $0\n", "src/p/a.s:1: TEXT without a symbol"},
		{"an include of itself", "#include \"a.h\"\n", "src/p/a.h:1: includes are nested too deeply"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, v := assemble(c.text, nil, map[string]string{"src/p/a.h": "#include \"a.h\"\n"})
			if len(v.Problems) == 0 {
				t.Fatal("no problem")
			}
			if got := v.Problems[0].Error(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func FuzzAssemble(f *testing.F) {
	f.Add("#define M(x, y) \\\nTEXT x(SB), 0, $y; \\\n\tRET\n#ifdef A\nM(·f, 8)\n#else\nDATA ·t+0(SB)/8, $·f<>(SB)\nGLOBL ·t(SB), 8, $8\n#endif\n")
	f.Add("TEXT ·f(SB), 0, $0\nl: MOVQ (AX), BX // c\n/* d\n*/\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, v := assemble(text, []string{"A"}, nil)
		lines := strings.Count(text, "\n") + 1
		for _, d := range v.Definitions {
			b := file.Block(d.Line)
			if b.First < 1 || b.First > b.Head || b.Head > d.Line || d.Line > b.Last || b.Last > lines {
				t.Errorf("%s at line %d of %d: block %v, head %d", d.Name, d.Line, lines, b.Lines, b.Head)
			}
			if start, end := file.Span(b.Lines); start > end || end > len(text) {
				t.Errorf("%s: bytes %d to %d of %d", d.Name, start, end, len(text))
			}
		}
		for _, s := range v.Symbols {
			if s.Offset >= 0 && (s.End <= s.Offset || s.End > len(text)) {
				t.Errorf("%s: bytes %d to %d of %d", s.Name, s.Offset, s.End, len(text))
			}
		}
	})
}

func FuzzLex(f *testing.F) {
	f.Add([]byte("TEXT runtime·f<>(SB), NOSPLIT, $0-8 // c\r\n#define A(x) \\\n/* d */ \"s\" 'c' 0x1p-2\n"))
	f.Add([]byte("\ufeff/*\x00\xff\"\n'"))
	f.Fuzz(func(t *testing.T, text []byte) {
		end, line := 0, 1
		gap := func(from, to int) {
			between := string(text[from:to])
			if from == 0 {
				between = strings.TrimPrefix(between, "\ufeff")
			}
			if strings.Trim(between, " \t\r") != "" {
				t.Errorf("%q is no token", between)
			}
		}
		for _, tok := range Lex(text) {
			if tok.Offset < end || tok.End() > len(text) || tok.Text == "" || tok.Text != string(text[tok.Offset:tok.End()]) {
				t.Fatalf("token %+v behind %d of %d bytes", tok, end, len(text))
			}
			gap(end, tok.Offset)
			if tok.Line != line {
				t.Errorf("token %+v is on line %d", tok, line)
			}
			line += strings.Count(tok.Text, "\n")
			end = tok.End()
		}
		gap(end, len(text))
	})
}
