package annotation

import (
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"beforemain/extractor/diag"
)

// Term is an entry of the glossary. The maps are by language. Also are other names
// that readers may know it by: the book does not use them, and lists them so that they
// can be found. Avoid are names that the book refuses: a prose that uses one is reported.
type Term struct {
	ID    string
	Name  map[string]string
	Also  map[string][]string
	Avoid map[string][]string
	Text  map[string]*Prose
	Pos   token.Position
}

// ReadGlossary reads `[[term]]` tables with id, name, text and, where there are other
// names, also and avoid. A file that is not there holds no terms.
func ReadGlossary(fsys fs.FS, name string) ([]Term, diag.List) {
	text, list, ok := readText(fsys, name)
	if !ok {
		return nil, list
	}
	return parseGlossary(name, text)
}

func parseGlossary(name string, text []byte) ([]Term, diag.List) {
	p := newPage(name, text)
	var file struct {
		Term []struct {
			ID    string
			Name  map[string]string
			Also  map[string][]string
			Avoid map[string][]string
			Text  map[string]string
		}
	}
	if !p.decode(&file, []string{"term", "id", "name", "also", "avoid", "text"}) {
		return nil, p.list
	}
	starts := p.tables("[[term]]")
	var terms []Term
	first := map[string]token.Position{}
	for i, t := range file.Term {
		line := 0
		if i < len(starts) {
			line = starts[i]
		}
		term := Term{ID: t.ID, Name: t.Name, Also: t.Also, Avoid: t.Avoid, Text: map[string]*Prose{}, Pos: p.pos(line, 0)}
		for _, lang := range slices.Sorted(maps.Keys(t.Text)) {
			prose, list := p.value(t.Text[lang], line)
			term.Text[lang] = prose
			p.list = append(p.list, list...)
		}
		for lang, name := range t.Name {
			term.Name[lang] = p.seen(term.Pos, "the name", name)
		}
		for _, others := range []map[string][]string{t.Also, t.Avoid} {
			for _, lang := range slices.Sorted(maps.Keys(others)) {
				for i, name := range others[lang] {
					others[lang][i] = p.seen(term.Pos, "another name", name)
				}
			}
		}
		if !idForm.MatchString(t.ID) {
			d := p.list.Errorf(term.Pos, "N110", "term id %q is not made of a-z, 0-9 and \"-\"", t.ID)
			if plain := plainID(t.ID); plain != "" {
				d.Relate("fix: id = %q", plain)
			} else {
				d.Relate("fix: id = \"<a word of a-z, 0-9 and ->\"")
			}
		} else if had, ok := first[t.ID]; ok {
			p.list.Errorf(term.Pos, "N110", "duplicate term id %q (first at %s)", t.ID, place(had)).Relate("fix: id = \"%s-2\"", t.ID)
		} else {
			first[t.ID] = term.Pos
		}
		terms = append(terms, term)
	}
	return terms, p.list
}

// tables returns the lines that open a table.
func (p *page) tables(header string) []int {
	var found []int
	for i, line := range p.lines {
		if before, _, _ := strings.Cut(line, "#"); strings.TrimSpace(before) == header {
			found = append(found, i)
		}
	}
	return found
}

// keyPos finds the first line that sets a key.
func (p *page) keyPos(k toml.Key) token.Position {
	for i, line := range p.lines {
		if at := strings.Index(line, k[len(k)-1]); at >= 0 && strings.ContainsAny(line[at:], "=]") {
			return p.pos(i, at)
		}
	}
	return p.pos(0, 0)
}

// value parses a value of the file, which stands at or below a line, as prose.
func (p *page) value(text string, line int) (*Prose, diag.List) {
	pos := p.find(text, line)
	written := strings.Join(p.lines[pos.Line-1:], "\n")[pos.Column-1:]
	prose := &Prose{Pos: pos, escaped: !strings.HasPrefix(written, text)}
	return prose.parse(p.seen(pos, "the text", text), rules{top: 7, plain: true})
}

// find returns where a text stands at or below a line; the line itself if the
// text is written with escapes.
func (p *page) find(text string, line int) token.Position {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	if first != "" {
		for i := line; i < len(p.lines); i++ {
			if at := strings.Index(p.lines[i], first); at >= 0 {
				return p.pos(i, at)
			}
		}
	}
	return p.pos(line, 0)
}

// languages returns those that an entry says anything in.
func (t Term) languages() []string {
	keys := slices.Collect(maps.Keys(t.Name))
	keys = slices.AppendSeq(keys, maps.Keys(t.Also))
	keys = slices.AppendSeq(keys, maps.Keys(t.Avoid))
	keys = slices.AppendSeq(keys, maps.Keys(t.Text))
	slices.Sort(keys)
	return slices.Compact(keys)
}
