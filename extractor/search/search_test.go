package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/search"
	"beforemain/tools/need/reader"
)

// shelf is a small library of clocks in two versions.
var shelf = []search.Document{
	{Kind: search.Chapter, URL: "boot/tick/", Title: "tick: a beat", Text: "What drives the clock. It ticks.", Versions: []string{"v1", "v2"}},
	{Kind: search.Section, URL: "boot/tick/#wind", Title: "Winding", Context: "tick: a beat", Text: "Wind it; winding takes a spring.", Versions: []string{"v2"}},
	{Kind: search.Symbol, URL: "symbols/clock.windUp/", Title: "clock.windUp", Context: "clock.go", Text: "windUp tightens the spring.", Versions: []string{"v1", "v2"}},
	{Kind: search.Card, URL: "symbols/clock.springload/", Title: "clock.springload", Also: []string{"clock.load"}, Versions: []string{"v1"}},
	{Kind: search.Note, URL: "symbols/clock.windUp/#note-1", Title: "发条", Context: "clock.windUp", Text: "上紧发条，钟才走。", Versions: []string{"v1", "v2"}},
	{Kind: search.Term, URL: "boot/glossary/#term-spring", Title: "spring (coil)", Also: []string{"发条"}, Text: "What keeps the force.", Versions: []string{"v1", "v2"}},
}

func index(t *testing.T, docs []search.Document) []search.File {
	t.Helper()
	files, err := search.Files("en", []string{"v1", "v2"}, docs)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFind(t *testing.T) {
	page, err := reader.New(scripts, index(t, shelf))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ version, query, want string }{
		{"v2", "tick", "boot/tick/ boot/tick/#wind"},
		{"v2", "winding", "boot/tick/#wind symbols/clock.windUp/ symbols/clock.windUp/#note-1"}, // by its stem
		{"v1", "winding", "symbols/clock.windUp/ symbols/clock.windUp/#note-1"},
		{"v2", "wind up", "symbols/clock.windUp/ symbols/clock.windUp/#note-1"},
		{"v2", "clock·windUp", "symbols/clock.windUp/ symbols/clock.windUp/#note-1"},
		{"v1", "spring", "boot/glossary/#term-spring symbols/clock.springload/ symbols/clock.windUp/"},
		{"v2", "coil", "boot/glossary/#term-spring"},
		{"v1", "load", "symbols/clock.springload/"}, // within a name
		{"v2", "load", ""},
		{"v2", "发条", "boot/glossary/#term-spring symbols/clock.windUp/#note-1"},
		{"v2", "紧", "symbols/clock.windUp/#note-1"},
		{"v2", "走", "symbols/clock.windUp/#note-1"}, // the last of its run
		{"v2", "发条走", ""},
		{"v2", "the spring of it", "boot/glossary/#term-spring boot/tick/#wind symbols/clock.windUp/"},
		{"v2", "…", ""},
		{"v2", "", ""},
		{"v2", "nothing like it", ""},
		{"v3", "tick", ""},
	} {
		hits, all, err := page.Find("en", c.version, c.query, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, h.URL)
		}
		if strings.Join(got, " ") != c.want || all != len(got) {
			t.Errorf("%s %q: %q (%d in all), want %q", c.version, c.query, got, all, c.want)
		}
	}
}

func TestReadersSeeTheDocument(t *testing.T) {
	page, err := reader.New(scripts, index(t, shelf))
	if err != nil {
		t.Fatal(err)
	}
	hits, _, err := page.Find("en", "v1", "windUp", 1)
	if err != nil {
		t.Fatal(err)
	}
	want := []reader.Hit{{Kind: search.Symbol, URL: "symbols/clock.windUp/", Title: "clock.windUp", Context: "clock.go", Text: "windUp tightens the spring."}}
	if diff := cmp.Diff(want, hits); diff != "" {
		t.Error(diff)
	}
}

// A browser's numbers have a bit for each of 32 versions.
func TestTooManyVersions(t *testing.T) {
	if _, err := search.Files("en", make([]string, 33), nil); err == nil {
		t.Error("33 versions have an index")
	}
	if _, err := search.Files("en", make([]string, 32), nil); err != nil {
		t.Error(err)
	}
}

// A large index is cut into files; every document is found, and a query loads few of them.
func TestShards(t *testing.T) {
	var docs []search.Document
	for i := range 3000 {
		docs = append(docs, search.Document{
			Kind: []search.Kind{search.Chapter, search.Section, search.Symbol, search.Card, search.Term}[i%5], URL: fmt.Sprintf("d%d/", i), Title: fmt.Sprintf("thing%d", i),
			Text: strings.Repeat(fmt.Sprintf("word%d 第%c章 ", i*7%997, '一'+rune(i%500)), 3), Versions: []string{"v1", "v2"}[i%2:],
		})
	}
	files := index(t, docs)
	if len(files) < 20 {
		t.Fatalf("only %d files", len(files))
	}
	for _, f := range files {
		if len(f.Data) > 16<<10 {
			t.Errorf("%s has %d bytes", f.Name, len(f.Data))
		}
	}
	if diff := cmp.Diff(files, index(t, slices.Clone(docs))); diff != "" {
		t.Error("a second index differs:", diff)
	}
	for i := 0; i < len(docs); i += 137 {
		page, err := reader.New(scripts, files)
		if err != nil {
			t.Fatal(err)
		}
		hits, _, err := page.Find("en", "v2", docs[i].Title, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) == 0 || hits[0].URL != docs[i].URL {
			t.Errorf("%s is not found first: %v", docs[i].Title, hits)
		}
		if page.Loaded > 60<<10 {
			t.Errorf("%s: %d bytes are loaded: %v", docs[i].Title, page.Loaded, page.Files)
		}
	}
}
