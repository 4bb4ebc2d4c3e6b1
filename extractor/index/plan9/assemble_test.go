package plan9

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// assemble reads a file with the headers beside it.
func assemble(text string, defines []string, headers map[string]string) (*File, View) {
	return assembleWith(text, headers, Config{Defines: defines})
}

func assembleWith(text string, headers map[string]string, cfg Config) (*File, View) {
	f := Parse("src/p/a.s", []byte(text))
	cfg.Package = "p"
	cfg.Include = func(dir, name string) *File {
		h, ok := headers[path.Join(dir, name)]
		if !ok {
			return nil
		}
		return Parse(path.Join(dir, name), []byte(h))
	}
	return f, f.Assemble(cfg)
}

// clean fails the test for each problem.
func clean(t *testing.T, v View) {
	t.Helper()
	for _, err := range v.Problems {
		t.Error(err)
	}
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
		refs       string // symbols that are named, with the file's text
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
			refs:    "q.g=q·g",
		},
		{
			name:     "branch in a macro's body",
			text:     "#define BREAK \\\n#ifdef GOOS_w \\\n\tCALL ·w(SB) \\\n#else \\\n\tCALL ·o(SB) \\\n#endif\n\nTEXT ·f(SB), 0, $0\n\tBREAK\n\tRET\n",
			want:     []definition{{"p.f", 8, 8, 10}},
			inactive: nil,
			refs:     "p.o=·o",
		},
		{
			name:     "a branch that a header begins",
			text:     "#ifndef A\n#include \"else.h\"\n\tRET\n\tRET\n\tRET\n#endif\n#ifdef A\n\tRET\n#endif\n",
			headers:  map[string]string{"src/p/else.h": "#else\n"},
			inactive: []Lines{{8, 8}},
		},
		{
			name:     "directives in the arguments of a macro",
			text:     "#define M(x, y) \\\nx \\\ny \\\nx \\\ny\n\nTEXT ·f(SB), 0, $0\n\tM(#ifdef A, /*\n\n*/ #endif)\n#ifdef A\n\tRET\n#endif\n",
			want:     []definition{{"p.f", 7, 7, 13}},
			inactive: []Lines{{12, 12}},
		},
		{
			name: "arguments of more than a line",
			text: "#define TWICE(x) x x\nTEXT ·f(SB), 0, $0\n\tTWICE(CALL ·a(SB); /*\n*/ CALL ·b(SB);)\n\tRET\n",
			want: []definition{{"p.f", 2, 2, 5}},
			refs: "p.a=·a p.b=·b",
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
			name: "go_asm.h that is not known",
			text: "#include \"go_asm.h\"\nTEXT ·f(SB), NOSPLIT, $0\n\tRET\n",
			want: []definition{{"p.f", 2, 2, 3}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, v := assemble(c.text, c.defines, c.headers)
			clean(t, v)
			var got []definition
			for _, d := range v.Definitions {
				b := f.Block(d.Line)
				got = append(got, definition{d.Name, b.First, b.Head, b.Last})
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			var refs []string
			for _, r := range v.Refs {
				if r.Kind == SymbolRef && !r.Defines {
					refs = append(refs, r.Name+"="+c.text[r.Offset:r.End])
				}
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

func TestDefinitions(t *testing.T) {
	headers := map[string]string{"src/p/m.h": "#define MAKE(NAME, SIZE) TEXT NAME(SB), 0, $SIZE; RET\n#define FLAGS 4|512\n#define FRAME $0-8\n"}
	cases := []struct {
		name, text string
		want       []Definition
	}{
		{
			"of statements",
			"#include \"m.h\"\nTEXT ·f<ABIInternal>(SB), FLAGS /* all */ , FRAME // c\n\tRET\nDATA t<>+0(SB)/8, $1; GLOBL t<>(SB), 8, $8 ;\n",
			[]Definition{
				{"p.f", Text, 2, true},
				{"p.t<>", Data, 4, false},
				{"p.t<>", Data, 4, false},
			},
		},
		{
			"of a macro",
			"#include \"m.h\"\nMAKE(·f, 16) // c\n  MAKE(·g<ABIInternal>, 32)",
			[]Definition{
				{"p.f", Text, 2, false},
				{"p.g", Text, 3, true},
			},
		},
		{
			"of a label's line",
			"l: TEXT ·f(SB), 0, $0\n",
			[]Definition{{"p.f", Text, 1, false}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, v := assemble(c.text, nil, headers)
			clean(t, v)
			if d := cmp.Diff(c.want, v.Definitions); d != "" {
				t.Error(d)
			}
		})
	}
}
