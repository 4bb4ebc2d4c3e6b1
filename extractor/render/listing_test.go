package render

import (
	"fmt"
	"html/template"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/index"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/source"
)

// openIndex indexes an archive whose comment names packages and platforms.
func openIndex(t testing.TB, name string) *index.Index {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var cfg index.Config
	for line := range strings.Lines(string(a.Comment)) {
		key, value, _ := strings.Cut(line, ": ")
		for _, word := range strings.Fields(value) {
			if key == "packages" {
				cfg.Packages = append(cfg.Packages, word)
				continue
			}
			p, err := index.ParsePlatform(word)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Platforms = append(cfg.Platforms, p)
		}
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
	x, problems, err := index.New(snapshots, cfg)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return x
}

// linked lists a slice's references as links.
func linked(x *index.Index, s *index.Slice) []Link {
	var links []Link
	for _, o := range x.References(s) {
		switch {
		case o.Role != index.Reference:
		case o.Kind == index.Label:
			links = append(links, Link{Span: o.Span, Line: o.Line, Reach: ToCard})
		case o.Kind == index.Macro:
			links = append(links, Link{Span: o.Span, Href: "https://example.invalid/" + o.Path, Reach: Upstream})
		default:
			links = append(links, Link{Span: o.Span, Href: "../" + o.Symbol + "/", Title: o.Symbol})
		}
	}
	return links
}

var words = Words{"note": "Note", "fold": "Folded code", "edit": "Edit", "link": "Link", "unreached": "not reached", "unreached_on": "not reached on {{ .Platforms }}",
	"last_checked": "last checked against {{ .Tag }}", "never_checked": "not checked", "outdated": "older than its original",
	"translation_instead": "translation only", "translation_lost": "{{ .Count }} lost"}

func note(id string, first, last int) Note {
	return Note{ID: "note-" + id, First: first, Last: last, Title: strings.ToUpper(id), HTML: template.HTML("<p>" + id + "</p>"), Lang: "en"}
}

// said is a translation of a comment.
func said(id string, first, last int) Note {
	return Note{ID: "note-" + id, First: first, Last: last, HTML: template.HTML("<p>" + id + "</p>"), Lang: "zh"}
}

func fold(first, last int) Fold {
	return Fold{First: first, Last: last, Caption: fmt.Sprintf("lines `%d`", first), Lang: "zh"}
}

// The lines of p.start, in the tests below, are 3 to 15; the declaration is line 6.
func TestListing(t *testing.T) {
	x := openIndex(t, "listing.txtar")
	golden := fixture.Goldens(t, filepath.Join("testdata", "golden"))
	full := Note{ID: "note-full", First: 7, Last: 8, Title: "Use `lock` & <go>", HTML: "<p>…</p>", Lang: "zh", Range: "v1–v2", Platforms: "linux", Edit: "https://example.invalid/edit"}
	stale := note("stale", 7, 8)
	stale.Freshness = Freshness{Stale: true, Reviewed: "v1", Outdated: true}
	unread := fold(11, 13)
	unread.Freshness = Freshness{Stale: true}
	tests := []struct {
		name, symbol string
		listing      Listing
	}{
		{"plain", "p.start", Listing{IDs: &IDs{}, Upstream: "https://example.invalid/p.go#L3"}},
		{"without-ids", "p.start", Listing{First: 6, Last: 7, Notes: []Note{note("a", 6, 6)}}},
		{"one-line", "p.start", Listing{First: 7, Last: 7, IDs: &IDs{}}},
		{"inactive", "p.stop", Listing{IDs: &IDs{}}},
		{"unreached", "p.wait", Listing{IDs: &IDs{}}},
		{"link-to-a-line-not-shown", "p.wait", Listing{First: 13, Last: 15, IDs: &IDs{}}},
		{"note", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{full}, Lang: "en"}},
		{"comment", "p.start", Listing{First: 6, Last: 7, IDs: &IDs{}, Notes: []Note{{ID: "note-c", First: 6, Last: 6, HTML: "<p>c</p>"}}}},
		{"stale", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{stale}, Folds: []Fold{unread}, Lang: "zh"}},
		{"translation", "p.start", Listing{IDs: &IDs{}, Lang: "zh", Translations: []Note{said("doc", 3, 3), said("block", 9, 10)}, Lost: 1}},
		{"translation-of-code", "p.stop", Listing{IDs: &IDs{}, Translations: []Note{said("a", 3, 4)}}},
		{"translation-in-a-note", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("a", 8, 12), note("b", 10, 10)}, Translations: []Note{said("c", 9, 10)}}},
		{"translation-in-a-fold", "p.start", Listing{First: 6, IDs: &IDs{}, Translations: []Note{said("c", 9, 10)}, Folds: []Fold{fold(8, 11), fold(10, 10)}}},
		{"notes-on-one-line", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("b", 7, 7), note("c", 7, 8), note("a", 6, 6)}}},
		{"note-in-a-note", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("outer", 6, 14), note("inner", 8, 8)}}},
		{"fold", "p.start", Listing{First: 6, IDs: &IDs{}, Folds: []Fold{fold(7, 8)}}},
		{"fold-without-caption", "p.start", Listing{First: 6, IDs: &IDs{}, Folds: []Fold{{First: 7, Last: 8}}}},
		{"fold-after-a-note", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("a", 7, 7)}, Folds: []Fold{fold(9, 10)}}},
		{"fold-of-noted-lines", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("a", 7, 8)}, Folds: []Fold{fold(7, 8)}}},
		{"fold-over-the-end-of-a-note", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("a", 7, 9)}, Folds: []Fold{fold(8, 10)}}},
		{"fold-around-notes", "p.start", Listing{First: 6, IDs: &IDs{}, Notes: []Note{note("a", 8, 8), note("b", 9, 10), note("c", 14, 14)}, Folds: []Fold{fold(7, 13), fold(11, 13)}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := tt.listing
			l.Words = words
			l.Slice = x.Slices("v1", tt.symbol)[0]
			l.Links = linked(x, l.Slice)
			got, err := l.HTML()
			if err != nil {
				t.Fatal(err)
			}
			checkCode(t, got, l)
			golden(t, tt.name+".html", []byte(broken(got)))
		})
	}
}

// checkCode compares the source in a listing with the lines that it shows.
func checkCode(t testing.TB, page template.HTML, l Listing) {
	t.Helper()
	got, err := code(page)
	if err != nil {
		t.Fatalf("%v\n%s", err, page)
	}
	lines := strings.SplitAfter(string(l.Slice.Text), "\n")
	first, last := l.Slice.Start, l.Slice.Start+len(lines)-1
	if l.First > 0 {
		first = max(first, l.First)
	}
	if l.Last > 0 {
		last = min(last, l.Last)
	}
	want := strings.Join(lines[first-l.Slice.Start:last+1-l.Slice.Start], "")
	if got != want {
		t.Errorf("the source is not the lines' own:\n%s", cmp.Diff(want, got))
	}
}

// broken breaks HTML before its blocks, for the eye.
func broken(page template.HTML) string {
	s := strings.NewReplacer("<div", "\n<div", "<pre", "\n<pre", "<details", "\n<details", "<aside", "\n<aside", "</details", "\n</details").Replace(string(page))
	return strings.TrimPrefix(s, "\n") + "\n"
}

func TestListingTwice(t *testing.T) {
	x := openIndex(t, "listing.txtar")
	ids := &IDs{}
	var page template.HTML
	for range 3 {
		l := Listing{Slice: x.Slices("v1", "p.start")[0], First: 7, Last: 8, Notes: []Note{note("a", 7, 7)}, IDs: ids}
		html, err := l.HTML()
		if err != nil {
			t.Fatal(err)
		}
		page += html
	}
	if _, err := code(page); err != nil {
		t.Error(err)
	}
	for _, id := range []string{"p.go-L7", "p.go-L7-2", "p.go-L8-3", "note-a", "note-a-3"} {
		if !strings.Contains(string(page), `id="`+id+`"`) || !strings.Contains(string(page), `href="#`+id+`"`) {
			t.Errorf("no %s with a link to itself in\n%s", id, page)
		}
	}
}

func TestListingErrors(t *testing.T) {
	x := openIndex(t, "listing.txtar")
	s := x.Slices("v1", "p.start")[0]
	for name, tt := range map[string]struct {
		listing Listing
		want    string
	}{
		"before": {Listing{Slice: s, First: 1, Last: 2}, "render p.start: no line of 1–2 is in src/p/p.go:3–15"},
		"behind": {Listing{Slice: s, First: 16}, "render p.start: no line of 16–0 is in src/p/p.go:3–15"},
		"suffix": {Listing{Slice: &index.Slice{Symbol: "s", Path: "a.txt", Text: []byte("x\n")}}, "render s: syntax: no lexer for a.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			html, err := tt.listing.HTML()
			if err == nil {
				t.Fatalf("got %s", html)
			}
			if d := cmp.Diff(tt.want, err.Error()); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzListing(f *testing.F) {
	f.Add("dir/a.go", []byte("// a\nfunc f() {\n\tg(1)\r\n}\n"), 10, 0, 0, []byte("\x0b\x0c\x00\x0b\x0a\x00\x0a\x0f\x01\x0b\x0c\x01"), true)
	f.Add("a<b> #%.s", []byte("TEXT f(SB), $0\n\tRET"), 1, 1, 9, []byte("\x00\xff\x01\x01\x02\x01\x02\x01\x00\x02\x03\x02"), false)
	f.Add("a.h", []byte("\xff\n\n\x00"), -3, -9, 2, []byte("\x01\x05\x01\x02\x06\x01\x02\x02\x00"), true)
	f.Fuzz(func(t *testing.T, name string, text []byte, start, first, last int, spans []byte, ids bool) {
		if len(text) == 0 || len(text) > 1<<12 || start > 1<<20 || start < -1<<20 || strings.ContainsAny(name, " \t\r\n\f\x00") {
			t.Skip()
		}
		s := &index.Slice{Symbol: "f", Path: name, Text: text, Start: start, Span: span(100, 100+len(text))}
		l := Listing{Slice: s, First: first, Last: last, Words: words, Upstream: "x"}
		for ; len(spans) >= 3; spans = spans[3:] {
			a, b := start-3+int(int8(spans[0])), start-3+int(int8(spans[1]))
			switch spans[2] % 4 {
			case 0:
				l.Notes = append(l.Notes, note(string('a'+rune(spans[0]%8)), a, b))
			case 1:
				l.Folds = append(l.Folds, fold(a, b))
			case 3:
				l.Translations = append(l.Translations, said(string('a'+rune(spans[0]%8)), a, b))
			case 2:
				l.Links = append(l.Links, Link{Span: span(98+int(spans[0]), 98+int(spans[1])), Href: "href", Title: "title"}, Link{Span: span(100+int(spans[1]), 101+int(spans[1])), Line: a, Reach: ToCard})
			}
		}
		if ids {
			l.IDs = &IDs{}
		}
		html, err := l.HTML()
		if err != nil {
			t.Skip()
		}
		checkCode(t, html, l)
	})
}
