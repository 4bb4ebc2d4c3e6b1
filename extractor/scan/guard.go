package scan

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"beforemain/extractor/diag"
)

// What people write is untrusted. These limits keep the time and the memory that a
// file takes in proportion to it; the book's longest files are a fifth of them.
const (
	maxFile  = 256 << 10 // bytes of a file
	MaxValue = 1000      // bytes of the value of a key
	maxName  = 100       // bytes of what may be a name that was mistyped
	maxSame  = 20        // lines of a file with the same kind of stray character
)

// ReadFile reads a file that people write. It is false if the file is not there or may
// not be read, which the list tells.
func ReadFile(fsys fs.FS, name string) (text []byte, list diag.List, ok bool) {
	pos := token.Position{Filename: name, Line: 1, Column: 1}
	for dir := name; dir != "."; dir = path.Dir(dir) {
		if info, err := fs.Lstat(fsys, dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			list.Errorf(pos, "N112", "a symbolic link (%s) may lead out of the folder", dir).Relate("fix: put the text itself there")
			return nil, list, false
		}
	}
	f, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, false
	}
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(f, maxFile+1))
		f.Close()
	}
	if err != nil {
		list.Errorf(pos, "N109", "cannot be read: %v", err).Relate("fix: make it a text file that everybody may read")
		return nil, list, false
	}
	if len(text) > maxFile {
		list.Errorf(pos, "N109", "the file has more than %d KiB", maxFile>>10).
			Relate("fix: move notes into files beside it, such as %s.2.md", strings.TrimSuffix(path.Base(name), path.Ext(name)))
		return nil, list, false
	}
	return text, nil, true
}

// Hidden reports whether a character has no shape, or changes the order of those around
// it: it could make a text read otherwise than it is. The joiners that some scripts are
// written with may stand, and so may the selectors of variants.
func Hidden(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\u200c' || r == '\u200d' || r == utf8.RuneError:
		return false
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	case '\u115f' <= r && r <= '\u1160' || r == '\u3164' || r == '\uffa0': // fillers of Hangul
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// turning are the characters that change the order of those around them.
func turning(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// DescribeHidden names a hidden character for a message.
func DescribeHidden(r rune) string {
	if turning(r) {
		return fmt.Sprintf("an invisible character (%U) that changes the order of the text", r)
	}
	return fmt.Sprintf("an invisible character (%U)", r)
}

// withoutHidden returns s with as many spaces as each hidden character has bytes, so that
// columns stay.
func withoutHidden(s string) string {
	var b strings.Builder
	for i, r := range s {
		if Hidden(r) {
			b.WriteString(strings.Repeat(" ", utf8.RuneLen(r)))
		} else {
			b.WriteString(s[i : i+width(s[i:])])
		}
	}
	return b.String()
}

// width is how many bytes the first character takes.
func width(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// guard reports the characters of a page that are no text or cannot be seen, and takes
// them out of it.
func (p *Page) guard() {
	stray, unseen := 0, 0
	for i, line := range p.Lines {
		if at := strayByte(line); at >= 0 {
			if stray++; stray <= maxSame {
				p.Errorf(p.Pos(i, at), "the file is not UTF-8 text here").Relate("fix: save the file as UTF-8")
			}
			line = onlyText(line)
		}
		if at := strings.IndexFunc(line, Hidden); at >= 0 {
			if unseen++; unseen <= maxSame {
				r, _ := utf8.DecodeRuneInString(line[at:])
				p.List.Errorf(p.Pos(i, at), "N112", "%s%s", DescribeHidden(r), afterWord(line[:at])).
					Relate("fix: %s", Cleaned(line))
			}
			line = withoutHidden(line)
		}
		p.Lines[i] = line
	}
}

// Cleaned is a line as it should be, if it is short enough to be pasted.
func Cleaned(line string) string {
	line = strings.TrimSpace(strings.Map(func(r rune) rune {
		if Hidden(r) {
			return -1
		}
		return r
	}, line))
	if line == "" || len(line) > MaxValue {
		return "remove it"
	}
	return line
}

// Seen reports hidden characters of a value that was written with escapes, and returns
// it without them.
func (p *Page) Seen(pos token.Position, what, value string) string {
	at := strings.IndexFunc(value, Hidden)
	if at < 0 {
		return value
	}
	r, _ := utf8.DecodeRuneInString(value[at:])
	p.List.Errorf(pos, "N112", "%s holds %s", what, DescribeHidden(r)).Relate("fix: remove it")
	return strings.Map(func(r rune) rune {
		if Hidden(r) {
			return ' '
		}
		return r
	}, value)
}

// within returns a position that is in the page: pos, or else another. A text that was
// written with escapes has lines that its file has not.
func (p *Page) within(pos, other token.Position) token.Position {
	if pos.Line < 1 || pos.Line > len(p.Lines) || pos.Column < 1 || pos.Column > len(p.Lines[pos.Line-1])+1 {
		return other
	}
	return pos
}
