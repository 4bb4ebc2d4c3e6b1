package check

import (
	"fmt"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/measure"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// Orders compares the orders that chapters state with what was observed: N140 where a
// trace contradicts one, N111 where a symbol is in no version. It reports figures, too,
// of a program that was not measured.
func Orders(book scope.Book, chapters []*annotation.Chapter, set *measure.Set, x *index.Index) diag.List {
	var list diag.List
	for _, c := range chapters {
		eachNode(c.Body, book.Versions, book.Platforms, func(n annotation.Node, versions []source.Version, platforms []index.Platform) {
			switch {
			case n.Figure != nil:
				list = append(list, figure(book, n.Figure, set)...)
			case n.Order != nil:
				list = append(list, order(book, n.Order, x)...)
				compareOrder(n.Order, &list, versions, platforms, set)
			}
		})
	}
	return list
}

// order reports platforms and symbols of an order that are none.
func order(book scope.Book, o *annotation.Order, x *index.Index) diag.List {
	list := stands(book, scope.Range{}, o.On, o.Pos)
	for i, s := range o.Symbols {
		if !slices.ContainsFunc(x.Versions(), func(v source.Version) bool { return len(x.Slices(v.Name, s)) > 0 }) {
			list.Errorf(o.Places[i], "N111", "no version has %s", s).Relate("fix: leave it out, or correct its name")
		}
	}
	return list
}

// figure reports what a figure asks for and nothing can have. Where nothing was measured
// yet, any program may be.
func figure(book scope.Book, f *annotation.Figure, set *measure.Set) diag.List {
	var list diag.List
	if f.On != "" {
		list = stands(book, scope.Range{}, []string{f.On}, f.Pos)
	}
	var programs []string
	for _, b := range set.Benches {
		programs = append(programs, b.Programs()...)
	}
	if f.Program != "" && len(programs) > 0 && !slices.Contains(programs, f.Program) {
		list.Errorf(f.Pos, "N111", "no program %q was measured%s", f.Program, scan.DidYouMean(f.Program, programs)).
			Relate("fix: program=%q", scan.NearestOr(f.Program, programs, programs[0]))
	}
	return list
}

// eachNode calls f for the nodes of a chapter that are no blocks, with the versions and
// platforms that they stand in.
func eachNode(nodes []annotation.Node, versions []source.Version, platforms []index.Platform, f func(annotation.Node, []source.Version, []index.Platform)) {
	for _, n := range nodes {
		if n.Block == nil {
			f(n, versions, platforms)
			continue
		}
		inside := slices.DeleteFunc(slices.Clone(versions), func(v source.Version) bool { return !n.Block.Go.Contains(v.Name) })
		on := slices.DeleteFunc(slices.Clone(platforms), func(p index.Platform) bool { return !scope.Covers(n.Block.On, p) })
		eachNode(n.Block.Body, inside, on, f)
	}
}

// compareOrder reports each neighbouring pair of an order that some trace has the other way round.
func compareOrder(o *annotation.Order, list *diag.List, versions []source.Version, platforms []index.Platform, set *measure.Set) {
	wrong := make([][]string, len(o.Symbols)) // by the later symbol: where
	before := make([]string, len(o.Symbols))
	for _, t := range set.Traces {
		if !slices.ContainsFunc(versions, func(v source.Version) bool { return v.Name == t.Version }) || !mustAgree(o, t, platforms) {
			continue
		}
		place := positions(t)
		last, lastAt := "", -1
		for i, s := range o.Symbols {
			at, ok := place[s]
			if !ok {
				continue // absent from this version, or without a trace of its own
			}
			if at < lastAt {
				wrong[i] = append(wrong[i], fmt.Sprintf("%s on %s/%s", t.Version, t.GOOS, t.GOARCH))
				before[i] = last
			}
			last, lastAt = s, at
		}
	}
	for i, where := range wrong {
		if where != nil {
			list.Errorf(o.Places[i], "N140", "%s is stated after %s, but first runs before it: observed in %s", o.Symbols[i], before[i], strings.Join(where, ", ")).
				Relate("fix: put it in the observed order, or state one order for each range of versions in {{< go >}} blocks")
		}
	}
}

// mustAgree reports whether a trace is one that the order must agree with: of a program
// that ran, on one of its platforms and of those that the order stands on.
func mustAgree(o *annotation.Order, t *measure.Trace, platforms []index.Platform) bool {
	if len(t.Steps) == 0 || t.Steps[0].Evidence == measure.Static {
		return false
	}
	on := index.Platform{OS: t.GOOS, Arch: t.GOARCH}
	return scope.Covers(o.On, on) && slices.Contains(platforms, on)
}

// positions returns the position of each function on thread 0, of those whose position
// is the same in all runs.
func positions(t *measure.Trace) map[string]int {
	at := map[string]int{}
	for i, s := range t.OnThread(0) {
		if _, ok := at[s.Symbol]; !ok && !s.Varies {
			at[s.Symbol] = i
		}
	}
	return at
}
