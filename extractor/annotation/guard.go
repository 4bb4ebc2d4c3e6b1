package annotation

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"beforemain/extractor/diag"
)

// What people write is untrusted. These limits keep the time and the memory that a
// file takes in proportion to it; the book's longest files are a fifth of them.
const (
	maxFile   = 256 << 10 // bytes of a file
	maxProse  = 32 << 10  // bytes of one text: Markdown can take time in their square
	maxValue  = 1000      // bytes of the value of a key
	maxName   = 100       // bytes of what may be a name that was mistyped
	maxBlocks = 100       // of one note
	maxParts  = 200       // of one kind, such as nodes, in a picture
	maxSame   = 20        // lines of a file with the same kind of stray character
)

// readText reads a file that people write. It is false if the file is not there or may
// not be read, which the list tells.
func readText(fsys fs.FS, name string) (text []byte, list diag.List, ok bool) {
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

// hidden reports whether a character has no shape, or changes the order of those around
// it: it could make a text read otherwise than it is. The joiners that some scripts are
// written with may stand, and so may the selectors of variants.
func hidden(r rune) bool {
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

// describeHidden names a hidden character for a message.
func describeHidden(r rune) string {
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
		if hidden(r) {
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
func (p *page) guard() {
	stray, unseen := 0, 0
	for i, line := range p.lines {
		if at := strayByte(line); at >= 0 {
			if stray++; stray <= maxSame {
				p.errorf(p.pos(i, at), "the file is not UTF-8 text here").Relate("fix: save the file as UTF-8")
			}
			line = onlyText(line)
		}
		if at := strings.IndexFunc(line, hidden); at >= 0 {
			if unseen++; unseen <= maxSame {
				r, _ := utf8.DecodeRuneInString(line[at:])
				p.list.Errorf(p.pos(i, at), "N112", "%s%s", describeHidden(r), afterWord(line[:at])).
					Relate("fix: %s", cleaned(line))
			}
			line = withoutHidden(line)
		}
		p.lines[i] = line
	}
}

// cleaned is a line as it should be, if it is short enough to be pasted.
func cleaned(line string) string {
	line = strings.TrimSpace(strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, line))
	if line == "" || len(line) > maxValue {
		return "remove it"
	}
	return line
}

// seen reports hidden characters of a value that was written with escapes, and returns
// it without them.
func (p *page) seen(pos token.Position, what, value string) string {
	at := strings.IndexFunc(value, func(r rune) bool { return hidden(r) || r == 0 })
	if at < 0 {
		return value
	}
	r, _ := utf8.DecodeRuneInString(value[at:])
	p.list.Errorf(pos, "N112", "%s holds %s", what, describeHidden(r)).Relate("fix: remove it")
	return strings.Map(func(r rune) rune {
		if hidden(r) || r == 0 {
			return ' '
		}
		return r
	}, value)
}

// within returns a position that is in the page: pos, or else another. A text that was
// written with escapes has lines that its file has not.
func (p *page) within(pos, other token.Position) token.Position {
	if pos.Line < 1 || pos.Line > len(p.lines) || pos.Column < 1 || pos.Column > len(p.lines[pos.Line-1])+1 {
		return other
	}
	return pos
}

// checkSymbol reports a symbol that would lead out of a folder, were it a path: pages
// and files are named after symbols. It is false for such a one.
func (p *page) checkSymbol(f field) bool {
	if !strings.ContainsAny(f.value, "\\:%?#<>\"'` ") && !slices.ContainsFunc(strings.Split(f.value, "/"), func(part string) bool {
		return part == "" || part == "." || part == ".."
	}) {
		return true
	}
	if local, ok := strings.CutSuffix(f.value, "<>"); ok && local != "" { // local to an assembly file
		return p.checkSymbol(field{value: local, pos: f.pos, key: f.key})
	}
	p.list.Errorf(f.pos, "N112", "%q is no symbol: it has a part that names another folder or address", f.value).
		Relate("fix: symbol: <package>.<name>, such as runtime.schedinit")
	return false
}
