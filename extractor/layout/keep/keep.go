// Package keep gives Graphviz's machine code a folder of the user's own.
//
// go-graphviz compiles Graphviz before main runs, and keeps the machine code in the
// system's temporary folder, below a name that is the same for all. Whoever made that
// folder first could have other users run what he likes; others could not start at all,
// since the module panics where it cannot read, and neither could anybody whose disk is
// full or whose kept code is damaged. So for as long as that module is initialized, the
// temporary folder is one in the user's cache, and nowhere if that is of no use: then the
// code is compiled at each start, which takes a second.
//
// Go initializes this package before go-graphviz, since "beforemain" sorts before
// "github.com" and nothing is imported here that go-graphviz does not wait for too
// (https://go.dev/ref/spec#Program_initialization). TestNothingIsShared notices if not.
package keep

import (
	"bytes"
	"crypto/sha256"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
)

// room is what the code needs on the disk, and some more.
const room = 8 << 20

var (
	folder = own()
	end    = redirect(folder)
)

// Done ends what this package is for; it is called when go-graphviz is initialized.
func Done() {
	end()
	for _, code := range codes(folder) {
		if sealed(code) != nil {
			continue
		}
		if text, err := os.ReadFile(code); err == nil {
			sum := sha256.Sum256(text)
			_ = os.WriteFile(seal(code), sum[:], 0o600) // without it the code is compiled again
		}
	}
}

// own returns a folder that only this user writes to, with code that is whole or room for
// it; "" if there is none.
func own() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir := filepath.Join(cache, "before-main", "graphviz")
	if os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	whole := false
	for _, code := range codes(dir) {
		text, err := os.ReadFile(code)
		if sum := sha256.Sum256(text); err == nil && bytes.Equal(sum[:], sealed(code)) {
			whole = true
			continue
		}
		if os.Remove(code) != nil {
			return ""
		}
		_ = os.Remove(seal(code))
	}
	if !whole && !hasRoom(dir) {
		return ""
	}
	return dir
}

// codes lists the files of machine code, but for those that are being written.
func codes(dir string) []string {
	if dir == "" {
		return nil
	}
	var list []string
	all, _ := fs.Glob(os.DirFS(dir), "go-graphviz/wazero-*/*") // the pattern is a good one
	for _, name := range all {
		if path.Ext(name) == "" {
			list = append(list, filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	return list
}

// seal is the file that holds the hash of a file of machine code.
func seal(code string) string { return code + ".sum" }

// sealed returns the hash that was kept of a file of machine code; nil if none was.
func sealed(code string) []byte {
	sum, err := os.ReadFile(seal(code))
	if err != nil {
		return nil
	}
	return sum
}

func hasRoom(dir string) bool {
	f, err := os.CreateTemp(dir, "room-")
	if err != nil {
		return false
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, room))
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err == nil
}

// redirect makes a folder the temporary one, until the function that it returns is called.
func redirect(dir string) (restore func()) {
	name := "TMPDIR"
	if runtime.GOOS == "windows" {
		name = "TMP"
	}
	was, set := os.LookupEnv(name)
	if dir == "" {
		dir = filepath.Join(os.DevNull, "nowhere")
	}
	_ = os.Setenv(name, dir)
	return func() {
		if set {
			_ = os.Setenv(name, was)
		} else {
			_ = os.Unsetenv(name)
		}
	}
}
