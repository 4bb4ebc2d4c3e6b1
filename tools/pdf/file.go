package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// file writes a document down. It is our own since pdfcpu writes objects in the order of
// a Go map, another each time, and puts the clock into the file.
//
// All but streams is packed into object streams: the tags of a book are a hundred
// thousand small objects.
type file struct {
	bytes.Buffer
	places [][]byte // the rows of the cross-reference table, by object
	err    error
}

// perPack is how many objects are packed together: more take less room, and keep a reader
// longer that wants one of them.
const perPack = 200

// bytes returns the file. The same document gives the same bytes; the identifier of the
// file is a sum of them.
func (d *Document) bytes() ([]byte, error) {
	f := &file{places: make([][]byte, *d.ctx.Size)}
	f.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var small []int
	for _, n := range slices.Sorted(maps.Keys(d.ctx.Table)) {
		entry := d.ctx.Table[n]
		switch o := entry.Object.(type) {
		case nil:
		case types.StreamDict:
			f.stream(n, o.Dict, o.Raw)
		default:
			if !entry.Free {
				small = append(small, n)
			}
		}
	}
	for pack := range slices.Chunk(small, perPack) {
		f.pack(pack, d)
	}
	f.finish(types.Dict{"Root": *d.ctx.Root, "Info": *d.ctx.Info})
	return f.Bytes(), f.err
}

// stream writes a stream, whose bytes are encoded as the dictionary says.
func (f *file) stream(n int, dict types.Dict, raw []byte) {
	f.place(n, 1, f.Len(), 0)
	dict["Length"] = types.Integer(len(raw))
	fmt.Fprintf(f, "%d 0 obj\n%s\nstream\n", n, dict.PDFString())
	f.Write(raw)
	f.WriteString("\nendstream\nendobj\n")
}

// pack writes objects into a stream of objects.
func (f *file) pack(numbers []int, d *Document) {
	in := len(f.places) // the number of the stream
	f.places = append(f.places, nil)
	var index, body bytes.Buffer
	for i, n := range numbers {
		f.place(n, 2, in, i)
		fmt.Fprintf(&index, "%d %d ", n, body.Len())
		fmt.Fprintf(&body, "%s\n", d.ctx.Table[n].Object.PDFString())
	}
	f.stream(in, types.Dict{
		"Type": types.Name("ObjStm"), "N": types.Integer(len(numbers)), "First": types.Integer(index.Len()), "Filter": types.Name("FlateDecode"),
	}, f.deflate(append(index.Bytes(), body.Bytes()...)))
}

// place notes where an object is: of the kind 1, at an offset; of the kind 2, in which
// stream of objects, and where among them.
func (f *file) place(n, kind, where, index int) {
	row := binary.BigEndian.AppendUint32([]byte{byte(kind)}, uint32(where))
	f.places[n] = binary.BigEndian.AppendUint16(row, uint16(index))
}

// finish writes the cross-reference table and the end.
func (f *file) finish(trailer types.Dict) {
	n, at := len(f.places), f.Len()
	f.places = append(f.places, nil)
	f.place(n, 1, at, 0)
	var table []byte
	for _, row := range f.places {
		if row == nil {
			row = make([]byte, 7) // a number that is free
		}
		table = append(table, row...)
	}
	sum := sha256.Sum256(f.Bytes())
	id := types.HexLiteral(hex.EncodeToString(sum[:16]))
	maps.Copy(trailer, types.Dict{
		"Type": types.Name("XRef"), "Size": types.Integer(n + 1), "W": types.NewIntegerArray(1, 4, 2),
		"Filter": types.Name("FlateDecode"), "ID": types.Array{id, id},
	})
	f.stream(n, trailer, f.deflate(table))
	fmt.Fprintf(f, "startxref\n%d\n%%%%EOF\n", at)
}

func (f *file) deflate(text []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		f.err = err
	}
	if err := w.Close(); err != nil {
		f.err = err
	}
	return b.Bytes()
}
