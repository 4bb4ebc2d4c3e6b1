package index

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"beforemain/extractor/diag"
	"beforemain/extractor/index/golang"
	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
)

// version is the index of one version.
type version struct {
	source.Version
	symbols []*symbol
	ids     map[string]int      // of symbols, by name
	aliases map[string]string   // what the linker calls a symbol by //go:linkname
	refs    map[string][]ref    // by path
	views   map[viewKey]reading // of assembly files
	edges   map[edge]set
	graph   func() *graph

	mu     sync.Mutex
	slices map[string][]*Slice // those made so far
}

// viewKey names an assembly file as it is on one platform.
type viewKey struct {
	path     string
	platform int
}

// reading says which lines of an assembly file a platform leaves out, and which it never reaches.
type reading struct{ inactive, unreached []plan9.Lines }

// file is a file at one path, shared by the versions in which it has the same text.
type file struct {
	source.File
	asm func() *plan9.File
}

// loader reads versions, each distinct file once. Versions may be read at the same time.
type loader struct {
	platforms []Platform
	read      golang.Config
	store     Store // nil for none

	mu    sync.Mutex
	files map[string]*file // by path and blob
}

// file returns the one file for a text at a path.
func (l *loader) file(src source.File) *file {
	key := src.Path + "\x00" + src.Blob
	if src.Blob == "" {
		key += string(src.Text)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.files[key]
	if f == nil {
		f = &file{File: src}
		f.asm = sync.OnceValue(func() *plan9.File { return plan9.Parse(f.Path, f.Text) })
		l.files[key] = f
	}
	return f
}

// tree is the snapshot of one version, each file read once. It is a [golang.Tree].
type tree struct {
	*source.Snapshot
	loader  *loader
	read    map[string]*file    // nil for one that is not there
	folders map[string][]string // that were asked for
}

func newTree(s *source.Snapshot, l *loader) *tree {
	return &tree{s, l, map[string]*file{}, map[string][]string{}}
}

func (t *tree) file(name string) (*file, error) {
	if f := t.read[name]; f != nil {
		return f, nil
	}
	src, err := t.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		t.read[name] = nil
	}
	if err != nil {
		return nil, err
	}
	f := t.loader.file(src)
	t.read[name] = f
	return f, nil
}

// ReadText returns the text of a file.
func (t *tree) ReadText(name string) ([]byte, error) {
	f, err := t.file(name)
	if err != nil {
		return nil, err
	}
	return f.Text, nil
}

// version reads one version on all platforms.
func (l *loader) version(s *source.Snapshot) (*version, diag.List, error) {
	if l.store != nil {
		if v, err := l.recall(s); v != nil || err != nil {
			return v, nil, err
		}
	}
	t := newTree(s, l)
	v := newVersion(s.Version())
	var wrong problems
	reader := golang.NewReader(t, v.Name, l.read)
	for i, p := range l.platforms {
		program, err := reader.Read(p.OS, p.Arch)
		if err != nil {
			return nil, nil, err
		}
		for _, w := range program.Problems {
			wrong.add(w.Path, w.Line, w.Message, 1<<i)
		}
		r := &platform{tree: t, version: v, bit: 1 << i, program: program, wrong: &wrong}
		if err := r.add(i); err != nil {
			return nil, nil, err
		}
	}
	v.graph = sync.OnceValue(v.connect)
	if l.store != nil && len(wrong.order) == 0 {
		v.keep(l.store, l.storeKey(v.Version), t)
	}
	return v, wrong.list(v.Tag, l.platforms), nil
}

func newVersion(v source.Version) *version {
	return &version{
		Version: v,
		ids:     map[string]int{},
		aliases: map[string]string{},
		refs:    map[string][]ref{},
		views:   map[viewKey]reading{},
		edges:   map[edge]set{},
		slices:  map[string][]*Slice{},
	}
}

// problems are what is wrong with the source of one version, each with the platforms that it is wrong on.
type problems struct {
	order []problem
	on    map[problem]set
}

type problem struct {
	path    string
	line    int
	message string
}

func (w *problems) add(path string, line int, message string, on set) {
	p := problem{path, line, message}
	if w.on == nil {
		w.on = map[problem]set{}
	}
	if w.on[p] == 0 {
		w.order = append(w.order, p)
	}
	w.on[p] |= on
}

// list makes diagnostics of the problems. They stand in a file of a tag: tag:path.
func (w *problems) list(tag string, platforms []Platform) diag.List {
	var l diag.List
	for _, p := range w.order {
		var names []string
		for i, platform := range platforms {
			if w.on[p]&(1<<i) != 0 {
				names = append(names, platform.String())
			}
		}
		pos := token.Position{Filename: tag + ":" + p.path, Line: max(p.line, 1), Column: 1}
		l.Errorf(pos, "N131", "%s (on %s)", p.message, strings.Join(names, ", ")).
			Relate("fix: book fetch --update-lock, if a package or header is missing; otherwise read %s with a newer Go", tag)
	}
	return l
}

// platform adds what one platform has to a version.
type platform struct {
	tree    *tree
	version *version
	bit     set
	program *golang.Program
	wrong   *problems
	ids     []int // of the program's symbols, in the version
}

func (r *platform) add(i int) error {
	for _, s := range r.program.Symbols {
		r.ids = append(r.ids, r.version.id(s.Name))
	}
	// Assembly first: what Go then declares without a body or a value is a prototype,
	// in whichever package the assembly stands.
	for _, p := range r.program.Packages {
		macros := map[string]string{}
		for _, m := range p.Header {
			macros[m.Name] = m.Value
		}
		for _, name := range p.AsmFiles {
			if err := r.assembly(p, name, i, macros); err != nil {
				return err
			}
		}
	}
	for i, s := range r.program.Symbols {
		prototype := s.Prototype || r.version.symbols[r.ids[i]].on(r.bit)
		r.version.declare(s.Name, Kind(s.Kind), site{s.Path, s.Line, s.Value, prototype, r.bit})
	}
	for _, a := range r.program.Aliases {
		r.version.aliases[a.Remote] = a.Local
	}
	for _, p := range r.program.Packages {
		for k, f := range p.Files {
			if err := r.golang(p, f, p.Refs[k]); err != nil {
				return err
			}
		}
	}
	for _, e := range r.program.Edges {
		r.version.edges[edge{r.ids[e.From], r.ids[e.To], EdgeKind(e.Kind), e.Path, e.Line}] |= r.bit
	}
	return nil
}

// golang adds the declarations and the references of a Go file.
func (r *platform) golang(p *golang.Package, g *golang.File, list []golang.Ref) error {
	f, err := r.tree.file(g.Path)
	if err != nil {
		return err
	}
	for _, d := range g.Declarations {
		s := r.version.symbol(p.Path + "." + d.Name)
		if d.Prototype && s.on(r.bit) {
			continue // assembly defines it
		}
		s.define(definition{f, source.Span{Start: d.Start, End: d.End}, d.First, d.Head, d.Last, d.Signature, false, r.bit})
	}
	refs := make([]ref, len(list))
	for i, o := range list {
		refs[i] = ref{o.Start, o.End, r.ids[o.Symbol], o.Defines, r.bit}
	}
	r.version.merge(g.Path, refs)
	return nil
}

// assembly adds the definitions, references and edges of an assembly file.
func (r *platform) assembly(p *golang.Package, name string, i int, macros map[string]string) error {
	f, err := r.tree.file(name)
	if err != nil {
		return err
	}
	var lost error
	view := f.asm().Assemble(plan9.Config{
		Package: p.Path,
		Defines: r.program.Defines,
		GoAsm:   macros,
		Include: func(dir, name string) *plan9.File {
			h, err := r.tree.include(dir, name)
			lost = errors.Join(lost, err)
			return h
		},
	})
	if lost != nil {
		return lost
	}
	for _, w := range view.Problems {
		r.wrong.add(w.Path, w.Line, w.Message, r.bit)
	}
	for _, d := range view.Definitions {
		b := f.asm().Block(d.Line)
		start, end := f.asm().Span(b.Lines)
		kind := Variable
		if d.Kind == plan9.Text {
			kind = Function
		}
		id := r.version.declare(d.Name, kind, site{name, b.Head, "", false, r.bit})
		_, head := f.asm().Span(plan9.Lines{First: b.Head, Last: b.Head})
		r.version.symbols[id].define(definition{f, source.Span{Start: start, End: end}, b.First, b.Head, b.Last, head, true, r.bit})
	}
	r.references(p, name, view)
	for _, e := range view.Edges {
		if e.Kind == plan9.MemoryEdge {
			continue // who reads or writes a variable is no step of the program
		}
		from, to := r.version.id(e.From), r.version.id(e.To)
		r.version.edges[edge{from, to, EdgeKind(e.Kind), name, e.Line}] |= r.bit
	}
	r.version.views[viewKey{name, i}] = reading{view.Inactive, view.Unreached}
	return nil
}

// references adds what an assembly file names. A macro of go_asm.h stands for the Go
// declaration that it is computed from; labels and other macros are known by where
// they are defined.
func (r *platform) references(p *golang.Package, name string, view plan9.View) {
	var list []ref
	for _, o := range view.Refs {
		id := -1
		switch o.Kind {
		case plan9.SymbolRef:
			id = r.version.id(o.Name)
		case plan9.GoAsmRef:
			k, ok := slices.BinarySearchFunc(p.Header, o.Name, func(m golang.Macro, name string) int { return strings.Compare(m.Name, name) })
			if ok && p.Header[k].Symbol >= 0 {
				id = r.ids[p.Header[k].Symbol]
			}
		default:
			if o.Def.Path != "" {
				id = r.version.declare(fmt.Sprintf("%s:%d %s", o.Def.Path, o.Def.Line, o.Name), asmKinds[o.Kind], site{o.Def.Path, o.Def.Line, "", false, r.bit})
			}
		}
		if id >= 0 {
			list = append(list, ref{o.Offset, o.End, id, o.Defines, r.bit})
		}
	}
	r.version.merge(name, list)
}

var asmKinds = map[plan9.RefKind]Kind{plan9.MacroRef: Macro, plan9.LabelRef: Label, plan9.HeaderRef: Header}

// include finds a header where cmd/go looks: beside the file, and among the
// runtime's, which the build of Go copies to pkg/include. It returns nil for one that
// is in neither place.
func (t *tree) include(dir, name string) (*plan9.File, error) {
	for _, d := range []string{dir, "src/runtime"} {
		f, err := t.file(path.Join(d, name))
		if err == nil {
			return f.asm(), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, nil
}
