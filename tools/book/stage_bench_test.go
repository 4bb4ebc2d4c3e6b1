//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/spf13/afero"

	"beforemain/extractor"
	"beforemain/extractor/source"
	"beforemain/tools/hugo"
	"beforemain/tools/need"
	"beforemain/tools/need/cost"
)

// realBook makes the basis of the newest n versions of this book; all for 0. Their
// indexes come from the cache after the first time.
func realBook(b *testing.B, n int) (*app, *extractor.Basis) {
	b.Helper()
	a := &app{dir: filepath.Join("..", ".."), route: source.RouteCache, stderr: io.Discard}
	book, err := a.book()
	if err != nil {
		b.Fatal(err)
	}
	var names []string
	for _, v := range book.Versions[max(0, len(book.Versions)-n):] {
		names = append(names, v.Name)
	}
	if n == 0 {
		names = nil
	}
	cfg, err := a.config(request{versions: names})
	if err != nil {
		b.Fatal(err)
	}
	basis, _, err := extractor.NewBasis(b.Context(), cfg)
	need.Sources(b, err)
	return a, basis
}

func join(b *testing.B, basis *extractor.Basis) *extractor.Result {
	b.Helper()
	root := os.DirFS(filepath.Join("..", ".."))
	result, problems, err := basis.Join(root)
	if err != nil {
		b.Fatal(err, problems)
	}
	return result
}

// BenchmarkStages runs each stage after the index on the newest 1, 3, 6 and all versions,
// and reports what each version after the first costs. The stages before it, fetch and
// index, have benchmarks in their packages. Render resolves first, since a result keeps
// what it has laid out; write lays out with what is kept.
func BenchmarkStages(b *testing.B) {
	for _, stage := range []struct {
		name string
		run  func(b *testing.B, s stageBench) any
	}{
		{"recall", func(b *testing.B, s stageBench) any { _, basis := realBook(b, s.n); return basis }},
		{"resolve", func(b *testing.B, s stageBench) any { return join(b, s.basis) }},
		{"render", func(b *testing.B, s stageBench) any { return s.pages(b, join(b, s.basis)) }},
		{"write", func(b *testing.B, s stageBench) any { return s.write(b, b.TempDir()) }},
		{"hugo", func(b *testing.B, s stageBench) any { return s.hugo(b) }},
		{"search", func(b *testing.B, s stageBench) any {
			files, err := s.result.SearchFiles(s.result.Versions)
			if err != nil {
				b.Fatal(err)
			}
			return files
		}},
	} {
		b.Run(stage.name, func(b *testing.B) {
			slope := cost.Slope{Unit: "version"}
			for _, n := range []int{1, 3, 6, 11} {
				b.Run(strconv.Itoa(n), func(b *testing.B) {
					s := newStageBench(b, n, stage.name == "hugo")
					slope.Measure(b, n, func() any { return stage.run(b, s) })
				})
			}
		})
	}
}

// BenchmarkLanguages lays out and writes the newest version in 1 and 2 languages. Hugo's
// part follows the pages: it is that of the stage hugo.
func BenchmarkLanguages(b *testing.B) {
	slope := cost.Slope{Unit: "language"}
	for _, n := range []int{1, 2} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s := newStageBench(b, 1, false)
			slope.Measure(b, n, func() any {
				s.result = join(b, s.basis)
				book := *s.result.Book // the basis has it too
				book.Languages = book.Languages[:n]
				s.result.Book = &book
				return s.write(b, b.TempDir())
			})
		})
	}
}

// stageBench is a book whose stages are run one by one.
type stageBench struct {
	n      int // versions
	app    *app
	basis  *extractor.Basis
	result *extractor.Result
	tree   string // written, if it is asked for
}

func newStageBench(b *testing.B, n int, tree bool) stageBench {
	b.Helper()
	s := stageBench{n: n}
	s.app, s.basis = realBook(b, n)
	s.result = join(b, s.basis)
	if tree {
		s.tree = b.TempDir()
		s.write(b, s.tree)
	}
	return s
}

// pages lays out every page. A result that has done so before has kept part of the work.
func (s stageBench) pages(b *testing.B, result *extractor.Result) any {
	n := 0
	for _, v := range result.Versions {
		for _, lang := range result.Book.Languages {
			pages, err := result.Layout.Pages(v, lang)
			if err != nil {
				b.Fatal(err)
			}
			n += len(pages)
		}
	}
	return n
}

// write lays out every page, with what the result has kept, and writes Hugo's tree.
func (s stageBench) write(b *testing.B, dir string) any {
	pages := 0
	for _, v := range s.result.Versions {
		tree, err := s.result.Tree(v)
		if err == nil {
			err = tree.Write(filepath.Join(dir, v.Name))
		}
		if err != nil {
			b.Fatal(err)
		}
		pages += len(tree)
	}
	return pages
}

// hugo publishes what write has written.
func (s stageBench) hugo(b *testing.B) any {
	root, err := s.app.root()
	if err != nil {
		b.Fatal(err)
	}
	out := b.TempDir()
	for _, v := range s.result.Versions {
		site := hugo.Site{Root: root, Tree: filepath.Join(s.tree, v.Name), Scratch: b.TempDir(), Publish: out, BaseURL: s.result.Book.BaseURL, Log: io.Discard}
		if err := site.Build(s.result.Book, []source.Version{v}); err != nil {
			b.Fatal(err)
		}
	}
	return afero.NewBasePathFs(afero.NewOsFs(), out)
}
