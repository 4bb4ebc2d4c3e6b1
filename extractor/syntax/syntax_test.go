package syntax

import (
	"bytes"
	"fmt"
	"go/build"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/internal/fixture"
)

// TestTokens marks each token of a class as class⟦text⟧; operators stand as they are.
func TestTokens(t *testing.T) {
	golden := fixture.Goldens(t, filepath.Join("testdata", "golden"))
	for _, f := range examples(t) {
		t.Run(f.Name, func(t *testing.T) {
			golden(t, f.Name+".txt", []byte(marked(t, f.Name, f.Data)))
		})
	}
}

func examples(t testing.TB) []txtar.File {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "tokens.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return a.Files
}

func marked(t *testing.T, name string, text []byte) string {
	t.Helper()
	tokens, err := Tokens(name, text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, k := range tokens {
		s := string(text[k.Start:k.End])
		if k.Class == Plain || k.Class == Operator {
			b.WriteString(s)
		} else {
			fmt.Fprintf(&b, "%s⟦%s⟧", k.Class, s)
		}
	}
	return b.String()
}

func TestTokensKeepsCRLF(t *testing.T) {
	tests := map[string]struct{ name, text, want string }{
		"go":       {"a.go", "// a\r\nfunc f() {\r\n}\r\n", "c⟦// a⟧\r\nd⟦func⟧ f⟦f⟧() {\r\n}\r\n"},
		"assembly": {"a.s", "#define X \\\r\n\tRET\r\nTEXT f(SB),$0\r\n", "p⟦#define⟧ p⟦X⟧ p⟦\\⟧\r\n\tk⟦RET⟧\r\nd⟦TEXT⟧ f⟦f⟧(b⟦SB⟧),n⟦$0⟧\r\n"},
		"header":   {"a.h", "#define A 1\r\nint a;", "p⟦#define A 1\r\n⟧t⟦int⟧ a;"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, marked(t, tt.name, []byte(tt.text))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTokensUnknownSuffix(t *testing.T) {
	for _, name := range []string{"a.txt", "s", "asm_amd64.s.orig", "a.S"} {
		if tokens, err := Tokens(name, []byte("x")); err == nil {
			t.Errorf("%s: %v, want an error", name, tokens)
		}
	}
}

// TestNoTimeLimit looks at the patterns of each lexer while it runs.
func TestNoTimeLimit(t *testing.T) {
	for _, name := range []string{"a.go", "a.s", "a.h"} {
		l, err := lexer(name)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		spy := chroma.MutatorFunc(func(s *chroma.LexerState) error {
			for state, list := range s.Rules {
				for _, r := range list {
					count++
					if r.Regexp.MatchTimeout != math.MaxInt64 {
						t.Errorf("%s: the pattern %s of %q has a time limit of %v", name, r.Pattern, state, r.Regexp.MatchTimeout)
					}
				}
			}
			return nil
		})
		spied, err := derive(l, chroma.Rule{Pattern: "x", Type: chroma.Text, Mutator: spy})
		if err != nil {
			t.Fatal(err)
		}
		next, err := spied.Tokenise(&chroma.TokeniseOptions{State: "root"}, "x")
		if err != nil {
			t.Fatal(err)
		}
		for k := next(); k != chroma.EOF; k = next() {
		}
		if count < 10 {
			t.Errorf("%s: %d patterns were looked at", name, count)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, e := range examples(f) {
		f.Add(e.Name, e.Data)
		f.Add(e.Name, bytes.ReplaceAll(e.Data, []byte("\n"), []byte("\r\n")))
		f.Add(e.Name, e.Data[:len(e.Data)*2/3])
	}
	for _, s := range []string{"", "\x00", "\xff//\xfe", "\ufffd\xef\xbf", "/*", "\"", "`", "#define", "#define X(", "\\", "//\\\n", "#if 0\n", "'"} {
		for _, name := range []string{"a.go", "a.s", "a.h"} {
			f.Add(name, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		if _, err := lexer(name); err != nil {
			t.Skip()
		}
		tokens, err := Tokens(name, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := covers(tokens, text); err != nil {
			t.Error(err)
		}
	})
}

// covers checks that the tokens adjoin, differ from their neighbours and cover text.
func covers(tokens []Token, text []byte) error {
	at := 0
	for i, k := range tokens {
		if k.Start != at || k.End <= k.Start {
			return fmt.Errorf("token %d is %v, behind one that ends at %d", i, k, at)
		}
		if i > 0 && tokens[i-1].Class == k.Class {
			return fmt.Errorf("tokens %d and %d are both of class %q", i-1, i, k.Class)
		}
		at = k.End
	}
	if at != len(text) {
		return fmt.Errorf("tokens end at %d of %d", at, len(text))
	}
	return nil
}

// BenchmarkTokens lexes files of the Go that runs the test.
func BenchmarkTokens(b *testing.B) {
	for _, name := range []string{"proc.go", "asm_amd64.s", "sys_linux_arm64.s", "textflag.h"} {
		b.Run(name, func(b *testing.B) {
			text, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src", "runtime", name))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Tokens(name, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
