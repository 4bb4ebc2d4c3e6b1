package record

import (
	"fmt"
	"slices"
	"strings"
)

// A Difference is a function whose place on thread 0 another observation contradicts.
type Difference struct {
	Symbol string
	Was    string // what it follows in the record, "" if it is absent from it
	Is     string // what it follows now, "" if it is absent now
}

// String says it in a line.
func (d Difference) String() string {
	switch {
	case d.Is == "":
		return fmt.Sprintf("%s: it followed %s, and is not entered now", d.Symbol, d.Was)
	case d.Was == "":
		return fmt.Sprintf("%s: it is new, and follows %s", d.Symbol, d.Is)
	}
	return fmt.Sprintf("%s: it followed %s, and follows %s now", d.Symbol, d.Was, d.Is)
}

// begin is what the first function of all follows.
const begin = "the begin"

// Compare compares thread 0 of two records of the same program: was is committed, is was
// observed again. With symbols it compares those. Without, it compares all steps up to the
// second thread's begin: later ones depend on how busy the machine is. Steps that vary from
// run to run in either are left out. No difference means the same order.
func Compare(was, is *Record, symbols ...string) []Difference {
	a, b := was.steady(symbols), is.steady(symbols)
	varies := map[string]bool{}
	for _, r := range []*Record{was, is} {
		for _, s := range r.OnThread(0) {
			if s.Varies {
				varies[s.Symbol] = true
			}
		}
	}
	drop := func(s string) bool { return varies[s] }
	a, b = slices.DeleteFunc(a, drop), slices.DeleteFunc(b, drop)
	same := map[string]bool{}
	for _, s := range Common(a, b) {
		same[s] = true
	}
	var list []Difference
	for i, s := range a {
		if !same[s] {
			list = append(list, Difference{Symbol: s, Was: before(a, i), Is: before(b, slices.Index(b, s))})
		}
	}
	for i, s := range b {
		if !same[s] && !slices.Contains(a, s) {
			list = append(list, Difference{Symbol: s, Is: before(b, i)})
		}
	}
	return list
}

// Report says differences in lines that a person can read; "" if there is none.
func Report(list []Difference) string {
	var out strings.Builder
	for _, d := range list {
		fmt.Fprintln(&out, d)
	}
	return out.String()
}

// steady returns the functions of thread 0 that Compare compares, in order.
func (r *Record) steady(symbols []string) []string {
	alone := len(r.Steps)
	if len(r.Threads) > 1 {
		alone = r.Threads[1].After
	}
	var list []string
	for _, s := range r.OnThread(0) {
		of := slices.Contains(symbols, s.Symbol) || len(symbols) == 0 && s.Seq <= alone
		if of && !s.Varies {
			list = append(list, s.Symbol)
		}
	}
	return list
}

func before(list []string, i int) string {
	switch {
	case i < 0:
		return ""
	case i == 0:
		return begin
	}
	return list[i-1]
}
