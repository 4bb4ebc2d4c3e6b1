// Package scan reads files that people write, line by line, and knows the place of
// every mistake in them.
package scan

import (
	"bytes"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"

	"beforemain/extractor/diag"
)

// Page is a file as lines, with the place in it that a scanner has come to.
type Page struct {
	Name  string
	Lines []string  // without their newlines
	Next  int       // the line that is read next, from 0
	List  diag.List // what is wrong with it, as far as it was read
}

// Field is a `key: value` line.
type Field struct {
	Value string
	Pos   token.Position // of the value
	Key   token.Position
}

// NewPage returns a text as a page, without what is no text in it and cannot be seen,
// which the page's list tells.
func NewPage(name string, text []byte) *Page {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	p := &Page{Name: name, Lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
	p.guard()
	return p
}

// strayByte returns where a line has a byte that is no text, or -1.
func strayByte(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0 || r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// onlyText puts a question mark for each byte that is no text, so that columns stay.
func onlyText(s string) string {
	var b strings.Builder
	for {
		i := strayByte(s)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i] + "?")
		s = s[i+1:]
	}
}

// Pos is the position of a byte of a line, both from 0.
func (p *Page) Pos(line, column int) token.Position {
	return token.Position{Filename: p.Name, Line: line + 1, Column: column + 1}
}

// Errorf reports what is wrong inside a block or front matter.
func (p *Page) Errorf(pos token.Position, format string, args ...any) *diag.Diagnostic {
	return p.List.Errorf(pos, "N109", format, args...)
}

// Read returns the next line and its number, and steps over it.
func (p *Page) Read() (line string, number int, ok bool) {
	if p.Next >= len(p.Lines) {
		return "", p.Next, false
	}
	p.Next++
	return p.Lines[p.Next-1], p.Next - 1, true
}

// FrontMatter reads the lines between two `---`; keys are those that may stand there.
func (p *Page) FrontMatter(keys ...string) (map[string]Field, bool) {
	if strings.TrimRight(p.Lines[0], " ") != "---" {
		p.Errorf(p.Pos(0, 0), "no front matter: the file does not begin with \"---\"").
			Relate("fix: begin with three lines: \"---\", \"%s: …\", \"---\"", keys[0])
		return nil, false
	}
	p.Next = 1
	fields := map[string]Field{}
	for {
		line, n, ok := p.Read()
		if !ok {
			p.Errorf(p.Pos(0, 0), "the front matter is not closed").Relate("fix: ---")
			return fields, false
		}
		if strings.TrimRight(line, " ") == "---" {
			return fields, true
		}
		p.Field(fields, line, n, keys)
	}
}

// Field reads a `key: value` line into fields; an empty line is skipped.
func (p *Page) Field(fields map[string]Field, line string, n int, keys []string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	key, value, found := strings.Cut(line, ":")
	indent := len(key) - len(strings.TrimLeft(key, " "))
	key = strings.TrimSpace(key)
	keyPos := p.Pos(n, indent)
	if !found {
		p.Errorf(keyPos, "%q is not a \"key: value\" line", strings.TrimSpace(line)).
			Relate("fix: %s: …", NearestOr(strings.TrimSpace(line), keys, keys[0]))
		return
	}
	if !slices.Contains(keys, key) {
		d := p.Errorf(keyPos, "unknown key %q%s", key, DidYouMean(key, keys))
		if near, ok := Nearest(key, keys); ok {
			d.Relate("fix: %s:%s", near, value)
		} else {
			d.Relate("fix: use one of %s", strings.Join(keys, ", "))
		}
		return
	}
	if had, ok := fields[key]; ok {
		p.Errorf(keyPos, "%q stands twice (first in line %d)", key, had.Key.Line).Relate("fix: remove this line")
		return
	}
	column := len(line) - len(strings.TrimLeft(value, " "))
	value = strings.TrimSpace(value)
	if len(value) > MaxValue {
		p.Errorf(p.Pos(n, column), "the value of %q has %d bytes; at most %d", key, len(value), MaxValue).Relate("fix: write a shorter one")
		value = ""
	} else if value == "" {
		p.Errorf(keyPos, "%q has no value", key).Relate("fix: write one, or remove this line")
		column = indent
	}
	fields[key] = Field{Value: value, Pos: p.Pos(n, column), Key: keyPos}
}

// odd holds the characters that a word processor or an input method puts where
// a block needs a plain one.
var odd = map[rune]struct{ name, plain string }{
	'：':      {"full-width \"：\"", ":"},
	'，':      {"full-width \"，\"", ","},
	'；':      {"full-width \"；\"", ";"},
	'（':      {"full-width \"（\"", "("},
	'）':      {"full-width \"）\"", ")"},
	'“':      {"smart quote \"“\"", "\""},
	'”':      {"smart quote \"”\"", "\""},
	'‘':      {"smart quote \"‘\"", "'"},
	'’':      {"smart quote \"’\"", "'"},
	'\u00a0': {"no-break space", " "},
	'\u3000': {"full-width space", " "},
	'\t':     {"tab", " "},
}

// IsOdd reports whether a text holds a character that a block needs a plain one for.
func IsOdd(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { _, bad := odd[r]; return bad })
}

// Plain reports the first odd character of a line and returns the line without any.
func (p *Page) Plain(line string, n int) string {
	var b strings.Builder
	var first *diag.Diagnostic
	for i, r := range line {
		o, bad := odd[r]
		if !bad {
			b.WriteRune(r)
			continue
		}
		b.WriteString(o.plain)
		if first == nil {
			first = p.Errorf(p.Pos(n, i), "%s (%U)%s; write %q", o.name, r, afterWord(line[:i]), o.plain)
		}
	}
	if first != nil {
		first.Relate("fix: %s", strings.TrimSpace(b.String()))
	}
	return b.String()
}

// afterWord says behind which word something stands.
func afterWord(before string) string {
	words := strings.Fields(before)
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf(" after %q", words[len(words)-1])
}

// Fence returns the run of back-quotes or tildes that opens a fenced block at a
// line, and the info string behind it.
func Fence(line string) (mark, info string) {
	rest := strings.TrimLeft(line, " ")
	if len(line)-len(rest) > 3 || rest == "" || rest[0] != '`' && rest[0] != '~' {
		return "", ""
	}
	n := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
	info = strings.TrimSpace(rest[n:])
	if n < 3 || rest[0] == '`' && strings.Contains(info, "`") {
		return "", ""
	}
	return rest[:n], info
}

// Closes reports whether a line ends the fenced block that mark opened.
func Closes(line, mark string) bool {
	m, info := Fence(line)
	return info == "" && strings.HasPrefix(m, mark)
}

// SkipFence steps over a fenced block that was opened at line n.
func (p *Page) SkipFence(mark string, n int) {
	for {
		line, _, ok := p.Read()
		if !ok {
			p.Errorf(p.Pos(n, 0), "the fenced block is not closed").Relate("fix: %s", mark)
			return
		}
		if Closes(line, mark) {
			return
		}
	}
}

// Place writes a position without its column.
func Place(p token.Position) string {
	p.Column = 0
	return p.String()
}

// Heading returns the level of a `# …` line and what stands behind the marks.
func Heading(line string) (level int, rest string) {
	rest = strings.TrimLeft(line, "#")
	level = len(line) - len(rest)
	if level == 0 || level > 6 || rest != "" && rest[0] != ' ' {
		return 0, ""
	}
	return level, strings.TrimSpace(rest)
}
