package index

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/index/golang"
	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
	"beforemain/tools/need"
)

// toolchain is Go of a pinned version: an oracle for what this package works out by itself.
type toolchain struct {
	*source.Snapshot
	root    string
	scratch string
}

// required are the versions that BOOK_REQUIRE=toolchains asks for.
var required = []string{"go1.17", "go1.22", "go1.27"}

// moduleCache is where the go command keeps the toolchains that it fetched.
var moduleCache = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	return strings.TrimSpace(string(out)), err
})

// oracles calls f for each pinned version whose toolchain is in the module cache.
// Where none is there the test is skipped.
func oracles(t *testing.T, f func(t *testing.T, c toolchain)) {
	r := sources(t)
	cache, err := moduleCache()
	if err != nil {
		t.Fatal(err)
	}
	must := need.Required("toolchains")
	found := false
	for _, s := range r.snapshots {
		v := s.Version()
		c := toolchain{s, filepath.Join(cache, "golang.org", "toolchain@v0.0.1-"+v.Tag+".linux-amd64"), t.TempDir()}
		if _, err := os.Stat(c.asm()); err != nil || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
			if must && slices.Contains(required, v.Name) {
				t.Errorf("BOOK_REQUIRE names the toolchains, and %s is not in the module cache", v.Tag)
			}
			continue
		}
		found = true
		t.Run(v.Name, func(t *testing.T) { f(t, c) })
	}
	if !found && !must {
		t.Skip("This test asks real toolchains for linux/amd64, which `GOTOOLCHAIN=go1.22.12 go version` brings into the module cache: none is there")
	}
}

func (c toolchain) asm() string { return filepath.Join(c.root, "pkg", "tool", "linux_amd64", "asm") }

// run runs a program of the toolchain for a platform and returns what it prints.
// Nothing of the user's settings reaches it.
func (c toolchain) run(t *testing.T, p Platform, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"GOROOT=" + c.root, "GOTOOLCHAIN=local", "GOENV=off", "GOFLAGS=", "GO111MODULE=off", "CGO_ENABLED=0",
		"GOOS=" + p.OS, "GOARCH=" + p.Arch,
		"HOME=" + c.scratch, "GOPATH=" + filepath.Join(c.scratch, "go"), "GOCACHE=" + filepath.Join(c.scratch, "cache"),
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", p, path.Base(name), err, stderr.String())
	}
	return string(out)
}

// TestOracleFiles compares the packages and the files that are read with those that the
// go command of the version lists.
func TestOracleFiles(t *testing.T) {
	r := sources(t)
	platforms := slices.Clone(r.cfg.Platforms)
	for _, e := range r.cfg.Extra {
		platforms = append(platforms, e.Platform)
	}
	oracles(t, func(t *testing.T, c toolchain) {
		l := &loader{files: map[string]*file{}}
		reader := golang.NewReader(newTree(c.Snapshot, l), c.Version().Name, golang.Config{Packages: r.cfg.Packages})
		files := 0
		for _, p := range platforms {
			program, err := reader.Read(p.OS, p.Arch)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, pkg := range program.Packages {
				list := slices.Clone(pkg.AsmFiles)
				for _, f := range pkg.Files {
					list = append(list, f.Path)
				}
				got[pkg.Path] = names(list)
				files += len(list)
			}
			want := c.list(t, p, r.cfg.Packages)
			delete(want, "unsafe") // of the compiler: no file of it is read
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-go list, +read):\n%s", p, d)
			}
		}
		if files < 150*len(platforms) {
			t.Errorf("%d files on %d platforms", files, len(platforms))
		}
		t.Logf("%d files on %d platforms", files, len(platforms))
	})
}

// list asks the go command for packages, all that they import, and the files of each.
func (c toolchain) list(t *testing.T, p Platform, packages []string) map[string]string {
	t.Helper()
	format := `{{.ImportPath}}|{{join .GoFiles " "}} {{join .SFiles " "}}`
	args := append([]string{"list", "-deps", "-f", format}, packages...)
	files := map[string]string{}
	for line := range strings.Lines(c.run(t, p, c.scratch, filepath.Join(c.root, "bin", "go"), args...)) {
		pkg, list, _ := strings.Cut(line, "|")
		files[pkg] = names(strings.Fields(list))
	}
	return files
}

// names returns the last elements of paths, sorted, a line each. zversion.go is not among
// them: the build of Go writes it, the repository lacks it, and the book makes it up
// only for the versions that need it.
func names(paths []string) string {
	var list []string
	for _, p := range paths {
		if name := path.Base(p); name != "zversion.go" {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// TestOracleSymbols compares the symbols that the assembly of a package defines, with
// their calling convention, and the names that it refers to, with what the assembler
// of the version says of them.
func TestOracleSymbols(t *testing.T) {
	r := sources(t)
	programs, err := r.programs()
	if err != nil {
		t.Fatal(err)
	}
	views := map[string]assembled{} // by version, platform and path
	for _, a := range realAssembly(t) {
		views[fmt.Sprint(a.version.Name, a.platform, a.file.Path)] = a
	}
	oracles(t, func(t *testing.T, c toolchain) {
		count, platforms := 0, 0
		for _, p := range programs {
			if p.tree.Version() != c.Version() {
				continue
			}
			platforms++
			for _, pkg := range p.Packages {
				if len(pkg.AsmFiles) == 0 {
					continue
				}
				got := map[string]bool{}
				for _, name := range pkg.AsmFiles {
					addSymbols(got, views[fmt.Sprint(c.Version().Name, p.platform, name)])
				}
				want := c.symbols(t, p, pkg)
				delete(want, "ref no_pointers_stackmap") // of the assembler, for the FUNCDATA in NO_LOCAL_POINTERS
				count += len(want)
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("%s %s (-asm, +read):\n%s", p.platform, pkg.Path, d)
				}
			}
		}
		if count < 300*platforms {
			t.Errorf("%d symbols on %d platforms", count, platforms)
		}
		t.Logf("%d symbols on %d platforms", count, platforms)
	})
}

// addSymbols adds the lines that the assembler would write of a file, those of
// references without their calling convention: it has "ref" also for a GLOBL.
func addSymbols(lines map[string]bool, a assembled) {
	add := func(what, name, abi string) {
		if !strings.HasSuffix(name, "<>") { // the file's own: the assembler keeps those to itself
			lines[strings.TrimSpace(what+" "+name+" "+abi)] = true
		}
	}
	for _, d := range a.view.Definitions {
		switch {
		case d.Kind == plan9.Data:
			add("ref", d.Name, "")
		case d.ABIInternal:
			add("def", d.Name, "ABIInternal")
		default:
			add("def", d.Name, "ABI0")
		}
	}
	for _, o := range a.view.Refs {
		if o.Kind == plan9.SymbolRef && !o.Defines {
			add("ref", o.Name, "")
		}
	}
	for _, e := range a.view.Edges { // what a macro's body names
		add("ref", e.To, "")
	}
}

// symbols asks the assembler for the symbols of a package: lines "def name abi" and,
// shortened, "ref name". Unlike in a build go_asm.h is not empty, or an operand such
// as m0+m_tls(SB) would be none to it.
func (c toolchain) symbols(t *testing.T, p program, pkg *golang.Package) map[string]bool {
	t.Helper()
	include := t.TempDir()
	var header strings.Builder
	for _, m := range pkg.Header {
		fmt.Fprintf(&header, "#define %s %s\n", m.Name, m.Value)
	}
	if err := os.WriteFile(filepath.Join(include, "go_asm.h"), []byte(header.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(include, "symabis")
	args := []string{"-p", pkg.Path, "-I", include, "-I", filepath.Join(c.root, "pkg", "include"), "-gensymabis", "-o", out}
	for _, d := range p.Defines {
		if !strings.HasPrefix(d, "GOEXPERIMENT_") { // those the assembler sets by itself
			args = append(args, "-D", d)
		}
	}
	if minor(p.tree.Version().Name) < 22 {
		args = append(args, "-compiling-runtime")
	}
	for _, name := range pkg.AsmFiles {
		args = append(args, path.Base(name))
	}
	c.run(t, p.platform, filepath.Join(c.root, "src", filepath.FromSlash(pkg.Path)), c.asm(), args...)
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		w := strings.Fields(strings.ReplaceAll(line, `"".`, pkg.Path+".")) // as 1.17 writes the package's own
		if len(w) == 3 && w[0] == "ref" {
			w = w[:2]
		}
		lines[strings.Join(w, " ")] = true
	}
	return lines
}
