package anchor

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// Scaffold is a note that only lacks its words.
type Scaffold struct {
	ID        string
	Block     annotation.Block
	Slice     *index.Slice     // of the newest version that has the symbol
	Platforms []index.Platform // those of the slice on which it stands
	Line      int              // of its file
}

// NewScaffold makes a note on the first line of a symbol's body on which none
// stands and which the block can name: a fragment that is unique. The range of the
// block is where it is. The notes and anchors are those of the book; an error says
// that no line can be named.
func NewScaffold(book scope.Book, symbol string, notes []*annotation.Annotation, anchors []Anchor, x *index.Index) (Scaffold, error) {
	r := &resolver{book: book, x: x, versions: x.Versions(), matcher: newMatcher()}
	newest := len(r.versions) - 1
	for newest >= 0 && len(x.Slices(r.versions[newest].Name, symbol)) == 0 {
		newest--
	}
	if newest < 0 {
		return Scaffold{}, fmt.Errorf("no version has %s", symbol)
	}
	taken := map[string]bool{}
	for _, a := range notes {
		if a.Symbol == symbol {
			taken[a.ID] = true
		}
	}
	n := 1
	for taken[fmt.Sprintf("note-%d", n)] {
		n++
	}
	variants := x.Slices(r.versions[newest].Name, symbol)
	for _, free := range []bool{true, false} {
		for _, s := range variants {
			for _, line := range r.body(s) {
				if free && covered(anchors, s, line) {
					continue
				}
				if b, ok := r.scaffold(symbol, s, line, newest); ok {
					on := slices.DeleteFunc(slices.Clone(s.Platforms), func(p index.Platform) bool {
						return !scope.Covers(b.On, p)
					})
					return Scaffold{fmt.Sprintf("note-%d", n), b, s, on, line}, nil
				}
			}
		}
	}
	return Scaffold{}, fmt.Errorf("no line of %s is unique in %s", symbol, r.versions[newest].Name)
}

// body returns the lines of a slice behind its declaration that say something,
// and then the declaration itself.
func (r *resolver) body(s *index.Slice) []int {
	var lines []int
	for n := s.BodyStart + 1; n <= s.End; n++ {
		if strings.ContainsFunc(r.matcher.at(s, n).codeText, isLetter) {
			lines = append(lines, n)
		}
	}
	return append(lines, s.BodyStart)
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// covered reports whether an anchor or a fold stands on a line of a slice.
func covered(anchors []Anchor, s *index.Slice, line int) bool {
	return slices.ContainsFunc(anchors, func(a Anchor) bool {
		return a.Slice == s && a.Block.Kind != annotation.CommentKind && a.First <= line && line <= a.Last
	})
}

// scaffold makes a block that resolves to one line, if there is one.
func (r *resolver) scaffold(symbol string, s *index.Slice, line, newest int) (annotation.Block, bool) {
	code := r.matcher.at(s, line).codeText
	if len([]rune(code)) > annotation.MaxFragment || scan.IsOdd(code) || strings.HasPrefix(code, "//") {
		return annotation.Block{}, false
	}
	b := annotation.Block{Kind: annotation.AnchorKind, At: code, Reviewed: r.versions[newest].Tag}
	var on, all []index.Platform // where it resolves, and where the symbol is
	for _, v := range r.x.Slices(r.versions[newest].Name, symbol) {
		for _, p := range v.Platforms {
			all = append(all, p)
			first, _, m := r.lines(&b, v, p)
			if m != nil {
				continue
			}
			if v == s && first != line {
				return annotation.Block{}, false // the platform assembles another line
			}
			on = append(on, p)
		}
	}
	if !slices.ContainsFunc(on, func(p index.Platform) bool { return slices.Contains(s.Platforms, p) }) {
		return annotation.Block{}, false
	}
	if len(on) < len(all) {
		there := *r // the platforms that the symbol is not on need no telling apart
		there.book.Platforms = r.inOrder(all)
		b.On = strings.Split(there.onText(r.inOrder(on)), ", ")
	}
	holds, everywhere := scope.Set{}, true
	for i := newest; i >= 0; i-- {
		sites, fails := r.tries(symbol, &b, i)
		if fails {
			everywhere = false
			break
		}
		holds[i] = sites > 0
	}
	for i := range r.versions[:newest+1] {
		// A range covers only versions that have the symbol, on the platforms.
		everywhere = everywhere && (holds[i] || len(r.x.Slices(r.versions[i].Name, symbol)) == 0)
	}
	if !everywhere {
		b.Go = lastRange(holds, r.versions)
	}
	return b, true
}

// tries counts the platforms of a version on which a block has its place, and
// reports whether it lacks one on another.
func (r *resolver) tries(symbol string, b *annotation.Block, version int) (places int, fails bool) {
	for _, s := range r.x.Slices(r.versions[version].Name, symbol) {
		for _, p := range s.Platforms {
			if !scope.Covers(b.On, p) {
				continue
			}
			if _, _, m := r.lines(b, s, p); m != nil {
				return places, true
			}
			places++
		}
	}
	return places, false
}

// lastRange is the newest stretch of the set that has no gap.
func lastRange(set scope.Set, all []source.Version) scope.Range {
	ranges := set.Ranges(all)
	if len(ranges) == 0 {
		return scope.Range{}
	}
	g, err := scope.ParseRange(ranges[len(ranges)-1])
	if err != nil {
		return scope.Range{}
	}
	return g
}

// Markdown writes the note as it stands in a file, with a section in each language.
func (s Scaffold) Markdown(languages []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s", s.ID, s.Block.Markdown())
	for _, lang := range languages {
		fmt.Fprintf(&b, "\n### %s %s\n\n%s\n", lang, annotation.Placeholder, annotation.Placeholder)
	}
	return b.String()
}

// ConventionalFile is where the notes of a symbol stand unless somebody chose another
// file: a folder of its package, and its name. A symbol without a package lies in that of
// its file of the source.
func ConventionalFile(symbol, source string) string {
	slash := strings.LastIndexByte(symbol, '/') + 1
	pkg, name, ok := strings.Cut(symbol[slash:], ".")
	folder := symbol[:slash] + pkg
	if !ok || pkg == "" {
		name, folder = symbol, strings.TrimPrefix(path.Dir(source), "src/")
	}
	name = strings.NewReplacer("<>", "-local", "/", "-", "[", "-", "]", "", ",", "-").Replace(name)
	return path.Join("annotations", folder, name+".md")
}
