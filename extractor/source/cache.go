package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/rogpeppe/go-internal/lockedfile"
)

const (
	repoName       = "source.git"
	incomingPrefix = "incoming-"
)

// cacheDir is the folder of the cache. It holds the bare repository source.git, to which
// objects and tags are only ever added; source.lock, an empty file that one process at a
// time locks to fetch; and, while that goes on, the folder incoming-….
type cacheDir string

func (c cacheDir) repo() string { return filepath.Join(string(c), repoName) }

// repository opens the cached repository.
func (c cacheDir) repository() (*git.Repository, error) {
	r, err := git.Open(storage(c.repo()), nil)
	if errors.Is(err, git.ErrRepositoryNotExists) {
		return nil, errors.New("it is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.repo(), err)
	}
	return r, nil
}

// storage keeps the packs open: opening one for every object takes longer than reading it.
func storage(dir string) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(osfs.New(dir), cache.NewObjectLRU(64*cache.MiByte),
		filesystem.Options{KeepDescriptors: true})
}

// lock waits until no other process fetches into this cache.
func (c cacheDir) lock(ctx context.Context) (release func(), err error) {
	if err := os.MkdirAll(string(c), 0o777); err != nil {
		return nil, err
	}
	type result struct {
		unlock func()
		err    error
	}
	done := make(chan result, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(string(c), "source.lock")).Lock()
		done <- result{unlock, err}
	}()
	select {
	case r := <-done:
		return r.unlock, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.err == nil {
				r.unlock()
			}
		}()
		return nil, fmt.Errorf("waiting for another fetch into %s: %w", c, ctx.Err())
	}
}

// incoming is a repository beside the cache, into which a fetch goes. Its folder also
// holds whatever else the fetch needs for a while.
type incoming struct {
	dir     string
	storage *filesystem.Storage
	repo    *git.Repository
}

// incoming makes an empty repository. The caller holds the lock, so whatever an earlier
// process left unfinished goes.
func (c cacheDir) incoming() (*incoming, error) {
	left, err := fs.Glob(os.DirFS(string(c)), incomingPrefix+"*")
	if err != nil {
		return nil, err
	}
	for _, name := range left {
		if err := removeAll(filepath.Join(string(c), name)); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp(string(c), incomingPrefix)
	if err != nil {
		return nil, err
	}
	in := &incoming{dir: dir}
	if err := in.reset(); err != nil {
		in.discard()
		return nil, err
	}
	return in, nil
}

// reset empties the repository.
func (in *incoming) reset() (err error) {
	in.close()
	if err := removeAll(filepath.Join(in.dir, repoName)); err != nil {
		return err
	}
	in.storage = storage(filepath.Join(in.dir, repoName))
	in.repo, err = git.Init(in.storage, nil)
	return err
}

// open returns the repository as one that is not the cache.
func (in *incoming) open(cfg Config) *Repo {
	cfg.Cache = ""
	return New(in.repo, cfg)
}

func (in *incoming) close() error {
	if in.storage == nil {
		return nil
	}
	return in.storage.Close()
}

// discard removes what is left of in.
func (in *incoming) discard() {
	in.close()
	// What cannot be removed now goes before the next fetch.
	_ = removeAll(in.dir)
}

// removeAll also removes folders that cannot be written to, such as those of a module
// cache that the go command did not finish.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(p, 0o777)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// adopt takes the versions of in into the cache. Their tags come last: until then the
// cache holds what it held before.
func (c cacheDir) adopt(in *incoming, versions []Version) error {
	from := filepath.Join(in.dir, repoName)
	if err := in.close(); err != nil {
		return err
	}
	if _, err := os.Stat(c.repo()); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(from, c.repo())
	}
	to, err := c.repository()
	if err != nil {
		return fmt.Errorf("the cache cannot be opened (%w): delete %s", err, c.repo())
	}
	moved, err := movePacks(from, c.repo())
	if err == nil {
		err = addShallow(in.repo, to)
	}
	for _, v := range versions {
		if err == nil {
			err = copyTag(in.repo, to, v.Tag)
		}
	}
	if err != nil {
		for _, p := range moved {
			os.Remove(p)
		}
		return err
	}
	return dropPacks(c.repo(), moved)
}

// movePacks moves the packs of one repository to another, each after its index, since
// go-git looks for the index of every pack that it sees. It returns the files that were
// not there before; the others are replaced, since they may be damaged.
func movePacks(from, to string) ([]string, error) {
	pack := filepath.Join("objects", "pack")
	if err := os.MkdirAll(filepath.Join(to, pack), 0o777); err != nil {
		return nil, err
	}
	files, err := fs.Glob(os.DirFS(filepath.Join(from, pack)), "pack-*")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(files, func(a, b string) int { return strings.Compare(filepath.Ext(a), filepath.Ext(b)) })
	var moved []string
	for _, f := range files {
		target := filepath.Join(to, pack, f)
		_, missing := os.Stat(target)
		if err := os.Rename(filepath.Join(from, pack, f), target); err != nil {
			return moved, err
		}
		if missing != nil {
			moved = append(moved, target)
		}
	}
	return moved, nil
}

// dropPacks removes the packs that hold nothing but what is in the new ones too. Whoever
// reads from one finds its objects in the new one (see Repo.object).
func dropPacks(repo string, moved []string) error {
	if len(moved) == 0 {
		return nil
	}
	fresh := map[plumbing.Hash]bool{}
	pack := filepath.Join(repo, "objects", "pack")
	indexes, err := fs.Glob(os.DirFS(pack), "pack-*.idx")
	if err != nil {
		return err
	}
	var old []string
	for _, name := range indexes {
		idx := filepath.Join(pack, name)
		if !slices.Contains(moved, idx) {
			old = append(old, idx)
		} else if err := eachPacked(idx, func(h plumbing.Hash) { fresh[h] = true }); err != nil {
			return err
		}
	}
	for _, idx := range old {
		needed := false
		if err := eachPacked(idx, func(h plumbing.Hash) { needed = needed || !fresh[h] }); err != nil {
			return err
		}
		if !needed {
			// A system that does not remove open files keeps both; nothing is lost.
			if os.Remove(strings.TrimSuffix(idx, ".idx")+".pack") == nil {
				os.Remove(idx)
			}
		}
	}
	return nil
}

// eachPacked calls f for every object of a pack.
func eachPacked(idx string, f func(plumbing.Hash)) error {
	r, err := os.Open(idx)
	if err != nil {
		return err
	}
	defer r.Close()
	m := idxfile.NewMemoryIndex()
	if err := idxfile.NewDecoder(r).Decode(m); err != nil {
		return fmt.Errorf("%s: %w", idx, err)
	}
	entries, err := m.Entries()
	if err != nil {
		return fmt.Errorf("%s: %w", idx, err)
	}
	defer entries.Close()
	for {
		e, err := entries.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", idx, err)
		}
		f(e.Hash)
	}
}

func addShallow(from, to *git.Repository) error {
	add, err := from.Storer.Shallow()
	if err != nil || len(add) == 0 {
		return err
	}
	have, err := to.Storer.Shallow()
	if err != nil {
		return err
	}
	for _, h := range add {
		if !slices.Contains(have, h) {
			have = append(have, h)
		}
	}
	return to.Storer.SetShallow(have)
}

func copyTag(from, to *git.Repository, tag string) error {
	ref, err := from.Storer.Reference(plumbing.NewTagReferenceName(tag))
	if err != nil {
		return err
	}
	return to.Storer.SetReference(ref)
}
