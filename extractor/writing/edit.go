// Package writing changes the files that people write, and only where it says.
package writing

import (
	"bytes"
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/scan"
	"beforemain/extractor/source"
)

// Edit is a change of a file that people write: New in the place of Old, which
// begins at Pos. What an edit does not name stays as it is, to the byte.
type Edit struct {
	Pos token.Position
	Old string
	New string
}

// Apply makes the edits of one file, which must not overlap. It fails if the file
// has not the old text where an edit says.
func Apply(text []byte, edits []Edit) ([]byte, error) {
	lines := rawLines(text)
	offsets := make([]int, len(lines)+1)
	for i, line := range lines {
		offsets[i+1] = offsets[i] + len(line)
	}
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	eol := "\n"
	if len(lines) > 0 && strings.HasSuffix(lines[0], "\r\n") {
		eol = "\r\n"
	}
	mark := 0 // bytes that the reader of notes does not count
	if bytes.HasPrefix(text, []byte(byteOrderMark)) {
		mark = len(byteOrderMark)
	}
	var b bytes.Buffer
	done := 0
	for _, e := range sorted {
		if e.Pos.Line < 1 || e.Pos.Line > len(offsets) {
			return nil, fmt.Errorf("%s: no such line", e.Pos)
		}
		at := offsets[e.Pos.Line-1] + e.Pos.Column - 1
		if e.Pos.Line == 1 {
			at += mark
		}
		old := strings.ReplaceAll(e.Old, "\n", eol)
		if at < done || at > len(text) || !bytes.HasPrefix(text[at:], []byte(old)) {
			return nil, fmt.Errorf("%s: the text to change is not there", e.Pos)
		}
		b.Write(text[done:at])
		if at == len(text) && at > 0 && text[at-1] != '\n' && e.Pos.Column == 1 {
			b.WriteString(eol)
		}
		b.WriteString(strings.ReplaceAll(e.New, "\n", eol))
		done = at + len(old)
	}
	b.Write(text[done:])
	return b.Bytes(), nil
}

const byteOrderMark = "\ufeff"

// rawLines splits a text into lines with their ends.
func rawLines(text []byte) []string {
	lines := strings.SplitAfter(string(text), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// reviewed returns the change of a block's reviewed tag.
func reviewed(b *annotation.Block, tag string) Edit {
	return Edit{Pos: b.Position("reviewed"), Old: b.Reviewed, New: tag}
}

// stampMark begins the line that a stamp is.
const stampMark = "<!-- of:"

// StampNote returns the change that makes the stamp of a translation name the
// note's origin as it is, and false if it does already. The text is that of the
// file in which the translation stands.
func StampNote(a *annotation.Annotation, text []byte, t annotation.Text) (Edit, bool) {
	return editStamp(text, t, a.Texts[0].StampLine())
}

// editStamp puts a stamp, which is a whole line, below the heading of a translation.
func editStamp(text []byte, t annotation.Text, stamp string) (Edit, bool) {
	lines := rawLines(text)
	n := t.Pos.Line // the line behind the heading, from 0
	for n < len(lines) && strings.TrimSpace(lines[n]) == "" {
		n++
	}
	e := Edit{Pos: t.Pos}
	e.Pos.Column = 1
	if n < len(lines) && strings.HasPrefix(lines[n], stampMark) {
		e.Pos.Line, e.Old, e.New = n+1, strings.TrimRight(lines[n], " \t\r\n"), stamp
		return e, e.Old != e.New
	}
	e.Pos.Line++
	e.New = "\n" + stamp + "\n"
	if n > t.Pos.Line {
		e.Pos.Line++ // behind the empty line that is there
		e.New = stamp + "\n"
	}
	if n < len(lines) {
		if level, _ := scan.Heading(strings.TrimRight(lines[n], "\r\n")); level == 2 || level == 3 {
			e.New += "\n" // the text is only a title
		}
	}
	return e, true
}

// EditPin returns the changes of "reviewed:" that the pin of a version needs when it
// moves from the tag old: those of blocks whose lines are equal in both.
func EditPin(items []anchor.Item, notes []*annotation.Annotation, version source.Version, old string) []Edit {
	state := map[*annotation.Block]anchor.State{}
	for _, i := range items {
		state[i.Block] = i.State
	}
	var edits []Edit
	for _, a := range notes {
		for i := range a.Blocks {
			b := &a.Blocks[i]
			s, listed := state[b]
			if b.Reviewed == old && (!listed || s == anchor.Kept || s == anchor.Moved) {
				edits = append(edits, reviewed(b, version.Tag))
			}
		}
	}
	return edits
}

// StampChapter returns the change that makes the stamp of a translation name its origin as
// it is, and false if it does already.
func StampChapter(c, origin *annotation.Chapter) (Edit, bool) {
	e := Edit{Pos: token.Position{Filename: c.Pos.Filename, Line: c.OfPos.Line, Column: 1}, New: origin.StampLine()}
	if c.OfPos.Line > 1 { // the line as it is written, whatever its value
		e.Old = strings.TrimRight(rawLines(c.Source)[c.OfPos.Line-1], "\r\n")
	} else { // before the line that ends the front matter
		e.Pos.Line = c.TextLine - 1
		e.New += "\n"
	}
	return e, c.Outdated(origin)
}
