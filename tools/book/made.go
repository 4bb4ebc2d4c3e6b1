package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// made knows what a site was made of and what was written, so that a build of which
// neither has changed has nothing to do. It is safe to delete.
type made struct {
	name   string // its file, in the cache
	out    string
	inputs string
}

// newMade hashes what a build depends on: the program, its options, and the book's
// files. Of the sources the lock is enough, which is one of the files.
func newMade(cache, root, out, baseURL string, versions []string) made {
	place := sha256.Sum256([]byte(out))
	r := made{name: filepath.Join(cache, "built", hex.EncodeToString(place[:8])), out: out}
	program := fingerprint()
	if program == "" {
		return r
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%q\n", program, root, baseURL, versions)
	for _, dir := range []string{"annotations", "site", "themes"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (name == filepath.Join(root, "site", "public") || name == out || strings.HasPrefix(d.Name(), publishPrefix)):
				return fs.SkipDir
			case d.IsDir():
				return nil
			}
			text, err := os.ReadFile(name)
			fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(text))
			return err
		})
		if err != nil {
			return r // the build will say it better
		}
	}
	r.inputs = hex.EncodeToString(h.Sum(nil))
	return r
}

// outputs hashes the names, sizes and times of what is published, or returns "".
func (r made) outputs() string {
	h := sha256.New()
	err := filepath.WalkDir(r.out, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() {
			fmt.Fprintf(h, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	if err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// holds reports whether what is published is what these inputs make.
func (r made) holds() bool {
	kept, err := os.ReadFile(r.name)
	if err != nil || r.inputs == "" {
		return false
	}
	inputs, outputs, _ := strings.Cut(string(kept), " ")
	return inputs == r.inputs && outputs == r.outputs()
}

// keep remembers what was just published. Where it cannot, the next build makes it anew.
func (r made) keep() {
	outputs := r.outputs()
	if r.inputs == "" || outputs == "" || os.MkdirAll(filepath.Dir(r.name), 0o777) != nil {
		return
	}
	fresh := fmt.Sprintf("%s.%d", r.name, os.Getpid())
	if os.WriteFile(fresh, []byte(r.inputs+" "+outputs), 0o666) != nil || os.Rename(fresh, r.name) != nil {
		os.Remove(fresh)
	}
}
