package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// maxPath is how many bytes a path may have.
const maxPath = 1000

// Snapshot is the files of one version. Paths are slash-separated from the root of the
// repository; "." is the root. Only the files that the configuration keeps are visible,
// so that a snapshot is the same whichever route it came by.
type Snapshot struct {
	repo      *Repo
	version   Version
	commit    string            // where it came from the remote
	synthetic map[string][]byte // by path

	mu    sync.Mutex
	dirs  map[string]*dir // by path
	known int             // entries of all that were read
}

// dir is a folder; its entries are read when they are asked for.
type dir struct {
	tree    plumbing.Hash
	read    bool
	entries []entry // sorted by name
}

// entry is a file or a folder, as fs.FileInfo sees it: git keeps no times, and sizes
// are not read.
type entry struct {
	name string
	mode fs.FileMode
	hash plumbing.Hash // zero for what is synthetic
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return 0 }
func (e entry) Mode() fs.FileMode  { return e.mode }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.mode.IsDir() }
func (e entry) Sys() any           { return nil }

// Version returns the version whose files these are.
func (s *Snapshot) Version() Version { return s.version }

// ReadFile returns a file whose text hashes to the object id that the lock names;
// otherwise the error is a *LockError. A file that the version lacks is
// fs.ErrNotExist. The text is shared and must not be changed.
func (s *Snapshot) ReadFile(name string) (File, error) {
	name = path.Clean(name)
	if text, ok := s.synthetic[name]; ok {
		return File{Path: name, Text: text}, nil
	}
	lock := s.repo.cfg.Lock
	e, err := s.find(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := lock.check(s.version.Tag, name, ""); err != nil {
			return File{}, err
		}
	}
	if err != nil {
		return File{}, err
	}
	id := e.hash.String()
	if err := lock.check(s.version.Tag, name, id); err != nil {
		return File{}, err
	}
	b := s.repo.blob(e.hash)
	if b.err != nil {
		return File{}, fmt.Errorf("%s at %s: %w", name, s.version.Tag, b.err)
	}
	if b.sum != id {
		if err := lock.check(s.version.Tag, name, b.sum); err != nil {
			return File{}, err
		}
		return File{}, fmt.Errorf("%s at %s is damaged: blob %s hashes to %s", name, s.version.Tag, id, b.sum)
	}
	s.repo.remember(s, name, id)
	return File{Path: name, Blob: id, Text: b.text}, nil
}

// ReadDir lists a folder, sorted by name. Sizes and times are zero.
func (s *Snapshot) ReadDir(name string) ([]fs.FileInfo, error) {
	entries, err := s.list(path.Clean(name))
	if err != nil {
		return nil, err
	}
	infos := make([]fs.FileInfo, len(entries))
	for i, e := range entries {
		infos[i] = e
	}
	return infos, nil
}

// IsDir reports whether there is a folder with this path.
func (s *Snapshot) IsDir(name string) bool {
	_, err := s.list(path.Clean(name))
	return err == nil
}

// find returns the entry of a file.
func (s *Snapshot) find(name string) (entry, error) {
	entries, err := s.list(path.Dir(name))
	if errors.Is(err, fs.ErrNotExist) {
		return entry{}, s.notExist("open", name)
	}
	if err != nil {
		return entry{}, err
	}
	i, ok := slices.BinarySearchFunc(entries, path.Base(name), func(e entry, n string) int { return strings.Compare(e.name, n) })
	if !ok || entries[i].IsDir() {
		return entry{}, s.notExist("open", name)
	}
	return entries[i], nil
}

func (s *Snapshot) notExist(op, name string) error {
	return &fs.PathError{Op: op, Path: name + " at " + s.version.Tag, Err: fs.ErrNotExist}
}

func (s *Snapshot) list(name string) ([]entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.dir(name)
	if err != nil {
		return nil, err
	}
	return d.entries, nil
}

// dir returns a folder with its entries. The caller holds s.mu.
func (s *Snapshot) dir(name string) (*dir, error) {
	d := s.dirs[name]
	if d == nil {
		up := path.Dir(name)
		if up == name {
			return nil, s.notExist("readdir", name)
		}
		// Reading the folder above makes those within it known.
		if _, err := s.dir(up); err != nil {
			return nil, err
		}
		if d = s.dirs[name]; d == nil {
			return nil, s.notExist("readdir", name)
		}
	}
	if d.read {
		return d, nil
	}
	if err := s.fill(d, name); err != nil {
		return nil, fmt.Errorf("%s at %s: %w", name, s.version.Tag, err)
	}
	return d, nil
}

func (s *Snapshot) fill(d *dir, name string) error {
	var entries []entry
	taken := map[string]bool{}
	if !d.tree.IsZero() {
		t, err := s.repo.readTree(d.tree)
		if err != nil {
			return err
		}
		// Trees that hold one another twice are many more folders than objects.
		if s.known += len(t.Entries); s.known > s.repo.cfg.Limits.Files {
			return &limitError{"the version has too many files", fmt.Sprint(s.repo.cfg.Limits.Files)}
		}
		for _, e := range t.Entries {
			p := path.Join(name, e.Name)
			switch {
			case taken[e.Name]:
				// Git knows no such tree, and who walks it walks the folder twice.
				continue
			case !fs.ValidPath(e.Name) || e.Name == "." || strings.Contains(e.Name, "/") || len(p) > maxPath:
				// No file is called so: for the book it is not there.
			case e.Mode == filemode.Dir && e.Name != "testdata":
				s.dirs[p] = &dir{tree: e.Hash}
				entries = append(entries, entry{e.Name, fs.ModeDir | 0o755, e.Hash})
			case e.Mode.IsRegular() || e.Mode == filemode.Executable:
				if s.repo.cfg.keeps(p) {
					entries = append(entries, entry{e.Name, 0o644, e.Hash})
				}
			}
			taken[e.Name] = true
		}
	}
	for p := range s.synthetic {
		below, ok := p, true
		if name != "." {
			below, ok = strings.CutPrefix(p, name+"/")
		}
		child, _, deeper := strings.Cut(below, "/")
		switch {
		case !ok:
		case !deeper:
			entries = append(entries, entry{name: child, mode: 0o644})
		case !taken[child]: // the tree lacks the folder
			s.dirs[path.Join(name, child)] = &dir{}
			entries = append(entries, entry{name: child, mode: fs.ModeDir | 0o755})
			taken[child] = true
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	d.entries, d.read = entries, true
	return nil
}

// locked returns the blobs of the files that the lock names, by path, as the tree has
// them; a tree that has others is a *LockError.
func (s *Snapshot) locked() (map[string]plumbing.Hash, error) {
	lock, tag := s.repo.cfg.Lock, s.version.Tag
	blobs := map[string]plumbing.Hash{}
	for _, p := range lock.files(tag) {
		e, err := s.find(p)
		got := e.hash.String()
		if errors.Is(err, fs.ErrNotExist) {
			err, got = nil, ""
		}
		if err != nil {
			return nil, err
		}
		if err := lock.check(tag, p, got); err != nil {
			return nil, err
		}
		blobs[p] = e.hash
	}
	return blobs, nil
}

// whole returns nil if every file below a folder is there; a repository that was fetched
// with the lock holds no others.
func (s *Snapshot) whole(name string) error {
	if !s.repo.cfg.leadsTo(name) {
		return nil
	}
	entries, err := s.list(name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p := path.Join(name, e.name)
		switch {
		case e.IsDir():
			if err := s.whole(p); err != nil {
				return err
			}
		case !e.hash.IsZero():
			if err := s.repo.has(e.hash); err != nil {
				return fmt.Errorf("%s at %s: blob %s is not there", p, s.version.Tag, e.hash)
			}
		}
	}
	return nil
}

// walk calls f for every file below a folder.
func (s *Snapshot) walk(ctx context.Context, name string, f func(name string, text []byte) error) error {
	entries, err := s.list(name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := path.Join(name, e.name)
		if e.IsDir() {
			err = s.walk(ctx, p, f)
		} else {
			var file File
			if file, err = s.ReadFile(p); err == nil {
				err = f(p, file.Text)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
