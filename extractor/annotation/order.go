package annotation

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/measure"
	"beforemain/extractor/source"
)

// Figure shows what was measured. Name says how; On is a platform, "" for the first.
type Figure struct {
	Name, Program, On string
	Pos               token.Position
}

// figures are the names of figures: the order of first calls by version, what threads
// did over time, who called whom, how long programs take, the time between marks,
// instructions, memory, and threads; what the book reads, and what was recorded where.
var figures = []string{"order", "timeline", "tree", "wall", "phases", "instructions", "memory", "threads", "versions", "records"}

// Order states in which order functions first run on the first thread. It is compared
// with the traces of the versions and platforms in which it stands.
type Order struct {
	Symbols []string
	On      []string // platforms, as in a block; none means all
	Pos     token.Position

	places []token.Position
}

func (p *chapterParser) figure(name argument, args []argument) {
	f := &Figure{Pos: name.pos}
	for _, a := range args {
		switch {
		case a.key == "" && f.Name == "":
			f.Name, f.Pos = a.value, a.pos
		case a.key == "program":
			f.Program = a.value
		case a.key == "on":
			f.On = a.value
		default:
			p.errorf(a.pos, "{{< figure >}} takes a name, program=\"…\" and on=\"…\"%s", didYouMean(a.key, []string{"program", "on"})).
				Relate("fix: {{< figure %s on=\"linux/amd64\" >}}", f.Name)
		}
	}
	if !slices.Contains(figures, f.Name) {
		p.errorf(f.Pos, "no figure %q%s", f.Name, didYouMean(f.Name, figures)).Relate("fix: use one of %s", strings.Join(figures, ", "))
		return
	}
	p.add(Node{Figure: f})
}

func (p *chapterParser) order(name argument, args []argument) {
	o := &Order{Pos: name.pos}
	for _, a := range args {
		switch a.key {
		case "":
			o.Symbols = append(o.Symbols, index.Canonical(a.value))
			o.places = append(o.places, a.pos)
		case "on":
			o.On = onList(a.value)
		default:
			p.errorf(a.pos, "{{< order >}} takes symbols and on=\"…\"").Relate("fix: {{< order <symbol> <symbol> on=\"linux\" >}}")
		}
	}
	if len(o.Symbols) < 2 {
		p.errorf(name.pos, "{{< order >}} needs two symbols at least").Relate("fix: {{< order <symbol> <symbol> >}}")
		return
	}
	p.add(Node{Order: o})
}

// CheckOrders compares the orders that chapters state with what was observed: N140
// where a trace contradicts one, N111 where a symbol is in no version.
func CheckOrders(book Book, chapters []*Chapter, set *measure.Set, x *index.Index) diag.List {
	var list diag.List
	for _, c := range chapters {
		eachOrder(c.Body, book.Versions, func(o *Order, versions []source.Version) {
			for i, s := range o.Symbols {
				if !slices.ContainsFunc(x.Versions(), func(v source.Version) bool { return len(x.Slices(v.Name, s)) > 0 }) {
					list.Errorf(o.places[i], "N111", "no version has %s", s).Relate("fix: leave it out, or correct its name")
				}
			}
			o.compare(&list, versions, set)
		})
	}
	return list
}

// eachOrder calls f for the orders of a chapter with the versions that they stand in.
func eachOrder(nodes []Node, versions []source.Version, f func(*Order, []source.Version)) {
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
func (o *Order) compare(list *diag.List, versions []source.Version, set *measure.Set) {
	wrong := make([][]string, len(o.Symbols)) // by the later symbol: where
	before := make([]string, len(o.Symbols))
	for _, t := range set.Traces {
		if !slices.ContainsFunc(versions, func(v source.Version) bool { return v.Name == t.Version }) || !o.covers(t) {
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
			list.Errorf(o.places[i], "N140", "%s is stated after %s, but first runs before it: observed in %s", o.Symbols[i], before[i], strings.Join(where, ", ")).
				Relate("fix: put it in the observed order, or state one order for each range of versions in {{< go >}} blocks")
		}
	}
}

// covers reports whether a trace is one that the order must agree with: of a program
// that ran, on one of its platforms.
func (o *Order) covers(t *measure.Trace) bool {
	if len(t.Steps) == 0 || t.Steps[0].Evidence == measure.Static {
		return false
	}
	p := index.Platform{OS: t.GOOS, Arch: t.GOARCH}
	return len(o.On) == 0 || slices.ContainsFunc(o.On, p.Matches)
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
