package content

import (
	"html/template"
	"slices"
	"strings"
	"sync"

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
			l.Folds = append(l.Folds, render.Fold{First: a.First, Last: a.Last, Caption: text.Title, Lang: text.Lang})
			continue
		}
		if a.Block.Kind == annotation.CommentKind && (text.Lang != e.lang || e.lang == e.Book.SourceLanguage) {
			continue // a translation is for the readers of its language
		}
		l.Notes = append(l.Notes, e.note(page, s, a, text))
	}
	return l.HTML()
}

func (e edition) note(page string, s *index.Slice, a annotation.Anchor, text annotation.Text) render.Note {
	n := render.Note{
		ID:    "note-" + e.urls.slugs[a.Annotation.Symbol] + "-" + a.Annotation.ID,
		First: a.First,
		Last:  a.Last,
		Title: text.Title,
		Lang:  text.Lang,
		HTML:  render.Prose(text.Prose, e.resolve(page), 0),
		Range: e.coverage(a.Annotation),
		Edit:  editURL(e.Book.Repository, e.Book.Branch, a.Annotation.Pos.Filename),
	}
	if !slices.Equal(a.Platforms, s.Platforms) {
		n.Platforms = joinLabel(render.Label(a.Platforms, s.Platforms))
	}
	return n
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
