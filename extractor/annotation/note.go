package annotation

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

// maxBlocks is how many blocks one note may have: what people write is untrusted.
const maxBlocks = 100

// MaxFragment is how many characters of the source one fragment may quote.
const MaxFragment = 80

var (
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`)
	// TagForm is what the tag of a block's "reviewed" is made of: go1.21.13, v2.3.0, go1.22rc1.
	TagForm = regexp.MustCompile(`^[A-Za-z/]*[0-9]+(\.[0-9]+)*([A-Za-z-]+\.?[0-9]+)?$`)
)

// The keys and kinds that site/static/schema/annotation.json tells editors of.
var (
	noteKeys   = []string{"symbol"}
	blockKeys  = []string{"go", "on", "at", "until", "after", "reviewed"}
	blockKinds = []string{string(AnchorKind), string(FoldKind), string(CommentKind)}

	notOfComments = []string{"until", "after"} // a comment block covers one whole comment
)

// Parse reads one file of notes, by lines: front matter, `##` a note, its
// fenced blocks, `###` a text.
func Parse(name string, text []byte) ([]*Annotation, diag.List) {
	p := scan.NewPage(name, text)
	head, ok := p.FrontMatter(noteKeys...)
	symbol, named := head["symbol"]
	if !ok {
		return nil, p.List
	}
	if !named || symbol.Value == "" {
		p.Errorf(p.Pos(0, 0), "the front matter has no symbol").Relate("fix: symbol: …")
		return nil, p.List
	}
	if c := index.Canonical(symbol.Value); c != symbol.Value {
		p.Errorf(symbol.Pos, "the symbol %q is written %s here", symbol.Value, c).Relate("fix: symbol: %s", c)
		symbol.Value = c
	}
	if !checkSymbol(p, symbol) {
		return nil, p.List
	}
	n := &noteParser{Page: p, symbol: symbol}
	n.parse()
	return n.notes, p.List
}

type noteParser struct {
	*scan.Page
	symbol scan.Field
	notes  []*Annotation
}

func (p *noteParser) parse() {
	for {
		line, n, ok := p.Read()
		if !ok {
			return
		}
		level, rest := scan.Heading(line)
		note := p.current()
		mark, info := scan.Fence(line)
		switch {
		case strings.TrimSpace(line) == "":
		case level == 2:
			p.begin(rest, n, len(line)-len(rest))
		case level == 3 && note == nil:
			p.Errorf(p.Pos(n, 0), "a section stands before the first note").Relate("fix: ## <id of the note>")
			p.prose()
		case level == 3:
			p.section(note, rest, n)
		case mark != "" && note == nil:
			p.Errorf(p.Pos(n, 0), "a block stands before the first note").Relate("fix: ## <id of the note>")
			p.SkipFence(mark, n)
		case mark != "":
			p.block(note, mark, info, n)
		case note == nil:
			p.Errorf(p.Pos(n, 0), "text stands before the first note").Relate("fix: ## <id of the note>")
			p.skipParagraph()
		default:
			p.Errorf(p.Pos(n, 0), "text stands in note %q outside a section", note.ID).Relate("fix: ### <language> <title>")
			p.skipParagraph()
		}
	}
}

func (p *noteParser) current() *Annotation {
	if len(p.notes) == 0 {
		return nil
	}
	return p.notes[len(p.notes)-1]
}

// begin opens a note at a `## id` line.
func (p *noteParser) begin(id string, n, column int) {
	a := &Annotation{Symbol: p.symbol.Value, ID: id, Pos: p.Pos(n, column), SymbolPos: p.symbol.Pos}
	if !scan.IDForm.MatchString(id) {
		d := p.List.Errorf(a.Pos, "N110", "note id %q is not made of a-z, 0-9 and \"-\"", id)
		if plain := scan.PlainID(id); plain != "" {
			d.Relate("fix: ## %s", plain)
		} else {
			d.Relate("fix: ## <id>, which all languages share; titles stand in \"###\" lines")
		}
	}
	p.notes = append(p.notes, a)
}

// block reads the lines of a fenced block up to its closing fence.
func (p *noteParser) block(a *Annotation, mark, info string, n int) {
	pos := p.Pos(n, len(p.Lines[n])-len(strings.TrimLeft(p.Lines[n], " "))+len(mark))
	if !slices.Contains(blockKinds, info) {
		d := p.Errorf(pos, "unknown block %q%s", info, scan.DidYouMean(info, blockKinds))
		if near, ok := scan.Nearest(info, blockKinds); ok {
			d.Relate("fix: %s%s", mark, near)
		} else {
			d.Relate("fix: use one of %s", strings.Join(blockKinds, ", "))
		}
		p.SkipFence(mark, n)
		a.broken = true
		return
	}
	b := Block{Kind: Kind(info), Pos: pos, fields: map[string]scan.Field{}}
	for {
		line, i, ok := p.Read()
		if !ok {
			p.Errorf(pos, "the block is not closed").Relate("fix: %s", mark)
			break
		}
		if scan.Closes(line, mark) {
			break
		}
		p.Field(b.fields, p.Plain(line, i), i, blockKeys)
	}
	if !p.fill(&b) {
		a.broken = true
		return
	}
	if len(a.Blocks) >= maxBlocks {
		if !a.broken {
			p.Errorf(b.Pos, "note %q has more than %d blocks", a.ID, maxBlocks).Relate("fix: make several notes of it")
		}
		a.broken = true
		return
	}
	a.Blocks = append(a.Blocks, b)
}

// fill reads the values of a block. It is false if the block cannot be resolved.
func (p *noteParser) fill(b *Block) bool {
	ok := true
	b.At, b.Until, b.After = b.fields["at"].Value, b.fields["until"].Value, b.fields["after"].Value
	b.Reviewed = b.fields["reviewed"].Value
	if b.At == "" {
		if _, said := b.fields["at"]; !said {
			p.Errorf(b.Pos, "the %s block has no \"at:\"", b.Kind).Relate("fix: at: <one line of the source>")
		}
		ok = false
	}
	if f, set := b.fields["go"]; set && f.Value != "" {
		r, err := scope.ParseRange(f.Value)
		if err != nil {
			d := p.Errorf(f.Pos, "%v", err)
			if fixed, err := scope.ParseRange(strings.NewReplacer(" ", "", "...", "..", "-", "..", "–", "..", "…", "..").Replace(f.Value)); err == nil {
				d.Relate("fix: go: %s", fixed)
			} else if from, to, two := strings.Cut(f.Value, ".."); two && to != "" {
				d.Relate("fix: go: %s..%s", to, from)
			} else {
				d.Relate("fix: go: 1.18, go: 1.17..1.21 or go: 1.26+")
			}
			ok = false
		}
		b.Go = r
	}
	if f, set := b.fields["on"]; set {
		column := f.Pos.Column - 1
		for item := range strings.SplitSeq(f.Value, ",") {
			name := strings.TrimSpace(item)
			if name == "" {
				p.Errorf(p.Pos(f.Pos.Line-1, column), "an empty name in \"on:\"").
					Relate("fix: on: %s", strings.Join(strings.FieldsFunc(f.Value, func(r rune) bool { return r == ',' || r == ' ' }), ", "))
			} else {
				b.On = append(b.On, name)
			}
			column += len(item) + 1
		}
	}
	for _, key := range []string{"at", "until", "after"} {
		if f := b.fields[key]; utf8.RuneCountInString(f.Value) > MaxFragment {
			p.List.Errorf(f.Pos, "N107", "fragment is %d characters; at most %d", utf8.RuneCountInString(f.Value), MaxFragment).
				Relate("quote a shorter run that is still unique in its symbol").
				Relate("fix: %s: %s", key, Quote(f.Value))
			ok = false
		}
	}
	if b.Kind == CommentKind {
		if b.At != "" && !strings.HasPrefix(b.At, "//") {
			p.Errorf(b.Position("at"), "a comment block's \"at:\" quotes the first line of a comment, and %q is none", b.At).
				Relate("fix: at: // <first words of the comment>")
			ok = false
		}
		for _, key := range notOfComments {
			if f, set := b.fields[key]; set {
				p.Errorf(f.Key, "%q in a comment block: it always covers one whole comment", key).
					Relate("fix: remove this line")
			}
		}
		b.Until, b.After = "", ""
	}
	if f := b.fields["reviewed"]; f.Value != "" && !TagForm.MatchString(f.Value) {
		p.Errorf(f.Pos, "%q is not a tag", f.Value).Relate("fix: reviewed: <a tag, such as go1.2.3>")
	}
	return ok
}

// section reads a `### lang Title` line and the prose below it.
func (p *noteParser) section(a *Annotation, rest string, n int) {
	lang, title, _ := strings.Cut(rest, " ")
	column := strings.Index(p.Lines[n], rest)
	t := Text{Lang: lang, Title: strings.TrimSpace(title), Pos: p.Pos(n, column)}
	if !languageForm.MatchString(lang) {
		p.Errorf(t.Pos, "a section begins with its language, and %q is none", lang).Relate("fix: ### <language> %s", rest)
		p.prose()
		return
	}
	got, ok := a.Text(lang)
	twice := ok && got.Lang == lang
	if twice {
		p.Errorf(t.Pos, "note %q has two %s sections (first in line %d)", a.ID, lang, got.Pos.Line).
			Relate("fix: join them, or begin a new note with \"## <id>\"")
	}
	source, first := p.prose()
	t.Of, t.StampPos, source, first = p.stamp(source, first)
	t.Prose = markdown.Parse(p.Page, source, first, markdown.Rules{Top: 4, Plain: true})
	if !twice {
		a.Texts = append(a.Texts, t)
	}
}

// prose reads lines up to the next note or section. The blank lines around them
// are left out; first is the line that they begin on.
func (p *noteParser) prose() (lines []string, first int) {
	first = p.Next
	for {
		line, i, ok := p.Read()
		if !ok {
			break
		}
		if level, _ := scan.Heading(line); level == 2 || level == 3 {
			p.Next = i
			break
		}
		if strings.HasPrefix(line, "##") && line[2:] != "" && line[2] != '#' && line[2] != ' ' {
			p.Errorf(p.Pos(i, 0), "a heading needs a space behind its marks").Relate("fix: ## %s", line[2:])
		}
		if mark, info := scan.Fence(line); mark != "" {
			if slices.Contains(blockKinds, info) {
				p.Errorf(p.Pos(i, len(mark)), "a block stands in the text of a section").
					Relate("fix: move the block before the first \"###\" of its note")
				if a := p.current(); a != nil {
					a.broken = true
				}
			}
			p.SkipFence(mark, i)
		}
	}
	return trimBlank(p.Lines[first:p.Next], first)
}

// skipParagraph steps over the lines up to the next empty one, heading or fence.
func (p *noteParser) skipParagraph() {
	for {
		line, i, ok := p.Read()
		if !ok || strings.TrimSpace(line) == "" {
			return
		}
		level, _ := scan.Heading(line)
		if mark, _ := scan.Fence(line); mark != "" || level > 0 {
			p.Next = i
			return
		}
	}
}

// trimBlank leaves out the blank lines around lines, of which the first has the number n.
func trimBlank(lines []string, n int) ([]string, int) {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines, n = lines[1:], n+1
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines, n
}

// checkSymbol reports a symbol that would lead out of a folder, were it a path: pages
// and files are named after symbols. It is false for such a one.
func checkSymbol(p *scan.Page, f scan.Field) bool {
	if !strings.ContainsAny(f.Value, "\\:%?#<>\"'` ") && !slices.ContainsFunc(strings.Split(f.Value, "/"), func(part string) bool {
		return part == "" || part == "." || part == ".."
	}) {
		return true
	}
	if local, ok := strings.CutSuffix(f.Value, "<>"); ok && local != "" { // local to an assembly file
		return checkSymbol(p, scan.Field{Value: local, Pos: f.Pos, Key: f.Key})
	}
	p.List.Errorf(f.Pos, "N112", "%q is no symbol: it has a part that names another folder or address", f.Value).
		Relate("fix: symbol: <package>.<name>, such as runtime.schedinit")
	return false
}

// Quote shortens a line of the source to what a fragment may quote, between words.
func Quote(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for len([]rune(s)) > MaxFragment {
		i := strings.LastIndexByte(s, ' ')
		if i < 0 {
			return string([]rune(s)[:MaxFragment])
		}
		s = s[:i]
	}
	return s
}

// keyWidth is how wide the keys of a block are set, with their colon and a space.
const keyWidth = len("reviewed: ")
