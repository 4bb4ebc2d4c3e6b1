package source_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/source"
)

const (
	oidA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	oidB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

func readLock(t testing.TB, text string) *source.Lock {
	t.Helper()
	l, err := parseLock(text)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func parseLock(text string) (*source.Lock, error) {
	return source.ReadLock(fstest.MapFS{"x.lock": {Data: []byte(text)}}, "x.lock")
}

func lockText(t testing.TB, l *source.Lock) string {
	t.Helper()
	var b strings.Builder
	if n, err := l.WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatalf("WriteTo = %d, %v, want %d", n, err, b.Len())
	}
	return b.String()
}

func TestReadLock(t *testing.T) {
	for _, c := range []struct{ name, text, want, err string }{
		{"empty", "", "", ""},
		{"sorted", "v2 x.go " + oidA + "\nv1 src/a b.go " + oidB + "\nv1 commit " + oidA + "\n", "v1 commit " + oidA + "\nv1 src/a b.go " + oidB + "\nv2 x.go " + oidA + "\n", ""},
		{"no path", "v1 " + oidA + "\n", "", `x.lock:1: "v1 ` + oidA + `" is not a tag, a path and an object id`},
		{"empty line", "v1 x.go " + oidA + "\n\n", "", `x.lock:2: "" is not a tag, a path and an object id`},
		{"short id", "v1 x.go abc\n", "", `x.lock:1: "abc" is not an object id`},
		{"upper case", "v1 x.go " + strings.ToUpper(oidA) + "\n", "", `x.lock:1: "` + strings.ToUpper(oidA) + `" is not an object id`},
		{"long line", strings.Repeat("x", 60000) + "\n", "", `x.lock:1: "` + strings.Repeat("x", 80) + `" is not a tag, a path and an object id`},
		{"many lines", manyLines(1<<18 + 1), "", "x.lock:262145: a lock has at most 262144 lines"},
		{"twice", "v1 x.go " + oidA + "\nv1 x.go " + oidB + "\n", "", "x.lock:2: v1 x.go stands at line 1 already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := parseLock(c.text)
			if c.err != "" {
				if err == nil || err.Error() != c.err {
					t.Errorf("error %v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, lockText(t, l)); d != "" {
				t.Error(d)
			}
		})
	}
	if _, err := source.ReadLock(fstest.MapFS{}, "x.lock"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no lock: %v, want %v", err, fs.ErrNotExist)
	}
}

func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "v1 %d %s\n", i, oidA)
	}
	return b.String()
}

func FuzzLock(f *testing.F) {
	f.Add("v1 commit " + oidA + "\nv1 src/a.go " + oidB + "\n")
	f.Add("v1 a b " + oidA + "\r\nv1  " + oidB)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLock(text)
		if err != nil {
			return
		}
		written := lockText(t, l)
		again, err := parseLock(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%q", err, written)
		}
		if d := cmp.Diff(written, lockText(t, again)); d != "" {
			t.Error(d)
		}
	})
}

func TestKeep(t *testing.T) {
	old := "v1 commit " + oidA + "\nv1 x.go " + oidA + "\nv2 x.go " + oidB + "\n"
	for _, c := range []struct{ name, now, want string }{
		{"other versions stay", "v3 x.go " + oidA + "\n", old + "v3 x.go " + oidA + "\n"},
		{"the commit stays with the same files", "v1 x.go " + oidA + "\nv1 y.go " + oidB + "\n",
			"v1 commit " + oidA + "\nv1 x.go " + oidA + "\nv1 y.go " + oidB + "\nv2 x.go " + oidB + "\n"},
		{"the commit goes with other files", "v1 x.go " + oidB + "\n", "v1 x.go " + oidB + "\nv2 x.go " + oidB + "\n"},
		{"files that are not read go", "v2 y.go " + oidA + "\n", "v1 commit " + oidA + "\nv1 x.go " + oidA + "\nv2 y.go " + oidA + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := readLock(t, c.now)
			l.Keep(readLock(t, old))
			if d := cmp.Diff(c.want, lockText(t, l)); d != "" {
				t.Error(d)
			}
		})
	}
}

const twoVersions = `
-- v1/src/a.go --
package a
-- v1/src/a_test.go --
package a
-- v1/src/notes.txt --
not source
-- v1/src/sub/testdata/x.go --
package x
-- v1/src/sub/b.s --
TEXT ·b(SB),4,$0
-- v1/src/gen/z.go --
package gen // the tree's own copy
-- v1/doc/d.go --
package doc
-- v2/src/a.go --
package a // two
-- v2/src/gen/z.go --
package gen // the tree's own copy
`

var twoConfig = source.Config{
	Paths:     []string{"src"},
	Suffixes:  []string{".go", ".s"},
	Synthetic: []source.Synthetic{{Path: "src/gen/z.go", Text: "package gen\n", Versions: []string{"v1"}}},
}

func snapshots(t *testing.T, archive string, cfg source.Config) (*source.Repo, map[string]*source.Snapshot) {
	t.Helper()
	repo, versions := fixture.OpenArchive(t, txtar.Parse([]byte(archive)), cfg)
	all := map[string]*source.Snapshot{}
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		if s.Version() != v {
			t.Errorf("Version() = %v, want %v", s.Version(), v)
		}
		all[v.Name] = s
	}
	return repo, all
}
