package check

import (
	"fmt"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/measure"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

// Orders compares the orders that chapters state with what was observed: N140
// where a trace contradicts one, N111 where a symbol is in no version.
func Orders(book scope.Book, chapters []*annotation.Chapter, set *measure.Set, x *index.Index) diag.List {
	var list diag.List
	for _, c := range chapters {
		eachOrder(c.Body, book.Versions, func(o *annotation.Order, versions []source.Version) {
			for i, s := range o.Symbols {
				if !slices.ContainsFunc(x.Versions(), func(v source.Version) bool { return len(x.Slices(v.Name, s)) > 0 }) {
					list.Errorf(o.Places[i], "N111", "no version has %s", s).Relate("fix: leave it out, or correct its name")
				}
			}
			compareOrder(o, &list, versions, set)
		})
	}
	return list
}

// eachOrder calls f for the orders of a chapter with the versions that they stand in.
func eachOrder(nodes []annotation.Node, versions []source.Version, f func(*annotation.Order, []source.Version)) {
	for _, n := range nodes {
		switch {
		case n.Order != nil:
			f(n.Order, versions)
		case n.Block != nil:
			inside := slices.DeleteFunc(slices.Clone(versions), func(v source.Version) bool { return !n.Block.Go.Contains(v.Name) })
			eachOrder(n.Block.Body, inside, f)
		}
	}
}

// compare reports each neighbouring pair of an order that some trace has the other way round.
func compareOrder(o *annotation.Order, list *diag.List, versions []source.Version, set *measure.Set) {
	wrong := make([][]string, len(o.Symbols)) // by the later symbol: where
	before := make([]string, len(o.Symbols))
	for _, t := range set.Traces {
		if !slices.ContainsFunc(versions, func(v source.Version) bool { return v.Name == t.Version }) || !mustAgree(o, t) {
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
// that ran, on one of its platforms.
func mustAgree(o *annotation.Order, t *measure.Trace) bool {
	if len(t.Steps) == 0 || t.Steps[0].Evidence == measure.Static {
		return false
	}
	return scope.Covers(o.On, index.Platform{OS: t.GOOS, Arch: t.GOARCH})
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
