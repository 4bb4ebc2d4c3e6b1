package check_test

import (
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"beforemain/extractor/check"
	"beforemain/extractor/index"
	"beforemain/extractor/internal/booklet"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/measure"
	"beforemain/extractor/picture"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// FuzzPictures: a picture is checked in time that its file accounts for, and what is
// wrong stands in the file.
func FuzzPictures(f *testing.F) {
	x, book := smallIndex(f)
	for _, s := range booklet.Seeds {
		f.Add("kind = \"graph\"\ntitle = { en = '''" + s + "''' }\n[[node]]\nid = \"a\"\nsymbol = \"p.start\"\nlabel = \"{n + size} {x\"\n[[edge]]\nfrom = \"a\"\nto = \"b\"\ngo = \"1..2\"\n[[number]]\nname = \"n\"\nof = \"p.start\"\nline = \"work(?)\"\n[[number]]\nname = \"n\"\nvalue = \"n+n\"\non = \"linux/amd64\"\n")
		f.Add("kind = \"memory\"\n[[step]]\n[[step.column]]\nlabel = '''" + s + "'''\n[[step.column.cell]]\nid = \"a\"\nat = \"{1<<3}\"\n[[step.arrow]]\nregister = \"SP\"\nto = \"a\"\n[[step.bracket]]\nfrom = \"a\"\nto = \"z\"\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		pictures, list := picture.Read(fstest.MapFS{"d/x.toml": {Data: []byte(text)}}, "d")
		asked := 0
		named := func(_ string, _ index.Platform, name string) (string, bool) {
			asked++
			return "8", name == "size"
		}
		list = append(list, check.Pictures(book, pictures, nil, named, &measure.Set{}, x)...)
		booklet.InFile(t, list, text)
		if most := len(book.Versions) * len(book.Platforms) * len(text); asked > most {
			t.Errorf("%d names were looked up, more than %d, for %q", asked, most, text)
		}
	})
}

// smallIndex indexes two versions on two platforms, for a book of two symbols.
func smallIndex(t testing.TB) (*index.Index, scope.Book) {
	t.Helper()
	repo, versions := fixture.OpenArchive(t, txtar.Parse([]byte(`-- v1/src/p/a.go --
package p

const size = 8

func start() { work(3 + size) }

func work(n int) {}
-- v2/src/p/a.go --
package p

func start() {}
`)), source.Config{})
	var snapshots []*source.Snapshot
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, s)
	}
	platforms := []index.Platform{{OS: "linux", Arch: "amd64"}, {OS: "windows", Arch: "amd64"}}
	x, problems, err := index.New(snapshots, index.Config{Packages: []string{"p"}, Platforms: platforms})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return x, scope.Book{Versions: versions, Platforms: platforms, Languages: []string{"en", "zh"}, Symbols: []string{"p.start", "p.work"}}
}
