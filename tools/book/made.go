package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"beforemain/tools/scratch"
	"beforemain/tools/store"
)

// made knows what a site was made of and what was written, so that a build of which
// neither has changed has nothing to do. It is safe to delete.
type made struct {
	name   string // its file, in the cache
	out    string
	inputs string
}

// builtDir holds them, in the cache folder.
const builtDir = "built"

// newMade hashes what a build depends on: the program, its options, and the book's
// files. Of the sources the lock is enough, which is one of the files.
func newMade(cache, root string, req buildRequest) made {
	place := sha256.Sum256([]byte(req.out))
	r := made{name: filepath.Join(cache, builtDir, hex.EncodeToString(place[:8])), out: req.out}
	program := store.Fingerprint()
	if program == "" {
		return r
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%q\n%q\n", program, root, req.baseURL, req.versions, req.shard)
	for _, dir := range []string{"annotations", "site", "themes"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (name == filepath.Join(root, "site", "public") || name == req.out || strings.HasPrefix(d.Name(), publishPrefix)):
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
	return string(kept) == r.line(r.outputs())
}

// line is what the file says: inputs, outputs, and where they stand.
func (r made) line(outputs string) string {
	return fmt.Sprintf("%s %s %s\n", r.inputs, outputs, r.out)
}

// pruneMade forgets folders that are gone.
func pruneMade(cache string) {
	for _, name := range scratch.Find(filepath.Join(cache, builtDir), "*") {
		line, err := os.ReadFile(name)
		fields := strings.SplitN(strings.TrimSuffix(string(line), "\n"), " ", 3)
		if err == nil && len(fields) == 3 {
			if _, err := os.Stat(fields[2]); err == nil {
				continue
			}
		}
		os.Remove(name)
	}
}

// keep remembers what was just published. Where it cannot, the next build makes it anew.
func (r made) keep() {
	outputs := r.outputs()
	if r.inputs == "" || outputs == "" || os.MkdirAll(filepath.Dir(r.name), 0o777) != nil {
		return
	}
	fresh := fmt.Sprintf("%s.%d", r.name, os.Getpid())
	if os.WriteFile(fresh, []byte(r.line(outputs)), 0o666) != nil || os.Rename(fresh, r.name) != nil {
		os.Remove(fresh)
	}
}
