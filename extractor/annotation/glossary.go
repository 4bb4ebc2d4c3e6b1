package annotation

import (
	"go/token"
	"io/fs"
	"maps"
	"slices"

	"beforemain/extractor/diag"
	"beforemain/extractor/markdown"
	"beforemain/extractor/scan"
)

// Term is an entry of the glossary. The maps are by language. Also are other names
// that readers may know it by: the book does not use them, and lists them so that they
// can be found. Avoid are names that the book refuses: a prose that uses one is reported.
type Term struct {
	ID    string
	Name  map[string]string
	Also  map[string][]string
	Avoid map[string][]string
	Text  map[string]*markdown.Prose
	Pos   token.Position
}

// ReadGlossary reads `[[term]]` tables with id, name, text and, where there are other
// names, also and avoid. A file that is not there holds no terms.
func ReadGlossary(fsys fs.FS, name string) ([]Term, diag.List) {
	text, list, ok := scan.ReadFile(fsys, name)
	if !ok {
		return nil, list
	}
	return parseGlossary(name, text)
}

func parseGlossary(name string, text []byte) ([]Term, diag.List) {
	p := scan.NewPage(name, text)
	var file struct {
		Term []struct {
			ID    string
			Name  map[string]string
			Also  map[string][]string
			Avoid map[string][]string
			Text  map[string]string
		}
	}
	if !p.Decode(&file, []string{"term", "id", "name", "also", "avoid", "text"}) {
		return nil, p.List
	}
	starts := p.Tables("[[term]]")
	var terms []Term
	first := map[string]token.Position{}
	for i, t := range file.Term {
		term := Term{ID: t.ID, Name: t.Name, Also: t.Also, Avoid: t.Avoid, Text: map[string]*markdown.Prose{}, Pos: p.Table(starts, i)}
		for _, lang := range slices.Sorted(maps.Keys(t.Text)) {
			term.Text[lang] = markdown.ParseValue(p, t.Text[lang], term.Pos.Line-1)
		}
		for lang, name := range t.Name {
			term.Name[lang] = p.Seen(term.Pos, "the name", name)
		}
		for _, others := range []map[string][]string{t.Also, t.Avoid} {
			for _, lang := range slices.Sorted(maps.Keys(others)) {
				for i, name := range others[lang] {
					others[lang][i] = p.Seen(term.Pos, "another name", name)
				}
			}
		}
		if !scan.IDForm.MatchString(t.ID) {
			d := p.List.Errorf(term.Pos, "N110", "term id %q is not made of a-z, 0-9 and \"-\"", t.ID)
			if plain := scan.PlainID(t.ID); plain != "" {
				d.Relate("fix: id = %q", plain)
			} else {
				d.Relate("fix: id = \"<a word of a-z, 0-9 and ->\"")
			}
		} else if had, ok := first[t.ID]; ok {
			p.List.Errorf(term.Pos, "N110", "duplicate term id %q (first at %s)", t.ID, scan.Place(had)).Relate("fix: id = \"%s-2\"", t.ID)
		} else {
			first[t.ID] = term.Pos
		}
		terms = append(terms, term)
	}
	return terms, p.List
}

// Languages returns those that an entry says anything in.
func (t Term) Languages() []string {
	keys := slices.Collect(maps.Keys(t.Name))
	keys = slices.AppendSeq(keys, maps.Keys(t.Also))
	keys = slices.AppendSeq(keys, maps.Keys(t.Avoid))
	keys = slices.AppendSeq(keys, maps.Keys(t.Text))
	slices.Sort(keys)
	return slices.Compact(keys)
}
