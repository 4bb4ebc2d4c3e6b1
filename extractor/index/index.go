// Package index finds what the source defines and where it names it: symbols, their
// slices of the text, the occurrences of symbols within a slice, and the edges from
// one function to another.
//
// Symbol, occurrence and role are meant as in SCIP: a symbol is the name of a thing
// (runtime.schedinit), an occurrence is a place that names it, and its role says
// whether the place defines it or refers to it. Everything is read per version and
// platform, with the build constraints and experiments of the version read.
package index

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"beforemain/extractor/diag"
	"beforemain/extractor/index/golang"
	"beforemain/extractor/source"
)

// Platform is an operating system and an architecture, by the names of GOOS and GOARCH.
type Platform struct{ OS, Arch string }

// String returns the platform as linux/amd64.
func (p Platform) String() string { return p.OS + "/" + p.Arch }

// Matches reports whether name, an OS, an ARCH or OS/ARCH, names the platform.
func (p Platform) Matches(name string) bool {
	return name == p.OS || name == p.Arch || name == p.String()
}

// ParsePlatform reads what String writes.
func ParsePlatform(s string) (Platform, error) {
	os, arch, ok := strings.Cut(s, "/")
	if !ok || os == "" || arch == "" || strings.Contains(arch, "/") {
		return Platform{}, fmt.Errorf("platform %q is not of the form os/arch", s)
	}
	return Platform{os, arch}, nil
}

// Config says what is read.
type Config struct {
	// Packages are import paths, which lie below src/; what they import is read too.
	// Those that a version lacks are skipped.
	Packages []string
	// Platforms are in the book's order: the first has precedence where one must be chosen.
	Platforms []Platform
	// Extra are platforms that only some symbols are read on.
	Extra []Extra
	// Runs are functions that call one of their arguments.
	Runs []Run
	// Told are edges that no source shows.
	Told []Told
	// Store keeps the index of each version; nil keeps none.
	Store Store
}

// Extra is a platform that only Symbols are read on.
type Extra struct {
	Platform Platform
	Symbols  []string
}

// Run names a function that calls the argument at a position, from 0.
type Run = golang.Run

// maxPlatforms is how many fit in a [set].
const maxPlatforms = 64

// set is a set of platforms, by their position in Index.platforms.
type set uint64

// Index holds the definitions and references of all versions. Its methods may be
// called from several goroutines.
type Index struct {
	platforms []Platform // the book's, then the extra ones
	base      set        // the book's
	extra     map[string]set
	versions  []*version
	told      []Told
}

// New reads the packages of every snapshot. What the source holds that cannot be
// understood comes back as N131, at its file and line; an error is a file that cannot
// be read.
func New(snapshots []*source.Snapshot, cfg Config) (*Index, diag.List, error) {
	x := &Index{platforms: slices.Clone(cfg.Platforms), extra: map[string]set{}, told: cfg.Told}
	x.base = 1<<len(cfg.Platforms) - 1
	for _, e := range cfg.Extra {
		x.platforms = append(x.platforms, e.Platform)
		for _, s := range e.Symbols {
			x.extra[s] |= 1 << (len(x.platforms) - 1)
		}
	}
	if len(x.platforms) > maxPlatforms {
		return nil, nil, fmt.Errorf("%d platforms are more than %d", len(x.platforms), maxPlatforms)
	}
	l := &loader{platforms: x.platforms, read: golang.Config{Packages: cfg.Packages, Runs: cfg.Runs}, store: cfg.Store, files: map[string]*file{}}
	x.versions = make([]*version, len(snapshots))
	problems := make([]diag.List, len(snapshots))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range snapshots {
		group.Go(func() (err error) {
			if x.versions[i], problems[i], err = l.version(s); err != nil {
				err = fmt.Errorf("index %s: %w", s.Version().Tag, err)
			}
			return err
		})
	}
	err := group.Wait()
	return x, slices.Concat(problems...), err
}

// Versions returns the versions in the order of the snapshots.
func (x *Index) Versions() []source.Version {
	var list []source.Version
	for _, v := range x.versions {
		list = append(list, v.Version)
	}
	return list
}

// Symbols returns every symbol that has a slice in the version of that name, sorted.
func (x *Index) Symbols(version string) []string {
	v := x.version(version)
	if v == nil {
		return nil
	}
	var list []string
	for _, s := range v.symbols {
		if x.visible(s) {
			list = append(list, s.name)
		}
	}
	slices.Sort(list)
	return list
}

func (x *Index) version(name string) *version {
	i := slices.IndexFunc(x.versions, func(v *version) bool { return v.Name == name })
	if i < 0 {
		return nil
	}
	return x.versions[i]
}

// shown returns the platforms that the book reads symbol on.
func (x *Index) shown(symbol string) set { return x.base | x.extra[symbol] }

// visible reports whether a symbol has a slice.
func (x *Index) visible(s *symbol) bool {
	return slices.ContainsFunc(s.definitions, func(d definition) bool { return d.on&x.shown(s.name) != 0 })
}

// list returns the platforms of a set, in the book's order.
func (x *Index) list(on set) []Platform {
	var list []Platform
	for i, p := range x.platforms {
		if on&(1<<i) != 0 {
			list = append(list, p)
		}
	}
	return list
}
