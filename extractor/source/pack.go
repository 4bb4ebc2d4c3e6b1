package source

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	gitbinary "github.com/go-git/go-git/v5/utils/binary"
)

// maxDepth bounds how many deltas lead to an object's text, as git's own packs do.
const maxDepth = 50

// packer collects the trees of several versions and writes them as one pack, in which
// the older texts of a path are deltas to newer ones. (go-git's own encoder compares
// objects of like size, and knows no paths.) Texts wait in a spool file, each once.
type packer struct {
	mu      sync.Mutex
	spool   *os.File
	size    int64
	objects map[plumbing.Hash]*packed
	history map[string]map[int]*packed // by path, then by the number of the version
}

// packed is an object of the pack.
type packed struct {
	kind     plumbing.ObjectType
	at, size int64 // in the spool
	offset   int64 // in the pack; 0 until it is written
	depth    int   // how many deltas lead to it
}

func newPacker(spool *os.File) *packer {
	return &packer{spool: spool, objects: map[plumbing.Hash]*packed{}, history: map[string]map[int]*packed{}}
}

// addTree adds the files that walk yields as the tree of a version, with a commit whose
// id depends on nothing but those files and the message, and returns the commit's id.
// Trees of several versions may be added at the same time.
func (p *packer) addTree(version int, message string, walk func(add func(name string, text []byte) error) error) (plumbing.Hash, error) {
	dirs := map[string]map[string]object.TreeEntry{".": {}}
	err := walk(func(name string, text []byte) error {
		id, err := p.add(version, name, plumbing.BlobObject, text)
		if err != nil {
			return err
		}
		put(dirs, name, object.TreeEntry{Name: path.Base(name), Mode: filemode.Regular, Hash: id})
		return nil
	})
	if err != nil {
		return plumbing.ZeroHash, err
	}
	root, err := p.addDir(version, ".", dirs)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	c := &object.Commit{Author: moduleSignature, Committer: moduleSignature, Message: message, TreeHash: root}
	return p.addObject(version, "", c)
}

// put adds an entry to its folder, and the folder to the one above.
func put(dirs map[string]map[string]object.TreeEntry, name string, e object.TreeEntry) {
	dir := path.Dir(name)
	if dirs[dir] == nil {
		dirs[dir] = map[string]object.TreeEntry{}
		put(dirs, dir, object.TreeEntry{Name: path.Base(dir), Mode: filemode.Dir})
	}
	dirs[dir][e.Name] = e
}

func (p *packer) addDir(version int, dir string, dirs map[string]map[string]object.TreeEntry) (plumbing.Hash, error) {
	t := &object.Tree{}
	for _, e := range dirs[dir] {
		if e.Mode == filemode.Dir {
			var err error
			if e.Hash, err = p.addDir(version, path.Join(dir, e.Name), dirs); err != nil {
				return plumbing.ZeroHash, err
			}
		}
		t.Entries = append(t.Entries, e)
	}
	sort.Sort(object.TreeEntrySorter(t.Entries))
	return p.addObject(version, dir+"/", t)
}

func (p *packer) addObject(version int, name string, o interface {
	Encode(plumbing.EncodedObject) error
	Type() plumbing.ObjectType
}) (plumbing.Hash, error) {
	m := &plumbing.MemoryObject{}
	if err := o.Encode(m); err != nil {
		return plumbing.ZeroHash, err
	}
	r, err := m.Reader()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return p.add(version, name, o.Type(), text)
}

// add adds an object that stands at a path in a version.
func (p *packer) add(version int, name string, kind plumbing.ObjectType, text []byte) (plumbing.Hash, error) {
	id := plumbing.ComputeHash(kind, text)
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.objects[id]
	if o == nil {
		o = &packed{kind: kind, at: p.size, size: int64(len(text))}
		if _, err := p.spool.WriteAt(text, o.at); err != nil {
			return id, err
		}
		p.size += o.size
		p.objects[id] = o
	}
	if p.history[name] == nil {
		p.history[name] = map[int]*packed{}
	}
	p.history[name][version] = o
	return id, nil
}

// writeTo writes the pack: path by path, the newest text first.
func (p *packer) writeTo(w io.Writer) error {
	out, err := newPackWriter(w, len(p.objects))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(p.history)) {
		versions := p.history[name]
		var newer *packed
		var newerText []byte
		for _, v := range slices.Backward(slices.Sorted(maps.Keys(versions))) {
			o := versions[v]
			if o == newer {
				continue
			}
			text := make([]byte, o.size)
			if _, err := p.spool.ReadAt(text, o.at); err != nil {
				return err
			}
			if o.offset == 0 {
				if err := out.object(o, text, newer, newerText); err != nil {
					return err
				}
			}
			newer, newerText = o, text
		}
	}
	return out.close()
}

// packWriter writes git's pack format, version 2 (gitformat-pack(5)).
type packWriter struct {
	w      io.Writer // the pack, and its hash
	pack   io.Writer
	sum    hash.Hash
	offset int64
	buf    bytes.Buffer
	zip    *zlib.Writer
}

func newPackWriter(w io.Writer, objects int) (*packWriter, error) {
	out := &packWriter{pack: w, sum: sha1.New()}
	out.w = io.MultiWriter(w, out.sum)
	out.zip = zlib.NewWriter(&out.buf)
	out.buf.WriteString("PACK")
	out.buf.Write(binary.BigEndian.AppendUint32(nil, packfile.VersionSupported))
	out.buf.Write(binary.BigEndian.AppendUint32(nil, uint32(objects)))
	return out, out.flush()
}

// object writes an object, as a delta to base if that is worth it.
func (out *packWriter) object(o *packed, text []byte, base *packed, baseText []byte) error {
	kind, data := o.kind, text
	if base != nil && base.kind == o.kind && base.depth < maxDepth && len(baseText) > 0 {
		if delta := packfile.DiffDelta(baseText, text); len(delta) < len(text)/2 {
			kind, data, o.depth = plumbing.OFSDeltaObject, delta, base.depth+1
		}
	}
	o.offset = out.offset
	size := len(data)
	first := byte(kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		out.buf.WriteByte(first | 0x80)
		first = byte(size & 0x7f)
	}
	out.buf.WriteByte(first)
	if kind == plumbing.OFSDeltaObject {
		if err := gitbinary.WriteVariableWidthInt(&out.buf, o.offset-base.offset); err != nil {
			return err
		}
	}
	out.zip.Reset(&out.buf)
	if _, err := out.zip.Write(data); err != nil {
		return err
	}
	if err := out.zip.Close(); err != nil {
		return err
	}
	return out.flush()
}

func (out *packWriter) flush() error {
	n, err := out.buf.WriteTo(out.w)
	out.offset += n
	return err
}

// close ends the pack with its hash.
func (out *packWriter) close() error {
	_, err := out.pack.Write(out.sum.Sum(nil))
	return err
}

// compareTags orders tags by the numbers in them: go1.9 is before go1.17.
func compareTags(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits returns how many digits s begins with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}
