package golang

import (
	"fmt"
	"go/build"
	"go/build/constraint"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// memory is a tree of files in memory.
type memory struct{ fstest.MapFS }

func (m memory) ReadText(name string) ([]byte, error) { return m.ReadFile(name) }

func (m memory) IsDir(name string) bool {
	info, err := m.Stat(name)
	return err == nil && info.IsDir()
}

func (m memory) ReadDir(name string) ([]fs.FileInfo, error) {
	list, err := m.MapFS.ReadDir(name)
	if err != nil {
		return nil, err
	}
	var infos []fs.FileInfo
	for _, e := range list {
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	return infos, nil
}

func read(t *testing.T, files map[string]string, goos, goarch string) *Program {
	t.Helper()
	tree := memory{fstest.MapFS{}}
	for name, text := range files {
		tree.MapFS[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := NewReader(tree, "go1.20", Config{Packages: []string{"p"}}).Read(goos, goarch)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range p.Problems {
		t.Error(w)
	}
	return p
}

// TestHeader compares with what `go tool compile -asmhdr` of go1.26 writes for the same file.
func TestHeader(t *testing.T) {
	p := read(t, map[string]string{
		"src/p/p_amd64.s": "",
		"src/p/p.go": `package p

import "q"

const (
	small    = 3
	negative = -1
	letter   = 'a'
	yes      = true
	text     = "s\"t"
	whole    = 2.0
	large    = 1 << 70
)

type m struct {
	flag  bool
	tls   [6]uintptr
	_     int32
	next  *m
	inner struct{ a, b byte }
	q.Other
}

type alias = q.Other

type generic[T any] struct{ x T }

type number int
`,
		"src/q/q.go": "package q\n\ntype Other struct{ A, B int32 }\n",
	}, "linux", "amd64")
	var got strings.Builder
	for _, m := range p.Packages[len(p.Packages)-1].Header {
		s := p.Symbols[m.Symbol]
		fmt.Fprintf(&got, "%s %s %s %s\n", m.Name, m.Value, s.Kind, s.Name)
	}
	want := `alias_A 0 field q.Other.A
alias_B 4 field q.Other.B
alias__size 8 type p.alias
const_large 1180591620717411303424 constant p.large
const_letter 97 constant p.letter
const_negative -1 constant p.negative
const_small 3 constant p.small
const_text "s\"t" constant p.text
const_yes true constant p.yes
m_Other 76 field p.m.Other
m__size 88 type p.m
m_flag 0 field p.m.flag
m_inner 72 field p.m.inner
m_next 64 field p.m.next
m_tls 8 field p.m.tls
`
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Error(d)
	}
}

func TestConstraint(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"a.go", "package p\n", ""},
		{"linux.go", "package p\n", ""},
		{"a_linux.go", "package p\n", "linux"},
		{"a_linux_arm64.s", "TEXT f(SB), 0, $0\n", "linux && arm64"},
		{"rt0_amd64.s", "", "amd64"},
		{"a_unix.go", "package p\n", ""},
		{"a.go", "// Copyright\n\n//go:build !race\n\npackage p\n", "!race"},
		{"a_amd64.go", "//go:build linux || darwin\npackage p\n", "amd64 && (linux || darwin)"},
		{"a.go", "// +build linux,amd64 darwin\n// +build !cgo\n\npackage p\n", "((linux && amd64) || darwin) && !cgo"},
		{"a.go", "package p\n\n//go:build late\n", ""},
		{"a_linux.gen.go", "package p\n", "linux"},
		{"a_linux_arm64.go", "//go:build arm64\npackage p\n", "linux && arm64"},
		{"a_linux.go", "//go:build linux && !race\npackage p\n", "linux && !race"},
		{"a_linux.go", "//go:build linux || race\npackage p\n", "linux && (linux || race)"},
		{"a.go", "\ufeff//go:build linux\n\npackage p\n", "linux"},
		{"a.go", "/* Copyright\n*/\n\n//go:build linux\n\npackage p\n", "linux"},
		{"a.go", "/*\n//go:build linux\n*/\n\npackage p\n", ""},
		{"a.go", "/* Copyright */ //go:build linux\n\npackage p\n", ""},
		{"a.go", "/* Copyright */ package p\n\n//go:build linux\n", ""},
		{"a.go", "// Copyright\n// +build linux\n\n// +build amd64\npackage p\n", "linux"},
		{"a.go", "// +build linux\npackage p\n", ""},
		{"a.go", "// +build linux\n/* p is a\npackage. */\n\npackage p\n", ""},
		{"a.go", "/* Copyright */\n\n// +build linux\n\npackage p\n", ""},
		{"a.go", "// +build linux\n\n//go:build race\n\npackage p\n", "race"},
		{"a.s", "// +build linux\n\n// +build !race\n\n#include \"x.h\"\n", "linux && !race"},
		{"a.s", "//line b.s:100\n// +build linux\n#include \"x.h\"\n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Constraint("src/p/"+c.name, []byte(c.text))
			if got != c.want {
				t.Errorf("Constraint(%q) = %q, want %q", c.text, got, c.want)
			}
			for _, tags := range [][]string{{"linux", "amd64"}, {"linux", "arm64", "race", "cgo"}, {"darwin", "amd64"}} {
				if got, want := holds(t, got, tags), matches(t, c.name, c.text, tags); got != want {
					t.Errorf("%q says %v for %v, go/build says %v", c.text, got, tags, want)
				}
			}
		})
	}
}

// holds evaluates what Constraint returns.
func holds(t *testing.T, text string, tags []string) bool {
	if text == "" {
		return true
	}
	x, err := constraint.Parse("//go:build " + text)
	if err != nil {
		t.Fatal(err)
	}
	return x.Eval(func(tag string) bool { return slices.Contains(tags, tag) })
}

// matches asks go/build whether a file is for a system and an architecture, with further tags.
func matches(t *testing.T, name, text string, tags []string) bool {
	ctx := build.Context{GOOS: tags[0], GOARCH: tags[1], BuildTags: tags[2:], Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	match, err := ctx.MatchFile("src/p", name)
	if err != nil {
		t.Fatal(err)
	}
	return match
}

// TestExperiments: what cannot be evaluated is said, and is no panic.
func TestExperiments(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a switch", "var a, b bool\nswitch goarch {\ncase \"arm64\", \"amd64\": a = true\ncase \"wasm\": b = true\n}\nx := flags{A: a, B: b, C: a && !b}", "a c"},
		{"a default", "var a bool\nswitch goos {\ndefault: a = true\n}\nx := flags{A: a}", "cannot evaluate *ast.CaseClause"},
		{"strings that are joined", "a := goos && goarch\nx := flags{A: a}", "cannot evaluate *ast.BinaryExpr"},
		{"a case of another kind", "var a bool\nswitch goos {\ncase true: a = true\n}\nx := flags{A: a}", "cannot evaluate *ast.Ident"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := experiments([]byte("package b\n\nfunc ParseGOEXPERIMENT() {\n"+c.body+"\n}\n"), "linux", "amd64")
			got := strings.Join(list, " ")
			if err != nil {
				got = strings.TrimPrefix(err.Error(), experimentsFile+": ")
			}
			if got, _ := strings.CutSuffix(got, " before the baseline"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestUnknownArchitecture(t *testing.T) {
	tree := memory{fstest.MapFS{
		"src/p/p.go":      {Data: []byte("package p\n\ntype t struct{ a int }\n")},
		"src/p/p_linux.s": {Data: []byte("RET\n")},
	}}
	_, err := NewReader(tree, "go1.20", Config{Packages: []string{"p"}}).Read("linux", "amd46")
	if want := `no architecture is called "amd46"`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestLinkname: which way a linkname leads does not depend on the names of the files.
func TestLinkname(t *testing.T) {
	link, body := "package p\n\nimport _ \"unsafe\"\n\n//go:linkname f q.f\n", "package p\n\nfunc f()\n"
	for _, files := range []map[string]string{
		{"src/p/a.go": link, "src/p/b.go": body, "src/p/p.s": ""},
		{"src/p/b.go": link, "src/p/a.go": body, "src/p/p.s": ""},
	} {
		p := read(t, files, "linux", "amd64")
		var got []string
		for _, e := range p.Edges {
			got = append(got, p.Symbols[e.From].Name+" to "+p.Symbols[e.To].Name)
		}
		if d := cmp.Diff([]string{"p.f to q.f"}, got); d != "" || len(p.Aliases) > 0 {
			t.Errorf("%v: %s, aliases %v", files, d, p.Aliases)
		}
	}
}

// TestBroken: of what does not parse, the rest is read, and problems tell where.
func TestBroken(t *testing.T) {
	for _, text := range []string{
		"package p\n\nfunc f()\nvar a,.y\nvar a, b = 1, 2\n",
		"package p\n\nvar a, b = 1, \"\xff\"\n\nfunc f()\n\nvar = 1\n",
		"package p\n\nfunc f()\n\nfunc (t) \n\ntype\n",
		"package p\n\nfunc f()\n\nfunc f() {\n",
	} {
		tree := memory{fstest.MapFS{"src/p/p.go": {Data: []byte(text)}}}
		p, err := NewReader(tree, "go1.20", Config{Packages: []string{"p"}}).Read("linux", "amd64")
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Problems) == 0 || p.Problems[0].Path != "src/p/p.go" {
			t.Errorf("%q: problems %v", text, p.Problems)
		}
		if !slices.ContainsFunc(p.Symbols, func(s Symbol) bool { return s.Name == "p.f" }) {
			t.Errorf("%q: symbols %v, want p.f among them", text, p.Symbols)
		}
	}
}
