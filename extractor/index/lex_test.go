package index

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLex(t *testing.T) {
	cases := []struct{ name, path, text, want string }{
		{"go", "a.go", "x := f(1) // c\ny++\r\n", "1 x|1 :=|1 f|1 (|1 1|1 )|1 // c*|2 y|2 ++"},
		{"explicit semicolon", "a.go", "for ; ; {}", "1 for|1 ;|1 ;|1 {|1 }"},
		{"raw string", "a.go", "`a\r\nb` + 'c'", "1 `a\r\nb`|2 +|2 'c'"},
		{"comment over lines", "a.go", "/* a\r\n*/ x", "1 /* a\r\n*/*|2 x"},
		{"assembly", "a.s", "MOVQ\t$runtime·g0(SB), DI // g0\n\tRET\n", "1 MOVQ|1 $|1 runtime·g0|1 (|1 SB|1 )|1 ,|1 DI|1 // g0*|2 RET"},
		{"header", "a.h", "#define A 1\n", "1 #|1 define|1 A|1 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, tok := range Lex(c.path, []byte(c.text)) {
				s := fmt.Sprintf("%d %s", tok.Line, tok.Text)
				if tok.Comment {
					s += "*"
				}
				got = append(got, s)
			}
			if d := cmp.Diff(c.want, strings.Join(got, "|")); d != "" {
				t.Error(d)
			}
		})
	}
}

// FuzzLex: tokens are the text but for white space, on the lines they say.
func FuzzLex(f *testing.F) {
	f.Add(true, []byte("package p // c\r\nvar s = `a\r\n` + \"b\" /* d\r\n */ &^= '\\n' \xff ¶\n"))
	f.Add(false, []byte("TEXT ·f(SB), 0, $0 // c\n#define A \\\n1\n"))
	f.Fuzz(func(t *testing.T, isGo bool, text []byte) {
		path := "a.s"
		if isGo {
			path = "a.go"
		}
		end := 0
		gap := func(from, to int) {
			between := string(text[from:to])
			if from == 0 {
				between = strings.TrimPrefix(between, "\ufeff")
			}
			if strings.Trim(between, " \t\r\n") != "" {
				t.Errorf("%q is no token", between)
			}
		}
		for _, tok := range Lex(path, text) {
			if tok.Start < end || tok.End <= tok.Start || tok.End > len(text) || tok.Text != string(text[tok.Start:tok.End]) {
				t.Fatalf("token %+v behind %d of %d bytes", tok, end, len(text))
			}
			gap(end, tok.Start)
			if want := 1 + bytes.Count(text[:tok.Start], []byte("\n")); tok.Line != want {
				t.Errorf("token %+v is on line %d", tok, want)
			}
			end = tok.End
		}
		gap(end, len(text))
	})
}
