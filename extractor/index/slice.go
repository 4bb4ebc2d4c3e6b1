package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"path"
	"slices"
	"strings"

	"beforemain/extractor/index/golang"
	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
)

// Slice is the text that defines a symbol, on the platforms that share it.
type Slice struct {
	// Symbol is the name that the linker uses, with . for the middle dot:
	// runtime.schedinit, runtime.ticksType.init, _rt0_amd64_linux. A name that is
	// local to an assembly file stands with its package: runtime.gogo<>.
	Symbol  string
	Version source.Version
	// Path, Blob, Span and the lines are those of the first platform; Places has the others.
	Path, Blob string
	// Span covers whole lines, from the doc comment to the last line's end.
	Span source.Span
	Text []byte
	// Start to End are lines of the file, from 1. BodyStart is the line of the
	// declaration: of func, of TEXT, of the first DATA or GLOBL.
	Start, BodyStart, End int
	SHA256                string // of Text, in hexadecimal
	Platforms             []Platform
	Places                []Place
	Asm                   bool

	version   *version
	places    []place
	signature int // end, in bytes of Text
}

// Place says where a platform has a slice's text.
type Place struct {
	Platform Platform
	Path     string
	Start    int
}

// place is a Place as the index knows it.
type place struct {
	platform int
	def      definition
}

// Slices returns the variants of a symbol in the version of that name, ordered by
// their first platforms, or nil if the version lacks it. Platforms with equal text
// share a variant. The same call returns the same pointers.
func (x *Index) Slices(version, symbol string) []*Slice {
	v := x.version(version)
	if v == nil {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	list, ok := v.slices[symbol]
	if s := v.find(symbol); !ok && s != nil && x.visible(s) {
		list = x.variants(v, s)
		v.slices[symbol] = list
	}
	return slices.Clone(list)
}

// variants makes the slices of a symbol.
func (x *Index) variants(v *version, symbol *symbol) []*Slice {
	var list []*Slice
	shown := x.shown(symbol.name)
	for i, p := range x.platforms {
		for _, d := range symbol.definitions {
			if d.on&shown&(1<<i) == 0 {
				continue
			}
			text := d.file.Text[d.span.Start:d.span.End]
			k := slices.IndexFunc(list, func(s *Slice) bool { return bytes.Equal(s.Text, text) })
			if k < 0 {
				k = len(list)
				list = append(list, newSlice(v, symbol.name, d))
			}
			s := list[k]
			if !slices.Contains(s.Platforms, p) {
				s.Platforms = append(s.Platforms, p)
			}
			s.Places = append(s.Places, Place{p, d.file.Path, d.start})
			s.places = append(s.places, place{i, d})
		}
	}
	return list
}

func newSlice(v *version, symbol string, d definition) *Slice {
	text := d.file.Text[d.span.Start:d.span.End:d.span.End]
	sum := sha256.Sum256(text)
	return &Slice{
		Symbol: symbol, Version: v.Version,
		Path: d.file.Path, Blob: d.file.Blob, Span: d.span, Text: text,
		Start: d.start, BodyStart: d.head, End: d.end,
		SHA256: hex.EncodeToString(sum[:]), Asm: d.asm,
		version: v, signature: d.signature - d.span.Start,
	}
}

// Package returns the import path of the package that the slice's file belongs to.
func (s *Slice) Package() string { return strings.TrimPrefix(path.Dir(s.Path), "src/") }

// Signature returns the declaration without its body and its comment: func f(n int)
// bool, or the line of TEXT.
func (s *Slice) Signature() string {
	lines := strings.SplitAfter(string(s.Text[:s.signature]), "\n")
	head := min(s.BodyStart-s.Start, len(lines)-1)
	return strings.TrimSpace(strings.Join(lines[head:], ""))
}

// Doc returns the text of the doc comment, without the marks of comments and without
// directives.
func (s *Slice) Doc() string {
	var list []*ast.Comment
	for _, t := range Lex(s.Path, s.Text[:s.signature]) {
		if !t.Comment || t.Line > s.BodyStart-s.Start {
			break
		}
		list = append(list, &ast.Comment{Text: strings.TrimSpace(t.Text)})
	}
	return strings.TrimSpace((&ast.CommentGroup{List: list}).Text())
}

// ConstraintOn returns for which builds the file is that a platform has the slice in, as
// an expression of tags such as "linux && amd64". It is "" if for all, and where the
// platform has no such slice.
func (s *Slice) ConstraintOn(p Platform) string {
	i := slices.IndexFunc(s.Places, func(at Place) bool { return at.Platform == p })
	if i < 0 {
		return ""
	}
	f := s.places[i].def.file
	return golang.Constraint(f.Path, f.Text)
}

// Active reports whether a line of the slice, counted in its file, is assembled on
// p: whether no #ifdef leaves it out there. Lines of Go are.
func (s *Slice) Active(p Platform, line int) bool {
	return !s.any(p, line, func(r reading) []plan9.Lines { return r.inactive })
}

// Reached reports whether a line of the slice, counted in its file, can be executed
// on p. A line of assembly behind a jump, to which nothing on that platform jumps,
// cannot, though it is assembled.
func (s *Slice) Reached(p Platform, line int) bool {
	return !s.any(p, line, func(r reading) []plan9.Lines { return r.unreached })
}

// any reports whether a line is one of those that of takes from the reading of its file on p.
func (s *Slice) any(p Platform, line int, of func(reading) []plan9.Lines) bool {
	for i, at := range s.Places {
		if at.Platform != p {
			continue
		}
		there := line - s.Start + at.Start
		r := s.version.views[viewKey{s.places[i].def.file.Path, s.places[i].platform}]
		if slices.ContainsFunc(of(r), func(l plan9.Lines) bool { return l.Contains(there) }) {
			return true
		}
	}
	return false
}
