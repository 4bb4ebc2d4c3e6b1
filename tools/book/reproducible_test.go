package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"beforemain/tools/need"
)

// circumstances are what may differ between two people who make the same commit of a book.
type circumstances struct {
	folder string // where the book is, below a folder of the test
	env    []string
	umask  string
}

var machines = []circumstances{
	{"one", []string{"TZ=UTC", "LC_ALL=C", "LANG=C", "GOMAXPROCS=1"}, "022"},
	{"another place/with a longer name", []string{"TZ=Pacific/Kiritimati", "LC_ALL=zh_CN.UTF-8", "LANG=tr_TR.UTF-8", "GOMAXPROCS=4", "COLUMNS=40"}, "077"},
}

// TestReproducible makes a book on two machines: its site, its bundle and its e-books are
// the same to the byte.
func TestReproducible(t *testing.T) {
	root, cache := smallBook(t)
	reproduce(t, root, cache, "v1,v2", "v2")
}

// TestReproducibleBook is the same for the book of this repository: its oldest and its
// newest version, or all where BOOK_REQUIRE names slow.
func TestReproducibleBook(t *testing.T) {
	if !need.Required("site") && !need.Required("slow") {
		need.That(t, "site", errors.New("it makes the whole book several times"))
	}
	user, err := os.UserCacheDir()
	if err == nil {
		_, err = os.Stat(filepath.Join(user, "before-main", "source.git"))
	}
	need.Sources(t, err)
	versions := "go1.17,go1.27"
	if need.Required("slow") {
		versions = ""
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	reproduce(t, root, filepath.Join(user, "before-main"), versions, "go1.27")
}

// reproduce makes the book on each machine, which has the sources of the cache and nothing
// that is derived: finished pages of the other would prove nothing.
func reproduce(t *testing.T, root, cache, versions, newest string) {
	var made []string
	for _, m := range machines {
		dir := filepath.Join(t.TempDir(), m.folder)
		for _, part := range []string{"annotations", "site", "themes"} {
			copyBook(t, filepath.Join(root, part), filepath.Join(dir, part))
		}
		own := filepath.Join(t.TempDir(), "cache")
		copyBook(t, filepath.Join(cache, "source.git"), filepath.Join(own, "source.git"))
		for _, command := range []string{"build --versions=" + versions, "bundle --go=" + newest, "epub --go=" + newest} {
			m.run(t, dir, own, strings.Fields(command)...)
		}
		made = append(made, dir)
	}
	for _, part := range []string{filepath.Join("site", "public"), "dist"} {
		sameTree(t, filepath.Join(made[0], part), filepath.Join(made[1], part))
	}
	checkArchives(t, filepath.Join(made[0], "dist"))
}

// copyBook copies a folder, but for what is published there.
func copyBook(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "public" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		return copyAll(name, filepath.Join(to, rel))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a command of this program, which is the test's own, in another process.
func (m circumstances) run(t *testing.T, dir, cache string, args ...string) {
	t.Helper()
	cmd := exec.Command("book") // testscript has put it into PATH
	if sh, err := exec.LookPath("sh"); err == nil {
		cmd = exec.Command(sh, "-c", "umask "+m.umask+` && exec book "$@"`, "sh")
	}
	cmd.Args = append(cmd.Args, args...)
	cmd.Args = append(cmd.Args, "--source=cache", "--cache="+cache)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), m.env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// sameTree fails the test for each file that is not in both folders, byte for byte.
func sameTree(t *testing.T, a, b string) {
	t.Helper()
	left, right := readTree(t, a), readTree(t, b)
	for name := range right {
		if _, ok := left[name]; !ok {
			t.Errorf("only the second machine makes %s", name)
		}
	}
	for name, text := range left {
		other, ok := right[name]
		switch {
		case !ok:
			t.Errorf("only the first machine makes %s", name)
		case !bytes.Equal(text, other):
			t.Errorf("%s differs: %s", name, firstDifference(text, other))
		}
	}
	if len(left) == 0 {
		t.Errorf("%s is empty", a)
	}
}

// readTree reads the files of a folder, and what is in those of them that are archives:
// their names, times, modes and texts.
func readTree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		if files[rel], err = os.ReadFile(name); err != nil {
			return err
		}
		if ext := filepath.Ext(name); ext == ".zip" || ext == ".epub" {
			z, err := zip.NewReader(bytes.NewReader(files[rel]), int64(len(files[rel])))
			if err != nil {
				return err
			}
			for _, f := range z.File {
				files[rel+": "+f.Name] = fmt.Appendf(nil, "%s %s %08x", f.Modified.UTC(), f.Mode(), f.CRC32)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func firstDifference(a, b []byte) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := max(at-40, 0)
	return fmt.Sprintf("at byte %d of %d and %d: %q, %q", at, len(a), len(b), a[from:min(at+40, len(a))], b[from:min(at+40, len(b))])
}
