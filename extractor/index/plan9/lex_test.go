package plan9

import (
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
