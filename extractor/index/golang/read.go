package golang

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
)

// Reader reads one version, on one platform after another. A file is parsed once.
type Reader struct {
	tree    Tree
	version string
	cfg     Config
	fset    *token.FileSet
	files   map[string]*File
	broken  map[string][]Problem // of files that do not parse
}

// NewReader prepares to read a version by its name, such as go1.17; a version that is
// not named so is read without the tags of a release.
func NewReader(tree Tree, version string, cfg Config) *Reader {
	return &Reader{tree, version, cfg, token.NewFileSet(), map[string]*File{}, map[string][]Problem{}}
}

// Read reads the packages and all that they import as they are on one platform. What
// does not parse or type-check comes back among the problems; an error is a file that
// cannot be read or a package whose files cannot be told.
func (r *Reader) Read(goos, goarch string) (*Program, error) {
	s, err := r.selection(goos, goarch)
	if err != nil {
		return nil, err
	}
	l := &loader{
		reader:    r,
		selection: s,
		program:   &Program{Defines: s.defines()},
		packages:  map[string]*Package{},
		sizes:     types.SizesFor("gc", goarch),
	}
	if l.sizes == nil {
		return nil, fmt.Errorf("no architecture is called %q", goarch)
	}
	for _, path := range r.cfg.Packages {
		if r.tree.IsDir(folder(path)) {
			if _, err := l.load(path); err != nil {
				return nil, err
			}
		}
	}
	newWalk(l).run()
	for _, p := range l.program.Packages {
		p.forget()
	}
	return l.program, nil
}

// forget lets go of the types, which take far more memory than what is found by them.
func (p *Package) forget() {
	p.syntax, p.types, p.info = nil, nil, nil
	for i := range p.Header {
		p.Header[i].object = nil
	}
}

// file parses a file, or finds it parsed. One that does not parse has no
// declarations, and its problems are returned each time.
func (r *Reader) file(name string) (*File, []Problem, error) {
	if f := r.files[name]; f != nil {
		return f, r.broken[name], nil
	}
	text, err := r.tree.ReadText(name)
	if err != nil {
		return nil, nil, err
	}
	f := &File{Path: name}
	f.syntax, err = parser.ParseFile(r.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if list, ok := errors.AsType[scanner.ErrorList](err); ok {
		for _, e := range list {
			r.broken[name] = append(r.broken[name], Problem{name, e.Pos.Line, e.Msg})
		}
	} else if err != nil {
		return nil, nil, err
	}
	if f.syntax != nil {
		f.at = r.fset.File(f.syntax.FileStart)
		f.declare()
		f.readDirectives()
	}
	r.files[name] = f
	return f, r.broken[name], nil
}

// loader loads the packages of one platform. It is the importer of its own packages.
type loader struct {
	reader    *Reader
	selection *selection
	program   *Program
	packages  map[string]*Package // nil while one is being loaded
	sizes     types.Sizes
	failed    error // of a package that was imported
}

// Import makes a loader a [types.Importer].
func (l *loader) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	p, err := l.load(path)
	if err != nil {
		l.failed = errors.Join(l.failed, err)
		return nil, err
	}
	if p == nil {
		return nil, errors.New("not in the tree, or no file of it on this platform")
	}
	return p.types, nil
}

// load selects, parses and type-checks a package, its dependencies first.
func (l *loader) load(path string) (*Package, error) {
	if p, ok := l.packages[path]; ok {
		return p, nil
	}
	l.packages[path] = nil // an import cycle finds no package
	if !l.reader.tree.IsDir(folder(path)) {
		return nil, nil
	}
	list, err := l.selection.list(path)
	if list == nil {
		return nil, err
	}
	p := &Package{Path: path}
	for _, name := range list.GoFiles {
		f, problems, err := l.reader.file(folder(path) + "/" + name)
		if err != nil {
			return nil, fmt.Errorf("parse: %w", err)
		}
		l.program.Problems = append(l.program.Problems, problems...)
		if f.syntax != nil {
			p.Files = append(p.Files, f)
			p.syntax = append(p.syntax, f.syntax)
		}
	}
	for _, name := range list.SFiles {
		p.AsmFiles = append(p.AsmFiles, folder(path)+"/"+name)
	}
	l.check(p)
	if l.failed != nil {
		return nil, l.failed
	}
	if len(p.AsmFiles) > 0 {
		p.Header = header(p.types, l.sizes)
	}
	l.packages[path] = p
	l.program.Packages = append(l.program.Packages, p)
	return p, nil
}

// check type-checks a package. The language version is left open: go/types refuses
// one that is newer than its own, and understands the runtime all the same.
func (l *loader) check(p *Package) {
	p.info = &types.Info{
		Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{},
	}
	cfg := types.Config{
		Importer: l,
		Sizes:    l.sizes,
		Error: func(err error) {
			e, ok := errors.AsType[types.Error](err)
			if !ok {
				return
			}
			at := l.reader.fset.PositionFor(e.Pos, false)
			l.program.Problems = append(l.program.Problems, Problem{at.Filename, at.Line, e.Msg})
		},
	}
	p.types, _ = cfg.Check(p.Path, l.reader.fset, p.syntax, p.info) // errors went to cfg.Error
	slices.SortStableFunc(l.program.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
}
