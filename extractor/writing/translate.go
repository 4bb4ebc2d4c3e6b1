package writing

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/writing/po"
)

// titleContext follows the context of a note's prose in that of its title.
const titleContext = " title"

// Messages returns the texts to translate into a language, with the translations that
// there are: titles and prose of the notes, in their order, and behind them comments of
// the source. The context of a message is file#note, and of a title file#note title.
// An entry whose translation is older than its text is marked as fuzzy.
func Messages(lang, sourceLang string, notes []*annotation.Annotation, anchors []anchor.Anchor, comments []anchor.SourceComment) []po.Message {
	at := map[*annotation.Annotation]anchor.Anchor{}
	for _, a := range anchors {
		at[a.Annotation] = a // the newest version comes last
	}
	var messages []po.Message
	for _, n := range notes {
		t, there := n.Text(lang)
		there = there && t.Lang == lang && !t.Placeholder()
		m := po.Message{Context: n.Pos.Filename + "#" + n.ID, Reference: fmt.Sprintf("%s:%d", n.Pos.Filename, n.Pos.Line), Notes: []string{n.Symbol}}
		for _, b := range n.Blocks {
			m.Notes = append(m.Notes, string(b.Kind)+" "+b.At)
		}
		if n.Translates() {
			place, ok := at[n]
			if lang == sourceLang || !ok {
				continue
			}
			m.ID = anchor.CommentLines(place.Slice, place.First, place.Last)
			if there {
				m.Text = proseOf(t)
			}
			messages = append(messages, m)
			continue
		}
		if len(n.Texts) == 0 || n.Texts[0].Lang == lang || n.Texts[0].Placeholder() {
			continue
		}
		title := m
		title.Context += titleContext
		m.ID, title.ID = proseOf(n.Texts[0]), n.Texts[0].Title
		if there {
			m.Text, title.Text = proseOf(t), t.Title
			m.Fuzzy = n.Outdated(lang)
			title.Fuzzy = m.Fuzzy
		}
		for _, m := range []po.Message{title, m} {
			if m.ID != "" {
				messages = append(messages, m)
			}
		}
	}
	if lang == sourceLang {
		return messages
	}
	for _, c := range comments {
		messages = append(messages, po.Message{
			Context: c.File + "#" + c.ID, ID: c.Text, Notes: []string{c.Symbol + " in " + c.Slice.Version.Tag},
			Reference: fmt.Sprintf("%s:%d", c.Slice.Path, c.Line),
		})
	}
	return messages
}

// proseOf is the text of a note without the newline at its end.
func proseOf(t annotation.Text) string { return strings.TrimSuffix(string(t.Prose.Source), "\n") }

// Translation is what the entries of a note in a PO file say.
type Translation struct {
	Context     string // file#note
	Prose       *po.Message
	Title       *po.Message
	Note        *annotation.Annotation // nil where it is to be made
	Comment     *anchor.SourceComment  // of which it is to be made
	name        string                 // of the PO file
	title, text string
}

// Translations joins the entries of a PO file with the notes and comments that they
// are for. Entries without a translation and fuzzy ones are left out and counted. An
// entry for nothing in the book is an error.
func Translations(name string, messages []po.Message, notes []*annotation.Annotation, comments []anchor.SourceComment) (list []Translation, fuzzy int, problems diag.List) {
	known := map[string]*annotation.Annotation{}
	for _, n := range notes {
		known[n.Pos.Filename+"#"+n.ID] = n
	}
	fresh := map[string]*anchor.SourceComment{}
	for i, c := range comments {
		fresh[c.File+"#"+c.ID] = &comments[i]
	}
	place := map[string]int{}
	for i := range messages {
		m := &messages[i]
		if m.Text == "" || m.Fuzzy {
			if m.Fuzzy {
				fuzzy++
			}
			continue
		}
		pos := token.Position{Filename: name, Line: m.Line, Column: 1}
		context, title := strings.CutSuffix(m.Context, titleContext)
		n, c := known[context], fresh[context]
		switch {
		case n == nil && c == nil:
			problems.Errorf(pos, "N109", "the book has no note %q", m.Context).Relate("fix: export the file again; an entry's context is file#note")
			continue
		case n == nil && (title || c.Text != m.ID):
			problems.Errorf(pos, "N109", "%q is another comment in %s", m.Context, c.Slice.Version.Tag).Relate("fix: export the file again")
			continue
		}
		k, ok := place[context]
		if !ok {
			k = len(list)
			place[context] = k
			list = append(list, Translation{Context: context, Note: n, Comment: c, name: name})
		}
		if title {
			list[k].Title = m
		} else {
			list[k].Prose = m
		}
	}
	return list, fuzzy, problems
}

// pos is where the entries of a translation stand.
func (t *Translation) pos() token.Position {
	m := t.Prose
	if m == nil {
		m = t.Title
	}
	return token.Position{Filename: t.name, Line: m.Line, Column: 1}
}

// File returns the file of the book in which the translation goes.
func (t *Translation) File(lang string) string {
	if t.Note == nil {
		return t.Comment.File
	}
	for _, old := range slices.Concat(t.Note.Texts, t.Note.Drafts) {
		if old.Lang == lang {
			return old.Pos.Filename
		}
	}
	if own := t.Note.Pos.Filename; slices.ContainsFunc(t.Note.Texts, func(o annotation.Text) bool { return o.Pos.Filename == own }) {
		return own
	}
	return t.Note.Texts[0].Pos.Filename // only the blocks stand in the note's own file
}

// Edit returns the change that puts a translation into its file, whose text is given,
// and false if the file has it already. What would change more than this one text is an
// error in the PO file.
func (t *Translation) Edit(lang string, text []byte) (Edit, bool, diag.List) {
	var list diag.List
	n := t.Note
	old, _ := n.Text(lang)
	there := n.HasText(lang)
	if there && !n.Translates() && n.Texts[0].Lang == lang {
		list.Errorf(t.pos(), "N109", "%s is the language that %q was written in", lang, n.ID).
			Relate("fix: leave this entry out, and change the text in %s", n.Texts[0].Pos.Filename)
		return Edit{}, false, list
	}
	if there {
		t.title, t.text = old.Title, proseOf(old)
	}
	if t.Title != nil {
		t.title = strings.TrimSpace(t.Title.Text)
	}
	if t.Prose != nil {
		t.text = strings.Trim(t.Prose.Text, "\n")
	}
	if there && t.title == old.Title && t.text == proseOf(old) {
		return Edit{}, false, nil
	}
	e := t.place(lang, text, t.section(lang))
	return e, true, t.check(lang, text, e)
}

// section writes the section of a note that the translation is. Its stamp is of the text
// that was translated, which may be older than the one that the note has by now.
func (t *Translation) section(lang string) string {
	s := strings.TrimSpace("### "+lang+" "+t.title) + "\n\n"
	if !t.Note.Translates() {
		origin := t.Note.Texts[0]
		title, prose := origin.Title, proseOf(origin)
		if t.Title != nil {
			title = t.Title.ID
		}
		if t.Prose != nil {
			prose = t.Prose.ID
		}
		s += fmt.Sprintf("<!-- of: %s %s -->\n", origin.Lang, annotation.Stamp(title+"\n"+prose))
	}
	if t.text != "" {
		s += t.text + "\n"
	}
	return s
}

// place puts a section where the file has one of its language, or else behind the last of
// the note.
func (t *Translation) place(lang string, text []byte, section string) Edit {
	e := Edit{Pos: token.Position{Filename: t.File(lang), Column: 1}, New: section}
	all := slices.Concat(t.Note.Texts, t.Note.Drafts)
	if i := slices.IndexFunc(all, func(o annotation.Text) bool { return o.Lang == lang }); i >= 0 {
		e.Pos.Line, e.Old = sectionLines(text, all[i])
		if !strings.HasSuffix(e.Old, "\n") {
			e.New = strings.TrimSuffix(section, "\n")
		}
		return e
	}
	var last annotation.Text
	for _, o := range all {
		if o.Pos.Filename == e.Pos.Filename && o.Pos.Line > last.Pos.Line {
			last = o
		}
	}
	line, before := sectionLines(text, last)
	e.Pos.Line, e.New = line+strings.Count(before, "\n"), "\n"+section
	if !strings.HasSuffix(before, "\n") {
		e.Pos.Line++
	}
	return e
}

// Create returns the note of a comment of the source, for the end of a file.
func (t *Translation) Create(lang string) string {
	c := t.Comment
	return fmt.Sprintf("## %s\n\n%s\n### %s\n\n%s\n", c.ID, c.Block.Markdown(), lang, strings.Trim(t.Prose.Text, "\n"))
}

// CheckCreated reports whether a new note at the end of a file changes more than it should.
func (t *Translation) CheckCreated(lang string, before, after []byte) diag.List {
	t.text = strings.Trim(t.Prose.Text, "\n")
	return t.compare(lang, before, after, t.Comment.File, t.Comment.ID, 1)
}

func (t *Translation) check(lang string, text []byte, e Edit) diag.List {
	after, err := Apply(text, []Edit{e})
	if err != nil {
		var list diag.List
		list.Errorf(t.pos(), "N109", "%v", err).Relate("fix: export the file again")
		return list
	}
	return t.compare(lang, text, after, e.Pos.Filename, t.Note.ID, 0)
}

// compare reads the file as it would be. The text has to come back as it stands in
// the PO file; headings and fences in it must not make other notes or sections.
func (t *Translation) compare(lang string, before, after []byte, file, id string, more int) diag.List {
	var list diag.List
	was, oldProblems := annotation.Parse(file, before)
	is, problems := annotation.Parse(file, after)
	found := false
	sections := func(notes []*annotation.Annotation) (n int) {
		for _, a := range notes {
			n += len(a.Texts)
		}
		return n
	}
	for _, a := range is {
		if got, ok := a.Text(lang); ok && a.ID == id && got.Lang == lang {
			found = got.Title == t.title && proseOf(got) == t.text
			if len(a.Blocks) > 0 {
				annotation.CheckShape(a, &problems)
			}
		}
	}
	for _, a := range was {
		if _, ok := a.Text(lang); ok && a.ID == id && len(a.Blocks) > 0 {
			annotation.CheckShape(a, &oldProblems)
		}
	}
	grown := sections(is) - sections(was)
	switch {
	case problems.Count(diag.Error) > oldProblems.Count(diag.Error):
		for _, d := range problems {
			if d.Severity == diag.Error && !slices.ContainsFunc(oldProblems, func(o diag.Diagnostic) bool { return o.Code == d.Code && o.Message == d.Message }) {
				list.Errorf(t.pos(), d.Code, "%s, in the %s text of %q", d.Message, lang, id).Related = d.Related
				return list
			}
		}
		list.Errorf(t.pos(), "N109", "the %s text of %q does not keep to the format", lang, id).
			Relate("fix: correct the title and the text of the entry")
	case !found || len(is) != len(was)+more || grown > 1 || grown < 0:
		list.Errorf(t.pos(), "N109", "the %s text of %q would not be read back: a title is one line, and the text begins with no stamp and has no headings above ####", lang, id).
			Relate("fix: correct the title and the text of the entry")
	}
	return list
}

// sectionLines returns the line on which a section begins, and its text up to the end
// of its prose, without the marks of the ends of lines that Apply puts back.
func sectionLines(text []byte, t annotation.Text) (line int, old string) {
	lines := rawLines(text)
	last := t.Pos.Line // behind the heading, from 0
	if n := strings.Count(string(t.Prose.Source), "\n"); n > 0 {
		last = t.Prose.Pos.Line - 1 + n
	} else if t.Of != "" {
		for last < len(lines) && !strings.HasPrefix(lines[last], stampMark) {
			last++
		}
		last++
	}
	last = min(last, len(lines))
	return t.Pos.Line, strings.ReplaceAll(strings.Join(lines[t.Pos.Line-1:last], ""), "\r\n", "\n")
}
