package epub

import (
	"archive/zip"
	"hash/crc32"
	"io"
	"time"
)

// archive writes a zip file. The first error stops it, and close returns it.
type archive struct {
	zip      *zip.Writer
	modified time.Time // of every file
	err      error
}

func newArchive(w io.Writer, modified time.Time) *archive {
	return &archive{zip: zip.NewWriter(w), modified: modified}
}

// add writes a file, compressed.
func (a *archive) add(name string, text []byte) {
	if a.err != nil {
		return
	}
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.modified})
	if err == nil {
		_, err = w.Write(text)
	}
	a.err = err
}

// stored writes a file as it is, with nothing between its name and its text: so must
// the first file of an EPUB stand, for programs that look at its first bytes only.
func (a *archive) stored(name string, text []byte) {
	if a.err != nil {
		return
	}
	size := uint64(len(text))
	w, err := a.zip.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(text), CompressedSize64: size, UncompressedSize64: size,
	})
	if err == nil {
		_, err = w.Write(text)
	}
	a.err = err
}

func (a *archive) close() error {
	if a.err != nil {
		return a.err
	}
	return a.zip.Close()
}
