package syntax

import (
	"embed"
	"fmt"
	"go/token"
	"go/types"
	"math"
	"path"
	"sync"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

//go:embed plan9asm.xml
var rules embed.FS

// lexer returns the lexer for a file. Chroma's own choice by name would take
// Go's assembly for that of ARM.
func lexer(name string) (chroma.Lexer, error) {
	switch path.Ext(name) {
	case ".go":
		return goLexer()
	case ".s":
		return asmLexer()
	case ".h":
		return headerLexer()
	}
	return nil, fmt.Errorf("syntax: no lexer for %s", name)
}

var asmLexer = sync.OnceValues(func() (chroma.Lexer, error) {
	l, err := chroma.NewXMLLexer(rules, "plan9asm.xml")
	if err != nil {
		return nil, err
	}
	return derive(l)
})

var headerLexer = sync.OnceValues(func() (chroma.Lexer, error) {
	return derive(lexers.Get("c"))
})

// goLexer is chroma's lexer with rules for what is frequent put first, which makes
// it several times as fast, and for what chroma gets wrong: a raw string is not a
// template, a selected name is no builtin, and numbers have had more forms since
// Go 1.13.
var goLexer = sync.OnceValues(func() (chroma.Lexer, error) {
	return derive(lexers.Get("go"),
		chroma.Rule{Pattern: `\s+`, Type: chroma.TextWhitespace},
		chroma.Rule{Pattern: `[\p{L}_][\p{L}\p{N}_]*`, Type: chroma.EmitterFunc(goWord)},
		chroma.Rule{Pattern: `[][(){},;]`, Type: chroma.Punctuation},
		chroma.Rule{Pattern: "`[^`]*`", Type: chroma.LiteralString},
		chroma.Rule{Pattern: `0[xX][0-9a-fA-F_]*(\.[0-9a-fA-F_]*)?([pP][-+]?[0-9_]+)?i?`, Type: chroma.LiteralNumber},
		chroma.Rule{Pattern: `0[bBoO][0-9_]+i?|([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][-+]?[0-9_]+)?i?`, Type: chroma.LiteralNumber},
	)
})

// goWord says what a word of Go is by the language's own tables. A name behind func
// or before a parenthesis counts as a function, one behind a dot never as predeclared.
func goWord(groups []string, state *chroma.LexerState) chroma.Iterator {
	word := groups[0]
	before := state.Text[:state.Pos-utf8.RuneCountInString(word)]
	n := len(before)
	selected := n > 0 && before[n-1] == '.' && (n == 1 || before[n-2] != '.')
	called := state.Pos < len(state.Text) && state.Text[state.Pos] == '(' ||
		n >= 5 && string(before[n-5:]) == "func "
	return chroma.Literator(chroma.Token{Type: goWordType(word, selected, called), Value: word})
}

func goWordType(word string, selected, called bool) chroma.TokenType {
	switch token.Lookup(word) {
	case token.FUNC, token.VAR, token.CONST, token.TYPE, token.IMPORT, token.PACKAGE:
		return chroma.KeywordDeclaration
	case token.IDENT:
	default:
		return chroma.Keyword
	}
	if !selected {
		switch types.Universe.Lookup(word).(type) {
		case *types.TypeName:
			return chroma.KeywordType
		case *types.Builtin, *types.Const, *types.Nil:
			return chroma.NameBuiltin
		}
	}
	if called {
		return chroma.NameFunction
	}
	return chroma.NameOther
}

// derive returns a lexer with the rules of base, behind the given ones in its first
// state. It stands in no registry, and no clock of the machine has a say in it.
func derive(base chroma.Lexer, first ...chroma.Rule) (chroma.Lexer, error) {
	from, ok := base.(*chroma.RegexLexer)
	if !ok {
		return nil, fmt.Errorf("syntax: %T has no rules", base)
	}
	inherited, err := from.Rules()
	if err != nil {
		return nil, err
	}
	all := inherited.Clone()
	first = append(first, chroma.Rule{Mutator: &untimed{}})
	all["root"] = append(first, all["root"]...)
	return chroma.NewLexer(from.Config(), func() chroma.Rules { return all })
}

// untimed is a rule that, when its lexer is compiled, takes the time limit off
// every pattern and leaves. Chroma gives each match a quarter of a second by the
// clock on the wall, and takes another rule when that is over: a machine that
// sleeps in the middle of a build would write a different page.
type untimed struct{}

// Mutate implements [chroma.Mutator].
func (*untimed) Mutate(*chroma.LexerState) error { return nil }

// MutateLexer implements [chroma.LexerMutator].
func (*untimed) MutateLexer(rules chroma.CompiledRules, state string, rule int) error {
	for _, list := range rules {
		for _, r := range list {
			r.Regexp.MatchTimeout = math.MaxInt64
		}
	}
	rules[state] = append(rules[state][:rule:rule], rules[state][rule+1:]...)
	return nil
}
