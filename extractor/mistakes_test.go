package extractor

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"beforemain/extractor/anchor"
	"beforemain/extractor/check"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scope"
)

// changed is a folder in which one file reads otherwise.
type changed struct {
	fs.FS
	name string
	text string
}

func (c changed) Open(name string) (fs.File, error) {
	if name == c.name {
		return fstest.MapFS{name: {Data: []byte(c.text)}}.Open(name)
	}
	return c.FS.Open(name)
}

// checkReal is what Run does with what people wrote.
func checkReal(book *Book, joined scope.Book, x *index.Index, root fs.FS) diag.List {
	written, list := readWritten(root, book)
	anchors, more := anchor.Resolve(joined, written.notes, x)
	list = append(list, more...)
	list = append(list, check.Prose(joined, written.notes, written.chapters, written.terms, anchors, x)...)
	list.Sort()
	return list
}

// Mistakes that people make, each in a copy of the real annotations: each is caught with
// its code, at its line and column, and nothing is said of any other file.
func TestMistakes(t *testing.T) {
	real := runReal(t)
	book, x := real.Book, real.Index
	joined, err := book.Scope()
	if err != nil {
		t.Fatal(err)
	}
	root := os.DirFS("..")
	start := time.Now()
	before := checkReal(book, joined, x, root)
	t.Logf("reading, resolving and checking takes %s", time.Since(start).Round(time.Millisecond))
	if n := before.Count(diag.Error); n > 0 {
		t.Fatalf("the book has %d errors, the first: %v", n, before[0])
	}

	const schedinit = "annotations/runtime/schedinit.md"
	var pasted strings.Builder
	lines := strings.Split(string(x.Slices("go1.27", "runtime.schedinit")[0].Text), "\n")
	for _, line := range lines[8:20] {
		fmt.Fprintln(&pasted, line)
	}
	for _, test := range []struct {
		name, code, file string
		from, to         string // what is written otherwise
		at               string // where the diagnostic stands: a part of to
	}{
		{"a misspelt call", "N101", schedinit, "at:       moduledataverify()", "at:       moduledataverfy()", "moduledataverfy()"},
		{"too little of the line", "N102", schedinit, "at:       lockInit(&sched.lock, lockRankSched)", "at:       sched.lock", "sched.lock"},
		{"the range upside down", "N103", schedinit,
			"at:       lockInit(&sched.sysmonlock, lockRankSysmon)\nuntil:    lockInit(&finlock, lockRankFin)",
			"at:       lockInit(&finlock, lockRankFin)\nuntil:    lockInit(&sched.sysmonlock, lockRankSysmon)",
			"lockInit(&sched.sysmonlock, lockRankSysmon)"},
		{"read against an old release", "N104", schedinit, "at:       worldStopped()\nreviewed: go1.27.4", "at:       worldStopped()\nreviewed: go1.17.13", "go1.17.13"},
		{"a pin that has moved on", "N104", schedinit, "at:       ticks.init()\nreviewed: go1.27.4", "at:       ticks.init()\nreviewed: go1.27.3", "go1.27.3"},
		{"reviewed forgotten", "N104", schedinit, "```anchor\ngo:       1.26+\nat:       sched.midle.init(unsafe.Offsetof(m{}.idleNode))\nreviewed: go1.27.4\n",
			"```anchor\ngo:       1.26+\nat:       sched.midle.init(unsafe.Offsetof(m{}.idleNode))\n", "anchor\ngo:       1.26+\nat:       sched.midle"},
		{"a symbol that is not there", "N105", schedinit, "symbol: runtime.schedinit", "symbol: runtime.scheddinit", "runtime.scheddinit"},
		{"a range from before the symbol", "N105", "annotations/runtime/randinit.md", "```anchor\n", "```anchor\ngo:       1.20..1.27\n", "1.20..1.27"},
		{"ranges that meet", "N106", schedinit, "go:       1.20+\nat:       gp := getg()", "go:       1.19+\nat:       gp := getg()", "1.19+\nat:       gp"},
		{"a whole comment quoted", "N107", schedinit, "at:       // The bootstrap sequence is:",
			"at:       // The bootstrap sequence is: call osinit, call schedinit, make & queue new G, call runtime·mstart", "// The bootstrap sequence is: call osinit"},
		{"the source pasted", "N108", schedinit, "### en First, a rank for every lock\n\n", "### en First, a rank for every lock\n\n```go\n" + pasted.String() + "```\n\n", strings.TrimSpace(lines[8]) + "\n"},
		{"a full-width colon", "N109", schedinit, "at:       stackinit()", "at：      stackinit()", "：      stackinit()"},
		{"a misspelt key", "N109", schedinit, "at:       mallocinit()\nreviewed:", "at:       mallocinit()\nreveiwed:", "reveiwed:"},
		{"an id that is taken", "N110", schedinit, "## maxmcount", "## getg\n", "getg\n\n\n"},
		{"a link with a slip", "N111", schedinit, "[traceLockInit](sym:runtime.traceLockInit) ranks", "[traceLockInit](sym:runtime.traceLockInt) ranks", "sym:runtime.traceLockInt)"},
		{"a link to no term", "N111", schedinit, "[the order of locks](term:lock-rank)", "[the order of locks](term:lock-ranks)", "term:lock-ranks"},
		{"raw HTML", "N112", schedinit, "It has to happen before", "It has to <b>happen</b> before", "<b>happen"},
		{"a script as a link", "N112", schedinit, "[the order of locks](term:lock-rank)", "[the order of locks](&#106;avascript:alert)", "&#106;avascript:alert"},
		{"text that turns round", "N112", schedinit, "It has to happen before", "It has to \u202ehappen before", "\u202ehappen"},
		{"an origin that changed", "N121", schedinit, "### en First, a rank for every lock\n\n", "### en First, a rank for every lock\n\n<!-- of: zh 000000 -->\n", "<!-- of: zh 000000 -->"},
		{"a comment that upstream changed", "N122", "annotations/runtime/newproc1.md", "symbol: runtime.newproc1\n---\n",
			"symbol: runtime.newproc1\n---\n\n## c-old\n\n```comment\nat: // Create a new g in state _Grunnable, starting at fn, with narg\nreviewed: go1.17.13\n```\n\n### zh\n\n造一个 g。\n",
			"// Create a new g in state _Grunnable, starting at fn, with narg"},
		{"a note in one language", "N120", schedinit, "## maxmcount\n",
			"## mine\n\n```anchor\nat: sched.maxmcount = 10000\nreviewed: go1.27.4\n```\n\n### zh 上限\n\n一万。\n\n## maxmcount\n", "mine\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := fs.ReadFile(root, test.file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), test.from) {
				t.Fatalf("%s does not hold %q any more; choose another place", test.file, test.from)
			}
			wrong := strings.Replace(string(text), test.from, test.to, 1)
			offset := strings.Index(wrong, test.at)
			line := strings.Count(wrong[:offset], "\n") + 1
			column := offset - strings.LastIndexByte(wrong[:offset], '\n')
			list := checkReal(book, joined, x, changed{root, test.file, wrong})
			found := false
			for _, d := range list {
				if d.Code == test.code && d.Pos.Filename == test.file && d.Pos.Line == line && d.Pos.Column == column {
					found = true
					t.Logf("%s\n    %s", d, strings.Join(d.Related, "\n    "))
				}
				if d.Pos.Filename != test.file && !slices.ContainsFunc(before, func(b diag.Diagnostic) bool { return b.String() == d.String() }) {
					t.Errorf("of a file that is as it was: %s", d)
				}
			}
			if !found {
				t.Errorf("no %s at %s:%d:%d; there are %v", test.code, test.file, line, column, list)
			}
		})
	}
}
