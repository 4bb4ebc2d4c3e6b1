// Package syntax finds the tokens of Go, of Go's assembly and of its C headers, for
// their colours only: what a name means is the index's to say.
package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"

	"beforemain/extractor/source"
)

// Class is the CSS class of a token, a letter that the theme's style sheet knows.
type Class string

// The classes of tokens.
const (
	Plain       Class = ""
	Keyword     Class = "k" // if; in assembly an instruction
	Declaration Class = "d" // func, TEXT
	Function    Class = "f" // a name that is called; in assembly a symbol
	Type        Class = "t" // a predeclared type
	Builtin     Class = "b" // len, nil; in assembly SB, FP, SP, PC
	Register    Class = "r"
	Label       Class = "l"
	String      Class = "s"
	Number      Class = "n"
	Comment     Class = "c"
	Preproc     Class = "p" // #define, a macro, //go:nosplit
	Operator    Class = "o" // operators and punctuation
)

// Token is a stretch of text of one class. Its span is relative to the text that was lexed.
type Token struct {
	source.Span
	Class Class
}

// Tokens lexes text by the suffix of its file's path: .go, .s or .h. The tokens
// adjoin and cover text, whatever it holds; neighbours differ in class.
func Tokens(path string, text []byte) ([]Token, error) {
	tokens, _, err := lex(path, text)
	return tokens, err
}

// lex is Tokens, and counts what the lexer had no rule for.
func lex(path string, text []byte) (tokens []Token, unknown int, err error) {
	l, err := lexer(path)
	if err != nil {
		return nil, 0, err
	}
	// Without EnsureLF, which would turn CRLF into LF and move every offset.
	next, err := l.Tokenise(&chroma.TokeniseOptions{State: "root"}, string(text))
	if err != nil {
		return nil, 0, fmt.Errorf("lex %s: %w", path, err)
	}
	tokens = make([]Token, 0, len(text)/6)
	at := 0
	for t := next(); t != chroma.EOF; t = next() {
		if t.Type == chroma.Error {
			unknown++
		}
		end := advance(text, at, t.Value)
		class := classOf(t)
		last := len(tokens) - 1
		switch {
		case end == at:
		case last >= 0 && tokens[last].Class == class:
			tokens[last].End = end
		default:
			tokens = append(tokens, Token{source.Span{Start: at, End: end}, class})
		}
		at = end
	}
	if at < len(text) {
		return nil, unknown, fmt.Errorf("lex %s: the tokens end at byte %d of %d", path, at, len(text))
	}
	return tokens, unknown, nil
}

// advance returns the offset behind value, which stands at text[at:]. Chroma counts
// in runes, each byte that is not UTF-8 being one, and may end the last line itself.
func advance(text []byte, at int, value string) int {
	if strings.HasPrefix(string(text[at:min(at+len(value), len(text))]), value) {
		return at + len(value)
	}
	for range value {
		if at < len(text) {
			_, size := utf8.DecodeRune(text[at:])
			at += size
		}
	}
	return at
}

// classOf maps the many types of chroma onto the few that a page needs.
func classOf(t chroma.Token) Class {
	switch t.Type {
	case chroma.KeywordDeclaration:
		return Declaration
	case chroma.KeywordType:
		return Type
	case chroma.KeywordConstant:
		return Builtin
	case chroma.NameFunction:
		return Function
	case chroma.NameFunctionMagic, chroma.NameConstant, chroma.NameDecorator, chroma.CommentPreproc, chroma.CommentPreprocFile:
		if strings.HasPrefix(t.Value, "//") && !isDirective(t.Value) {
			return Comment
		}
		return Preproc
	case chroma.NameBuiltin, chroma.NameBuiltinPseudo:
		return Builtin
	case chroma.NameVariable:
		return Register
	case chroma.NameLabel:
		return Label
	}
	switch {
	case t.Type.InCategory(chroma.Keyword):
		return Keyword
	case t.Type.InCategory(chroma.Comment):
		if isDirective(t.Value) {
			return Preproc
		}
		return Comment
	case t.Type.InSubCategory(chroma.LiteralString):
		return String
	case t.Type.InSubCategory(chroma.LiteralNumber):
		return Number
	case t.Type.InCategory(chroma.Operator), t.Type.InCategory(chroma.Punctuation):
		return Operator
	}
	return Plain
}

// isDirective reports whether a comment is meant for a tool: //go:nosplit. The
// older "// +build" reads as the comment that it is.
func isDirective(comment string) bool {
	word, _, _ := strings.Cut(comment, " ")
	tool, name, ok := strings.Cut(word, ":")
	return ok && len(tool) > 2 && strings.HasPrefix(tool, "//") && strings.Trim(tool[2:], "abcdefghijklmnopqrstuvwxyz0123456789") == "" &&
		name != "" && 'a' <= name[0] && name[0] <= 'z'
}
