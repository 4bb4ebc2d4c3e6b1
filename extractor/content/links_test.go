package content

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/source"
)

// openLayout lays out the book of testdata/links.txtar.
func openLayout(t testing.TB) *Layout {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "links.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	repo, versions := fixture.OpenArchive(t, a, source.Config{})
	var snapshots []*source.Snapshot
	for _, v := range versions {
		s, err := repo.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, s)
	}
	cfg := index.Config{
		Packages:  []string{"p"},
		Platforms: []index.Platform{{OS: "linux", Arch: "amd64"}, {OS: "windows", Arch: "amd64"}},
		Told: []index.Told{{
			From: "kernel", To: "p.start", Versions: []string{"v1", "v2"}, Platforms: []index.Platform{{OS: "linux", Arch: "amd64"}},
			Reason: map[string]string{"en": "the file's `head` says so"},
		}},
	}
	x, problems, err := index.New(snapshots, cfg)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return New(Material{
		Book: Book{
			Languages: []string{"en"}, SourceLanguage: "en", Upstream: "https://up.example/{tag}/{path}#L{start}", Versions: versions, Platforms: cfg.Platforms,
			Parts: []Part{{Chapters: []ChapterEntry{{Slug: "begin", Symbols: []string{"p.start", "p.main"}}, {Slug: "end", Symbols: []string{"p.next"}}}}},
			Moves: []Rename{{From: "p/old", To: "p/fresh"}},
		},
		Index:   x,
		Outside: []annotation.Outside{{ID: "kernel", Name: map[string]string{"en": "the kernel"}}},
	})
}

func (l *Layout) open(version string) edition {
	i := slices.IndexFunc(l.Book.Versions, func(v source.Version) bool { return v.Name == version })
	return edition{l, l.Book.Versions[i], "en"}
}

func TestLinks(t *testing.T) {
	e := openLayout(t).open("v1")
	show := func(symbol, page string) []string {
		s := e.Index.Slices("v1", symbol)[0]
		var list []string
		for _, l := range e.links(page, s, page != e.urls.symbol("v1", "en", symbol)) {
			text := s.Text[l.Span.Start-s.Span.Start : l.Span.End-s.Span.Start]
			to := l.Href
			if l.Line > 0 {
				to = fmt.Sprintf("line %d", l.Line)
			}
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s → %s  %s", l.Reach, text, to, l.Title)))
		}
		return list
	}
	for _, c := range []struct {
		name, symbol, page string
		want               []string
	}{
		{"assembly", "p.start", "v1/en/symbols/p.start/", []string{
			"u ·start → https://up.example/v1/src/p/p.go#L15",
			"u NOSPLIT → https://up.example/v1/src/runtime/textflag.h#L1  textflag.h:1",
			"u HAND → https://up.example/v1/src/p/p_amd64.s#L4  p_amd64.s:4",
			"u const_limit → https://up.example/v1/src/p/p.go#L10  p.limit = 3",
			"y ok → line 13",
			"u state_size → https://up.example/v1/src/p/p.go#L7  p.state.size · 8",
			"x ·main → ../p.main/",
		}},
		{"Go", "p.main", "v1/en/symbols/p.main/", []string{
			"u now → https://up.example/v1/src/p/p.go#L12",
			"u size → https://up.example/v1/src/p/p.go#L7  p.state.size · 8",
			"u limit → https://up.example/v1/src/p/p.go#L10  = 3",
			"u limit → https://up.example/v1/src/p/p.go#L10  = 3",
			"y lock → ../p.lock-2/",
			"u now → https://up.example/v1/src/p/p.go#L12",
			"y Lock → ../p.Lock/",
			"y lock → ../p.lock-2/",
			"u now → https://up.example/v1/src/p/p.go#L12",
			"x next → ../p.next/",
			"y Watch → ../p/old.Watch/  p/old.Watch",
			"u now → https://up.example/v1/src/p/p.go#L12",
			"u size → https://up.example/v1/src/p/p.go#L7  p.state.size · 8",
			"y os → ../p.os/  windows: os_windows.go:3",
		}},
		{"a quote links within the book", "p.start", "v1/en/boot/begin/", []string{
			"x ·start → ../../symbols/p.start/",
			"x ·main → ../../symbols/p.main/",
		}},
		{"a call of itself", "p.next", "v1/en/symbols/p.next/", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, show(c.symbol, c.page)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCards(t *testing.T) {
	l := openLayout(t)
	want := map[string][]string{"v1": {"p.Lock", "p.lock", "p.os", "p/old.Watch"}, "v2": {"p.lock", "p/fresh.Watch"}}
	if d := cmp.Diff(want, l.cards); d != "" {
		t.Errorf("cards (-want +got):\n%s", d)
	}
	pages, err := l.Pages(l.Book.Versions[0], "en")
	if err != nil {
		t.Fatal(err)
	}
	at := func(path string) Page {
		i := slices.IndexFunc(pages, func(p Page) bool { return p.Path == path })
		if i < 0 {
			t.Fatalf("no page %s", path)
		}
		return pages[i]
	}
	lock := at("symbols/p.lock-2.html")
	for _, text := range []string{`class="f">lock</span>`, "<p>lock holds s.\n<p>It never fails.", `lang="en"`} {
		if !strings.Contains(string(lock.Body), text) {
			t.Errorf("the card of p.lock lacks %q:\n%s", text, lock.Body)
		}
	}
	p := lock.Params.(CardParams)
	if d := cmp.Diff([]VersionLink{
		{Name: "v2", URL: "en/symbols/p.lock-2/", Newest: true},
		{Name: "v1", URL: "v1/en/symbols/p.lock-2/", Current: true},
	}, p.Versions); d != "" {
		t.Errorf("the switch of p.lock (-want +got):\n%s", d)
	}
	if len(p.Near) != 1 || p.Near[0].Slug != "begin" {
		t.Errorf("p.lock is near %v, want the chapter of its caller", p.Near)
	}
	if d := cmp.Diff([]PlaceParam{{Path: "src/p/p.go", Start: 30, End: 33, Href: "https://up.example/v1/src/p/p.go#L30"}}, p.Places); d != "" {
		t.Errorf("places (-want +got):\n%s", d)
	}
	upper := at("symbols/p.Lock.html").Params.(CardParams).Versions[0]
	if !upper.Uncalled || upper.URL != "" {
		t.Errorf("v2 has p.Lock, which nothing calls there, and its switch is %+v", upper)
	}
	moved := at("symbols/p--old.Watch.html").Params.(CardParams).Versions[0]
	if moved.URL != "en/symbols/p/fresh.Watch/" || moved.Symbol != "p/fresh.Watch" {
		t.Errorf("over the move the switch is %+v", moved)
	}
	if list := at("symbols/_index.html").Params.(IndexParams).Cards; len(list) != 4 {
		t.Errorf("the index has the cards %v", list)
	}
}

func TestEdges(t *testing.T) {
	e := openLayout(t).open("v1")
	show := func(groups []EdgeGroup) []string {
		var list []string
		for _, g := range groups {
			text, err := json.Marshal(g)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, string(text))
		}
		return list
	}
	page := func(symbol string) SymbolParams {
		p, err := e.symbol(e.spine[e.position[symbol]])
		if err != nil {
			t.Fatal(err)
		}
		return p.Params.(SymbolParams)
	}
	start, main, next := page("p.start"), page("p.main"), page("p.next")
	for _, c := range []struct {
		name      string
		got, want []string
	}{
		{"told", show(start.Callers), []string{`{"name":"the kernel","reach":"outside","edges":[{"platforms":"linux","reason":"the file's ` + "`head`" + ` says so"}]}`}},
		{"a line of the page", show(start.Calls), []string{`{"name":"p.main","url":"v1/en/symbols/p.main/","reach":"x","edges":[{"place":"p_amd64.s:14","href":"#p_amd64.s-L14","kind":"jump"}]}`}},
		{"callers", show(main.Callers), []string{
			`{"name":"p.start","url":"v1/en/symbols/p.start/","reach":"x","edges":[{"place":"p_amd64.s:14","href":"https://up.example/v1/src/p/p_amd64.s#L14","kind":"jump"}]}`,
			`{"name":"p.os","url":"v1/en/symbols/p.os/","reach":"y","edges":[{"place":"os_linux.go:4","href":"https://up.example/v1/src/p/os_linux.go#L4","platforms":"linux"}]}`,
			`{"name":"p.outside","edges":[{"place":"p.go:40","href":"https://up.example/v1/src/p/p.go#L40"}]}`,
		}},
		{"calls", show(main.Calls), []string{
			`{"name":"p.lock","url":"v1/en/symbols/p.lock-2/","reach":"y","edges":[{"place":"p.go:21","href":"#p.go-L21","count":2}]}`,
			`{"name":"p.Lock","url":"v1/en/symbols/p.Lock/","reach":"y","edges":[{"place":"p.go:23","href":"#p.go-L23"}]}`,
			`{"name":"p.next","url":"v1/en/symbols/p.next/","reach":"x","edges":[{"place":"p.go:25","href":"#p.go-L25"}]}`,
			`{"name":"p/old.Watch","url":"v1/en/symbols/p/old.Watch/","reach":"y","edges":[{"place":"p.go:26","href":"#p.go-L26","kind":"go"}]}`,
			`{"name":"p.os","url":"v1/en/symbols/p.os/","reach":"y","edges":[{"place":"p.go:27","href":"#p.go-L27"}]}`,
		}},
		{"itself", show(next.Calls), []string{`{"name":"p.next","url":"v1/en/symbols/p.next/","reach":"x","edges":[{"place":"p.go:38","href":"#p.go-L38"}]}`}},
	} {
		if d := cmp.Diff(c.want, c.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
	declared := []PlaceParam{{Path: "src/p/p.go", Start: 15, Href: "https://up.example/v1/src/p/p.go#L15"}}
	if d := cmp.Diff(declared, start.Declared); d != "" {
		t.Errorf("declared (-want +got):\n%s", d)
	}
	related := []RelatedParam{
		{"p.limit", "constant", "3", "https://up.example/v1/src/p/p.go#L10"},
		{"p.state.size", "field", "8", "https://up.example/v1/src/p/p.go#L7"},
	}
	if d := cmp.Diff(related, start.Related); d != "" {
		t.Errorf("related (-want +got):\n%s", d)
	}
	if got := start.Places[0].Constraint; got != "amd64" {
		t.Errorf("constraint %q", got)
	}
}

func TestPackageOf(t *testing.T) {
	for symbol, want := range map[string]string{
		"runtime.schedinit": "runtime", "internal/runtime/maps.AlgInit": "internal/runtime/maps", "_rt0_amd64_linux": "", "a.b/c.T.m": "a.b/c",
	} {
		if got := packageOf(symbol); got != want {
			t.Errorf("packageOf(%s) = %q, want %q", symbol, got, want)
		}
	}
}

func TestMove(t *testing.T) {
	m := Rename{From: "a/old", To: "b/fresh"}
	for symbol, want := range map[string]string{"a/old.f": "b/fresh.f", "a/old/sub.f": "b/fresh/sub.f", "a/older.f": "", "x.f": ""} {
		if got := m.move(symbol); got != want {
			t.Errorf("%s moves to %q, want %q", symbol, got, want)
		}
	}
}
