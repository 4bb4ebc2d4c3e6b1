package source_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	gitbinary "github.com/go-git/go-git/v5/utils/binary"

	"beforemain/extractor/source"
)

// pack is a pack as somebody writes it who means no good.
type pack struct{ bytes.Buffer }

func newPack(objects uint32) *pack {
	p := &pack{}
	p.WriteString("PACK\x00\x00\x00\x02")
	p.Write(binary.BigEndian.AppendUint32(nil, objects))
	return p
}

// object adds one that is said to have so many bytes, with a base behind it, and returns
// where it stands.
func (p *pack) object(kind plumbing.ObjectType, size uint64, base int64, data io.Reader) int64 {
	at := int64(p.Len())
	first := byte(kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		p.WriteByte(first | 0x80)
		first = byte(size & 0x7f)
	}
	p.WriteByte(first)
	if kind == plumbing.OFSDeltaObject {
		_ = gitbinary.WriteVariableWidthInt(p, at-base)
	}
	z := zlib.NewWriter(p)
	_, _ = io.Copy(z, data)
	_ = z.Close()
	return at
}

func (p *pack) text(kind plumbing.ObjectType, text string) (int64, plumbing.Hash) {
	return p.object(kind, uint64(len(text)), 0, strings.NewReader(text)), plumbing.ComputeHash(kind, []byte(text))
}

// delta adds one that makes so many bytes of its base's first 64 KiB, each time anew.
func (p *pack) delta(base int64, baseSize, size int) int64 {
	d := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(baseSize)), uint64(size))
	for left := size; left > 0; left -= 0xffff {
		n := min(left, 0xffff)
		d = append(d, 0x80|0x10|0x20, byte(n), byte(n>>8))
	}
	return p.object(plumbing.OFSDeltaObject, uint64(len(d)), base, bytes.NewReader(d))
}

func (p *pack) end() []byte {
	sum := sha1.Sum(p.Bytes())
	p.Write(sum[:])
	return p.Bytes()
}

func pkt(text string) string { return fmt.Sprintf("%04x%s", len(text)+4, text) }

// endless says the same for as long as somebody listens.
func endless(w io.Writer, text string) {
	text = strings.Repeat(text, 1+(32<<10)/len(text))
	for {
		if _, err := io.WriteString(w, text); err != nil {
			return
		}
	}
}

// hostile serves a repository whose tag v1 is a commit, as its handlers have it.
func hostile(t testing.TB, commit plumbing.Hash, capabilities string, refs, answer func(w http.ResponseWriter)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
			_, _ = io.WriteString(w, pkt("shallow "+commit.String())+"0000"+pkt("NAK\n"))
			answer(w)
			return
		}
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
		if refs != nil {
			refs(w)
			return
		}
		_, _ = io.WriteString(w, pkt("# service=git-upload-pack\n")+"0000"+pkt(commit.String()+" refs/tags/v1\x00shallow ofs-delta "+capabilities+"\n")+"0000")
	}))
	t.Cleanup(s.Close)
	return s.URL + "/x.git"
}

// zeros is text of which a lot fits into few bytes.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestHostileServer holds that whatever a server sends, fetching ends soon, in a sentence
// and in bounded memory.
func TestHostileServer(t *testing.T) {
	id := plumbing.NewHash(oidA)
	write := func(text []byte) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { _, _ = w.Write(text) }
	}
	advertise := func(line func(i int) string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, pkt("# service=git-upload-pack\n")+"0000"+pkt(oidA+" HEAD\x00shallow\n"))
			for i := 0; ; i++ {
				if _, err := io.WriteString(w, pkt(line(i))); err != nil {
					return
				}
			}
		}
	}
	bomb := newPack(1)
	bomb.object(plumbing.BlobObject, 1<<40, 0, zeros(1<<10))
	liar := newPack(1)
	liar.object(plumbing.BlobObject, 1<<20, 0, zeros(8<<20))
	short := newPack(1)
	short.object(plumbing.BlobObject, 60<<20, 0, zeros(10))
	kind := newPack(1)
	kind.object(plumbing.ObjectType(5), 3, 0, zeros(3))
	delta := newPack(2)
	base := delta.object(plumbing.BlobObject, 1<<16, 0, zeros(1<<16))
	delta.delta(base, 1<<16, 1<<30)
	chain := newPack(3001)
	base = chain.object(plumbing.BlobObject, 60<<20, 0, zeros(60<<20))
	for range 3000 {
		base = chain.delta(base, 60<<20, 60<<20)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, pkt("# service=git-upload-pack\n")+"0000"+pkt(oidA+" HEAD\x00shallow\n"))
	_, _ = io.WriteString(z, strings.Repeat(pkt(oidA+" refs/heads/x\n"), 1<<16))
	_ = z.Close()
	few := source.Limits{References: 2 << 20, Pack: 8 << 20}

	for _, c := range []struct {
		name         string
		capabilities string
		refs, answer func(http.ResponseWriter)
		limits       source.Limits
		want         string
	}{
		{name: "references without an end", refs: advertise(func(i int) string { return fmt.Sprintf("%s refs/heads/%d\n", oidA, i) }),
			want: "the list of references has too many bytes; at most 32 MB"},
		{name: "many names for one", refs: advertise(func(int) string { return oidA + " refs/tags/v1\n" }), limits: few,
			want: "the list of references has too many bytes; at most 2 MB"},
		{name: "references that were packed", refs: func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		}, limits: few, want: "the list of references has too many bytes; at most 2 MB"},
		{name: "a page of errors without an end", refs: func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusInternalServerError)
			endless(w, "no\x1b[2J ")
		}, want: "status code: 500"},
		{name: "commits without parents", answer: func(w http.ResponseWriter) { endless(w, pkt("shallow "+oidA)) }, limits: few,
			want: "the pack is cut short or damaged"},
		{name: "messages without an end", capabilities: "side-band-64k", answer: func(w http.ResponseWriter) { endless(w, pkt("\x02counting\r")) }, limits: few,
			want: "the pack has more bytes than any that holds sources; at most 8 MB"},
		{name: "moves the cursor", capabilities: "side-band-64k", answer: write([]byte(pkt("\x03no\x1b[2J\r"))), want: "no\ufffd[2J"},
		{name: "keeps itself alive", capabilities: "side-band-64k", answer: func(w http.ResponseWriter) {
			for {
				if _, err := io.WriteString(w, pkt("\x01")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, limits: source.Limits{Time: time.Second}, want: "it took longer than 1s"},
		{name: "a pack without an end", answer: func(w http.ResponseWriter) {
			p := newPack(1 << 19)
			_, _ = w.Write(p.Bytes())
			p.Reset()
			p.text(plumbing.BlobObject, "x")
			endless(w, p.String())
		}, limits: source.Limits{Pack: 2 << 20}, want: "the pack has more bytes than any that holds sources; at most 2 MB"},
		{name: "noise without an end", answer: func(w http.ResponseWriter) { endless(w, "PACK\x00\x00\x00\x02\xff") }, want: "the pack has 42"},
		{name: "four billion objects", answer: write(newPack(1<<32 - 1).end()), want: "the pack has 4294967295 objects; at most 1048576"},
		{name: "a claim", answer: write(bomb.end()), want: "the pack has an object of 1099511627776 bytes; at most 64 MB"},
		{name: "more than it claims", answer: write(liar.end()), want: "inflated object exceeds declared size"},
		{name: "less than it claims", answer: write(short.end()), want: "an object of 10 bytes is said to have 62914560"},
		{name: "no such kind", answer: write(kind.end()), want: "an object of the type 5"},
		{name: "a delta of a gigabyte", answer: write(delta.end()), want: "more bytes are made than an object may have; at most 64 MB"},
		{name: "deltas of deltas", answer: write(chain.end()), want: "the pack takes more work to unpack than any that holds sources; at most 65536 MB"},
		{name: "nothing behind the pack", answer: write(newPack(0).end()), want: "tag v1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := gitConfig(filepath.Join(t.TempDir(), "cache"), hostile(t, id, c.capabilities, c.refs, c.answer))
			cfg.Route, cfg.Limits = source.RouteGit, c.limits
			most := watchMemory(t)
			start := time.Now()
			_, err := source.Open(context.Background(), cfg, []source.Version{v1})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %.400v, want … %s …", err, c.want)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %s", took)
			}
			if text := fmt.Sprint(err); len(text) > 600 || strings.ContainsAny(text, "\n\x1b") {
				t.Errorf("no sentence: %.700q", text)
			}
			if n := most(); n > 400<<20 {
				t.Errorf("it took %d MB", n>>20)
			}
		})
	}
}

// watchMemory returns a function that stops watching and returns how much more memory than
// now was in use at most.
func watchMemory(t testing.TB) func() uint64 {
	t.Helper()
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before, most := inUse(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			most = max(most, inUse())
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most - min(most, before)
	}
}

// TestHostileTree: trees that hold one another ten times, forty deep, are not walked to the
// end, and names that lead elsewhere are no files.
func TestHostileTree(t *testing.T) {
	entry := func(mode, name string, id plumbing.Hash) string { return mode + " " + name + "\x00" + string(id[:]) }
	for _, c := range []struct {
		name string
		tree func(p *pack, below plumbing.Hash) string
		want string
	}{
		{"bomb", func(_ *pack, below plumbing.Hash) string {
			text := ""
			for i := range 10 {
				text += entry("40000", fmt.Sprint("d", i), below)
			}
			return text
		}, "the version has too many files; at most 20000"},
		{"one name", func(_ *pack, below plumbing.Hash) string { return strings.Repeat(entry("40000", "c", below), 10) }, ""},
		{"names", func(_ *pack, below plumbing.Hash) string {
			return entry("40000", "..", below) + entry("40000", ".", below) + entry("40000", "a/../../b", below) + entry("40000", "c", below) +
				entry("100644", "../x.go", below) + entry("120000", "link.go", below) + entry("160000", "module", below)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPack(42)
			_, below := p.text(plumbing.BlobObject, "package a\n")
			text := entry("100644", "a.go", below)
			for range 40 {
				_, below = p.text(plumbing.TreeObject, text)
				text = c.tree(p, below)
			}
			_, commit := p.text(plumbing.CommitObject, "tree "+below.String()+"\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nx\n")
			cfg := gitConfig(filepath.Join(t.TempDir(), "cache"), hostile(t, commit, "", nil, func(w http.ResponseWriter) { _, _ = w.Write(p.end()) }))
			cfg.Route, cfg.Paths, cfg.Limits = source.RouteGit, nil, source.Limits{Files: 20000}
			most := watchMemory(t)
			start := time.Now()
			r, err := source.Open(context.Background(), cfg, []source.Version{v1})
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) || c.want == "" && err != nil {
				t.Fatalf("got the error %.400v, want … %s …", err, c.want)
			}
			if took := time.Since(start); took > time.Minute || most() > 400<<20 {
				t.Errorf("it took %s", took)
			}
			if r == nil {
				return
			}
			s, err := r.Snapshot(v1)
			if err != nil {
				t.Fatal(err)
			}
			infos, err := s.ReadDir(".")
			if err != nil || len(infos) != 1 || infos[0].Name() != "c" {
				t.Errorf("%v, %v; want c alone", infos, err)
			}
		})
	}
}

// TestHostileProxy holds that whatever a module proxy sends, nothing is written outside of
// the cache, and it ends in a sentence.
func TestHostileProxy(t *testing.T) {
	const root = modulePath + "@v0.0.1-v1/"
	file := func(z *zip.Writer, name string, mode fs.FileMode, text io.Reader) {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		h.SetMode(mode)
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.Copy(w, text)
		}
		if err != nil {
			t.Error(err)
		}
	}
	hello := func() io.Reader { return strings.NewReader("package a\n") }
	for _, c := range []struct {
		name   string
		fill   func(z *zip.Writer)
		send   func(w http.ResponseWriter, gone <-chan struct{})
		limits source.Limits
		want   string
	}{
		{name: "leads out", fill: func(z *zip.Writer) {
			file(z, root+"src/a.go", 0o644, hello())
			file(z, root+"../../../../../../src/b.go", 0o644, hello())
		}, want: "b.go"},
		{name: "leads out from the root", fill: func(z *zip.Writer) { file(z, "/"+root+"src/a.go", 0o644, hello()) }, want: "has unexpected file"},
		{name: "a link", fill: func(z *zip.Writer) {
			file(z, root+"src/a.go", 0o644, hello())
			file(z, root+"src/b.go", fs.ModeSymlink|0o777, strings.NewReader("/etc/passwd"))
		}}, // becomes a text, and no link
		{name: "too many files", fill: func(z *zip.Writer) {
			for i := range 31 {
				file(z, fmt.Sprintf("%ssrc/a%d.go", root, i), 0o644, hello())
			}
		}, limits: source.Limits{Files: 30}, want: "the module has too many files; at most 30"},
		{name: "a large file", fill: func(z *zip.Writer) { file(z, root+"src/a.go", 0o644, zeros(2<<20)) },
			limits: source.Limits{Object: 1 << 20}, want: "src/a.go has too many bytes; at most 1 MB"},
		{name: "more than the go command unpacks", fill: func(z *zip.Writer) {
			const size = 25 << 20
			var packed bytes.Buffer
			f, _ := flate.NewWriter(&packed, 1)
			sum := crc32.NewIEEE()
			_, _ = io.Copy(io.MultiWriter(f, sum), zeros(size))
			_ = f.Close()
			for i := range 21 {
				w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%ssrc/a%d.go", root, i), Method: zip.Deflate, CRC32: sum.Sum32(),
					CompressedSize64: uint64(packed.Len()), UncompressedSize64: size})
				if err == nil {
					_, err = w.Write(packed.Bytes())
				}
				if err != nil {
					t.Error(err)
				}
			}
		}, want: "total uncompressed size"},
		{name: "nothing comes", send: func(w http.ResponseWriter, gone <-chan struct{}) {
			_, _ = io.WriteString(w, "PK\x03\x04")
			w.(http.Flusher).Flush()
			<-gone
		}, limits: source.Limits{Stall: time.Second}, want: "nothing of example.com/Tree@v0.0.1-v1 came for 1s"},
		{name: "a little comes", send: func(w http.ResponseWriter, gone <-chan struct{}) {
			for {
				_, _ = io.WriteString(w, "PK\x03\x04")
				w.(http.Flusher).Flush()
				select {
				case <-gone:
					return
				case <-time.After(100 * time.Millisecond):
				}
			}
		}, limits: source.Limits{Time: 2 * time.Second}, want: "it took longer than 2s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			if c.fill != nil {
				z := zip.NewWriter(&b)
				c.fill(z)
				if err := z.Close(); err != nil {
					t.Fatal(err)
				}
			}
			p := newProxy(t, "-- v1/src/a.go --\n")
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case filepath.Ext(r.URL.Path) != ".zip":
					p.Config.Handler.ServeHTTP(w, r)
				case c.send != nil:
					c.send(w, r.Context().Done())
				default:
					_, _ = w.Write(b.Bytes())
				}
			}))
			defer s.Close()
			userEnv(t, "GOPROXY="+s.URL)
			above := t.TempDir()
			cfg := moduleConfig(filepath.Join(above, "a", "b", "cache"))
			cfg.Route, cfg.Limits = source.RouteModule, c.limits
			_, err := source.Open(context.Background(), cfg, names("v1"))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got the error %.500v, want … %s …", err, c.want)
			}
			if text := fmt.Sprint(err); len(text) > 1000 || strings.ContainsAny(text, "\n\x1b") {
				t.Errorf("no sentence: %.700q", text)
			}
			for name := range contents(t, above) {
				if strings.HasSuffix(name, ".go") || !strings.HasPrefix(name, "a") && name != "." {
					t.Errorf("%s was written", name)
				}
			}
		})
	}
}
