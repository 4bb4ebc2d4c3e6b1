package annotation

import (
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

// Chapter is one chapter in one language.
type Chapter struct {
	Slug, Lang  string
	Title, Lede string
	Body        []Node
	Source      []byte // the file
	Pos         token.Position

	TitlePos, LedePos token.Position

	Of    string         // the stamp of a translation: language and hash of its origin
	OfPos token.Position // of the stamp; the chapter's if it has none

	text      string // behind the front matter
	TextLine  int    // its first line, from 1
	Landmarks []markdown.Landmark
}

// Node is a part of a chapter: prose, a slice that is pulled in, a passage that stands
// only in some versions or on some platforms, a figure of what was measured, an order that
// the chapter states, or a picture. One of the fields is set.
type Node struct {
	Prose   *markdown.Prose
	Slice   *Pull
	Block   *Condition
	Figure  *Figure
	Order   *Order
	Picture *Depiction
}

// Pull shows a slice: all of it, or the lines of one of its notes.
type Pull struct {
	Symbol string
	On     string // a platform, an OS or an architecture; "" means the first that has the symbol
	Note   string // the id of a note; "" means the whole slice
	Pos    token.Position

	OnPos, NotePos token.Position
}

// Condition is a passage that stands only in the versions and on the platforms it names.
type Condition struct {
	Go   scope.Range
	On   []string // none means all
	Body []Node
	Pos  token.Position

	Written string         // the range or the list
	At      token.Position // of Written
}

// Variant returns the one of a symbol's variants that is shown: that of the first
// platform in the book's order that On names. It is nil if there is none.
func (p *Pull) Variant(variants []*index.Slice, order []index.Platform) *index.Slice {
	for _, o := range order {
		if p.On != "" && !o.Matches(p.On) {
			continue
		}
		for _, v := range variants {
			if slices.Contains(v.Platforms, o) {
				return v
			}
		}
	}
	return nil
}

// ReadChapter reads the text of a chapter. A file that is not there is a missing
// translation, and the chapter nil.
func ReadChapter(fsys fs.FS, name, lang, slug string) (*Chapter, diag.List) {
	text, list, ok := scan.ReadFile(fsys, name)
	if ok {
		return parseChapter(name, lang, slug, text)
	}
	if len(list) == 0 {
		list.Warnf(token.Position{Filename: name, Line: 1, Column: 1}, "N120", "the chapter %q has no %s text", slug, lang).
			Relate("fix: write %s", name)
	}
	return nil, list
}

func parseChapter(name, lang, slug string, text []byte) (*Chapter, diag.List) {
	p := &chapterParser{Page: scan.NewPage(name, text), rules: markdown.Rules{Top: 2, IDs: map[string]bool{}}}
	c := &Chapter{Slug: slug, Lang: lang, Source: text, Pos: p.Pos(0, 0)}
	head, ok := p.FrontMatter("title", "lede", "of")
	if !ok {
		return c, p.List
	}
	c.Title, c.TitlePos = p.title(head, "title")
	c.Lede, c.LedePos = p.title(head, "lede")
	c.Of, c.OfPos = p.stamp(head)
	c.text, c.TextLine = strings.Join(p.Lines[p.Next:], "\n"), p.Next+1
	p.open = []*Condition{{}}
	p.parse()
	c.Body, c.Landmarks = p.open[0].Body, p.landmarks
	return c, p.List
}

type chapterParser struct {
	*scan.Page
	rules markdown.Rules
	open  []*Condition // the blocks around the line, outermost first; [0] is the chapter
	first int          // the line that the prose being read began on

	landmarks []markdown.Landmark
}

// title returns a value of the front matter, without its quotes, and where it stands.
func (p *chapterParser) title(head map[string]scan.Field, key string) (string, token.Position) {
	f, ok := head[key]
	if !ok {
		p.Errorf(p.Pos(0, 0), "the front matter has no %s", key).Relate("fix: %s: \"…\"", key)
		return "", p.Pos(0, 0)
	}
	if !strings.HasPrefix(f.Value, `"`) {
		return f.Value, f.Pos
	}
	s, err := strconv.Unquote(f.Value)
	switch {
	case err != nil:
		p.Errorf(f.Pos, "the quotes of %q do not match", key).Relate("fix: %s: %q", key, strings.Trim(f.Value, `"`))
	case !utf8.ValidString(s):
		s = strings.ToValidUTF8(s, "?")
		p.Errorf(f.Pos, "%q is not UTF-8 text", key).Relate("fix: %s: %q", key, s)
	case strings.TrimSpace(s) == "":
		p.Errorf(f.Pos, "%q is empty", key).Relate("fix: %s: \"…\"", key)
	}
	s, f.Pos.Column = p.Seen(f.Pos, key, s), f.Pos.Column+1
	return s, f.Pos
}

func (p *chapterParser) parse() {
	p.first = p.Next
	for {
		line, n, ok := p.Read()
		if !ok {
			break
		}
		if mark, _ := scan.Fence(line); mark != "" {
			p.SkipFence(mark, n)
			continue
		}
		inner := strings.TrimSpace(line)
		if strings.HasPrefix(inner, "{{<") && strings.HasSuffix(inner, ">}}") && strings.Count(inner, "{{<") == 1 {
			p.flush(n)
			p.shortcode(inner[3:len(inner)-3], n, strings.Index(line, "{{<")+3)
			continue
		}
		for _, mark := range []string{"{{<", "{{%"} {
			if i := strings.Index(line, mark); i >= 0 && strings.Count(line[:i], "`")%2 == 0 {
				p.Errorf(p.Pos(n, i), "a %s … stands alone on its line", mark).
					Relate("fix: {{< go \"…\" >}}, {{< on \"…\" >}} or {{< slice … >}}, with empty lines around")
			}
		}
	}
	p.flush(len(p.Lines))
	for _, c := range p.open[1:] {
		p.Errorf(c.Pos, "the block is not closed").Relate("fix: {{< /%s >}}", c.name())
	}
}

func (c *Condition) name() string {
	if c.On != nil {
		return "on"
	}
	return "go"
}

// add appends a node to the innermost block.
func (p *chapterParser) add(n Node) {
	c := p.open[len(p.open)-1]
	c.Body = append(c.Body, n)
}

// flush makes a node of the prose before line n.
func (p *chapterParser) flush(n int) {
	if lines, first := trimBlank(p.Lines[min(p.first, n):n], p.first); len(lines) > 0 {
		prose := markdown.Parse(p.Page, lines, first, p.rules)
		p.landmarks = append(p.landmarks, prose.Landmarks()...)
		p.add(Node{Prose: prose})
	}
	p.first = n + 1
}

// argument is a word of a shortcode: value, or key=value.
type argument struct {
	key, value string
	pos        token.Position // of the value, behind a quote
}

// arguments splits what stands between {{< and >}}; column is where it begins.
func (p *chapterParser) arguments(s string, n, column int) []argument {
	var args []argument
	for i := 0; i < len(s); {
		if s[i] == ' ' || s[i] == '\t' {
			i++
			continue
		}
		var a argument
		end := i
		for end < len(s) && !strings.ContainsRune(" \t\"", rune(s[end])) {
			end++
		}
		key, value, found := strings.Cut(s[i:end], "=")
		if !found {
			key, value = "", s[i:end]
		}
		at := end - len(value)
		if value == "" && end < len(s) && s[end] == '"' {
			at = end + 1
			size := strings.IndexByte(s[at:], '"')
			if size < 0 {
				p.Errorf(p.Pos(n, column+end), "the quote is not closed").Relate("fix: %s\"", strings.TrimSpace(s[at-1:]))
				size = len(strings.TrimRight(s, " \t")) - at
			}
			value = s[at : at+size]
			end = at + size + 1
		}
		a = argument{key, value, p.Pos(n, column+at)}
		args = append(args, a)
		i = max(end, i+1)
	}
	return args
}

// shortcode reads one {{< … >}} line.
func (p *chapterParser) shortcode(s string, n, column int) {
	args := p.arguments(s, n, column)
	if len(args) == 0 {
		p.Errorf(p.Pos(n, column), "an empty {{< >}}").Relate("fix: use one of go, on and slice")
		return
	}
	p.landmarks = append(p.landmarks, markdown.Landmark{Text: "{{< " + strings.Join(strings.Fields(s), " ") + " >}}", Pos: args[0].pos})
	name := args[0]
	args = args[1:]
	switch name.value {
	case "go", "on":
		p.begin(name, args)
	case "/go", "/on":
		p.end(name)
	case "slice":
		p.slice(name, args)
	case "figure":
		p.figure(name, args)
	case "order":
		p.order(name, args)
	case "picture":
		p.picture(name, args)
	default:
		names := []string{"go", "/go", "on", "/on", "slice", "figure", "order", "picture"}
		d := p.Errorf(name.pos, "unknown {{< %s >}}%s", name.value, scan.DidYouMean(name.value, names))
		if near, ok := scan.Nearest(name.value, names); ok {
			d.Relate("fix: {{<%s>}}", strings.Replace(s, name.value, near, 1))
		} else {
			d.Relate("fix: use one of go, on, slice, figure, order and picture")
		}
	}
}

// begin opens a block. A range that cannot be read opens one too, so that its end is no error.
func (p *chapterParser) begin(name argument, args []argument) {
	c := &Condition{Pos: name.pos, At: name.pos}
	if len(args) != 1 || args[0].key != "" || args[0].value == "" {
		p.Errorf(name.pos, "{{< %s >}} takes one value in quotes", name.value).Relate("fix: {{< %s \"…\" >}}", name.value)
	} else {
		c.Written, c.At = args[0].value, args[0].pos
	}
	if name.value == "on" {
		if c.On = scope.Split(c.Written); len(c.On) == 0 && c.Written != "" {
			p.Errorf(c.At, "{{< on >}} names no platform").Relate("fix: {{< on \"…\" >}}")
		}
	} else if c.Written != "" {
		r, err := scope.ParseRange(c.Written)
		if err != nil {
			p.Errorf(c.At, "%v", err).Relate("fix: {{< go \"1.18\" >}}, {{< go \"1.17..1.21\" >}} or {{< go \"1.26+\" >}}")
		}
		c.Go = r
	}
	p.add(Node{Block: c})
	p.open = append(p.open, c)
}

func (p *chapterParser) end(name argument) {
	c := p.open[len(p.open)-1]
	if len(p.open) == 1 || "/"+c.name() != name.value {
		d := p.Errorf(name.pos, "{{< %s >}} closes no block", name.value)
		if len(p.open) > 1 {
			d.Relate("fix: {{< /%s >}}, for the block of line %d", c.name(), c.Pos.Line)
		} else {
			d.Relate("fix: remove this line")
		}
		return
	}
	p.open = p.open[:len(p.open)-1]
}

func (p *chapterParser) slice(name argument, args []argument) {
	pull := &Pull{Pos: name.pos, OnPos: name.pos, NotePos: name.pos}
	for _, a := range args {
		switch {
		case a.key == "" && pull.Symbol == "":
			pull.Symbol, pull.Pos = index.Canonical(a.value), a.pos
		case a.key == "on":
			pull.On, pull.OnPos = a.value, a.pos
		case a.key == "note":
			pull.Note, pull.NotePos = a.value, a.pos
		default:
			p.Errorf(a.pos, "{{< slice >}} takes a symbol, on=\"…\" and note=\"…\"%s", scan.DidYouMean(a.key, []string{"on", "note"})).
				Relate("fix: {{< slice %s >}}", args[0].value)
		}
	}
	if pull.Symbol == "" {
		p.Errorf(name.pos, "{{< slice >}} names no symbol").Relate("fix: {{< slice <symbol> >}}")
		return
	}
	p.add(Node{Slice: pull})
}
