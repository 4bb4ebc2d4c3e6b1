package extractor

import (
	"io/fs"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

// AnnotationBook is the book as its notes are resolved against it.
func (b *Book) AnnotationBook() (annotation.Book, error) { return b.annotationBook() }

// ReadNotes reads the notes of the book whose root is fsys, without the sources.
func ReadNotes(fsys fs.FS) ([]*annotation.Annotation, diag.List) {
	return annotation.Read(fsys, notesDir)
}
