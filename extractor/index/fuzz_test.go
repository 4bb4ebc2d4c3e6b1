package index

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"beforemain/extractor/source"
)

// FuzzCalculate: an expression without names is worth what it is worth in Go, as far as
// Go takes it, and no expression looks up more names than it has letters.
func FuzzCalculate(f *testing.F) {
	for _, s := range []string{
		"4*8 + 7", "-64*1024+104", "~15", "(1<<63)-1", "-9/4%3", "6 &^ 3 ^ ^1", "1<<64>>64", "0x_1F|0b11&0o17", "a.b + c", "1/0", "1<<-1", "'a'", "2.0", "((((1))))", "a + a.a.a", "1 +\n2", "1==1",
		"1<<64<<64<<64", "!1", "f(1)", "a[1]", "1;2", "9999999999999999999 - 9999999999999999998",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		asked := 0
		n, err := Calculate(text, func(name string) (int64, bool) {
			asked++
			if name == "" || !strings.Contains(text, name[:1]) {
				t.Errorf("%q: looks up %q", text, name)
			}
			return 7, name != "zz"
		})
		if asked > len(text) {
			t.Errorf("%q: %d names", text, asked)
		}
		if err != nil {
			if err.Error() == "" || len(err.Error()) > 8*len(text)+100 {
				t.Errorf("%q: error of %d bytes", text, len(err.Error()))
			}
			return
		}
		if asked > 0 || strings.Contains(text, "~") {
			return
		}
		v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, text)
		if err != nil || v.Value == nil {
			return // such as a number that Go has no room for on the way
		}
		if want, exact := constant.Int64Val(constant.ToInt(v.Value)); !exact || want != n {
			t.Errorf("%q is %d, in Go %v", text, n, v.Value)
		}
	})
}

// FuzzOperand: what is found for the hole of a pattern stands, with what is around it in
// the pattern, on one line of the slice.
func FuzzOperand(f *testing.F) {
	for _, s := range []string{"SUBQ $(?), SP", "MOVQ ?(SP), AX", "f(?)", "a ? b", "? x", "x ?", "( ? )", "\"?\" ?"} {
		f.Add("TEXT ·f(SB), 0, $0\n\tSUBQ $(4*8+7), SP // c\n\tMOVQ (8+g_m)(SP), AX\n\tRET\n", s, true)
		f.Add("func f(a int) {\n\tf(g(1), 2)\n\tx := a /* ? */ + b\n}\n", s, false)
	}
	on := Platform{"linux", "amd64"}
	f.Fuzz(func(t *testing.T, text, pattern string, asm bool) {
		path := "a.go"
		if asm {
			path = "a.s"
		}
		v := &version{refs: map[string][]ref{}, views: map[viewKey]reading{}}
		s := &Slice{Symbol: "p.f", Path: path, Text: []byte(text), Start: 1, Asm: asm, version: v, Platforms: []Platform{on},
			Places: []Place{{on, path, 1}}, places: []place{{0, definition{file: &file{File: source.File{Path: path, Text: []byte(text)}}, start: 1, asm: asm, on: 1}}}}
		got, err := s.Operand(on, pattern)
		if err != nil {
			return
		}
		var want []string
		for _, tok := range Lex(path, []byte(pattern)) {
			want = append(want, tok.Text)
		}
		i := slices.Index(want, hole)
		whole := strings.TrimSpace(strings.Join(want[:i], " ") + " " + got + " " + strings.Join(want[i+1:], " "))
		lines := map[int][]string{}
		for _, tok := range Lex(path, s.Text) {
			if !tok.Comment {
				lines[tok.Line] = append(lines[tok.Line], tok.Text)
			}
		}
		for _, line := range lines {
			if strings.Contains(strings.Join(line, " "), whole) {
				return
			}
		}
		t.Errorf("%q of %q in %q stands on no line", got, pattern, text)
	})
}

// FuzzSource: of whatever Go and assembly, each slice and all that is said of it lies in
// its file.
func FuzzSource(f *testing.F) {
	f.Add("package p\n\nimport \"q\"\n\n// f is.\nfunc f(a int) { g(); q.H() }\n\nfunc g()\n\nconst c = 1 << 3\n\ntype t[T any] struct{ a T }\n", "#include \"h.h\"\nTEXT ·g(SB), 0, $0-8\n\tCALL ·f(SB)\n\tRET\n", "#define A(x) x\n")
	f.Add("//go:build linux\n\npackage p\n\n//go:linkname f x.y\nfunc f()\n\nvar a, b = 1, \"\\xff\"\n/*line x:9*/var _ = a\n", "DATA ·a+0(SB)/8, $1\nGLOBL ·a(SB), 8, $8\n#ifdef A\n#endif\n", "")
	f.Add("package p\nfunc (t) m() {}\ntype t struct{ t }\ntype u interface{ u }\nfunc init() {}\nfunc init() {}\nfunc _() {}\n", "TEXT p·t·m(SB), 0, $0\n", "\x00")
	f.Fuzz(func(t *testing.T, goText, asmText, header string) {
		a := &txtar.Archive{Comment: []byte("packages: p\nplatforms: linux/amd64 windows/arm64\n"), Files: []txtar.File{
			{Name: "v1/src/p/a.go", Data: []byte(goText)},
			{Name: "v1/src/p/a.s", Data: []byte(asmText)},
			{Name: "v1/src/p/h.h", Data: []byte(header)},
			{Name: "v1/src/q/q.go", Data: []byte("package q\n\nfunc H() {}\n")},
		}}
		texts := map[string]string{}
		for _, file := range a.Files {
			texts[strings.TrimPrefix(file.Name, "v1/")] = string(file.Data)
		}
		x, problems, err := open(t, a)
		if err != nil {
			return
		}
		for _, d := range problems {
			if d.Pos.Line < 1 || len(d.Message) == 0 {
				t.Errorf("problem %v", d)
			}
		}
		for _, symbol := range x.Symbols("v1") {
			for _, s := range x.Slices("v1", symbol) {
				checkSlice(t, x, s, texts[s.Path])
			}
		}
	})
}

// checkSlice checks that a slice and all that is said of it lie in its file.
func checkSlice(t *testing.T, x *Index, s *Slice, text string) {
	t.Helper()
	if s.Span.Start < 0 || s.Span.End > len(text) || s.Span.Start >= s.Span.End || text[s.Span.Start:s.Span.End] != string(s.Text) {
		t.Fatalf("%s is not at %v of %q", s.Symbol, s.Span, text)
	}
	if s.Start < 1 || s.Start > s.BodyStart || s.BodyStart > s.End || s.End > strings.Count(text, "\n")+1 {
		t.Fatalf("%s: lines %d, %d and %d of %q", s.Symbol, s.Start, s.BodyStart, s.End, text)
	}
	if s.Signature() == "" && strings.TrimSpace(string(s.Text)) != "" {
		t.Errorf("%s of %q has no signature", s.Symbol, s.Text)
	}
	end := s.Span.Start
	for _, o := range x.References(s) {
		if o.Span.Start < end || o.Span.End <= o.Span.Start || o.Span.End > s.Span.End {
			t.Fatalf("%s: occurrence %v behind %d, in %v", s.Symbol, o, end, s.Span)
		}
		end = o.Span.End
	}
}
