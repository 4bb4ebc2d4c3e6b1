package content

import (
	"html/template"
	"slices"
	"strings"
	"sync"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
	"beforemain/extractor/syntax"
)

// listing renders lines of a slice (all if first is 0) with links, notes and folds.
func (e edition) listing(page string, s *index.Slice, first, last int, ids *render.IDs) (template.HTML, error) {
	tokens, err := e.tokens.of(s)
	if err != nil {
		return "", err
	}
	quoted := page != e.urls.symbol(e.version.Name, e.lang, s.Symbol)
	l := render.Listing{
		Slice:    s,
		Tokens:   tokens,
		First:    first,
		Last:     last,
		Links:    e.links(page, s, quoted),
		Upstream: upstream(e.Book.Upstream, e.version, s.Path, max(s.Start, first), last),
		Words:    e.Words[e.lang],
		Lang:     e.lang,
		IDs:      ids,
		Quoted:   quoted,
	}
	if last == 0 {
		l.Upstream = upstream(e.Book.Upstream, e.version, s.Path, s.Start, s.End)
	}
	for _, a := range e.notes[s] {
		text, ok := a.Annotation.Text(e.lang)
		if !ok || first > 0 && (a.First > last || a.Last < first) {
			continue
		}
		if a.Block.Kind == annotation.FoldKind {
			l.Folds = append(l.Folds, render.Fold{First: a.First, Last: a.Last, Caption: text.Title, Lang: text.Lang, Freshness: e.freshness(a)})
			continue
		}
		n := e.note(page, s, a, text)
		switch {
		case a.Block.Kind != annotation.CommentKind:
			l.Notes = append(l.Notes, n)
		case e.translates(a.Annotation) && !a.Repeats(e.lang):
			l.Translations = append(l.Translations, n)
		}
	}
	if first == 0 {
		l.Lost = e.lost(s)
	}
	return l.HTML()
}

// translates reports whether the edition's readers need a translation of a comment,
// and the note has one in their language.
func (e edition) translates(a *annotation.Annotation) bool {
	text, ok := a.Text(e.lang)
	return ok && text.Lang == e.lang && e.lang != e.Book.SourceLanguage
}

// lost counts the translations that stand nowhere in the edition, since the source's
// comments read otherwise there, of those that are for a platform of the slice.
func (e edition) lost(s *index.Slice) int {
	n := 0
	for _, a := range e.comments[s.Symbol] {
		if e.translates(a) && !e.stands[a][e.version.Name] && slices.ContainsFunc(a.Blocks, func(b annotation.Block) bool { return meant(b, s) }) {
			n++
		}
	}
	return n
}

// meant reports whether a block's range holds a slice.
func meant(b annotation.Block, s *index.Slice) bool {
	return b.Go.Contains(s.Version.Name) && (len(b.On) == 0 || slices.ContainsFunc(s.Platforms, func(p index.Platform) bool {
		return slices.ContainsFunc(b.On, p.Matches)
	}))
}

// freshness says what the readers of an edition should know about a note.
func (e edition) freshness(a anchor.Anchor) render.Freshness {
	f := render.Freshness{Stale: a.Stale, Outdated: a.Annotation.Outdated(e.lang)}
	if a.Stale {
		f.Reviewed = a.Block.Reviewed
	}
	return f
}

func (e edition) note(page string, s *index.Slice, a anchor.Anchor, text annotation.Text) render.Note {
	n := render.Note{
		ID:    e.noteID(a.Annotation),
		First: a.First,
		Last:  a.Last,
		Title: text.Title,
		Lang:  text.Lang,
		HTML:  render.Prose(text.Prose, e.resolve(page)),
		Range: e.coverage(a.Annotation),
		Edit:  e.Book.edit(text.Pos),

		Freshness: e.freshness(a),
	}
	if !slices.Equal(a.Platforms, s.Platforms) {
		n.Platforms = render.LabelLine(a.Platforms, s.Platforms)
	}
	return n
}

// noteID is the address of a note on every page that shows it.
func (e edition) noteID(a *annotation.Annotation) string {
	return "note-" + e.urls.slugs[a.Symbol] + "-" + a.ID
}

// coverage writes the versions that a note stands in: go1.18–go1.27.
func (e edition) coverage(a *annotation.Annotation) string {
	var names []string
	for _, v := range e.Book.Versions {
		covered := slices.ContainsFunc(a.Blocks, func(b annotation.Block) bool { return b.Go.Contains(v.Name) })
		if covered && e.has(v.Name, a.Symbol) {
			names = append(names, v.Name)
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return names[0] + "–" + names[len(names)-1]
}

// tokenMemo lexes each distinct text once: equal slices are common over versions.
type tokenMemo struct {
	mu     sync.Mutex
	byHash map[string][]syntax.Token
}

func (m *tokenMemo) of(s *index.Slice) ([]syntax.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t, ok := m.byHash[s.SHA256]; ok {
		return t, nil
	}
	t, err := syntax.Tokens(s.Path, s.Text)
	if err == nil {
		m.byHash[s.SHA256] = t
	}
	return t, err
}
