package index

import (
	"bytes"
	"go/scanner"
	"go/token"
	"path"
	asm "text/scanner"
	"unicode/utf8"

	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
)

// Token is one token of a text: a word, a number, a sign or a comment. Line counts
// from 1 in the text that was lexed, and so does Span from 0.
type Token struct {
	source.Span
	Line    int
	Text    string
	Comment bool
}

// Lex splits text into tokens, by the end of path: Go for .go, the assembler's
// language for everything else. Ends of lines are no tokens, nor are the semicolons
// that Go puts there. Between two tokens stands only white space; what the language
// does not know becomes a token all the same.
func Lex(name string, text []byte) []Token {
	if path.Ext(name) == ".go" {
		return lexGo(text)
	}
	var list []Token
	for _, t := range plan9.Lex(text) {
		if t.Kind != '\n' {
			list = append(list, Token{source.Span{Start: t.Offset, End: t.End()}, t.Line, t.Text, t.Kind == asm.Comment})
		}
	}
	return list
}

func lexGo(text []byte) []Token {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, nil, scanner.ScanComments)
	var list []Token
	end := 0
	for {
		pos, tok, lit := s.Scan()
		switch {
		case tok == token.EOF && len(bytes.TrimSpace(text[end:])) == 0:
			return list
		case tok == token.EOF: // the scanner gives a text up that begins as UTF-16 does
			return append(list, Token{Span: source.Span{Start: end, End: len(text)}, Line: 1 + bytes.Count(text[:end], []byte("\n")), Text: string(text[end:])})
		case tok == token.SEMICOLON && lit != ";":
			continue
		}
		start := file.Offset(pos)
		end = start + length(text[start:], tok, lit)
		list = append(list, Token{source.Span{Start: start, End: end}, file.PositionFor(pos, false).Line, string(text[start:end]), tok == token.COMMENT})
	}
}

// length returns how many bytes of text a token takes. The scanner's literal has
// fewer where it drops carriage returns, and more where it replaces a byte that is not UTF-8.
func length(text []byte, tok token.Token, lit string) int {
	switch {
	case tok == token.ILLEGAL:
		_, n := utf8.DecodeRune(text)
		return n
	case lit == "":
		return len(tok.String())
	case tok == token.STRING && text[0] == '`':
		return until(text, 1, "`")
	case tok == token.COMMENT && text[1] == '*':
		return until(text, 2, "*/")
	case tok == token.COMMENT:
		n := until(text, 2, "\n")
		return len(bytes.TrimRight(text[:n], "\r\n"))
	}
	return len(lit)
}

// until returns the offset behind the first end at or after from.
func until(text []byte, from int, end string) int {
	if i := bytes.Index(text[from:], []byte(end)); i >= 0 {
		return from + i + len(end)
	}
	return len(text)
}
