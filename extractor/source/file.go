package source

// Version is one edition of the source: the name that URLs and annotations use
// (go1.17) and the tag it is pinned to (go1.17.13).
type Version struct {
	Name string
	Tag  string
}

// Span is a half-open range of byte offsets into a file.
type Span struct {
	Start, End int
}

// Contains reports whether other lies within s.
func (s Span) Contains(other Span) bool {
	return s.Start <= other.Start && other.End <= s.End
}

// File is the text of one file at one tag. Path is slash-separated from the root
// of the repository; Blob is the git object id of Text as 40 hexadecimal digits,
// and empty for a file that the book's configuration synthesises.
type File struct {
	Path string
	Blob string
	Text []byte
}
