package extractor

import (
	"io/fs"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

// ReadNotes reads the notes of the book whose root is fsys, without the sources.
func ReadNotes(fsys fs.FS) ([]*annotation.Annotation, diag.List) {
	return annotation.Read(fsys, notesDir)
}

// ReadChapters reads the chapters of the book whose root is fsys, without the sources.
func (b *Book) ReadChapters(fsys fs.FS) ([]*annotation.Chapter, diag.List) {
	var chapters []*annotation.Chapter
	var problems diag.List
	for _, lang := range b.Languages {
		for _, c := range b.chapterFiles(lang) {
			chapter, list := annotation.ReadChapter(fsys, c.name, lang, c.slug)
			problems = append(problems, list...)
			if chapter != nil {
				chapters = append(chapters, chapter)
			}
		}
	}
	return chapters, problems
}
