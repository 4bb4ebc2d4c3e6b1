// Package plan9 reads the assembly language of Go: its tokens, its preprocessor,
// its statements, and the lines that a definition takes.
//
// The assembler's own packages (cmd/asm/internal) cannot be imported. What is
// understood here is what an index needs: which lines are assembled on a
// platform, which symbols a file defines, and which it names.
package plan9

import (
	"bytes"
	"text/scanner"
	"unicode"
)

// Token is one token of an assembly or header file. Kind is a class of
// [text/scanner], or the character itself; a line's end is a token '\n'.
// Offset is in bytes from the start of the text, Line counts from 1.
type Token struct {
	Kind   rune
	Text   string
	Offset int
	Line   int
}

// End returns the offset behind the token's last byte.
func (t Token) End() int { return t.Offset + len(t.Text) }

// Lex splits text into tokens, comments and line ends included, with the
// settings of cmd/asm/internal/lex. Between two tokens stand only spaces, tabs
// and carriage returns; a byte order mark at the start is skipped. What the
// language does not know becomes a token all the same.
func Lex(text []byte) []Token {
	var s scanner.Scanner
	s.Init(bytes.NewReader(text))
	s.Whitespace = 1<<'\t' | 1<<'\r' | 1<<' '
	s.Mode = scanner.ScanChars | scanner.ScanFloats | scanner.ScanIdents | scanner.ScanInts | scanner.ScanStrings | scanner.ScanComments
	s.IsIdentRune = isIdentRune
	s.Error = func(*scanner.Scanner, string) {}
	all := string(text)
	var tokens []Token
	for {
		kind := s.Scan()
		if kind == scanner.EOF {
			return tokens
		}
		start, end := s.Position.Offset, s.Pos().Offset
		tokens = append(tokens, Token{kind, all[start:end], start, s.Position.Line})
	}
}

// isIdentRune also takes the two characters that stand for . and / in the names of
// symbols: U+00B7 (middle dot) and U+2215 (division slash).
func isIdentRune(r rune, i int) bool {
	return unicode.IsLetter(r) || r == '_' || r == '\u00B7' || r == '\u2215' || i > 0 && unicode.IsDigit(r)
}
