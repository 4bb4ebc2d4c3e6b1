package layout

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// place runs TestPlace in a program of its own, with a temporary folder and a cache.
func place(t *testing.T, temp, cache string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestPlace$")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp, "TMP="+temp, "XDG_CACHE_HOME="+cache, "LocalAppData="+cache, "HOME="+filepath.Dir(cache))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
}

// TestNothingIsShared: Graphviz's machine code is kept for the next start where nobody
// else writes, and no state of that folder or of the temporary one stops the program.
func TestNothingIsShared(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles Graphviz several times")
	}
	temp, home := t.TempDir(), filepath.Join(t.TempDir(), "[home")
	cache := filepath.Join(home, "Library", "Caches")
	foreign := filepath.Join(temp, "go-graphviz")
	if err := os.WriteFile(foreign, []byte("somebody else's"), 0o666); err != nil {
		t.Fatal(err)
	}
	place(t, temp, cache)
	kept := func() string {
		t.Helper()
		sums, err := fs.Glob(os.DirFS(cache), "before-main/graphviz/go-graphviz/*/*.sum")
		if err != nil || len(sums) != 1 {
			t.Fatalf("kept %v (%v), want one file of machine code", sums, err)
		}
		return filepath.Join(cache, filepath.FromSlash(strings.TrimSuffix(sums[0], ".sum")))
	}
	code := kept()
	if info, err := os.Stat(filepath.Dir(code)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may look at %s (%v)", filepath.Dir(code), err)
	}
	whole, err := os.ReadFile(code)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(code, whole[:len(whole)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	place(t, temp, cache)
	if mended, err := os.ReadFile(kept()); err != nil || len(mended) != len(whole) {
		t.Errorf("damaged code is %d bytes again, want %d (%v)", len(mended), len(whole), err)
	}
	if err := os.RemoveAll(filepath.Join(cache, "before-main")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cache, "before-main"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	place(t, temp, cache) // a cache that cannot be used
	if text, err := os.ReadFile(foreign); err != nil || string(text) != "somebody else's" {
		t.Errorf("the temporary folder was used: %q (%v)", text, err)
	}
}
