package annotation

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
)

// maxFragment is how many characters of the source one fragment may quote.
const maxFragment = 80

var (
	idForm       = regexp.MustCompile(`^[a-z0-9-]+$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`)
	tagForm      = regexp.MustCompile(`^[A-Za-z/]*[0-9]+(\.[0-9]+)*([A-Za-z-]+\.?[0-9]+)?$`)
)

// The keys and kinds that site/static/schema/annotation.json tells editors of.
var (
	noteKeys   = []string{"symbol"}
	blockKeys  = []string{"go", "on", "at", "until", "after", "reviewed"}
	blockKinds = []string{string(AnchorKind), string(FoldKind), string(CommentKind)}

	notOfComments = []string{"until", "after"} // a comment block covers one whole comment
)

// parseNotes reads one file of notes, by lines: front matter, `##` a note, its
// fenced blocks, `###` a text.
func parseNotes(name string, text []byte) ([]*Annotation, diag.List) {
	p := newPage(name, text)
	head, ok := p.frontMatter(noteKeys...)
	symbol, named := head["symbol"]
	if !ok {
		return nil, p.list
	}
	if !named || symbol.value == "" {
		p.errorf(p.pos(0, 0), "the front matter has no symbol").Relate("fix: symbol: …")
		return nil, p.list
	}
	if c := index.Canonical(symbol.value); c != symbol.value {
		p.errorf(symbol.pos, "the symbol %q is written %s here", symbol.value, c).Relate("fix: symbol: %s", c)
		symbol.value = c
	}
	if !p.checkSymbol(symbol) {
		return nil, p.list
	}
	n := &noteParser{page: p, symbol: symbol}
	n.parse()
	return n.notes, p.list
}

type noteParser struct {
	*page
	symbol field
	notes  []*Annotation
}

func (p *noteParser) parse() {
	for {
		line, n, ok := p.read()
		if !ok {
			return
		}
		level, rest := heading(line)
		note := p.current()
		mark, info := fence(line)
		switch {
		case strings.TrimSpace(line) == "":
		case level == 2:
			p.begin(rest, n, len(line)-len(rest))
		case level == 3 && note == nil:
			p.errorf(p.pos(n, 0), "a section stands before the first note").Relate("fix: ## <id of the note>")
			p.prose()
		case level == 3:
			p.section(note, rest, n)
		case mark != "" && note == nil:
			p.errorf(p.pos(n, 0), "a block stands before the first note").Relate("fix: ## <id of the note>")
			p.skipFence(mark, n)
		case mark != "":
			p.block(note, mark, info, n)
		case note == nil:
			p.errorf(p.pos(n, 0), "text stands before the first note").Relate("fix: ## <id of the note>")
			p.skipParagraph()
		default:
			p.errorf(p.pos(n, 0), "text stands in note %q outside a section", note.ID).Relate("fix: ### <language> <title>")
			p.skipParagraph()
		}
	}
}

// heading returns the level of a `# …` line and what stands behind the marks.
func heading(line string) (level int, rest string) {
	rest = strings.TrimLeft(line, "#")
	level = len(line) - len(rest)
	if level == 0 || level > 6 || rest != "" && rest[0] != ' ' {
		return 0, ""
	}
	return level, strings.TrimSpace(rest)
}

func (p *noteParser) current() *Annotation {
	if len(p.notes) == 0 {
		return nil
	}
	return p.notes[len(p.notes)-1]
}

// begin opens a note at a `## id` line.
func (p *noteParser) begin(id string, n, column int) {
	a := &Annotation{Symbol: p.symbol.value, ID: id, Pos: p.pos(n, column), symbolPos: p.symbol.pos}
	if !idForm.MatchString(id) {
		d := p.list.Errorf(a.Pos, "N110", "note id %q is not made of a-z, 0-9 and \"-\"", id)
		if plain := plainID(id); plain != "" {
			d.Relate("fix: ## %s", plain)
		} else {
			d.Relate("fix: ## <id>, which all languages share; titles stand in \"###\" lines")
		}
	}
	p.notes = append(p.notes, a)
}

// plainID makes an id out of words, if it can.
func plainID(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
	return strings.Join(words, "-")
}

// block reads the lines of a fenced block up to its closing fence.
func (p *noteParser) block(a *Annotation, mark, info string, n int) {
	pos := p.pos(n, len(p.lines[n])-len(strings.TrimLeft(p.lines[n], " "))+len(mark))
	if !slices.Contains(blockKinds, info) {
		d := p.errorf(pos, "unknown block %q%s", info, didYouMean(info, blockKinds))
		if near, ok := nearest(info, blockKinds); ok {
			d.Relate("fix: %s%s", mark, near)
		} else {
			d.Relate("fix: use one of %s", strings.Join(blockKinds, ", "))
		}
		p.skipFence(mark, n)
		a.broken = true
		return
	}
	b := Block{Kind: Kind(info), Pos: pos, fields: map[string]field{}}
	for {
		line, i, ok := p.read()
		if !ok {
			p.errorf(pos, "the block is not closed").Relate("fix: %s", mark)
			break
		}
		if closes(line, mark) {
			break
		}
		p.field(b.fields, p.plain(line, i), i, blockKeys)
	}
	if !p.fill(&b) {
		a.broken = true
		return
	}
	if len(a.Blocks) >= maxBlocks {
		if !a.broken {
			p.errorf(b.Pos, "note %q has more than %d blocks", a.ID, maxBlocks).Relate("fix: make several notes of it")
		}
		a.broken = true
		return
	}
	a.Blocks = append(a.Blocks, b)
}

// fill reads the values of a block. It is false if the block cannot be resolved.
func (p *noteParser) fill(b *Block) bool {
	ok := true
	b.At, b.Until, b.After = b.fields["at"].value, b.fields["until"].value, b.fields["after"].value
	b.Reviewed = b.fields["reviewed"].value
	if b.At == "" {
		if _, said := b.fields["at"]; !said {
			p.errorf(b.Pos, "the %s block has no \"at:\"", b.Kind).Relate("fix: at: <one line of the source>")
		}
		ok = false
	}
	if f, set := b.fields["go"]; set && f.value != "" {
		r, err := ParseRange(f.value)
		if err != nil {
			d := p.errorf(f.pos, "%v", err)
			if fixed, err := ParseRange(strings.NewReplacer(" ", "", "...", "..", "-", "..", "–", "..", "…", "..").Replace(f.value)); err == nil {
				d.Relate("fix: go: %s", fixed)
			} else if from, to, two := strings.Cut(f.value, ".."); two && to != "" {
				d.Relate("fix: go: %s..%s", to, from)
			} else {
				d.Relate("fix: go: 1.18, go: 1.17..1.21 or go: 1.26+")
			}
			ok = false
		}
		b.Go = r
	}
	if f, set := b.fields["on"]; set {
		column := f.pos.Column - 1
		for item := range strings.SplitSeq(f.value, ",") {
			name := strings.TrimSpace(item)
			if name == "" {
				p.errorf(p.pos(f.pos.Line-1, column), "an empty name in \"on:\"").
					Relate("fix: on: %s", strings.Join(strings.FieldsFunc(f.value, func(r rune) bool { return r == ',' || r == ' ' }), ", "))
			} else {
				b.On = append(b.On, name)
			}
			column += len(item) + 1
		}
	}
	for _, key := range []string{"at", "until", "after"} {
		if f := b.fields[key]; utf8.RuneCountInString(f.value) > maxFragment {
			p.list.Errorf(f.pos, "N107", "fragment is %d characters; at most %d", utf8.RuneCountInString(f.value), maxFragment).
				Relate("quote a shorter run that is still unique in its symbol").
				Relate("fix: %s: %s", key, cut(f.value))
			ok = false
		}
	}
	if b.Kind == CommentKind {
		if b.At != "" && !strings.HasPrefix(b.At, "//") {
			p.errorf(b.Position("at"), "a comment block's \"at:\" quotes the first line of a comment, and %q is none", b.At).
				Relate("fix: at: // <first words of the comment>")
			ok = false
		}
		for _, key := range notOfComments {
			if f, set := b.fields[key]; set {
				p.errorf(f.key, "%q in a comment block: it always covers one whole comment", key).
					Relate("fix: remove this line")
			}
		}
		b.Until, b.After = "", ""
	}
	if f := b.fields["reviewed"]; f.value != "" && !tagForm.MatchString(f.value) {
		p.errorf(f.pos, "%q is not a tag", f.value).Relate("fix: reviewed: <a tag, such as go1.2.3>")
	}
	return ok
}

// section reads a `### lang Title` line and the prose below it.
func (p *noteParser) section(a *Annotation, rest string, n int) {
	lang, title, _ := strings.Cut(rest, " ")
	column := strings.Index(p.lines[n], rest)
	t := Text{Lang: lang, Title: strings.TrimSpace(title), Pos: p.pos(n, column)}
	if !languageForm.MatchString(lang) {
		p.errorf(t.Pos, "a section begins with its language, and %q is none", lang).Relate("fix: ### <language> %s", rest)
		p.prose()
		return
	}
	got, ok := a.Text(lang)
	twice := ok && got.Lang == lang
	if twice {
		p.errorf(t.Pos, "note %q has two %s sections (first in line %d)", a.ID, lang, got.Pos.Line).
			Relate("fix: join them, or begin a new note with \"## <id>\"")
	}
	source, first := p.prose()
	t.Of, t.StampPos, source, first = p.stamp(source, first)
	t.Prose = p.parseProse(source, first, rules{top: 4, plain: true})
	if !twice {
		a.Texts = append(a.Texts, t)
	}
}

// prose reads lines up to the next note or section. The blank lines around them
// are left out; first is the line that they begin on.
func (p *noteParser) prose() (lines []string, first int) {
	first = p.next
	for {
		line, i, ok := p.read()
		if !ok {
			break
		}
		if level, _ := heading(line); level == 2 || level == 3 {
			p.next = i
			break
		}
		if strings.HasPrefix(line, "##") && line[2:] != "" && line[2] != '#' && line[2] != ' ' {
			p.errorf(p.pos(i, 0), "a heading needs a space behind its marks").Relate("fix: ## %s", line[2:])
		}
		if mark, info := fence(line); mark != "" {
			if slices.Contains(blockKinds, info) {
				p.errorf(p.pos(i, len(mark)), "a block stands in the text of a section").
					Relate("fix: move the block before the first \"###\" of its note")
				if a := p.current(); a != nil {
					a.broken = true
				}
			}
			p.skipFence(mark, i)
		}
	}
	return trimBlank(p.lines[first:p.next], first)
}

// skipParagraph steps over the lines up to the next empty one, heading or fence.
func (p *noteParser) skipParagraph() {
	for {
		line, i, ok := p.read()
		if !ok || strings.TrimSpace(line) == "" {
			return
		}
		level, _ := heading(line)
		if mark, _ := fence(line); mark != "" || level > 0 {
			p.next = i
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
