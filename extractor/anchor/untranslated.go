package anchor

import (
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

// SourceComment is a comment of the source that no note translates yet.
type SourceComment struct {
	ID     string // of the note that a translation becomes
	File   string // in which that note goes
	Symbol string
	Text   string
	Block  annotation.Block
	Slice  *index.Slice
	Line   int
}

// SourceComments returns the comments of symbols that no note translates yet, each once
// a symbol, as the newest version has them. Directives are none, nor is a comment
// that no fragment can name. The file of a note is what fileOf says.
func SourceComments(book scope.Book, symbols []string, anchors []Anchor, x *index.Index, fileOf func(*index.Slice) string) []SourceComment {
	r := &resolver{book: book, x: x, versions: x.Versions(), matcher: newMatcher()}
	done := map[string]bool{} // symbol and text
	for _, a := range anchors {
		if a.Block.Kind == annotation.CommentKind {
			done[a.Annotation.Symbol+"\n"+r.matcher.commentText(a.Slice, a.First, a.Last)] = true
		}
	}
	var list []SourceComment
	for _, symbol := range symbols {
		var variants []*index.Slice
		for _, v := range slices.Backward(r.versions) {
			if variants = x.Slices(v.Name, symbol); len(variants) > 0 {
				break
			}
		}
		for _, s := range variants {
			for n := s.Start; n <= s.End; n++ {
				c, ok := r.sourceComment(variants, s, n)
				key := symbol + "\n" + strings.Join(strings.Fields(c.Text), " ")
				if !ok || done[key] {
					continue
				}
				done[key] = true
				c.Symbol, c.File = symbol, fileOf(s)
				list = append(list, c)
			}
		}
	}
	return list
}

// sourceComment returns the comment that begins on a line, if a block can name it.
func (r *resolver) sourceComment(variants []*index.Slice, s *index.Slice, n int) (SourceComment, bool) {
	line := r.matcher.at(s, n)
	if len(line.comments) != 1 {
		return SourceComment{}, false
	}
	last, ok := r.matcher.comment(s, n)
	text := CommentLines(s, n, last)
	at := annotation.Quote("// " + strings.Join(line.comments[0], " "))
	switch {
	case !ok, !strings.Contains(line.text, "//"), strings.Contains(text, "/*"), strings.TrimSpace(text) == "":
		return SourceComment{}, false
	case directiveForm.MatchString(line.text[strings.Index(line.text, "//"):]):
		return SourceComment{}, false
	case scan.IsOdd(at):
		return SourceComment{}, false
	}
	b := annotation.Block{Kind: annotation.CommentKind, At: at, Reviewed: s.Version.Tag}
	words := r.matcher.commentText(s, n, last)
	for _, v := range variants {
		for _, p := range v.Platforms {
			found := r.matcher.meant(v, newFragment(at), r.matcher.find(v, &p, newFragment(at), 0))
			if len(found) == 0 && v != s {
				continue
			}
			if len(found) != 1 {
				return SourceComment{}, false
			}
			end, first := r.matcher.comment(v, found[0])
			if !first || r.matcher.commentText(v, found[0], end) != words {
				return SourceComment{}, false
			}
		}
	}
	return SourceComment{ID: "c-" + annotation.Stamp(text), Text: text, Block: b, Slice: s, Line: n}, true
}

// CommentLines returns the text of a comment on these lines of a file, without its marks.
func CommentLines(s *index.Slice, first, last int) string {
	var lines []string
	for _, t := range index.Lex(s.Path, s.Text) {
		if n := s.Start + t.Line - 1; !t.Comment || n < first || n > last {
			continue
		}
		text := strings.TrimSuffix(t.Text, "\n")
		if rest, ok := strings.CutPrefix(text, "//"); ok {
			text = strings.TrimPrefix(rest, " ")
		} else {
			text = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "/*"), "*/"))
		}
		lines = append(lines, strings.TrimRight(text, " \t\r"))
	}
	return strings.Join(lines, "\n")
}

// CommentLeft is a comment of the source that no translation is shown for.
type CommentLeft struct {
	Symbol string
	Text   string       // its words
	Slice  *index.Slice // the newest that has it
	Line   int
}

// Repeats reports whether a translation only says what the comment says, as that of a
// name does: the comment counts as translated, and a page need not show it twice.
func (a Anchor) Repeats(lang string) bool {
	t, ok := a.Annotation.Text(lang)
	if !ok || a.Block.Kind != annotation.CommentKind || a.First != a.Last {
		return false
	}
	words := strings.Fields(CommentLines(a.Slice, a.First, a.Last))
	return strings.Join(words, " ") == markdown.PlainText(t.Prose.Doc, t.Prose.Source)
}

// CommentsLeft returns the comments of symbols, in whatever version and on whatever
// platform, that have no translation into a language, each once a symbol. The anchors
// are those of the book. Directives are no comments, nor are lines that no platform has.
func CommentsLeft(lang string, symbols []string, anchors []Anchor, x *index.Index) []CommentLeft {
	m := newMatcher()
	type place struct {
		slice *index.Slice
		line  int
	}
	done := map[place]bool{}
	for _, a := range anchors {
		if a.Block.Kind == annotation.CommentKind && a.Annotation.HasText(lang) {
			done[place{a.Slice, a.First}] = true
		}
	}
	var list []CommentLeft
	for _, symbol := range symbols {
		seen := map[string]bool{}
		for _, v := range slices.Backward(x.Versions()) {
			for _, s := range x.Slices(v.Name, symbol) {
				for n := s.Start; n <= s.End; n++ {
					text, ok := m.readable(s, n)
					if !ok || seen[text] || done[place{s, n}] {
						continue
					}
					seen[text] = true
					list = append(list, CommentLeft{symbol, text, s, n})
				}
			}
		}
	}
	return list
}

// readable returns the words of the comment that begins on a line, if there is one that
// some platform has and that speaks to readers.
func (m *matcher) readable(s *index.Slice, n int) (string, bool) {
	line := m.at(s, n)
	if len(line.comments) == 0 || directiveForm.MatchString(line.text) ||
		!slices.ContainsFunc(s.Platforms, func(p index.Platform) bool { return s.Active(p, n) }) {
		return "", false
	}
	last, ok := m.comment(s, n)
	if !ok {
		return "", false
	}
	text := m.commentText(s, n, last)
	return text, text != ""
}
