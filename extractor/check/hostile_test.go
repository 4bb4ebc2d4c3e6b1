package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/check"
	"beforemain/extractor/diag"
	"beforemain/extractor/internal/booklet"
	"beforemain/extractor/picture"
)

// Ten thousand notes take time in proportion to their number.
func TestManyNotes(t *testing.T) {
	s := booklet.Read(t, "testdata/resolve.txtar")
	fsys := fstest.MapFS{}
	for i := range 10000 {
		fsys[fmt.Sprintf("annotations/%05d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"---\nsymbol: p.start\n---\n\n## n-%d\n\n```anchor\nat: work(a, b)\nreviewed: v3\n```\n\n### en A\n\nText [s](sym:p.start).\n\n### zh A\n\n<!-- of: en %s -->\n文。\n", i, annotation.Stamp("A Text [s](sym:p.start)."))}
	}
	start := time.Now()
	notes, list := annotation.Read(fsys, "annotations")
	anchors, more := anchor.Resolve(s.Book, notes, s.Index)
	list = append(append(list, more...), check.Prose(s.Book, notes, nil, nil, anchors, s.Index)...)
	if len(list) > 0 || len(anchors) != 30000 {
		t.Errorf("%d anchors, %d problems, the first: %v", len(anchors), len(list), list[:min(len(list), 1)])
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("10,000 notes take %s", took)
	}
}

// Numbers that each name the one before twice, and pictures of thousands of parts, take
// no longer than their file is long.
func TestHostilePictures(t *testing.T) {
	s := booklet.Read(t, "testdata/resolve.txtar")
	cell := "[[step.column.cell]]\n"
	for _, test := range []struct{ name, text, want string }{
		{"doubling", "[[number]]\nname = \"a\"\nvalue = \"1\"\n" + strings.Repeat("[[number]]\nname = \"a\"\nvalue = \"a+a-1\"\n", 150), ""},
		{"numbers", strings.Repeat("[[number]]\nname = \"a\"\nvalue = \"a\"\n", 5000), "602:1: error: N109 the picture has 5000 times [[number]]; at most 200"},
		{"nodes", strings.Repeat("[[node]]\nlabel = \"x\"\n", 8000), "402:1: error: N109 the picture has 8000 times [[node]]; at most 200"},
		{"edges", strings.Repeat("[[edge]]\nfrom = \"abcdefghijkl\"\n", 6000), "402:1: error: N109 the picture has 6000 times [[edge]]; at most 200"},
		{"names", strings.Repeat("[[node]]\nid = \""+strings.Repeat("x", 550)+"\"\n", 200) + strings.Repeat("[[edge]]\nfrom = \""+strings.Repeat("y", 550)+"\"\n", 200), ""},
		{"cells", "[[step]]\n[[step.column]]\n" + strings.Repeat(cell, 8000), "204:1: error: N109 the picture has 8000 times [[step.column.cell]]; at most 200"},
		{"columns", "[[step]]\n" + strings.Repeat("[[step.column]]\n"+cell, 5000), "403:1: error: N109 the picture has 5000 times [[step.column]]; at most 200"},
		{"cells of many steps", strings.Repeat("[[step]]\n[[step.column]]\n"+strings.Repeat(cell, 150), 70), ""},
		{"a platform behind the end of its line", "[[node]]\non = \"linux/amd64, windows/arm\"\n", "2:1: error: N109 unknown platform \"windows/arm\""},
		{"unknown keys", manyKeys(30000), "2:1: error: N109 unknown key \"k0\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			pictures, list := picture.Read(fstest.MapFS{"x.toml": {Data: []byte("\n" + test.text)}}, ".")
			list = append(list, check.Pictures(s.Book, pictures, nil, nil, nil, s.Index)...)
			if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return strings.Contains(d.String(), test.want) }) && test.want != "" {
				t.Errorf("got %v, want %q", list[:min(len(list), 3)], test.want)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it takes %s", took)
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d=1\n", i)
	}
	return b.String()
}
