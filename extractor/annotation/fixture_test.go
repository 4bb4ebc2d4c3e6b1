package annotation

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/measure"
	"beforemain/extractor/source"
)

// wantForm is `<!-- want 11 "N101 …" -->` at the end of a line: the column, and a
// pattern that matches the code, the message and the evidence.
var wantForm = regexp.MustCompile(`[ ]*<!-- want (.*) -->$`)

type want struct {
	line    int
	column  int
	pattern *regexp.Regexp
	met     bool
}

// small is a book that stands in a txtar file: folders v1, v2, … are versions of
// package p, the rest is what people wrote.
type small struct {
	book     Book
	index    *index.Index
	notes    []*Annotation
	chapters []*Chapter
	terms    []Term
	anchors  []Anchor
	list     diag.List
	wants    map[string][]*want
	archive  *txtar.Archive

	snapshots []*source.Snapshot
	config    index.Config
}

func readSmall(t *testing.T, file string) *small {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &small{wants: map[string][]*want{}, archive: archive}
	written := fstest.MapFS{}
	var versions txtar.Archive
	for _, f := range archive.Files {
		if regexp.MustCompile(`^v\d+/`).MatchString(f.Name) {
			versions.Files = append(versions.Files, f)
			continue
		}
		written[f.Name] = &fstest.MapFile{Data: s.takeWants(t, f)}
	}
	cfg := index.Config{Packages: []string{"p"}}
	for _, p := range []string{"linux/amd64", "linux/arm64", "windows/amd64"} {
		platform, _ := index.ParsePlatform(p)
		cfg.Platforms = append(cfg.Platforms, platform)
	}
	repo, names := fixture.OpenArchive(t, &versions, source.Config{})
	var snapshots []*source.Snapshot
	for _, v := range names {
		snapshot, err := repo.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, snapshot)
	}
	s.snapshots, s.config = snapshots, cfg
	s.index = newIndex(t, snapshots, cfg)
	s.book = Book{
		Versions: names, Platforms: cfg.Platforms, Languages: []string{"en", "zh"},
		Chapters: []string{"first", "second"}, Symbols: []string{"p.start", "p.enter"},
	}
	if text, err := fs.ReadFile(written, "book.toml"); err == nil {
		if _, err := toml.Decode(string(text), &s.book); err != nil {
			t.Fatal(err)
		}
	}
	s.read(written)
	return s
}

// newIndex indexes a fixture. Its code need not compile: an anchor is matched by tokens.
func newIndex(t *testing.T, snapshots []*source.Snapshot, cfg index.Config) *index.Index {
	t.Helper()
	x, _, err := index.New(snapshots, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (s *small) read(written fs.FS) {
	add := func(list diag.List) { s.list = append(s.list, list...) }
	var list diag.List
	s.notes, list = Read(written, "annotations")
	add(list)
	names, _ := fs.Glob(written, "chapters/*/*.md")
	for _, name := range names {
		parts := strings.Split(name, "/")
		c, list := ReadChapter(written, name, parts[1], strings.TrimSuffix(parts[2], ".md"))
		add(list)
		s.chapters = append(s.chapters, c)
	}
	s.terms, list = ReadGlossary(written, "glossary.toml")
	add(list)
	s.anchors, list = Resolve(s.book, s.notes, s.index)
	add(list)
	edges, list := ReadEdges(written, "edges.toml")
	add(list)
	add(CheckEdges(s.book, edges, edges.ForIndex(s.book.Versions, s.book.Platforms), s.index))
	measured, list := measure.Read(written, "measured")
	add(list)
	add(CheckOrders(s.book, s.chapters, measured, s.index))
	pictures, list := ReadPictures(written, "pictures")
	add(list)
	values := func(_ string, _ index.Platform, expression string) (string, bool) { return "3", expression == "known" }
	add(CheckPictures(s.book, pictures, s.chapters, values, measured, s.index))
	add(Check(s.book, s.notes, s.chapters, s.terms, s.anchors, s.index))
	s.list.Sort()
}

// takeWants removes the expectations from a file's lines.
func (s *small) takeWants(t *testing.T, f txtar.File) []byte {
	lines := strings.Split(string(f.Data), "\n")
	for i, line := range lines {
		m := wantForm.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		rest := line[m[2]:m[3]]
		lines[i] = line[:m[0]]
		for rest != "" {
			column, quoted, ok := strings.Cut(strings.TrimSpace(rest), " ")
			n, err := strconv.Atoi(column)
			if !ok || err != nil {
				t.Fatalf("%s:%d: want needs a column and a quoted pattern: %s", f.Name, i+1, rest)
			}
			prefix, err := strconv.QuotedPrefix(quoted)
			if err != nil {
				t.Fatalf("%s:%d: %v: %s", f.Name, i+1, err, quoted)
			}
			pattern, _ := strconv.Unquote(prefix)
			s.wants[f.Name] = append(s.wants[f.Name], &want{line: i + 1, column: n, pattern: regexp.MustCompile(`(?s)` + pattern)})
			rest = strings.TrimSpace(quoted[len(prefix):])
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// compare reports diagnostics that nothing wants and wants that no diagnostic meets.
func (s *small) compare(t *testing.T) {
	t.Helper()
	for _, d := range s.list {
		if n := len(d.Related); n == 0 || !strings.HasPrefix(d.Related[n-1], "fix: ") {
			t.Errorf("%s\n%s\ndoes not end with a fix", d, strings.Join(d.Related, "\n"))
		}
		text := strings.Join(append([]string{fmt.Sprintf("%s %s %s", d.Code, d.Severity, d.Message)}, d.Related...), "\n")
		found := false
		for _, w := range s.wants[d.Pos.Filename] {
			if !w.met && w.line == d.Pos.Line && w.column == d.Pos.Column && w.pattern.MatchString(text) {
				w.met, found = true, true
				break
			}
		}
		if !found {
			t.Errorf("unexpected %s\n%s", d, strings.Join(d.Related, "\n"))
		}
	}
	for name, list := range s.wants {
		for _, w := range list {
			if !w.met {
				t.Errorf("%s:%d:%d: no diagnostic matches %q", name, w.line, w.column, w.pattern)
			}
		}
	}
}

func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	codes := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s := readSmall(t, file)
			s.compare(t)
			for _, d := range s.list {
				codes[d.Code] = true
			}
			for _, f := range s.archive.Files {
				switch f.Name {
				case "anchors":
					if d := cmp.Diff(string(f.Data), describe(s.anchors)); d != "" {
						t.Errorf("anchors (-want +got):\n%s", d)
					}
				case "printed":
					var b strings.Builder
					if err := s.list.Print(&b); err != nil {
						t.Fatal(err)
					}
					if d := cmp.Diff(string(f.Data), b.String()); d != "" {
						t.Errorf("printed (-want +got):\n%s", d)
					}
				}
			}
		})
	}
	for _, code := range []string{"N101", "N102", "N103", "N104", "N105", "N106", "N107", "N108", "N109", "N110", "N111", "N112", "N120", "N121", "N122", "N140", "N141"} {
		if !codes[code] {
			t.Errorf("no fixture shows %s", code)
		}
	}
}

func describe(anchors []Anchor) string {
	var b strings.Builder
	for _, a := range anchors {
		var platforms []string
		for _, p := range a.Platforms {
			platforms = append(platforms, p.String())
		}
		fmt.Fprintf(&b, "%s %s %s %s %s:%d-%d %s\n", a.Annotation.Symbol, a.Annotation.ID, a.Block.Kind,
			a.Slice.Version.Name, a.Slice.Path, a.First, a.Last, strings.Join(platforms, ","))
	}
	return b.String()
}
