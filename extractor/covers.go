package extractor

import (
	"strings"

	"beforemain/extractor/poster"
	"beforemain/extractor/source"
)

// Posters draws the picture that links to the book are shown with, by language. Where the
// faces at hand lack letters of a language, it has the words of one that they have.
func (r *Result) Posters() (map[string][]byte, error) {
	pictures := map[string][]byte{}
	for _, lang := range r.Book.Languages {
		picture, err := r.Book.poster(lang, r.Book.reach()).PNG()
		if err != nil {
			return nil, err
		}
		pictures[lang] = picture
	}
	return pictures, nil
}

// Cover draws the cover of one version in one language, in the words that Posters takes.
func (r *Result) Cover(v source.Version, lang string) ([]byte, error) {
	return r.Book.poster(lang, v.Name).Cover()
}

// reach is the first version and the last, or the only one.
func (b *Book) reach() string {
	first, last := b.Versions[0].Name, b.Newest().Name
	if first == last {
		return first
	}
	return first + "–" + last
}

// poster is what pictures of the book say. Where the faces at hand lack letters of the
// language, it has the words of one that they have.
func (b *Book) poster(lang, versions string) poster.Poster {
	words := lang
	for _, other := range b.Languages {
		if !poster.Legible(b.Title[words] + b.Tagline[words]) {
			words = other
		}
	}
	return poster.Poster{Title: b.Title[words], Tagline: b.Tagline[words], Versions: versions, Steps: b.milestones()}
}

// milestones are the first symbols of the chapters, without their packages.
func (b *Book) milestones() []string {
	var names []string
	for _, p := range b.Parts {
		for _, c := range p.Chapters {
			if len(c.Symbols) > 0 {
				names = append(names, c.Symbols[0][strings.LastIndexByte(c.Symbols[0], '.')+1:])
			}
		}
	}
	return names
}
