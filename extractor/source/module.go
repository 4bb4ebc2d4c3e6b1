package source

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"golang.org/x/mod/module"
	"golang.org/x/sync/errgroup"
)

// moduleAuthor marks the commits that the module route makes, so that they are never
// taken for upstream's.
const moduleAuthor = "module route"

var moduleSignature = object.Signature{Name: moduleAuthor, Email: "module@route.invalid", When: time.Unix(0, 0).UTC()}

// handedOn are the go command's settings that decide where modules come from and who
// vouches for them. The user's values hold, whether from the environment or from
// `go env -w`; nothing else of the user's settings reaches the go command, because an
// inherited GOFLAGS breaks it.
var handedOn = []string{"GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOSUMDB", "GONOPROXY", "GOINSECURE", "GOAUTH", "GOPATH"}

// fetchModule writes the trees that the configured module carries. The go command checks
// a module against the checksum database before this sees it.
func (o *opener) fetchModule(ctx context.Context, in *incoming, versions []Version) error {
	if o.cfg.Module == "" {
		return errors.New("the book names no Go module that carries its source")
	}
	g, err := newGoCommand(ctx, in.dir)
	if err != nil {
		return err
	}
	spool, err := os.Create(filepath.Join(in.dir, "spool"))
	if err != nil {
		return err
	}
	defer spool.Close()
	p := newPacker(spool)
	// One pack takes all versions that this route ever brought: apart they take six times
	// the room.
	earlier := o.earlier(versions)
	all := slices.Concat(earlier, versions)
	slices.SortFunc(all, func(a, b Version) int { return compareTags(a.Tag, b.Tag) })
	commits := make([]plumbing.Hash, len(versions))
	defer o.watch(g)()
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(2) // a module is some 250 MB for as long as it is read
	for i, v := range versions {
		group.Go(func() (err error) {
			commits[i], err = o.addModule(gctx, g, p, slices.Index(all, v), v)
			return err
		})
	}
	for _, v := range earlier {
		group.Go(func() error { return o.addEarlier(gctx, p, slices.Index(all, v), v) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	o.report(func(r *Progress) { r.Message = "writing the sources into the cache" })
	w, err := in.storage.PackfileWriter()
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 1<<20)
	if err := errors.Join(p.writeTo(buffered), buffered.Flush(), w.Close()); err != nil {
		return err
	}
	for i, v := range versions {
		ref := plumbing.NewHashReference(plumbing.NewTagReferenceName(v.Tag), commits[i])
		if err := in.storage.SetReference(ref); err != nil {
			return err
		}
	}
	return nil
}

// addModule finds or downloads the module of one version and adds its files to p.
func (o *opener) addModule(ctx context.Context, g *goCommand, p *packer, i int, v Version) (plumbing.Hash, error) {
	if err := ctx.Err(); err != nil {
		return plumbing.ZeroHash, err
	}
	m := module.Version{Path: o.cfg.Module, Version: strings.ReplaceAll(o.cfg.ModuleVersion, "{tag}", v.Tag)}
	dir, found := g.find(m)
	if found {
		o.report(func(r *Progress) { r.Message = v.Tag + ": reading " + m.String() + " from the module cache" })
	} else {
		o.report(func(r *Progress) { r.Message = v.Tag + ": downloading " + m.String() })
		var err error
		patient, done := g.patience(ctx, m, o.cfg.Limits.Stall)
		dir, err = g.download(patient, m)
		done()
		if err != nil {
			return plumbing.ZeroHash, err
		}
	}
	files := 0
	id, err := p.addTree(i, m.String()+"\n", func(add func(string, []byte) error) error {
		return o.cfg.walkKept(ctx, dir, func(name string, text []byte) error {
			files++
			return add(name, text)
		})
	})
	if err == nil && files == 0 {
		err = errors.New("none of its files is one that the book reads")
	}
	if err != nil {
		return id, fmt.Errorf("%s: %w", m, err)
	}
	if !found {
		if err := g.remove(m, dir); err != nil {
			return id, err
		}
	}
	o.report(func(r *Progress) { r.Message = v.Tag + ": read"; r.Done++ })
	return id, nil
}

// earlier returns the versions in the cache that this route has brought, but for those
// that it is about to bring.
func (o *opener) earlier(versions []Version) []Version {
	g, err := o.cache.repository()
	if err != nil {
		return nil
	}
	tags, err := g.Tags()
	if err != nil {
		return nil
	}
	defer tags.Close()
	r := New(g, o.cfg)
	var earlier []Version
	for ref, err := tags.Next(); err == nil; ref, err = tags.Next() {
		tag := ref.Name().Short()
		c, err := r.commit(tag)
		if err == nil && c.Author.Name == moduleAuthor && !slices.ContainsFunc(versions, func(v Version) bool { return v.Tag == tag }) {
			earlier = append(earlier, Version{Tag: tag})
		}
	}
	return earlier
}

// addEarlier adds the files of a version in the cache to p. One that cannot be read, or
// is not what its commit says, only stays out of the new pack.
func (o *opener) addEarlier(ctx context.Context, p *packer, i int, v Version) error {
	g, err := o.cache.repository()
	if err != nil {
		return err
	}
	r := New(g, Config{})
	c, err := r.commit(v.Tag)
	if err != nil {
		return err
	}
	s, err := r.Snapshot(v)
	if err != nil {
		return err
	}
	id, err := p.addTree(i, c.Message, func(add func(string, []byte) error) error { return s.walk(ctx, ".", add) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && id != c.Hash {
		err = fmt.Errorf("its commit is %s, not %s", c.Hash, id)
	}
	if err != nil {
		o.say(RouteModule, fmt.Sprintf("%s in the cache is damaged: %v", v.Tag, err))
	}
	return nil
}

// walkKept calls f for each file below root that a book can read.
func (c *Config) walkKept(ctx context.Context, root string, f func(name string, text []byte) error) error {
	files := 0
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && (d.Name() == "testdata" || !c.leadsTo(name)):
			return fs.SkipDir
		case !d.Type().IsRegular() || !c.keeps(name):
			return nil
		}
		if files++; files > c.Limits.Files {
			return &limitError{"the module has too many files", fmt.Sprint(c.Limits.Files)}
		}
		if i, err := d.Info(); err != nil || i.Size() > c.Limits.Object {
			return cmp.Or[error](err, &limitError{name + " has too many bytes", megabytes(c.Limits.Object)})
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		return f(name, text)
	})
}

// goCommand runs the go command in an environment of ours.
type goCommand struct {
	path    string
	dir     string       // it is run here; the scratch module cache is below
	env     []string     // without GOMODCACHE
	mine    string       // scratch module cache
	users   string       // the user's module cache, only read
	proxies string       // the user's GOPROXY
	removed atomic.Int64 // bytes of downloads that are gone again
}

func newGoCommand(ctx context.Context, dir string) (*goCommand, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("no go command in PATH: install Go (https://go.dev/dl)")
	}
	g := &goCommand{path: path, dir: dir, mine: filepath.Join(dir, "modcache")}
	// A go.mod of a folder above must not be seen.
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module scratch\n"), 0o666); err != nil {
		return nil, err
	}
	// GOENV is the user's here, and only here. GOFLAGS of the environment goes, that
	// of the user's file does not stop `go env`.
	out, err := g.run(ctx, []string{"GOFLAGS=", "GOTOOLCHAIN=local", "GOWORK=off"}, append([]string{"env", "-json", "GOMODCACHE"}, handedOn...)...)
	if err != nil {
		return nil, err
	}
	var values map[string]string
	if err := json.Unmarshal(out, &values); err != nil {
		return nil, fmt.Errorf("go env -json: %w", err)
	}
	g.users, g.proxies = values["GOMODCACHE"], values["GOPROXY"]
	g.env = []string{"GOENV=off", "GOFLAGS=", "GOTOOLCHAIN=local", "GOWORK=off", "GO111MODULE=on", "GOMODCACHE=" + g.mine}
	for _, name := range handedOn {
		g.env = append(g.env, name+"="+values[name])
	}
	return g, nil
}

// run runs the go command and returns what it prints.
func (g *goCommand) run(ctx context.Context, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, g.path, args...)
	cmd.Dir = g.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PWD=") }), env...)
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil && stdout.Len() == 0:
		return nil, fmt.Errorf("%s does not do `go %s` (%w): %s; put another Go first in PATH", g.path, args[0], err, oneLine(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// find returns the folder of a module that the user's module cache holds completely.
func (g *goCommand) find(m module.Version) (string, bool) {
	dir, err := unpackedAt(g.users, m)
	if g.users == "" || err != nil {
		return "", false
	}
	if i, err := os.Stat(dir); err != nil || !i.IsDir() {
		return "", false
	}
	// The go command keeps this beside the download for as long as it unpacks.
	partial, err := downloadedAt(g.users, m, "partial")
	if err == nil {
		_, err = os.Stat(partial)
	}
	return dir, errors.Is(err, fs.ErrNotExist)
}

// download brings a module into the scratch module cache and returns its folder.
func (g *goCommand) download(ctx context.Context, m module.Version) (string, error) {
	out, err := g.run(ctx, g.env, "mod", "download", "-modcacherw", "-json", m.String())
	if err != nil {
		return "", err
	}
	var result struct{ Dir, Error string }
	if err := json.Unmarshal(out, &result); err != nil {
		return "", fmt.Errorf("go mod download -json: %w", err)
	}
	if result.Error != "" {
		return "", Refusal(m.String(), g.proxies, result.Error)
	}
	return result.Dir, nil
}

// remove removes a module from the scratch module cache.
func (g *goCommand) remove(m module.Version, dir string) error {
	zip, err := downloadedAt(g.mine, m, "zip")
	if err != nil {
		return err
	}
	if i, err := os.Stat(zip); err == nil {
		g.removed.Add(i.Size())
	}
	return errors.Join(os.Remove(zip), removeAll(dir))
}

// downloaded returns how many bytes have come so far.
func (g *goCommand) downloaded() int64 {
	n := g.removed.Load()
	filepath.WalkDir(filepath.Join(g.mine, "cache", "download"), func(p string, d fs.DirEntry, err error) error {
		// A download in progress is v.zip and a number.
		if err == nil && strings.Contains(d.Name(), ".zip") {
			if i, err := d.Info(); err == nil {
				n += i.Size()
			}
		}
		return nil
	})
	return n
}

// watch reports the bytes that come, until stop is called.
func (o *opener) watch(g *goCommand) (stop func()) {
	done := make(chan struct{})
	var stopped sync.WaitGroup
	stopped.Go(func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for last := int64(0); ; {
			select {
			case <-done:
				return
			case <-tick.C:
				if n := g.downloaded(); n > last {
					last = n
					o.report(func(p *Progress) { p.Bytes = n })
				}
			}
		}
	})
	return func() {
		close(done)
		stopped.Wait()
	}
}

// unpackedAt is where a module cache has a module's files.
func unpackedAt(cache string, m module.Version) (string, error) {
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(m.Version)
	return filepath.Join(cache, filepath.FromSlash(path)+"@"+version), err
}

// downloadedAt is where a module cache has a file about a module: its zip, and others.
func downloadedAt(cache string, m module.Version, suffix string) (string, error) {
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(m.Version)
	return filepath.Join(cache, "cache", "download", filepath.FromSlash(path), "@v", version+"."+suffix), err
}

// oneLine makes one line of what a command or a server says, which moves no cursor.
func oneLine(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' })
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, strings.Join(words, " "))
}
