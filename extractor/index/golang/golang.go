// Package golang reads Go: which files a package has on a platform, what they
// declare, what each identifier means and which function calls which.
//
// It is go/build, go/parser and go/types over a tree of files that need not lie on
// disk. Constraints, experiments and dependencies are those of the version that is
// read, nothing is of the Go that reads it.
package golang

import (
	"go/ast"
	"go/types"
	"io/fs"
)

// Tree holds the files of one version. Names are slash-separated and relative, such
// as src/runtime/proc.go; a file that is missing is fs.ErrNotExist.
type Tree interface {
	ReadText(name string) ([]byte, error)
	ReadDir(name string) ([]fs.FileInfo, error)
	IsDir(name string) bool
}

// Kind says what a symbol is.
type Kind string

// The kinds of what Go declares at package level, and within a type.
const (
	Function Kind = "function" // also a method
	Variable Kind = "variable"
	Constant Kind = "constant"
	Type     Kind = "type"
	Field    Kind = "field"
)

// EdgeKind says how one function leads to another.
type EdgeKind string

// The ways that can be read off Go source.
const (
	Call     EdgeKind = "call"
	Go       EdgeKind = "go"       // a go statement
	Argument EdgeKind = "argument" // handed to a function that calls it (Config.Runs)
	Address  EdgeKind = "address"  // used as a value
	Linkname EdgeKind = "linkname" // one name for the linker, another in the source
)

// Config says what is read.
type Config struct {
	Packages []string // import paths below src/; those that the tree lacks are skipped
	Runs     []Run
}

// Run names a function that calls the argument at a position, from 0.
type Run struct {
	Symbol   string
	Argument int
}

// Problem is something in the source that could not be understood. It is an error.
type Problem struct {
	Path    string
	Line    int
	Message string
}

// Symbol is a declaration. Name is the book's: runtime.schedinit, runtime.mheap.init,
// runtime.g.stackguard0.
type Symbol struct {
	Name string
	Kind Kind
	Path string // "" for a name that is only linked to, such as main.main
	Line int
	// Value is what a constant is, the offset of a field or the size of a type in
	// bytes; the latter two only of packages with assembly.
	Value     string
	Prototype bool // a function without a body
}

// Ref is an identifier of a file, by its bytes. Symbol counts in Program.Symbols.
type Ref struct {
	Start, End int
	Symbol     int
	Defines    bool
}

// Edge leads from one symbol to another, both counted in Program.Symbols.
type Edge struct {
	From, To int
	Kind     EdgeKind
	Path     string
	Line     int
}

// Alias is what the linker calls a symbol by a //go:linkname.
type Alias struct{ Remote, Local string }

// Package is one package of a program.
type Package struct {
	Path     string
	Files    []*File
	Refs     [][]Ref  // of each file, sorted by Start
	AsmFiles []string // paths
	Header   []Macro  // of go_asm.h, sorted by name, if there are AsmFiles

	syntax []*ast.File
	types  *types.Package
	info   *types.Info
}

// Program is the packages of one version on one platform, and all that they import.
type Program struct {
	Packages []*Package // dependencies first
	Symbols  []Symbol
	Edges    []Edge
	Aliases  []Alias
	Defines  []string // macros that the assembler of the version sets
	Problems []Problem
	// Identifiers counts those of all files, Unresolved those that mean nothing.
	Identifiers, Unresolved int
}
