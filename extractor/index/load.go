package index

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
)

// version is the index of one version.
type version struct {
	source.Version
	definitions map[string][]definition // by symbol, in the order of the platforms
	aliases     map[string]string       // what the linker calls a symbol by //go:linkname
	views       map[viewKey]plan9.View  // of assembly files

	mu     sync.Mutex
	slices map[string][]*Slice // those made so far
}

// definition is the lines that define a symbol on some platforms.
type definition struct {
	file             *file
	span             source.Span
	start, head, end int
	asm              bool
	on               set
}

// viewKey names an assembly file as it is on one platform.
type viewKey struct {
	path     string
	platform int
}

// file is a file at one path, shared by the versions in which it has the same text.
type file struct {
	source.File
	pkg      string // import path
	mentions func() []mention
}

// loader reads versions, each distinct file once.
type loader struct {
	platforms []Platform
	packages  []string
	files     map[string]*file // by path and blob
	parsed    map[string]*goFile
	asm       map[string]*plan9.File
	names     map[string]string // symbols, each once in memory
}

func newLoader(platforms []Platform, packages []string) *loader {
	return &loader{platforms, packages, map[string]*file{}, map[string]*goFile{}, map[string]*plan9.File{}, map[string]string{}}
}

// tree is the snapshot of one version, each file read once.
type tree struct {
	snapshot *source.Snapshot
	version  source.Version
	loader   *loader
	read     map[string]*file
}

// file reads a file, or finds it read.
func (t *tree) file(name string) (*file, error) {
	if f, ok := t.read[name]; ok {
		return f, nil
	}
	src, err := t.snapshot.ReadFile(name)
	if err != nil {
		return nil, err
	}
	key := name + "\x00" + src.Blob
	if src.Blob == "" {
		key += string(src.Text)
	}
	f := t.loader.files[key]
	if f == nil {
		f = &file{File: src, pkg: strings.TrimPrefix(path.Dir(name), "src/")}
		f.mentions = sync.OnceValue(f.resolve)
		t.loader.files[key] = f
	}
	t.read[name] = f
	return f, nil
}

// version reads one version on all platforms.
func (l *loader) version(s *source.Snapshot) (*version, error) {
	t := &tree{s, s.Version(), l, map[string]*file{}}
	v := &version{
		Version:     t.version,
		definitions: map[string][]definition{},
		aliases:     map[string]string{},
		views:       map[viewKey]plan9.View{},
		slices:      map[string][]*Slice{},
	}
	for i, p := range l.platforms {
		sel, err := t.selection(p)
		if err != nil {
			return nil, err
		}
		var goFiles, asmFiles []string
		for _, pkg := range l.packages {
			if !s.IsDir(path.Join("src", pkg)) {
				continue
			}
			g, a, err := sel.files(pkg)
			if err != nil {
				return nil, err
			}
			goFiles, asmFiles = append(goFiles, g...), append(asmFiles, a...)
		}
		// Assembly first: what Go then declares without a body or a value is a prototype,
		// in whichever package the assembly stands.
		for _, name := range asmFiles {
			if err := t.assembly(v, name, i, sel.defines(p)); err != nil {
				return nil, err
			}
		}
		for _, name := range goFiles {
			if err := t.golang(v, name, i); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// golang adds the declarations of a Go file on platform i.
func (t *tree) golang(v *version, name string, i int) error {
	f, err := t.file(name)
	if err != nil {
		return err
	}
	g := t.loader.parsed[f.Blob]
	if g == nil || f.Blob == "" {
		if g, err = parseGo(name, f.Text); err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		t.loader.parsed[f.Blob] = g
	}
	bodyless := map[string]bool{}
	for _, d := range g.decls {
		bodyless[d.name] = d.bodyless
		symbol := t.loader.name(f.pkg, d.name)
		if (d.bodyless || d.unset) && v.on(symbol, 1<<i) {
			continue // assembly defines it
		}
		v.define(symbol, definition{f, d.span, d.start, d.head, d.end, false, 1 << i})
	}
	for _, k := range g.links {
		if !bodyless[k.local] {
			v.aliases[k.remote] = t.loader.name(f.pkg, k.local)
		}
	}
	return nil
}

// assembly adds the definitions of an assembly file on platform i.
func (t *tree) assembly(v *version, name string, i int, defines []string) error {
	f, err := t.file(name)
	if err != nil {
		return err
	}
	var lost error
	view := t.plan9(f).Assemble(plan9.Config{
		Package: f.pkg,
		Defines: defines,
		Include: func(dir, name string) *plan9.File {
			h, err := t.include(dir, name)
			lost = errors.Join(lost, err)
			return h
		},
	})
	if err := errors.Join(append(view.Problems, lost)...); err != nil {
		return err
	}
	for _, d := range view.Definitions {
		b := t.plan9(f).Block(d.Line)
		start, end := t.plan9(f).Span(b.Lines)
		v.define(t.loader.intern(d.Name), definition{f, source.Span{Start: start, End: end}, b.First, b.Head, b.Last, true, 1 << i})
	}
	for k := range view.Symbols {
		view.Symbols[k].Name = t.loader.intern(view.Symbols[k].Name)
	}
	view.Definitions = nil
	v.views[viewKey{name, i}] = view
	return nil
}

// include finds a header where cmd/go looks: beside the file, and among the
// runtime's, which the build of Go copies to pkg/include. The constants of Go that
// go_asm.h would hold are not known here; nil stands for an empty file.
func (t *tree) include(dir, name string) (*plan9.File, error) {
	if name == "go_asm.h" {
		return nil, nil
	}
	for _, d := range []string{dir, "src/runtime"} {
		f, err := t.file(path.Join(d, name))
		if err == nil {
			return t.plan9(f), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, nil
}

// plan9 parses an assembly or header file, or finds it parsed.
func (t *tree) plan9(f *file) *plan9.File {
	key := f.Path + "\x00" + f.Blob
	p := t.loader.asm[key]
	if p == nil {
		p = plan9.Parse(f.Path, f.Text)
		t.loader.asm[key] = p
	}
	return p
}

func (l *loader) name(pkg, name string) string { return l.intern(pkg + "." + name) }

func (l *loader) intern(s string) string {
	if t, ok := l.names[s]; ok {
		return t
	}
	s = strings.Clone(s) // not a piece that keeps a whole file
	l.names[s] = s
	return s
}

// define adds a definition, or its platform to the one with the same lines.
func (v *version) define(symbol string, d definition) {
	list := v.definitions[symbol]
	for i := range list {
		if list[i].file == d.file && list[i].start == d.start {
			list[i].on |= d.on
			return
		}
	}
	v.definitions[symbol] = append(list, d)
}

// on reports whether symbol is defined on one of the platforms.
func (v *version) on(symbol string, platforms set) bool {
	for _, d := range v.definitions[symbol] {
		if d.on&platforms != 0 {
			return true
		}
	}
	return false
}
