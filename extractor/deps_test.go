package extractor

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which packages of this module each stage may import: the
// direction of the data, as doc.go draws it.
var mayImport = map[string][]string{
	"extractor/diag":             {},
	"extractor/source":           {},
	"extractor/syntax":           {"extractor/source"},
	"extractor/change":           {"extractor/source", "extractor/syntax"},
	"extractor/index":            {"extractor/diag", "extractor/source", "extractor/index/golang", "extractor/index/plan9"},
	"extractor/index/golang":     {},
	"extractor/index/plan9":      {},
	"extractor/measure":          {"extractor/diag"},
	"extractor/scan":             {"extractor/diag"},
	"extractor/scope":            {"extractor/diag", "extractor/source", "extractor/index", "extractor/scan"},
	"extractor/markdown":         {"extractor/diag", "extractor/scan"},
	"extractor/annotation":       {"extractor/diag", "extractor/source", "extractor/index", "extractor/scan", "extractor/scope", "extractor/markdown"},
	"extractor/picture":          {"extractor/diag", "extractor/index", "extractor/scan", "extractor/scope"},
	"extractor/anchor":           {"extractor/diag", "extractor/source", "extractor/index", "extractor/scan", "extractor/scope", "extractor/markdown", "extractor/annotation"},
	"extractor/check":            {"extractor/diag", "extractor/source", "extractor/index", "extractor/measure", "extractor/scan", "extractor/scope", "extractor/markdown", "extractor/annotation", "extractor/picture", "extractor/anchor"},
	"extractor/writing":          {"extractor/diag", "extractor/source", "extractor/scan", "extractor/annotation", "extractor/anchor", "extractor/writing/po"},
	"extractor/writing/po":       {"extractor/diag"},
	"extractor/copyedit":         {"extractor/diag", "extractor/markdown", "extractor/annotation"},
	"extractor/layout":           {"extractor/layout/keep"},
	"extractor/layout/keep":      {},
	"extractor/poster":           {},
	"extractor/render":           {"extractor/source", "extractor/syntax", "extractor/change", "extractor/index", "extractor/markdown", "extractor/layout"},
	"extractor/search":           {},
	"extractor/content":          {"extractor/diag", "extractor/source", "extractor/syntax", "extractor/change", "extractor/index", "extractor/measure", "extractor/markdown", "extractor/annotation", "extractor/picture", "extractor/anchor", "extractor/layout", "extractor/render", "extractor/search"},
	"extractor":                  {"extractor/diag", "extractor/source", "extractor/index", "extractor/measure", "extractor/scan", "extractor/scope", "extractor/annotation", "extractor/picture", "extractor/anchor", "extractor/check", "extractor/copyedit", "extractor/poster", "extractor/render", "extractor/search", "extractor/content"},
	"extractor/internal/fixture": {"extractor/source"},
	"extractor/internal/booklet": {"extractor/diag", "extractor/source", "extractor/index", "extractor/measure", "extractor/scope", "extractor/annotation", "extractor/picture", "extractor/anchor", "extractor/check", "extractor/internal/fixture"},
}

// door names the only package that imports a giant dependency.
var door = map[string]string{
	"github.com/go-git/go-git":     "extractor/source",
	"github.com/alecthomas/chroma": "extractor/syntax",
	"github.com/goccy/go-graphviz": "extractor/layout",
	"github.com/gohugoio/hugo":     "tools/hugo",
	"github.com/pdfcpu/pdfcpu":     "tools/pdf",
}

func TestImports(t *testing.T) {
	root := os.DirFS("..")
	seen := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		pkg := path.Dir(name)
		seen[pkg] = true
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, name, pkg, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range mayImport {
		if !seen[pkg] {
			t.Errorf("mayImport names %s, which does not exist", pkg)
		}
	}
}

func checkImport(t *testing.T, file, pkg, imported string) {
	for giant, owner := range door {
		if strings.HasPrefix(imported, giant) && pkg != owner && pkg != "extractor/internal/fixture" {
			t.Errorf("%s imports %s; only %s may", file, imported, owner)
		}
	}
	own, ok := strings.CutPrefix(imported, "beforemain/")
	if !ok {
		return
	}
	allowed, isStage := mayImport[pkg]
	if !isStage {
		if strings.HasPrefix(pkg, "extractor") {
			t.Errorf("%s: the package %s is not in mayImport", file, pkg)
		}
		return
	}
	for _, a := range allowed {
		if a == own {
			return
		}
	}
	t.Errorf("%s imports %s, against the direction of the data", file, own)
}
