package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// diskStore keeps values in files of the cache folder. They are for this very program
// alone: another build may work them out otherwise. It is safe to delete, and several
// programs may use it at once.
type diskStore struct {
	dir     string
	program func() string
}

func newDiskStore(cache string) *diskStore {
	return &diskStore{filepath.Join(cache, indexDir), sync.OnceValue(fingerprint)}
}

const (
	indexDir    = "index" // in the cache folder
	storePrefix = "new-"  // of files that are not whole yet
)

// fingerprint is the hash of the running program, "" if it cannot be read.
func fingerprint() string {
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
}

// Get returns what stands under a key. A file that is not whole is taken for none.
func (s *diskStore) Get(key string) ([]byte, bool) {
	if s.program() == "" {
		return nil, false
	}
	data, err := os.ReadFile(s.name(key))
	if err != nil || len(data) < sha256.Size {
		return nil, false
	}
	sum := sha256.Sum256(data[sha256.Size:])
	return data[sha256.Size:], bytes.Equal(sum[:], data[:sha256.Size])
}

// Put keeps a value, if the disk has room for it, and drops what another build of the
// program kept under the key.
func (s *diskStore) Put(key string, value []byte) {
	if s.program() == "" || os.MkdirAll(s.dir, 0o777) != nil {
		return
	}
	old, _ := filepath.Glob(filepath.Join(s.dir, key+"-*"))
	f, err := os.CreateTemp(s.dir, ownName(storePrefix))
	if err != nil {
		return
	}
	sum := sha256.Sum256(value)
	_, err = f.Write(append(sum[:], value...))
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
	for _, name := range old {
		if name != s.name(key) {
			os.Remove(name)
		}
	}
}

func (s *diskStore) name(key string) string {
	return filepath.Join(s.dir, key+"-"+s.program())
}
