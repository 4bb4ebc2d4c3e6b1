package anchor

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/scan"
)

// sourceLine is one line of a slice, as tokens.
type sourceLine struct {
	code     []string   // tokens that are no comment
	comments [][]string // the words of each comment on the line
	text     string     // as written, without the white space around it
	codeText string     // the same without its comments
}

// directiveForm is a comment that speaks to a tool, as go/ast has it.
var directiveForm = regexp.MustCompile(`^//(line |extern |export |[a-z0-9]+:[a-z0-9])`)

// lone reports whether nothing but a comment for readers stands on the line.
func (l *sourceLine) lone() bool {
	return len(l.code) == 0 && len(l.comments) > 0 && !directiveForm.MatchString(l.text)
}

// matcher finds fragments in slices. It lexes each distinct text once.
type matcher struct {
	texts map[textKey][]sourceLine
	// comments holds, by its words, where a text has each comment: its first and last
	// line, from 0.
	comments map[textKey]map[string][][2]int
}

func newMatcher() *matcher {
	return &matcher{texts: map[textKey][]sourceLine{}, comments: map[textKey]map[string][][2]int{}}
}

type textKey struct{ sum, suffix string }

// lines returns the lines of a slice; the first is s.Start.
func (m *matcher) lines(s *index.Slice) []sourceLine {
	k := textKey{s.SHA256, path.Ext(s.Path)}
	if l, ok := m.texts[k]; ok {
		return l
	}
	l := splitLines(s.Path, s.Text)
	m.texts[k] = l
	return l
}

func splitLines(name string, text []byte) []sourceLine {
	written := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	lines := make([]sourceLine, len(written))
	offset := 0
	offsets := make([]int, len(written))
	for i, w := range written {
		offsets[i] = offset
		offset += len(w) + 1
		lines[i].text = strings.TrimSpace(w)
	}
	for _, t := range index.Lex(name, text) {
		i := t.Line - 1
		if i < 0 || i >= len(lines) {
			continue
		}
		if !t.Comment {
			l := &lines[i]
			l.code = append(l.code, t.Text)
			end := min(t.End-offsets[i], len(written[i]))
			l.codeText = strings.TrimSpace(written[i][:end])
			continue
		}
		for k, part := range strings.Split(t.Text, "\n") {
			if i+k < len(lines) {
				lines[i+k].comments = append(lines[i+k].comments, commentWords(part))
			}
		}
	}
	for i := range lines {
		lines[i].codeText = strings.Join(strings.Fields(lines[i].codeText), " ")
	}
	return lines
}

// commentWords returns the words of one line of a comment, without its marks.
func commentWords(s string) []string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		return strings.Fields(rest)
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "/*"), "*/")
	return strings.Fields(strings.TrimPrefix(strings.TrimSpace(s), "* "))
}

// fragment is what a block quotes of one line.
type fragment struct {
	text    string
	comment bool
}

func newFragment(text string) fragment {
	return fragment{text, strings.HasPrefix(text, "//")}
}

// parts returns what has to stand on a line: the words of a comment, or tokens.
func (f fragment) parts(name string) []string {
	if f.comment {
		return commentWords(f.text)
	}
	var parts []string
	for _, t := range index.Lex(name, []byte(f.text)) {
		if !t.Comment {
			parts = append(parts, t.Text)
		}
	}
	return parts
}

// matches reports whether the line holds the parts of the fragment: tokens as a
// run without a gap, a comment's words as the beginning of a comment.
func (f fragment) matches(l *sourceLine, parts []string) bool {
	if len(parts) == 0 {
		return false
	}
	if f.comment {
		return slices.ContainsFunc(l.comments, func(words []string) bool {
			return len(words) >= len(parts) && slices.Equal(words[:len(parts)], parts)
		})
	}
	for i := 0; i+len(parts) <= len(l.code); i++ {
		if slices.Equal(l.code[i:i+len(parts)], parts) {
			return true
		}
	}
	return false
}

// find returns the lines of the file behind a line that match, among those that
// are active on the platform; a nil platform means all.
func (m *matcher) find(s *index.Slice, on *index.Platform, f fragment, behind int) []int {
	parts := f.parts(s.Path)
	var found []int
	lines := m.lines(s)
	for i := range lines {
		number := s.Start + i
		if number > behind && f.matches(&lines[i], parts) && (on == nil || s.Active(*on, number)) {
			found = append(found, number)
		}
	}
	return found
}

// at returns a line of a slice by its number in the file.
func (m *matcher) at(s *index.Slice, number int) *sourceLine {
	return &m.lines(s)[number-s.Start]
}

// comment returns the lines of the comment that a line belongs to, if it is the first.
// A comment is a run of lines that hold nothing else, without directives; behind code it
// is its line only.
func (m *matcher) comment(s *index.Slice, first int) (last int, ok bool) {
	lines := m.lines(s)
	i := first - s.Start
	if !lines[i].lone() {
		return first, true
	}
	if i > 0 && lines[i-1].lone() {
		return 0, false
	}
	for i+1 < len(lines) && lines[i+1].lone() {
		i++
	}
	for i > first-s.Start && !slices.ContainsFunc(lines[i].comments, func(words []string) bool { return len(words) > 0 }) {
		i-- // an empty line, as gofmt puts before a directive
	}
	return s.Start + i, true
}

// commentStart returns the first line of the comment that a line belongs to.
func (m *matcher) commentStart(s *index.Slice, number int) int {
	for m.at(s, number).lone() && number > s.Start && m.at(s, number-1).lone() {
		number--
	}
	return number
}

// meant returns the lines that a block which translates a comment may mean, of those
// that its fragment is found on: where it is all of some comments, only theirs, and of
// equal comments the first, since the translation stands beside each of them.
func (m *matcher) meant(s *index.Slice, f fragment, found []int) []int {
	if len(found) < 2 {
		return found
	}
	text := func(n int) string {
		n = m.commentStart(s, n)
		last, _ := m.comment(s, n)
		return m.commentText(s, n, last)
	}
	all := strings.Join(f.parts(s.Path), " ")
	if whole := slices.DeleteFunc(slices.Clone(found), func(n int) bool { return text(n) != all }); len(whole) > 0 {
		found = whole
	}
	if first := text(found[0]); !slices.ContainsFunc(found, func(n int) bool { return text(n) != first }) {
		found = found[:1]
	}
	return found
}

// commentText returns the words of a comment that begins and ends on these lines.
func (m *matcher) commentText(s *index.Slice, first, last int) string {
	var words []string
	for n := first; n <= last; n++ {
		for _, c := range m.at(s, n).comments {
			words = append(words, c...)
		}
	}
	return strings.Join(words, " ")
}

// equalComments returns the first and last lines of all comments of a slice with that text.
func (m *matcher) equalComments(s *index.Slice, on index.Platform, text string) [][2]int {
	var found [][2]int
	for _, c := range m.commentsOf(s)[text] {
		if first := s.Start + c[0]; s.Active(on, first) {
			found = append(found, [2]int{first, s.Start + c[1]})
		}
	}
	return found
}

// commentsOf returns where the comments of a slice are, by their words. Most notes
// translate a comment, and look for it in every version and on every platform.
func (m *matcher) commentsOf(s *index.Slice) map[string][][2]int {
	k := textKey{s.SHA256, path.Ext(s.Path)}
	if known, ok := m.comments[k]; ok {
		return known
	}
	all := map[string][][2]int{}
	lines := m.lines(s)
	for i := range lines {
		if len(lines[i].comments) == 0 {
			continue
		}
		if last, ok := m.comment(s, s.Start+i); ok {
			text := m.commentText(s, s.Start+i, last)
			all[text] = append(all[text], [2]int{i, last - s.Start})
		}
	}
	m.comments[k] = all
	return all
}

// nearest returns the line of a slice that is most like a fragment, and how much.
func (m *matcher) nearest(s *index.Slice, f fragment) (number int, similarity float64) {
	want := strings.Join(f.parts(s.Path), "")
	lines := m.lines(s)
	for i := range lines {
		have := strings.Join(lines[i].code, "")
		if f.comment {
			have = ""
			for _, c := range lines[i].comments {
				have = strings.Join(c, "")
			}
		}
		if have == "" {
			continue
		}
		if a := scan.Alike(want, have); a > similarity {
			number, similarity = s.Start+i, a
		}
	}
	return number, similarity
}
