package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"beforemain/extractor/index/golang"
	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
)

// Store keeps what was worked out before, by key. What it returns for a key is what
// was put there, or nothing; it may forget. It is used from several goroutines.
type Store interface {
	Get(key string) ([]byte, bool)
	Put(key string, value []byte)
}

// storeFormat is part of every key: another number for another form of entry.
const storeFormat = 1

// storeKey names the index of a version with this configuration. What the files are is
// no part of it; an entry says which files it was made of.
func (l *loader) storeKey(v source.Version) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "index %d %q %v %v", storeFormat, v, l.platforms, l.read))
	return hex.EncodeToString(sum[:])
}

// entry is the index of a version as a [Store] keeps it.
type entry struct {
	Files   []entryFile
	Folders map[string][]string // what ReadDir said, by folder; nil for one that is not there
	Symbols []entrySymbol
	Aliases map[string]string
	Refs    map[string][]byte // by path: five numbers a reference
	Views   []entryView
	Kinds   []EdgeKind // of Edges
	Edges   []byte     // six numbers an edge
}

// entryFile is a file that was read, by its blob, or by its text where it has none.
// One that was looked for and is not there is Missing.
type entryFile struct {
	Path, Blob string
	Text       []byte
	Missing    bool
}

type entrySymbol struct {
	Name        string
	Kind        Kind
	Sites       []entrySite
	Definitions []entryDefinition
}

type entrySite struct {
	Path      string
	Line      int
	Value     string
	Prototype bool
	On        set
}

type entryDefinition struct {
	Path             string
	Span             source.Span
	Start, Head, End int
	Signature        int
	Asm              bool
	On               set
}

type entryView struct {
	Path                string
	Platform            int
	Inactive, Unreached []plan9.Lines
}

// keep puts the index of a version into the store.
func (v *version) keep(s Store, key string, t *tree) {
	e := entry{Folders: t.folders, Aliases: v.aliases, Refs: map[string][]byte{}}
	for _, name := range slices.Sorted(maps.Keys(t.read)) {
		f := entryFile{Path: name, Missing: t.read[name] == nil}
		if file := t.read[name]; file != nil {
			if f.Blob = file.Blob; f.Blob == "" {
				f.Text = file.Text
			}
		}
		e.Files = append(e.Files, f)
	}
	for _, s := range v.symbols {
		one := entrySymbol{Name: s.name, Kind: s.kind}
		for _, at := range s.sites {
			one.Sites = append(one.Sites, entrySite{at.path, at.line, at.value, at.prototype, at.on})
		}
		for _, d := range s.definitions {
			one.Definitions = append(one.Definitions, entryDefinition{d.file.Path, d.span, d.start, d.head, d.end, d.signature, d.asm, d.on})
		}
		e.Symbols = append(e.Symbols, one)
	}
	for path, refs := range v.refs {
		var b []byte
		last := 0
		for _, r := range refs {
			b = appendNumbers(b, uint64(r.start-last), uint64(r.end-r.start), uint64(r.symbol), uint64(bit(r.defines)), uint64(r.on))
			last = r.start
		}
		e.Refs[path] = b
	}
	for k, r := range v.views {
		e.Views = append(e.Views, entryView{k.path, k.platform, r.inactive, r.unreached})
	}
	at := map[string]uint64{} // of a file, in Files
	for i, f := range e.Files {
		at[f.Path] = uint64(i)
	}
	for edge, on := range v.edges {
		kind := slices.Index(e.Kinds, edge.kind)
		if kind < 0 {
			kind = len(e.Kinds)
			e.Kinds = append(e.Kinds, edge.kind)
		}
		e.Edges = appendNumbers(e.Edges, uint64(edge.from), uint64(edge.to), uint64(kind), at[edge.path], uint64(edge.line), uint64(on))
	}
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(e) == nil {
		s.Put(key, b.Bytes())
	}
}

// recall takes the index of a version out of the store, if every file and folder that
// it was made of is as it was. A file that is not the one in the lock is an error.
func (l *loader) recall(snapshot *source.Snapshot) (*version, error) {
	value, ok := l.store.Get(l.storeKey(snapshot.Version()))
	var e entry
	if !ok || gob.NewDecoder(bytes.NewReader(value)).Decode(&e) != nil {
		return nil, nil
	}
	t := newTree(snapshot, l)
	if same, err := e.sameFiles(t); !same || err != nil {
		return nil, err
	}
	v := newVersion(snapshot.Version())
	v.aliases = e.Aliases
	for i, s := range e.Symbols {
		one := &symbol{name: s.Name, kind: s.Kind}
		for _, at := range s.Sites {
			one.sites = append(one.sites, site{at.Path, at.Line, at.Value, at.Prototype, at.On})
		}
		for _, d := range s.Definitions {
			f := t.read[d.Path]
			if f == nil || d.Span.Start < 0 || d.Span.Start > d.Span.End || d.Span.End > len(f.Text) {
				return nil, nil
			}
			one.definitions = append(one.definitions, definition{f, d.Span, d.Start, d.Head, d.End, d.Signature, d.Asm, d.On})
		}
		v.symbols = append(v.symbols, one)
		v.ids[s.Name] = i
	}
	for path, b := range e.Refs {
		n := numbers{b: b}
		var refs []ref
		for last := 0; n.more(); {
			start := last + n.next()
			r := ref{start, start + n.next(), n.next(), n.next() != 0, set(n.next())}
			if r.symbol < 0 || r.symbol >= len(v.symbols) {
				return nil, nil
			}
			refs = append(refs, r)
			last = start
		}
		v.refs[path] = refs
	}
	for _, w := range e.Views {
		v.views[viewKey{w.Path, w.Platform}] = reading{w.Inactive, w.Unreached}
	}
	for n := (numbers{b: e.Edges}); n.more(); {
		from, to, kind, file, line := n.next(), n.next(), n.next(), n.next(), n.next()
		if min(kind, file, from, to) < 0 || kind >= len(e.Kinds) || file >= len(e.Files) || max(from, to) >= len(v.symbols) {
			return nil, nil
		}
		v.edges[edge{from, to, e.Kinds[kind], e.Files[file].Path, line}] = set(n.next())
	}
	v.graph = sync.OnceValue(v.connect)
	return v, nil
}

// sameFiles reads the files that an entry was made of and reports whether they are the
// same, and in the same company.
func (e *entry) sameFiles(t *tree) (bool, error) {
	for _, f := range e.Files {
		got, err := t.file(f.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if !f.Missing {
				return false, nil
			}
		case err != nil:
			return false, err
		case f.Missing || got.Blob != f.Blob || f.Blob == "" && !bytes.Equal(got.Text, f.Text):
			return false, nil
		}
	}
	for folder, names := range e.Folders {
		if !slices.Equal(t.list(folder), names) {
			return false, nil
		}
	}
	return true, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func appendNumbers(b []byte, list ...uint64) []byte {
	for _, n := range list {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// numbers reads what appendNumbers wrote. What is cut off reads as zeroes.
type numbers struct{ b []byte }

func (n *numbers) more() bool { return len(n.b) > 0 }

func (n *numbers) next() int {
	v, size := binary.Uvarint(n.b)
	if size <= 0 {
		n.b = nil
		return 0
	}
	n.b = n.b[size:]
	return int(v)
}

// ReadDir notes what a folder holds, which the selection of files depends on.
func (t *tree) ReadDir(name string) ([]fs.FileInfo, error) {
	t.list(name)
	return t.Snapshot.ReadDir(name)
}

// IsDir notes likewise whether there is a folder.
func (t *tree) IsDir(name string) bool {
	t.list(name)
	return t.Snapshot.IsDir(name)
}

// list returns the names in a folder, nil for one that is not there.
func (t *tree) list(name string) []string {
	name = path.Clean(name)
	names, ok := t.folders[name]
	if !ok {
		infos, _ := t.Snapshot.ReadDir(name) // git keeps no empty folder
		for _, info := range infos {
			names = append(names, info.Name())
		}
		t.folders[name] = names
	}
	return names
}

var _ golang.Tree = (*tree)(nil)
