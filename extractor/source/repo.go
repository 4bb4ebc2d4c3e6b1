package source

import (
	"errors"
	"fmt"
	"io"
	"sync"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// Repo is a git repository that holds the versions of a book. It is safe for concurrent
// use, and so are its snapshots.
type Repo struct {
	git   *git.Repository
	cfg   Config
	route string

	reading sync.Mutex             // go-git's storage is read by one at a time
	there   map[plumbing.Hash]bool // objects known to be there: versions share most

	mu    sync.Mutex
	blobs map[plumbing.Hash]*blob // what has been read, for files that versions share
	read  Lock                    // the same, by tag and path
}

// blob is a file's text, read once.
type blob struct {
	once sync.Once
	text []byte
	sum  string // the object id, computed from text
	err  error
}

// New returns a Repo over a repository that is there already.
func New(r *git.Repository, cfg Config) *Repo {
	cfg.Limits = cfg.Limits.orDefault()
	return &Repo{git: r, cfg: cfg, route: RouteCache, there: map[plumbing.Hash]bool{}, blobs: map[plumbing.Hash]*blob{}}
}

// Route returns the route that brought the sources: cache, git or module.
func (r *Repo) Route() string { return r.route }

// Lock returns a lock of all that has been read so far: the object ids of the files, and
// the commits of tags that came from the git remote.
func (r *Repo) Lock() *Lock {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := &Lock{}
	l.Keep(&r.read)
	return l
}

// Snapshot returns the files of a version.
func (r *Repo) Snapshot(v Version) (*Snapshot, error) {
	c, err := r.commit(v.Tag)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{repo: r, version: v, synthetic: map[string][]byte{}, dirs: map[string]*dir{}}
	s.dirs["."] = &dir{tree: c.TreeHash}
	if r.cfg.Remote != "" && c.Author.Name != moduleAuthor {
		s.commit = c.Hash.String()
	}
	for _, f := range r.cfg.Synthetic {
		for _, name := range f.Versions {
			if name == v.Name {
				s.synthetic[f.Path] = []byte(f.Text)
			}
		}
	}
	return s, nil
}

// commit returns the commit that a tag, annotated or not, points to.
func (r *Repo) commit(tag string) (*object.Commit, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	ref, err := r.git.Reference(plumbing.NewTagReferenceName(tag), true)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, fmt.Errorf("tag %s is not there", tag)
	}
	if err != nil {
		return nil, fmt.Errorf("tag %s: %w", tag, err)
	}
	o, err := r.object(plumbing.AnyObject, ref.Hash())
	if err == nil && o.Type() == plumbing.TagObject {
		var t *object.Tag
		if t, err = object.DecodeTag(r.git.Storer, o); err == nil {
			o, err = r.object(plumbing.CommitObject, t.Target)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("tag %s: %w", tag, err)
	}
	c, err := object.DecodeCommit(r.git.Storer, o)
	if err != nil {
		return nil, fmt.Errorf("tag %s: %w", tag, err)
	}
	return c, nil
}

// blob returns a file's text; the second call for the same id costs nothing.
func (r *Repo) blob(id plumbing.Hash) *blob {
	r.mu.Lock()
	b := r.blobs[id]
	if b == nil {
		b = &blob{}
		r.blobs[id] = b
	}
	r.mu.Unlock()
	b.once.Do(func() {
		if b.text, b.err = r.readBlob(id); b.err == nil {
			b.sum = plumbing.ComputeHash(plumbing.BlobObject, b.text).String()
		}
	})
	return b
}

func (r *Repo) readBlob(id plumbing.Hash) (text []byte, err error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	o, err := r.object(plumbing.BlobObject, id)
	if err != nil {
		return nil, err
	}
	rd, err := o.Reader()
	if err != nil {
		return nil, err
	}
	defer rd.Close()
	text = make([]byte, o.Size())
	_, err = io.ReadFull(rd, text)
	return text, err
}

func (r *Repo) readTree(id plumbing.Hash) (*object.Tree, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	o, err := r.object(plumbing.TreeObject, id)
	if err != nil {
		return nil, err
	}
	return object.DecodeTree(r.git.Storer, o)
}

// object reads an object. Another process may have put a pack in the place of the one
// that it was in. The caller holds r.reading.
func (r *Repo) object(kind plumbing.ObjectType, id plumbing.Hash) (plumbing.EncodedObject, error) {
	o, err := r.git.Storer.EncodedObject(kind, id)
	if st, ok := r.git.Storer.(*filesystem.Storage); ok && err != nil {
		st.Reindex()
		o, err = st.EncodedObject(kind, id)
	}
	if err != nil && r.cfg.Cache != "" {
		err = fmt.Errorf("%w; the cache is damaged, delete %s", err, cacheDir(r.cfg.Cache).repo())
	}
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", id, err)
	}
	return o, nil
}

func (r *Repo) has(id plumbing.Hash) error {
	r.reading.Lock()
	defer r.reading.Unlock()
	if r.there[id] {
		return nil
	}
	err := r.git.Storer.HasEncodedObject(id)
	r.there[id] = err == nil
	return err
}

// remember adds a file that was read to the lock of this repository.
func (r *Repo) remember(s *Snapshot, path, oid string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read.set(s.version.Tag, path, lockEntry{oid: oid})
	if s.commit != "" {
		r.read.set(s.version.Tag, commitPath, lockEntry{oid: s.commit})
	}
}

// holds returns nil if every file of a version that the lock names is there, as the lock
// has it; without a lock for that version, if every file that a book can read is there.
func (r *Repo) holds(v Version) error {
	s, err := r.Snapshot(v)
	if err != nil {
		return err
	}
	files := r.cfg.Lock.files(v.Tag)
	if len(files) == 0 {
		return s.whole(".")
	}
	blobs, err := s.locked()
	if err != nil {
		return err
	}
	for _, path := range files {
		if err := r.has(blobs[path]); err != nil {
			return fmt.Errorf("%s at %s: blob %s is not there", path, v.Tag, blobs[path])
		}
	}
	return nil
}
