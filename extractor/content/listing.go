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
	l := render.Listing{
		Slice:    s,
		Tokens:   tokens,
		First:    first,
		Last:     last,
		Links:    e.links(page, s),
		Upstream: upstream(e.Book.Upstream, e.version, s.Path, max(s.Start, first), last),
		Words:    e.Words[e.lang],
		Lang:     e.lang,
		IDs:      ids,
		Quoted:   page != e.urls.symbol(e.version.Name, e.lang, s.Symbol),
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

// links turns the references of a slice into links to pages of the same edition.
func (e edition) links(page string, s *index.Slice) []render.Link {
	var links []render.Link
	for _, o := range e.Index.References(s) {
		if _, ok := e.position[o.Symbol]; !ok || o.Symbol == s.Symbol || o.Role == index.Definition {
			continue
		}
		if !e.has(e.version.Name, o.Symbol) {
			continue
		}
		to := e.urls.symbol(e.version.Name, e.lang, o.Symbol)
		links = append(links, render.Link{Span: o.Span, Href: relative(page, to), Title: o.Symbol})
	}
	return links
}

// resolve returns the function that turns a link of the prose on a page into
// an address. A symbol that this version lacks is linked in the newest that has
// it; one without a page of its own is only named.
func (e edition) resolve(page string) func(annotation.Link) render.Target {
	return func(link annotation.Link) render.Target {
		switch link.Scheme {
		case "chap":
			return render.Target{Href: relative(page, e.urls.chapter(e.version.Name, e.lang, link.Target))}
		case "term":
			to := e.urls.chapter(e.version.Name, e.lang, glossarySlug)
			return render.Target{Href: relative(page, to+"#"+termID(link.Target)), Class: "term"}
		case "sym":
			name := index.Canonical(link.Target)
			if _, ok := e.position[name]; !ok {
				return render.Target{}
			}
			for _, v := range e.nearestVersions() {
				if e.has(v, name) {
					t := render.Target{Href: relative(page, e.urls.symbol(v, e.lang, name)), Class: "sym"}
					if v != e.version.Name {
						t.Title, t.Class = v, "sym elsewhere"
					}
					return t
				}
			}
			return render.Target{}
		}
		return render.Target{Href: link.Target}
	}
}

// nearestVersions lists this version, then the others, newest first.
func (e edition) nearestVersions() []string {
	names := []string{e.version.Name}
	for i := len(e.Book.Versions) - 1; i >= 0; i-- {
		if n := e.Book.Versions[i].Name; n != e.version.Name {
			names = append(names, n)
		}
	}
	return names
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
