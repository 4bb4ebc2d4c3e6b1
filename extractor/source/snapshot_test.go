package source_test

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/source"
)

func TestReadFile(t *testing.T) {
	_, all := snapshots(t, twoVersions, twoConfig)
	for _, c := range []struct{ version, path, want string }{
		{"v1", "src/a.go", "package a\n"},
		{"v1", "src/./sub/../a.go", "package a\n"},
		{"v1", "src/sub/b.s", "TEXT ·b(SB),4,$0\n"},
		{"v1", "src/gen/z.go", "package gen\n"},
		{"v2", "src/a.go", "package a // two\n"},
		{"v2", "src/gen/z.go", ""},             // synthetic, but not in this version
		{"v1", "src/a_test.go", ""},            // a test
		{"v1", "src/notes.txt", ""},            // another suffix
		{"v1", "src/sub/testdata/x.go", ""},    // test data
		{"v1", "doc/d.go", ""},                 // another folder
		{"v1", "src", ""},                      // a folder
		{"v1", "src/a.go/x", ""},               // below a file
		{"v1", "../src/a.go", ""},              // above the root
		{"v1", "/src/a.go", ""},                // not relative
		{"v2", "src/sub/b.s", ""},              // not in this version
		{"v1", "src/none/deep/there/x.go", ""}, // no such folder
	} {
		t.Run(c.version+" "+c.path, func(t *testing.T) {
			f, err := all[c.version].ReadFile(c.path)
			if c.want == "" {
				if !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%q, %v, want %v", f.Text, err, fs.ErrNotExist)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := source.File{Path: path.Clean(c.path), Text: []byte(c.want)}
			if c.path != "src/gen/z.go" {
				want.Blob = plumbing.ComputeHash(plumbing.BlobObject, want.Text).String()
			}
			if d := cmp.Diff(want, f); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadDir(t *testing.T) {
	_, all := snapshots(t, twoVersions, twoConfig)
	for _, c := range []struct{ version, path, want string }{
		{"v1", ".", "doc/ src/"},
		{"v1", "src", "a.go gen/ sub/"},
		{"v1", "src/", "a.go gen/ sub/"},
		{"v1", "src/sub", "b.s"},
		{"v1", "src/gen", "z.go"},
		{"v2", "src/gen", ""},
		{"v2", "src/sub", "none"},
		{"v1", "src/a.go", "none"},
		{"v1", "src/sub/testdata", "none"},
		{"v1", "..", "none"},
		{"v1", "/", "none"},
	} {
		t.Run(c.version+" "+c.path, func(t *testing.T) {
			infos, err := all[c.version].ReadDir(c.path)
			if isDir := all[c.version].IsDir(c.path); isDir != (err == nil) {
				t.Errorf("IsDir = %v, but ReadDir says %v", isDir, err)
			}
			if c.want == "none" {
				if !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%v, %v, want %v", infos, err, fs.ErrNotExist)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, i := range infos {
				if i.IsDir() {
					names = append(names, i.Name()+"/")
				} else {
					names = append(names, i.Name())
				}
			}
			if d := cmp.Diff(c.want, strings.Join(names, " ")); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestSynthetic: the folders of what no tree holds are there as well.
func TestSynthetic(t *testing.T) {
	one := []string{"v1"}
	_, all := snapshots(t, twoVersions, source.Config{Paths: []string{"src"}, Synthetic: []source.Synthetic{
		{Path: "src/new/a.go", Text: "a", Versions: one},
		{Path: "src/new/deep/er/b.go", Text: "b", Versions: one},
		{Path: "src/sub/c.go", Text: "c", Versions: one},
		{Path: "src/sub/new/d.go", Text: "d", Versions: one},
		{Path: "top/e.go", Text: "e", Versions: one},
	}})
	for _, c := range []struct{ version, path, want string }{
		{"v1", ".", "doc src top"},
		{"v1", "src", "a.go gen new notes.txt sub"},
		{"v1", "src/new", "a.go deep"},
		{"v1", "src/new/deep", "er"},
		{"v1", "src/new/deep/er", "b.go"},
		{"v1", "src/sub", "b.s c.go new"},
		{"v1", "src/sub/new", "d.go"},
		{"v1", "top", "e.go"},
		{"v2", "src", "a.go gen"},
	} {
		infos, err := all[c.version].ReadDir(c.path)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, i := range infos {
			names = append(names, i.Name())
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s of %s has %s, want %s", c.path, c.version, got, c.want)
		}
	}
	if all["v2"].IsDir("src/new") {
		t.Error("v2 has src/new")
	}
	if f, err := all["v1"].ReadFile("src/new/deep/er/b.go"); err != nil || string(f.Text) != "b" {
		t.Errorf("%q, %v", f.Text, err)
	}
}

func TestUnknownVersion(t *testing.T) {
	repo, _ := snapshots(t, twoVersions, twoConfig)
	if _, err := repo.Snapshot(source.Version{Name: "v3", Tag: "v3"}); err == nil || err.Error() != "tag v3 is not there" {
		t.Errorf("error %v", err)
	}
}

func TestLocked(t *testing.T) {
	// The lock of what was read is a lock that lets exactly that be read.
	repo, all := snapshots(t, twoVersions, twoConfig)
	for _, c := range [][2]string{{"v1", "src/a.go"}, {"v1", "src/gen/z.go"}, {"v2", "src/a.go"}} {
		if _, err := all[c[0]].ReadFile(c[1]); err != nil {
			t.Fatal(err)
		}
	}
	id := func(text string) string { return plumbing.ComputeHash(plumbing.BlobObject, []byte(text)).String() }
	one, two := id("package a\n"), id("package a // two\n")
	want := "v1 src/a.go " + one + "\nv2 src/a.go " + two + "\n"
	if d := cmp.Diff(want, lockText(t, repo.Lock())); d != "" {
		t.Fatal(d)
	}
	for _, c := range []struct {
		name, lock, version, path string
		want                      *source.LockError
		text                      string
	}{
		{"same", want, "v1", "src/a.go", nil, ""},
		{"synthetic", want, "v1", "src/gen/z.go", nil, ""},
		{"other blob", "v1 src/a.go " + oidA + "\n", "v1", "src/a.go",
			&source.LockError{Tag: "v1", Path: "src/a.go", Want: oidA, Got: one, Line: 1},
			"src/a.go at v1 differs from the lock: got blob " + one + ", expected " + oidA},
		{"not in the lock", want, "v1", "src/sub/b.s",
			&source.LockError{Tag: "v1", Path: "src/sub/b.s", Got: id("TEXT ·b(SB),4,$0\n"), Line: 2},
			"src/sub/b.s at v1 is not in the lock (got blob " + id("TEXT ·b(SB),4,$0\n") + ")"},
		{"not in the tree", "v1 src/a.go " + one + "\nv1 src/gone.go " + oidA + "\n", "v1", "src/gone.go",
			&source.LockError{Tag: "v1", Path: "src/gone.go", Want: oidA, Line: 2},
			"src/gone.go at v1 is missing, expected blob " + oidA + " as the lock says"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := twoConfig
			cfg.Lock = readLock(t, c.lock)
			_, all := snapshots(t, twoVersions, cfg)
			_, err := all[c.version].ReadFile(c.path)
			var got *source.LockError
			errors.As(err, &got)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%v\n%s", err, d)
			}
			if c.want != nil && err.Error() != c.text {
				t.Errorf("error %q, want %q", err, c.text)
			}
		})
	}
	// What neither the lock nor the tree has is just not there.
	cfg := twoConfig
	cfg.Lock = readLock(t, want)
	_, all = snapshots(t, twoVersions, cfg)
	if _, err := all["v1"].ReadFile("src/none.go"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want %v", err, fs.ErrNotExist)
	}
}

func TestTamperedBlob(t *testing.T) {
	for _, c := range []struct {
		name   string
		locked bool
		want   string
	}{
		{"with a lock", true, "src/a.go at v1 differs from the lock: got blob "},
		{"without", false, "src/a.go at v1 is damaged: blob "},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, versions, err := fixture.Git(txtar.Parse([]byte(twoVersions)))
			if err != nil {
				t.Fatal(err)
			}
			id := plumbing.ComputeHash(plumbing.BlobObject, []byte("package a\n"))
			other := &plumbing.MemoryObject{}
			other.SetType(plumbing.BlobObject)
			if _, err := other.Write([]byte("package b\n")); err != nil {
				t.Fatal(err)
			}
			st := g.Storer.(*memory.Storage)
			st.Objects[id], st.Blobs[id] = other, other
			cfg := twoConfig
			if c.locked {
				cfg.Lock = readLock(t, "v1 src/a.go "+id.String()+"\n")
			}
			s, err := source.New(g, cfg).Snapshot(versions[0])
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.ReadFile("src/a.go")
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s…", err, c.want)
			}
			var locked *source.LockError
			if errors.As(err, &locked) != c.locked {
				t.Errorf("a LockError: %v, want %v", !c.locked, c.locked)
			}
		})
	}
}

func TestConcurrent(t *testing.T) {
	repo, all := snapshots(t, twoVersions, twoConfig)
	var wg sync.WaitGroup
	for range 8 {
		for _, s := range all {
			wg.Go(func() {
				for _, p := range []string{"src", "src/sub", "src/gen"} {
					s.IsDir(p)
				}
				if _, err := s.ReadFile("src/a.go"); err != nil {
					t.Error(err)
				}
				repo.Lock()
			})
		}
	}
	wg.Wait()
}
