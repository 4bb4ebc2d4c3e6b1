// Package booklet reads a small book out of a txtar file, for tests.
package booklet

import (
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
	"golang.org/x/tools/txtar"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/check"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/measure"
	"beforemain/extractor/picture"
	"beforemain/extractor/scope"
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

// Booklet is a book that stands in a txtar file: folders v1, v2, … are versions of
// package p, the rest is what people wrote.
type Booklet struct {
	Book     scope.Book
	Index    *index.Index
	Notes    []*annotation.Annotation
	Chapters []*annotation.Chapter
	Terms    []annotation.Term
	Anchors  []anchor.Anchor
	Problems diag.List
	Archive  *txtar.Archive

	wants map[string][]*want

	snapshots []*source.Snapshot
	config    index.Config
}

// Read reads a txtar file, and checks what people wrote.
func Read(t *testing.T, file string) *Booklet {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &Booklet{wants: map[string][]*want{}, Archive: archive}
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
	s.Index = newIndex(t, snapshots, cfg)
	s.Book = scope.Book{
		Versions: names, Platforms: cfg.Platforms, Languages: []string{"en", "zh"},
		Chapters: []string{"first", "second"}, Symbols: []string{"p.start", "p.enter"},
	}
	if text, err := fs.ReadFile(written, "book.toml"); err == nil {
		if _, err := toml.Decode(string(text), &s.Book); err != nil {
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

func (s *Booklet) read(written fs.FS) {
	add := func(list diag.List) { s.Problems = append(s.Problems, list...) }
	var list diag.List
	s.Notes, list = annotation.Read(written, "annotations")
	add(list)
	names, _ := fs.Glob(written, "chapters/*/*.md")
	for _, name := range names {
		parts := strings.Split(name, "/")
		c, list := annotation.ReadChapter(written, name, parts[1], strings.TrimSuffix(parts[2], ".md"))
		add(list)
		s.Chapters = append(s.Chapters, c)
	}
	s.Terms, list = annotation.ReadGlossary(written, "glossary.toml")
	add(list)
	s.Anchors, list = anchor.Resolve(s.Book, s.Notes, s.Index)
	add(list)
	edges, list := annotation.ReadEdges(written, "edges.toml")
	add(list)
	add(check.Edges(s.Book, edges, edges.ForIndex(s.Book.Versions, s.Book.Platforms), s.Index))
	measured, list := measure.Read(written, "measured")
	add(list)
	add(check.Orders(s.Book, s.Chapters, measured, s.Index))
	pictures, list := picture.Read(written, "pictures")
	add(list)
	values := func(_ string, _ index.Platform, expression string) (string, bool) { return "3", expression == "known" }
	add(check.Pictures(s.Book, pictures, s.Chapters, values, measured, s.Index))
	add(check.Prose(s.Book, s.Notes, s.Chapters, s.Terms, s.Anchors, s.Index))
	s.Problems.Sort()
}

// takeWants removes the expectations from a file's lines.
func (s *Booklet) takeWants(t *testing.T, f txtar.File) []byte {
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

// Compare reports diagnostics that nothing wants and wants that no diagnostic meets.
func (s *Booklet) Compare(t *testing.T) {
	t.Helper()
	for _, d := range s.Problems {
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

// Describe writes a line for each anchor.
func Describe(anchors []anchor.Anchor) string {
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

// Only returns an index of one version.
func (s *Booklet) Only(t *testing.T, name string) *index.Index {
	t.Helper()
	for i, v := range s.Book.Versions {
		if v.Name == name {
			return newIndex(t, s.snapshots[i:i+1], s.config)
		}
	}
	t.Fatalf("no version %s", name)
	return nil
}
