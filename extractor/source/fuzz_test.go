package source

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-billy/v5/memfs"
	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/memory"
	gitbinary "github.com/go-git/go-git/v5/utils/binary"
)

// small are limits that short inputs reach.
var small = Limits{References: 4096, Pack: 1 << 20, Objects: 40, Object: 20000, Work: 200000, Files: 300}.orDefault()

// writePack makes a pack of a script, whose every line is an object: a digit for its kind,
// how many bytes more it claims than it has, which of those before it is its base, counted
// back, and its text; of a delta, the numbers of its sizes and its commands.
func writePack(script string, trailer bool) []byte {
	var p bytes.Buffer
	lines := strings.Split(script, "\n")
	p.WriteString("PACK\x00\x00\x00\x02")
	p.Write(binary.BigEndian.AppendUint32(nil, uint32(len(lines))))
	var at []int64
	for _, line := range lines {
		kind, rest, _ := strings.Cut(line, " ")
		more, rest, _ := strings.Cut(rest, " ")
		back, text, _ := strings.Cut(rest, " ")
		var k, claims, base int
		_, _ = fmt.Sscan(kind, &k)
		_, _ = fmt.Sscan(more, &claims)
		_, _ = fmt.Sscan(back, &base)
		data := []byte(text)
		if plumbing.ObjectType(k).IsDelta() {
			data = nil
			for word := range strings.FieldsSeq(text) {
				n, hex := uint64(0), strings.HasPrefix(word, "x")
				if hex { // bytes as they are: commands
					var b []byte
					_, _ = fmt.Sscanf(word[1:], "%x", &b)
					data = append(data, b...)
					continue
				}
				_, _ = fmt.Sscan(word, &n)
				data = binary.AppendUvarint(data, n)
			}
		}
		here := int64(p.Len())
		size := uint64(len(data) + claims)
		first := byte(k&7)<<4 | byte(size&15)
		for size >>= 4; size > 0; size >>= 7 {
			p.WriteByte(first | 0x80)
			first = byte(size & 0x7f)
		}
		p.WriteByte(first)
		switch plumbing.ObjectType(k & 7) {
		case plumbing.OFSDeltaObject:
			from := int64(0)
			if base > 0 && base <= len(at) {
				from = at[len(at)-base]
			}
			_ = gitbinary.WriteVariableWidthInt(&p, here-from)
		case plumbing.REFDeltaObject:
			id := plumbing.ComputeHash(plumbing.BlobObject, []byte(back))
			p.Write(id[:])
		}
		z := zlib.NewWriter(&p)
		_, _ = z.Write(data)
		_ = z.Close()
		at = append(at, here)
	}
	if trailer {
		sum := sha1.Sum(p.Bytes())
		p.Write(sum[:])
	}
	return p.Bytes()
}

// FuzzPack: a pack ends in an error, or every object of it is within the limits and is
// what its id says or cannot be read (go-git lets a delta end within a command, and does
// not find an empty text that one makes); and it takes no longer than the limits let it.
func FuzzPack(f *testing.F) {
	for _, s := range []string{
		"3 0 0 package a\n3 0 0 package b",
		"3 0 0 0123456789\n6 0 1 10 20 x900a x900a\n6 0 1 20 5 x9005",
		"3 0 0 abc\n7 0 abc 3 6 x9003 x03 x646566",
		"3 0 0 abc\n6 0 1 3 4000000000 x9003",
		"3 100000 0 abc", "3 -2 0 abc", "5 0 0 abc", "0 0 0 abc", "9 0 0 ", "7 0 nobody 3 3 x9003", "6 0 0 3 3 x9003", "6 0 9 3 3 x9003",
		"1 0 0 tree x\n2 0 0 100644 a\x00b\n4 0 0 object x",
		"3 0 0 abc\n3 0 0 abc\n6 0 1 3 3 x9003\n6 0 1 3 3 x9003", "",
	} {
		f.Add(s, uint16(0), byte(0))
		f.Add(s, uint16(14), byte(0x40))
	}
	f.Fuzz(func(t *testing.T, script string, at uint16, flip byte) {
		text := writePack(script, false)
		text[int(at)%len(text)] ^= flip
		sum := sha1.Sum(text)
		text = append(text, sum[:]...)
		st := filesystem.NewStorageWithOptions(memfs.New(), cache.NewObjectLRUDefault(), filesystem.Options{KeepDescriptors: true})
		defer st.Close()
		start := time.Now()
		err := receive(st, bytes.NewReader(text), small)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
		objects, iterErr := st.IterEncodedObjects(plumbing.AnyObject)
		if iterErr != nil {
			t.Fatal(iterErr)
		}
		n := 0
		each := objects.ForEach(func(o plumbing.EncodedObject) error {
			n++
			if o.Size() > small.Object {
				return fmt.Errorf("%s has %d bytes", o.Hash(), o.Size())
			}
			r, err := o.Reader()
			if err != nil {
				return nil
			}
			defer r.Close()
			b, err := io.ReadAll(r)
			if err != nil {
				return nil
			}
			if got := plumbing.ComputeHash(o.Type(), b); int64(len(b)) != o.Size() || got != o.Hash() {
				return fmt.Errorf("%s of %d bytes is %s of %d", o.Hash(), o.Size(), got, len(b))
			}
			return nil
		})
		if each != nil && !errors.Is(each, packfile.ErrInvalidDelta) && !errors.Is(each, plumbing.ErrObjectNotFound) {
			t.Error(each)
		}
		if n > small.Objects || err != nil && n > 0 {
			t.Errorf("%d objects, and the error %v", n, err)
		}
	})
}

// FuzzAnswer: whatever a pack's bytes are, reading them ends in an error or behind a sum
// that is right, and never asks for more than there is.
func FuzzAnswer(f *testing.F) {
	f.Add(writePack("3 0 0 package a\n6 0 1 9 9 x9009", true))
	f.Add(writePack("3 0 0 abc\n7 0 abc 3 6 x9003 x03 x646566", true)[:60])
	f.Add([]byte("PACK\x00\x00\x00\x02\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		tail := &holdBack{w: io.Discard}
		err := small.check(io.TeeReader(&boundedBody{io.NopCloser(bytes.NewReader(text)), small.Pack, &limitError{"a", "b"}}, tail))
		if len(tail.held) > 4*heldBytes+4096 {
			t.Errorf("%d bytes are held", len(tail.held))
		}
		if err != nil {
			if len(err.Error()) > 300 {
				t.Errorf("error %q", err)
			}
			return
		}
		// The sum stands somewhere behind the header, and what is before it is whole.
		for end := 12; end+20 <= len(text); end++ {
			if sum := sha1.Sum(text[:end]); bytes.Equal(sum[:], text[end:end+20]) {
				return
			}
		}
		t.Errorf("%q has no sum", text)
	})
}

// FuzzTree: however trees hold one another, walking them ends, and each path that is seen
// is one within a folder and can be read.
func FuzzTree(f *testing.F) {
	f.Add("40000 a 1\n100644 a.go 0\n\n100644 b.go 0")
	f.Add("40000 .. 1\n40000 . 1\n40000 a/b 1\n100644 ../x.go 0\n\n100644 b.go 0\n40000 testdata 1")
	f.Add(strings.Repeat("40000 a 1\n40000 b 1\n\n", 30) + "100644 a.go 0")
	f.Add("120000 a.go 0\n160000 b.go 0\n100755 c.go 0\n100644 d_test.go 0\n100644 \xff.go 0\n100644 c.go 0\n40000 c.go 1\n7 x 0\n\n")
	f.Fuzz(func(t *testing.T, script string) {
		g, err := git.Init(memory.NewStorage(), memfs.New())
		if err != nil {
			t.Fatal(err)
		}
		put := func(kind plumbing.ObjectType, text []byte) plumbing.Hash {
			o := &plumbing.MemoryObject{}
			o.SetType(kind)
			_, _ = o.Write(text)
			id, err := g.Storer.SetEncodedObject(o)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		ids := []plumbing.Hash{put(plumbing.BlobObject, []byte("package a\n"))}
		trees := strings.Split(script, "\n\n")
		for i := len(trees) - 1; i >= 0 && len(trees)-i < 200; i-- {
			var text []byte
			for line := range strings.SplitSeq(trees[i], "\n") {
				mode, rest, _ := strings.Cut(line, " ")
				at := strings.LastIndexByte(rest, ' ')
				back := 0
				if at >= 0 {
					_, _ = fmt.Sscan(rest[at+1:], &back)
					rest = rest[:at]
				}
				id := ids[0]
				if back > 0 && back < len(ids) {
					id = ids[len(ids)-back]
				}
				text = append(append(text, mode+" "+rest+"\x00"...), id[:]...)
			}
			ids = append(ids, put(plumbing.TreeObject, text))
		}
		o := &plumbing.MemoryObject{}
		if err := (&object.Commit{TreeHash: ids[len(ids)-1]}).Encode(o); err != nil {
			t.Fatal(err)
		}
		commit, err := g.Storer.SetEncodedObject(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Storer.SetReference(plumbing.NewHashReference("refs/tags/v1", commit)); err != nil {
			t.Fatal(err)
		}
		r := New(g, Config{Suffixes: []string{".go"}, Limits: small})
		v := Version{Name: "v1", Tag: "v1"}
		held := r.holds(v)
		s, err := r.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		var walk func(dir string) error
		walk = func(dir string) error {
			infos, err := s.ReadDir(dir)
			if err != nil {
				return err
			}
			for _, i := range infos {
				p := path.Join(dir, i.Name())
				if seen++; !fs.ValidPath(p) || path.Dir(p) != dir || len(p) > maxPath || seen > small.Files {
					t.Fatalf("%q is number %d in %q", p, seen, dir)
				}
				switch {
				case i.IsDir():
					err = walk(p)
				default:
					_, err = s.ReadFile(p)
				}
				if errors.Is(err, fs.ErrNotExist) {
					err = nil // two entries with one name: the other one is it
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
		// An entry may say that a tree is a file.
		if err := walk("."); held == nil && err != nil && !errors.Is(err, plumbing.ErrObjectNotFound) {
			t.Errorf("it holds all, but %v", err)
		}
	})
}

// TestReceive: what the fuzzing begins with is whole, or wrong in the way that it should be.
func TestReceive(t *testing.T) {
	for script, want := range map[string]string{
		"3 0 0 package a\n3 0 0 package b":                            "",
		"3 0 0 0123456789\n6 0 1 10 20 x900a x900a\n6 0 1 20 5 x9005": "",
		"3 0 0 abc\n7 0 abc 3 6 x9003 x03 x646566":                    "",
		"3 0 0 abc\n6 0 1 3 4000000000 x9003":                         "the pack has a delta of which more bytes are made than an object may have; at most 20000 bytes",
		"3 100000 0 abc":                                              "the pack has an object of 100003 bytes; at most 20000 bytes",
		"3 2 0 abc":                                                   "the pack is cut short or damaged: an object of 3 bytes is said to have 5",
		"3 0 0 abc\n6 0 1 3 3 x9003 x03":                              "the pack is cut short or damaged: invalid delta",
		strings.Repeat("3 0 0 abc\n", 40) + "3 0 0 abc":               "the pack has 41 objects; at most 40",
	} {
		st := storage(t.TempDir())
		if _, err := git.Init(st, nil); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := receive(st, bytes.NewReader(writePack(script, true)), small); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.60q: got %q, want %q", script, got, want)
		}
		st.Close()
	}
}
