package plan9

import (
	"strings"
	"testing"
	"text/scanner"
)

// FuzzAssemble checks what must hold of every view of every text.
func FuzzAssemble(f *testing.F) {
	for _, s := range []string{
		"#define M(x, y) \\\nTEXT x(SB), 0, $y; \\\n\tRET\n#ifdef A\nM(·f, 8)\n#else\nDATA ·t+0(SB)/8, $·f<>(SB)\nGLOBL ·t(SB), 8, $8\n#endif\n",
		"TEXT ·f(SB), 0, $0\nl: MOVQ (AX), BX // c\n/* d\n*/\n",
		"#include \"h.h\"\n#include \"go_asm.h\"\n\tTWICE(·f(SB))\n#undef ONE\n#ifndef m_tls\n#endif\n",
		"TEXT ·f(SB), 0, $0\n\tMOVQ $·a(SB), AX\n\tJEQ 2(PC)\n\tJMP l\n\tCALL AX\n\n\tB.EQ l\nl:\tRET\n\tNOP\n",
		"TEXT ·f(SB), 0, $0\n\tMOVQ $·a(SB), AX; MOVQ AX,,; XCHGQ , BX; MOVD.P 8(AX), BX; JMP ,; CALL (AX)\n",
	} {
		f.Add(s)
	}
	headers := map[string]string{
		"src/p/h.h": "#define TWICE(x) CALL x; JMP x\n#define ONE 1\n#define L l: RET\n",
		"src/p/a.s": "#include \"a.s\"\n",
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, v := assembleWith(text, headers, Config{Defines: []string{"A"}, GoAsm: map[string]string{"m_tls": "136", "const_s": "\"s\nt\""}})
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
		checkRefs(t, text, v.Refs)
		checkLines(t, v.Inactive, lines)
		checkLines(t, v.Unreached, lines)
		line := 1
		for _, e := range v.Edges {
			if e.Line < line || e.Line > lines || e.From == "" || e.To == "" || e.Kind == "" {
				t.Errorf("edge %+v behind line %d of %d", e, line, lines)
			}
			line = e.Line
		}
		for _, p := range v.Problems {
			if p.Path == "" || p.Line < 1 || p.Message == "" {
				t.Errorf("problem %+v", p)
			}
		}
	})
}

// checkRefs checks that references are in order, disjoint and name what stands there.
func checkRefs(t *testing.T, text string, refs []Ref) {
	end := 0
	for _, r := range refs {
		if r.Offset < end || r.End <= r.Offset || r.End > len(text) {
			t.Fatalf("%+v behind %d of %d bytes", r, end, len(text))
		}
		end = r.End
		written, named := text[r.Offset:r.End], r.Name
		switch r.Kind {
		case SymbolRef:
			written, named = replacer.Replace(written), strings.TrimSuffix(named, "<>")
			if !strings.HasSuffix(named, written) {
				t.Errorf("%q is taken for %s", written, r.Name)
			}
		case HeaderRef:
			if strings.Trim(written, `"`) != named {
				t.Errorf("%q is taken for %s", written, r.Name)
			}
		default:
			if written != named {
				t.Errorf("%q is taken for %s", written, r.Name)
			}
		}
		at := r.Def
		if at.Path == "src/p/a.s" && r.Kind != HeaderRef && !strings.HasPrefix(text[at.Offset:], r.Name) {
			t.Errorf("%s is not defined at %+v", r.Name, at)
		}
	}
}

// checkLines checks that ranges are in order, disjoint and inside a file.
func checkLines(t *testing.T, list []Lines, lines int) {
	last := 0
	for _, l := range list {
		if l.First <= last || l.Last < l.First || l.Last > lines {
			t.Errorf("lines %v behind %d of %d", l, last, lines)
		}
		last = l.Last
	}
}

// FuzzPreprocess checks that what comes out stands where it says, and that line follows
// line. The arguments of a macro may take several lines, with a comment or a literal that
// does not end, and come out as often as the body has them.
func FuzzPreprocess(f *testing.F) {
	f.Add("#define A(x) x x\n#define B A(·b)\n#ifdef GOOS_a\n\tB\n#endif\n#undef A\n")
	f.Add("#define BREAK \\\n#ifdef A \\\n\tRET \\\n#else \\\n\tBRK \\\n#endif\n\tBREAK\n#include \"x\"\n")
	f.Add("#define A(x) x x\n\tA(1 '\n2)\n\tA(1 /*\n*/ 2)\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := Parse("a.s", []byte(text))
		p := preprocess(file, Config{Defines: []string{"A"}})
		line := 1 // behind the last end of a line
		for _, tok := range p.out {
			at := tok.site()
			if at.file != file || at.Line < line || at.End() > len(text) || at.Text != text[at.Offset:at.End()] {
				t.Fatalf("token %q of %+v before line %d", tok.Text, at.Token, line)
			}
			if tok.Kind == '\n' && tok.via == nil {
				line = at.Line + 1
			}
			if tok.via != nil && at.Kind != scanner.Ident {
				t.Errorf("%q is no macro", at.Text)
			}
		}
		if len(p.out) > len(file.tokens)+maxTokens {
			t.Errorf("%d tokens", len(p.out))
		}
	})
}
