package extractor

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"beforemain/extractor/index"
	"beforemain/extractor/measure"
)

// literal is what the compiler appends to the name of a function literal: main.func1.2.
var literal = regexp.MustCompile(`(\.func\d+(\.\d+)*|\.gowrap\d+|-fm)+$`)

// initialiser is a function init, or the one that initialises a package's variables.
var initialiser = regexp.MustCompile(`\.(init|map\.init)(\.\d+)?$`)

// lowered are functions that the compiler calls for what the source writes otherwise:
// new, make, append, copies, comparisons, channels, go statements, stack checks and
// write barriers (cmd/compile/internal/typecheck/builtin.go).
var lowered = regexp.MustCompile(`^runtime\.(newobject|mallocgc|make\w+|growslice|moveSlice\w*|memmove|memequal\w*|memclr\w+|typed\w+|` +
	`slicebyte\w+|string\w+|concatstring\w*|cmpstring|chan\w+|closechan|select\w+|map\w+|newproc|deferproc|deferreturn|convT\w*|assertE2I\w*|` +
	`ifaceeq|efaceeq|print\w+|panic\w+|gcWriteBarrier\w*|wb\w+|duff\w+|morestack\w*|racefuncenter|interfaceSwitch|typeAssert|rand|strhash|memhash\w*)$`)

// TestObservedCalls: every call that was observed is one that the index knows, but for
// calls through function values, whose targets have their address taken somewhere, and
// for what the compiler calls by itself.
func TestObservedCalls(t *testing.T) {
	r := runReal(t)
	seen := map[string]int{}
	for _, tr := range r.Layout.Measured.Traces {
		if len(tr.Steps) == 0 || tr.Steps[0].Evidence != measure.Run {
			continue // an emulator tells only which function ran before
		}
		for _, e := range tr.Edges {
			reason := explain(r.Index, tr.Version, literal.ReplaceAllString(e.From, ""), literal.ReplaceAllString(e.To, ""), e.To)
			seen[reason]++
			if reason == "" {
				t.Errorf("%s on %s/%s: %s was seen to call %s, and no source says so", tr.Version, tr.GOOS, tr.GOARCH, e.From, e.To)
			}
		}
	}
	t.Logf("observed calls by what explains them: %v", seen)
	if seen["edge"] < 3500 {
		t.Errorf("only %d observed calls are edges of the index", seen["edge"])
	}
}

// explain says why one function may be seen to call another, or "". All functions init
// of a package are one to the index.
func explain(x *index.Index, version, from, to, written string) string {
	from = initialiser.ReplaceAllString(from, ".init")
	to = defined(x, version, to)
	leads := func(e index.Edge) bool {
		if e.To == to {
			return true
		}
		return slices.ContainsFunc(x.Callees(version, e.To), func(l index.Edge) bool { return l.Kind == index.Linkname && l.To == to })
	}
	taken := func(e index.Edge) bool {
		return e.Kind == index.Address || e.Kind == index.Argument || e.Kind == index.Data
	}
	switch {
	case from == to || slices.ContainsFunc(x.Callees(version, from), leads):
		return "edge"
	case initialiser.MatchString(to):
		return "initialiser"
	case lowered.MatchString(to):
		return "compiler"
	case strings.HasPrefix(written, to+"."), slices.ContainsFunc(x.Callers(version, to), taken):
		return "function value"
	}
	return ""
}

// defined returns what a name of the linker's is called where it is defined.
func defined(x *index.Index, version, symbol string) string {
	for _, e := range x.Callees(version, symbol) {
		if e.Kind == index.Linkname && len(x.Slices(version, symbol)) == 0 {
			return e.To
		}
	}
	return symbol
}
