package annotation

import (
	"bytes"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"

	"beforemain/extractor/diag"
)

// page is a file as lines, with the place in it that a scanner has come to.
type page struct {
	name  string
	lines []string // without their newlines
	next  int      // the line that is read next, from 0
	list  diag.List
}

// field is a `key: value` line.
type field struct {
	value string
	pos   token.Position // of the value
	key   token.Position
}

func newPage(name string, text []byte) *page {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	p := &page{name: name, lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
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

// pos is the position of a byte of a line, both from 0.
func (p *page) pos(line, column int) token.Position {
	return token.Position{Filename: p.name, Line: line + 1, Column: column + 1}
}

// errorf reports what is wrong inside a block or front matter.
func (p *page) errorf(pos token.Position, format string, args ...any) *diag.Diagnostic {
	return p.list.Errorf(pos, "N109", format, args...)
}

// read returns the next line and its number, and steps over it.
func (p *page) read() (line string, number int, ok bool) {
	if p.next >= len(p.lines) {
		return "", p.next, false
	}
	p.next++
	return p.lines[p.next-1], p.next - 1, true
}

// frontMatter reads the lines between two `---`; keys are those that may stand there.
func (p *page) frontMatter(keys ...string) (map[string]field, bool) {
	if strings.TrimRight(p.lines[0], " ") != "---" {
		p.errorf(p.pos(0, 0), "no front matter: the file does not begin with \"---\"").
			Relate("fix: begin with three lines: \"---\", \"%s: …\", \"---\"", keys[0])
		return nil, false
	}
	p.next = 1
	fields := map[string]field{}
	for {
		line, n, ok := p.read()
		if !ok {
			p.errorf(p.pos(0, 0), "the front matter is not closed").Relate("fix: ---")
			return fields, false
		}
		if strings.TrimRight(line, " ") == "---" {
			return fields, true
		}
		p.field(fields, line, n, keys)
	}
}

// field reads a `key: value` line into fields; an empty line is skipped.
func (p *page) field(fields map[string]field, line string, n int, keys []string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	key, value, found := strings.Cut(line, ":")
	indent := len(key) - len(strings.TrimLeft(key, " "))
	key = strings.TrimSpace(key)
	keyPos := p.pos(n, indent)
	if !found {
		p.errorf(keyPos, "%q is not a \"key: value\" line", strings.TrimSpace(line)).
			Relate("fix: %s: …", nearestOr(strings.TrimSpace(line), keys, keys[0]))
		return
	}
	if !slices.Contains(keys, key) {
		d := p.errorf(keyPos, "unknown key %q%s", key, didYouMean(key, keys))
		if near, ok := nearest(key, keys); ok {
			d.Relate("fix: %s:%s", near, value)
		} else {
			d.Relate("fix: use one of %s", strings.Join(keys, ", "))
		}
		return
	}
	if had, ok := fields[key]; ok {
		p.errorf(keyPos, "%q stands twice (first in line %d)", key, had.key.Line).Relate("fix: remove this line")
		return
	}
	column := len(line) - len(strings.TrimLeft(value, " "))
	value = strings.TrimSpace(value)
	if len(value) > maxValue {
		p.errorf(p.pos(n, column), "the value of %q has %d bytes; at most %d", key, len(value), maxValue).Relate("fix: write a shorter one")
		value = ""
	} else if value == "" {
		p.errorf(keyPos, "%q has no value", key).Relate("fix: write one, or remove this line")
		column = indent
	}
	fields[key] = field{value: value, pos: p.pos(n, column), key: keyPos}
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

// plain reports the first odd character of a line and returns the line without any.
func (p *page) plain(line string, n int) string {
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
			first = p.errorf(p.pos(n, i), "%s (%U)%s; write %q", o.name, r, afterWord(line[:i]), o.plain)
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

// fence returns the run of back-quotes or tildes that opens a fenced block at a
// line, and the info string behind it.
func fence(line string) (mark, info string) {
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

// closes reports whether a line ends the fenced block that mark opened.
func closes(line, mark string) bool {
	m, info := fence(line)
	return info == "" && strings.HasPrefix(m, mark)
}

// skipFence steps over a fenced block that was opened at line n.
func (p *page) skipFence(mark string, n int) {
	for {
		line, _, ok := p.read()
		if !ok {
			p.errorf(p.pos(n, 0), "the fenced block is not closed").Relate("fix: %s", mark)
			return
		}
		if closes(line, mark) {
			return
		}
	}
}

// didYouMean proposes the candidate that a word was probably meant to be.
func didYouMean(word string, candidates []string) string {
	if near, ok := nearest(word, candidates); ok {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// nearestOr returns the nearest candidate, or another word if none is near.
func nearestOr(word string, candidates []string, other string) string {
	if near, ok := nearest(word, candidates); ok {
		return near
	}
	return other
}

// nearest returns the candidate that is most like a word, if one is like it at all.
func nearest(word string, candidates []string) (string, bool) {
	best, at := 0.0, ""
	if len(word) > maxName {
		return "", false // no name is as long, and the comparison takes time in both
	}
	for _, c := range candidates {
		if len(c) > maxName {
			continue
		}
		if s := alike(word, c); s > best {
			best, at = s, c
		}
	}
	return at, best >= 0.6
}

// alike says how much two strings have in common: twice the length of their
// longest common subsequence over the sum of their lengths, 1 if they are equal.
func alike(a, b string) float64 {
	if a == b {
		return 1
	}
	return 2 * float64(common([]byte(a), []byte(b))) / float64(len(a)+len(b))
}
