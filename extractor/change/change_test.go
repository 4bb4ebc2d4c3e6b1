package change

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/syntax"
)

func text(t testing.TB, path, s string) Text {
	t.Helper()
	tokens, err := syntax.Tokens(path, []byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return Text{[]byte(s), tokens}
}

// draw writes blocks as a diff, with what is marked in brackets.
func draw(old, new Text, blocks []Block) string {
	var b strings.Builder
	side := func(sign string, t Text, s Side) {
		at := 0
		var marked strings.Builder
		for _, m := range s.Marks {
			marked.Write(t.Bytes[at:m.Start])
			marked.WriteString("[" + string(t.Bytes[m.Start:m.End]) + "]")
			at = m.End
		}
		marked.Write(t.Bytes[at:])
		for _, line := range strings.SplitAfter(marked.String(), "\n")[s.First:s.End] {
			b.WriteString(sign + strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	for _, k := range blocks {
		switch k.Kind {
		case Same:
			side("  ", new, k.New)
			continue
		case Comment:
			b.WriteString("# comment\n")
		}
		side("- ", old, k.Old)
		side("+ ", new, k.New)
	}
	return b.String()
}

func TestBetween(t *testing.T) {
	for name, c := range map[string]struct{ path, old, new, want string }{
		"equal": {"p.go", "a()\nb()\n", "a()\nb()\n", "  a()\n  b()\n"},
		"a line more": {"p.go", "func f() {\n\ta()\n}\n", "func f() {\n\ta()\n\tb()\n}\n",
			"  func f() {\n  \ta()\n+ \tb()\n  }\n"},
		"a word of a line":  {"p.go", "procs := ncpu\n", "procs := numCPU\n", "- procs := [ncpu]\n+ procs := [numCPU]\n"},
		"a line of its own": {"p.go", "alpha()\n", "var x = 10\n", "- alpha()\n+ var x = 10\n"},
		"a comment": {"p.go", "// the first thing\na()\n", "// the second thing\na()\n",
			"# comment\n- // the [first] thing\n+ // the [second] thing\n  a()\n"},
		"a comment behind code": {"p.s", "\tMOVQ AX, BX // old\n", "\tMOVQ AX, BX // new\n",
			"# comment\n- \tMOVQ AX, BX // [old]\n+ \tMOVQ AX, BX // [new]\n"},
		"spaces": {"p.s", "\tMOVQ\tAX, BX\n", "\tMOVQ AX,  BX\n", "# comment\n- \tMOVQ\tAX, BX\n+ \tMOVQ AX,  BX\n"},
		"a comment and its code": {"p.go", "// one\na(1)\nz()\n", "// two\na(2)\nz()\n",
			"- // [one]\n- a([1])\n+ // [two]\n+ a([2])\n  z()\n"},
		"from nothing":    {"p.go", "", "a()\n", "+ a()\n"},
		"no last newline": {"p.go", "a()", "a(1)", "- a()\n+ a([1])\n"},
	} {
		t.Run(name, func(t *testing.T) {
			old, new := text(t, c.path, c.old), text(t, c.path, c.new)
			if d := cmp.Diff(c.want, draw(old, new, Between(old, new))); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestOf(t *testing.T) {
	old := text(t, "p.go", "// one\na()\nb()\nc()\n")
	new := text(t, "p.go", "// two\na()\nb(1)\nb(2)\nc()\n")
	if kind, added, removed := Of(Between(old, new)); kind != Code || added != 2 || removed != 1 {
		t.Errorf("got %v +%d −%d, want code +2 −1: the comment's line does not count", kind, added, removed)
	}
	if kind, added, removed := Of(Between(old, text(t, "p.go", "// two\na()\nb()\nc()\n"))); kind != Comment || added != 1 || removed != 1 {
		t.Errorf("got %v +%d −%d, want comment +1 −1", kind, added, removed)
	}
}

// FuzzBetween: the blocks cover both texts in order, equal lines are equal, and marks
// lie in their side.
func FuzzBetween(f *testing.F) {
	f.Add("a()\nb()\n", "a()\n// c\nb(\"x y\")\n")
	f.Add("", "\n")
	f.Add("/* a\nb */ c", "/* a */\nc")
	f.Fuzz(func(t *testing.T, a, b string) {
		old, new := text(t, "p.go", a), text(t, "p.go", b)
		x, y := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
		lines := func(s []string) []string {
			if s[len(s)-1] == "" {
				return s[:len(s)-1]
			}
			return s
		}
		x, y = lines(x), lines(y)
		i, j := 0, 0
		for _, k := range Between(old, new) {
			if k.Old.First != i || k.New.First != j || k.Old.Lines() < 0 || k.New.Lines() < 0 || k.Old.Lines()+k.New.Lines() == 0 {
				t.Fatalf("block %+v does not follow line %d of the old text and %d of the new", k, i, j)
			}
			i, j = k.Old.End, k.New.End
			if k.Kind == Same {
				if d := cmp.Diff(x[k.Old.First:k.Old.End], y[k.New.First:k.New.End]); d != "" {
					t.Fatal(d)
				}
			}
			for _, s := range []struct {
				Side
				lines []string
				text  string
			}{{k.Old, x, a}, {k.New, y, b}} {
				from := len(strings.Join(s.lines[:s.First], ""))
				to := from + len(strings.Join(s.lines[s.First:s.End], ""))
				for _, m := range s.Marks {
					if m.Start < from || m.Start >= m.End || m.Start >= to || m.End > len(s.text) {
						t.Fatalf("mark %v is not in bytes %d–%d", m, from, to)
					}
				}
			}
		}
		if i != len(x) || j != len(y) {
			t.Fatalf("the blocks end at lines %d and %d, the texts at %d and %d", i, j, len(x), len(y))
		}
	})
}
