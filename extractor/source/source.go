// Package source brings versioned text out of git: it makes sure that every pinned
// version is in one bare repository, and reads files from there, verified by a lock.
package source

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// The routes by which sources come; auto tries the others in this order.
const (
	RouteAuto   = "auto"
	RouteCache  = "cache"
	RouteGit    = "git"
	RouteModule = "module"
)

// Config says where the versions come from and what of them is read. The zero value
// of a field that is not explained otherwise switches its feature off.
type Config struct {
	Remote        string         // URL of the git remote
	Module        string         // path of a Go module that carries the same tree (golang.org/toolchain)
	ModuleVersion string         // the module's version for a tag, with {tag} in its place
	Paths         []string       // the folders that are read; none: all
	Suffixes      []string       // how the names of files that are read end; none: any
	Synthetic     []Synthetic    // files that no git tree holds
	Cache         string         // folder of the cache; the repository is source.git below it
	Route         string         // auto (or empty), cache, git or module
	Lock          *Lock          // nil: nothing is verified
	Timeout       time.Duration  // how long the git remote may keep silent; 0: 5 s
	Limits        Limits         // what others may send
	Progress      func(Progress) // told what goes on, one call at a time
}

// Synthetic is a file that a build of the source writes and that no git tree holds.
// It is read in the versions that are named; a tree's own copy is ignored in every
// version, so that all routes show the same files.
type Synthetic struct {
	Path     string
	Text     string
	Versions []string
}

// Progress is one step of Open: what the route is doing, how many of the versions
// that it was asked for are done, and how many bytes have come so far.
type Progress struct {
	Route       string
	Message     string
	Done, Total int
	Bytes       int64
}

// keeps reports whether the file at a path is one that a book can read. Every route
// shows exactly these files, although a git tree holds more than a module.
func (c *Config) keeps(name string) bool {
	if strings.HasSuffix(name, "_test.go") || !hasAny(name, c.Suffixes, strings.HasSuffix) {
		return false
	}
	if slices.Contains(strings.Split(path.Dir(name), "/"), "testdata") {
		return false
	}
	if slices.ContainsFunc(c.Synthetic, func(s Synthetic) bool { return s.Path == name }) {
		return false
	}
	return hasAny(name, c.Paths, func(name, dir string) bool { return strings.HasPrefix(name, dir+"/") })
}

// leadsTo reports whether a folder holds files that are kept, is in one that does, or is
// above one.
func (c *Config) leadsTo(dir string) bool {
	return dir == "." || hasAny(dir+"/", c.Paths, func(dir, kept string) bool {
		return strings.HasPrefix(dir, kept+"/") || strings.HasPrefix(kept+"/", dir)
	})
}

func hasAny(name string, list []string, has func(name, item string) bool) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(item string) bool { return has(name, item) })
}

// opener is one call of Open.
type opener struct {
	cfg      Config
	cache    cacheDir
	versions []Version // all that were asked for

	mu       sync.Mutex
	progress Progress
}

// Open makes sure that the cache holds every version, by the routes in order, and
// returns it. What is there already is not fetched again, unless cfg.Route names the
// git or the module route. A fetch that fails, or is cancelled through ctx, leaves the
// cache as it was. What comes and differs from the lock is a *LockError, never used and
// never passed over by trying another route.
func Open(ctx context.Context, cfg Config, versions []Version) (*Repo, error) {
	if cfg.Cache == "" {
		return nil, errors.New("no folder for the source cache")
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 5 * time.Second
	}
	cfg.Limits = cfg.Limits.orDefault()
	o := &opener{cfg: cfg, cache: cacheDir(cfg.Cache), versions: versions}
	route, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	g, err := o.cache.repository()
	if err != nil {
		return nil, err
	}
	r := New(g, cfg)
	r.route = route
	return r, nil
}

// open returns the route that brought what was missing.
func (o *opener) open(ctx context.Context) (string, error) {
	var fetchers []string
	switch o.cfg.Route {
	case RouteAuto, "":
		fetchers = []string{RouteGit, RouteModule}
	case RouteCache:
	case RouteGit, RouteModule:
		fetchers = []string{o.cfg.Route}
	default:
		return "", fmt.Errorf("no route is named %q (auto, cache, git, module)", o.cfg.Route)
	}
	forced := o.cfg.Route == RouteGit || o.cfg.Route == RouteModule
	missing, why := o.missing()
	if len(missing) == 0 && !forced {
		return RouteCache, nil
	}
	if o.cfg.Route == RouteCache {
		return "", fmt.Errorf("the source cache %s lacks something (%w): fetch it with --source auto", o.cache, why)
	}
	release, err := o.cache.lock(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	// Another process may have brought the versions while this one waited.
	if missing, why = o.missing(); len(missing) == 0 && !forced {
		return RouteCache, nil
	}
	if forced {
		return o.cfg.Route, o.fetch(ctx, o.cfg.Route, o.versions)
	}
	failed := []error{fmt.Errorf("cache: %w", why)}
	o.say(RouteCache, why.Error())
	for _, route := range fetchers {
		err := o.fetch(ctx, route, missing)
		var locked *LockError
		switch {
		case err == nil:
			return route, nil
		case ctx.Err() != nil, errors.As(err, &locked):
			return "", err
		}
		failed = append(failed, err)
		o.say(route, strings.TrimPrefix(err.Error(), route+": "))
	}
	return "", fmt.Errorf("no route to the sources of %s; one of these has to be mended:\n%w", tagList(missing), errors.Join(failed...))
}

// fetch brings versions into a repository beside the cache, verifies them there and
// lets the cache adopt them.
func (o *opener) fetch(ctx context.Context, route string, versions []Version) error {
	late := fmt.Errorf("it took longer than %s", o.cfg.Limits.Time)
	ctx, cancel := context.WithTimeoutCause(ctx, o.cfg.Limits.Time, late)
	defer cancel()
	o.begin(route, len(versions))
	in, err := o.cache.incoming()
	if err != nil {
		return fmt.Errorf("%s: %w", route, err)
	}
	defer in.discard()
	if route == RouteGit {
		err = o.fetchGit(ctx, in, versions)
	} else {
		err = o.fetchModule(ctx, in, versions)
	}
	if err == nil {
		err = o.verify(in, versions)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && !o.same(in, versions) {
		err = o.cache.adopt(in, versions)
	}
	if context.Cause(ctx) == late {
		err = late
	}
	if err != nil {
		return fmt.Errorf("%s: %w", route, err)
	}
	return nil
}

func (o *opener) verify(in *incoming, versions []Version) error {
	r := in.open(o.cfg)
	for _, v := range versions {
		if err := r.holds(v); err != nil {
			return err
		}
	}
	return nil
}

// same reports whether the cache holds the same commits already.
func (o *opener) same(in *incoming, versions []Version) bool {
	g, err := o.cache.repository()
	if err != nil {
		return false
	}
	have, came := New(g, o.cfg), in.open(o.cfg)
	for _, v := range versions {
		a, err := have.commit(v.Tag)
		b, err2 := came.commit(v.Tag)
		if err != nil || err2 != nil || a.Hash != b.Hash || have.holds(v) != nil {
			return false
		}
	}
	return true
}

// missing returns the versions that the cache does not hold, and why it does not.
func (o *opener) missing() ([]Version, error) {
	g, err := o.cache.repository()
	if err != nil {
		return o.versions, err
	}
	r := New(g, o.cfg)
	var missing []Version
	var why error
	for _, v := range o.versions {
		if err := r.holds(v); err != nil {
			missing = append(missing, v)
			if why == nil {
				why = err
			}
		}
	}
	return missing, why
}

func (o *opener) begin(route string, total int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.progress = Progress{Route: route, Total: total}
}

// say reports a message on a route.
func (o *opener) say(route, message string) {
	o.report(func(p *Progress) { p.Route, p.Message = route, message })
}

func (o *opener) report(change func(p *Progress)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change(&o.progress)
	if o.cfg.Progress != nil {
		o.cfg.Progress(o.progress)
	}
}

func tagList(versions []Version) string {
	tags := make([]string, len(versions))
	for i, v := range versions {
		tags[i] = v.Tag
	}
	return strings.Join(tags, ", ")
}
