// Package store keeps values in files, from one run of this very program to the next:
// another build may work them out otherwise.
package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"beforemain/tools/scratch"
)

// Disk is a folder of values. It is safe to delete, and several programs may use it at
// once.
//
// A key is a slot, or a slot, "~" and the hash of what the value was made of. Of a slot
// the few values stay that were used last: those of a few programs, or of a few states
// of the book.
type Disk struct{ dir string }

// kept is how many values of a slot stay.
const kept = 3

// New returns the store in a folder, which is made when it is needed.
func New(dir string) *Disk { return &Disk{dir} }

// half begins the names of files that are not whole yet.
const half = "new-"

// Fingerprint is the hash of the running program, "" if it cannot be read. It is worked
// out once: the program has a hundred megabytes.
var Fingerprint = sync.OnceValue(func() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
})

// Get returns what stands under a key. A file that is not whole is taken for none.
func (s *Disk) Get(key string) ([]byte, bool) {
	if Fingerprint() == "" {
		return nil, false
	}
	data, err := os.ReadFile(s.name(key))
	if err != nil || len(data) < sha256.Size {
		return nil, false
	}
	sum := sha256.Sum256(data[sha256.Size:])
	if !bytes.Equal(sum[:], data[:sha256.Size]) {
		return nil, false
	}
	now := time.Now()
	_ = os.Chtimes(s.name(key), now, now) // only the order of what is dropped depends on it
	return data[sha256.Size:], true
}

// Put keeps a value, if the disk has room for it, and drops those of its slot that were
// not used for longest.
func (s *Disk) Put(key string, value []byte) {
	if Fingerprint() == "" || os.MkdirAll(s.dir, 0o777) != nil {
		return
	}
	f, err := os.CreateTemp(s.dir, scratch.Name(half))
	if err != nil {
		return
	}
	sum := sha256.Sum256(value)
	_, err = f.Write(sum[:])
	if err == nil {
		_, err = f.Write(value)
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), s.name(key))
	}
	if err != nil {
		os.Remove(f.Name())
		return
	}
	slot, _, _ := strings.Cut(key, "~")
	s.drop(slot)
}

// drop removes what is too much in a slot. What another program removes meanwhile is gone
// as well.
func (s *Disk) drop(slot string) {
	names := scratch.Find(s.dir, slot+"*")
	names = slices.DeleteFunc(names, func(name string) bool { // go1.2 is no part of go1.27
		rest := filepath.Base(name)[len(slot):]
		return !strings.HasPrefix(rest, "~") && !strings.HasPrefix(rest, "-")
	})
	used := map[string]time.Time{}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			used[name] = info.ModTime()
		}
	}
	slices.SortFunc(names, func(a, b string) int { return used[b].Compare(used[a]) })
	for i, name := range names {
		if i >= kept {
			os.Remove(name)
		}
	}
}

// Prune removes what another build of the program made.
func (s *Disk) Prune() {
	for _, name := range scratch.Find(s.dir, "*") {
		base := filepath.Base(name)
		if !strings.HasPrefix(base, half) && !strings.HasSuffix(base, "-"+Fingerprint()) {
			os.Remove(name) // what cannot be removed is in nobody's way
		}
	}
	scratch.Clear(s.dir, half)
}

func (s *Disk) name(key string) string {
	return filepath.Join(s.dir, key+"-"+Fingerprint())
}
