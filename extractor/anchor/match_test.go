package anchor

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/index"
)

func TestFragment(t *testing.T) {
	const goText = `	randinit() // must run before mallocinit
	fastrandinit()
	x, y := f(a,b), "a // b"
	/* one
	   two words
	*/
	//go:nosplit
	call(` + "`raw\n\ttext`" + `) // raw
	if x { y() }
`
	const asmText = `	MOVQ	DI, AX		// argc
	CALL	runtime·schedinit(SB)
	JEQ	2(PC); MOVQ CX, DX
	MOVQ	AX, ret+8(FP) /* result */
`
	for _, test := range []struct {
		name, fragment string
		want           []int
	}{
		{"x.go", "randinit()", []int{1}},
		{"x.go", "randinit ( )", []int{1}},
		{"x.go", "randinit() // another comment", []int{1}},
		{"x.go", "andinit()", nil},
		{"x.go", "()", []int{1, 2, 10}},
		{"x.go", "// must run before", []int{1}},
		{"x.go", "//   must   run before mallocinit", []int{1}},
		{"x.go", "// run before", nil},
		{"x.go", "// must run bef", nil},
		{"x.go", "// b", nil},
		{"x.go", "// two words", []int{5}},
		{"x.go", "//go:nosplit", []int{7}},
		{"x.go", "f(a, b)", []int{3}},
		{"x.go", "x, y := f(a, b), \"a // b\"", []int{3}},
		{"x.go", "x, y := f(a, b), \"a //  b\"", nil},
		{"x.go", "call(", []int{8}},
		{"x.go", "text", nil},
		{"x.go", "y()", []int{10}},
		{"x.go", "//", nil},
		{"x.go", "/* a comment only */", nil},
		{"x.s", "MOVQ DI, AX", []int{1}},
		{"x.s", "CALL runtime·schedinit(SB)", []int{2}},
		{"x.s", "CALL schedinit(SB)", nil},
		{"x.s", "MOVQ CX, DX", []int{3}},
		{"x.s", "MOVQ AX, ret+8(FP)", []int{4}},
		{"x.s", "ret+8(FP)", []int{4}},
		{"x.s", "// argc", []int{1}},
		{"x.s", "MOVQ", []int{1, 3, 4}},
	} {
		text := goText
		if strings.HasSuffix(test.name, ".s") {
			text = asmText
		}
		f := newFragment(test.fragment)
		parts := f.parts(test.name)
		var got []int
		for i, l := range splitLines(test.name, []byte(text)) {
			if f.matches(&l, parts) {
				got = append(got, i+1)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q matches lines %v, want %v", test.name, test.fragment, got, test.want)
		}
	}
}

// A window is lines of code: comments and spacing make none.
func TestWindow(t *testing.T) {
	m := newMatcher()
	for i, text := range []string{
		"one()\ntwo()\nthree() // the middle\nfour()\nfive()\nsix()\n",
		"zero()\none()\n\ntwo()\n// A comment, and other spacing.\nthree( ) // the centre\nfour()\n\n\nfive()\n",
	} {
		s := &index.Slice{Path: "p.go", Text: []byte(text), Start: 4, SHA256: text}
		at := 4 + strings.Count(text[:strings.Index(text, "three")], "\n")
		want := []string{"one ( )", "two ( )", "three ( )", "four ( )", "five ( )"}
		if d := cmp.Diff(want, codes(m.window(s, index.Platform{}, at, at))); d != "" {
			t.Errorf("text %d: %s", i, d)
		}
	}
}
