package bench

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"

	"beforemain/tools/boot/machine"
)

// JSONSchema describes a Result to other programs.
//
//go:embed schema.json
var JSONSchema []byte

// Result is what the book publishes of a run.
type Result struct {
	Schema  int             `json:"schema"`
	Machine machine.Machine `json:"machine"`
	Date    string          `json:"date"` // 2026-11-26
	Method  Method          `json:"method"`
	// Series are the floor, if there is one, and then each program's versions in order.
	Series []Series `json:"series"`
	// Pairs compares every two versions of a program, by wall time and by when main.main
	// begins.
	Pairs     []Pair     `json:"pairs"`
	Ranks     []Ranks    `json:"ranks"`
	Omissions []Omission `json:"omissions"`
}

// Method is how a Result was measured.
type Method struct {
	Rounds  int    `json:"rounds"` // of each repeat
	Repeats int    `json:"repeats"`
	Done    int    `json:"done"` // rounds that are complete, of all repeats
	Seed    uint64 `json:"seed"`
	// Confidence is the least of the intervals of all Stats.
	Confidence float64 `json:"confidence"`
}

// Series is one version of a program; times are in microseconds.
type Series struct {
	Program string    `json:"program"`
	Version string    `json:"version"` // the floor has none
	Bytes   int64     `json:"bytes"`   // size of the file
	Wall    Stat      `json:"wall"`    // from before the fork until the end was seen
	Repeats []float64 `json:"repeats"` // the medians of Wall of each repeat
	Ratio   *Ratio    `json:"ratio,omitempty"`
	Faults  *Stat     `json:"faults,omitempty"` // page faults
	Marks   []Mark    `json:"marks,omitempty"`
	// Instructions are what the first thread executes up to main.main.
	Instructions int64   `json:"instructions,omitempty"`
	Memory       *Memory `json:"memory,omitempty"`
}

// Ratio says how many times the floor's wall time a program takes. Low and High are of
// the ends of the two intervals, so they are rather too far apart than too near.
type Ratio struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Mark is a function's first call.
type Mark struct {
	Symbol string `json:"symbol"`
	At     Stat   `json:"at"`   // from the exec on
	Step   Stat   `json:"step"` // since the mark before, or the exec, in the same round
}

// Pair is the difference of two versions of a program, B − A in microseconds, within
// each round.
type Pair struct {
	Program    string `json:"program"`
	Measure    string `json:"measure"` // "wall" or "main.main"
	A          string `json:"a"`
	B          string `json:"b"`
	Difference Stat   `json:"difference"`
	Slower     int    `json:"slower"` // rounds in which B took longer, of Difference.N
	// Held counts the repeats whose median difference has the sign of that of all.
	Held    int `json:"held"`
	Repeats int `json:"repeats"`
}

// Ranks says how far the order of a program's versions by their median wall times can be
// trusted.
type Ranks struct {
	Program string   `json:"program"`
	Order   []string `json:"order"` // the fastest first
	Pairs   int      `json:"pairs"`
	Stable  int      `json:"stable"` // pairs whose order held in every repeat
	// Spearman is the least rank correlation of the medians of two repeats; nil of fewer
	// than two repeats or versions.
	Spearman *float64 `json:"spearman,omitempty"`
}

// Omission is something that was left out, and why.
type Omission struct {
	What   string `json:"what"`
	Reason string `json:"reason"`
}

// summarize makes a Result of samples with at least one round.
func summarize(s *samples) *Result {
	h := s.header
	t := newTable(s)
	r := &Result{
		Schema: schema, Machine: h.Machine, Date: h.Date,
		Method:    Method{Rounds: h.Rounds, Repeats: h.Repeats, Done: len(s.rounds), Seed: h.Seed, Confidence: confidence},
		Pairs:     []Pair{},
		Ranks:     []Ranks{},
		Omissions: append([]Omission{}, h.Omissions...),
	}
	for i, e := range h.Binaries {
		one := Series{Program: e.Program, Version: e.Version, Bytes: e.Bytes, Wall: rounded(describe(t.all(i, "")))}
		for _, repeat := range t.repeats(i, "") {
			one.Repeats = append(one.Repeats, tenth(median(repeat)))
		}
		if r.Series != nil && r.Series[0].Program == floor {
			one.Ratio = ratio(one.Wall, r.Series[0].Wall)
		}
		if h.Faults {
			faults := describe(t.faults[i])
			one.Faults = &faults
		}
		if i < len(s.facts) {
			f := s.facts[i]
			one.Instructions, one.Memory = f.Instructions, f.Memory
		}
		one.Marks = t.marks(i)
		for _, m := range one.Marks {
			if m.At.N < len(s.rounds) {
				r.Omissions = append(r.Omissions, Omission{"marks", fmt.Sprintf("%s of %s %s was not reached in %d of %d runs", m.Symbol, e.Program, e.Version, len(s.rounds)-m.At.N, len(s.rounds))})
			}
		}
		r.Series = append(r.Series, one)
	}
	for _, versions := range byProgram(h.Binaries) {
		pairs := t.pairs(versions)
		r.Pairs = append(r.Pairs, pairs...)
		r.Ranks = append(r.Ranks, t.rank(versions, pairs))
	}
	return r
}

// byProgram groups the indices of the binaries, but for the floor, in their order.
func byProgram(binaries []entry) [][]int {
	var out [][]int
	at := map[string]int{}
	for i, e := range binaries {
		if e.Program == floor {
			continue
		}
		if _, ok := at[e.Program]; !ok {
			at[e.Program] = len(out)
			out = append(out, nil)
		}
		out[at[e.Program]] = append(out[at[e.Program]], i)
	}
	return out
}

func ratio(a, floor Stat) *Ratio {
	if floor.Low <= 0 {
		return nil
	}
	return &Ratio{Value: hundredth(a.Median / floor.Median), Low: hundredth(a.Low / floor.High), High: hundredth(a.High / floor.Low)}
}

// table is the samples by binary and mark ("" is the wall time), in microseconds, one
// value a round; NaN where there is none.
type table struct {
	header header
	values map[job][]float64
	faults [][]float64 // by binary
}

func newTable(s *samples) *table {
	t := &table{header: s.header, values: map[job][]float64{}, faults: make([][]float64, len(s.header.Binaries))}
	for n, round := range s.rounds {
		for _, one := range round.Runs {
			key := job{one.Binary, one.Mark}
			for len(t.values[key]) < len(s.rounds) {
				t.values[key] = append(t.values[key], math.NaN())
			}
			t.values[key][n] = float64(one.NS) / 1000
			if one.Mark == "" {
				t.faults[one.Binary] = append(t.faults[one.Binary], float64(one.Faults))
			}
		}
	}
	return t
}

// all returns the values that there are of a binary.
func (t *table) all(binary int, mark string) []float64 {
	return known(t.values[job{binary, mark}])
}

// repeats returns the values of each repeat, whole or begun.
func (t *table) repeats(binary int, mark string) [][]float64 {
	return t.split(t.values[job{binary, mark}])
}

// split cuts one value a round into repeats, and leaves NaN out.
func (t *table) split(values []float64) [][]float64 {
	var out [][]float64
	for chunk := range slices.Chunk(values, t.header.Rounds) {
		if got := known(chunk); len(got) > 0 {
			out = append(out, got)
		}
	}
	return out
}

func known(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), math.IsNaN)
}

// minus returns a − b of each round.
func minus(a, b []float64) []float64 {
	out := make([]float64, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}

func (t *table) marks(binary int) []Mark {
	var out []Mark
	var before []float64
	for _, symbol := range Marks() {
		at := t.values[job{binary, symbol}]
		if len(known(at)) == 0 {
			continue
		}
		step := at
		if before != nil {
			step = minus(at, before)
		}
		out = append(out, Mark{Symbol: symbol, At: rounded(describe(known(at))), Step: rounded(describe(known(step)))})
		before = at
	}
	return out
}

// pairs compares every two of a program's versions, by wall time and by main.main.
func (t *table) pairs(versions []int) []Pair {
	var out []Pair
	for _, mark := range []string{"", "main.main"} {
		for i, a := range versions {
			for _, b := range versions[i+1:] {
				difference := minus(t.values[job{b, mark}], t.values[job{a, mark}])
				if got := known(difference); len(got) > 0 {
					out = append(out, t.pair(a, b, cmp.Or(mark, "wall"), difference, got))
				}
			}
		}
	}
	return out
}

func (t *table) pair(a, b int, measure string, difference, got []float64) Pair {
	p := Pair{
		Program: t.header.Binaries[a].Program, Measure: measure,
		A: t.header.Binaries[a].Version, B: t.header.Binaries[b].Version,
		Difference: rounded(describe(got)),
	}
	for _, d := range got {
		if d > 0 {
			p.Slower++
		}
	}
	sign := median(got) > 0
	for _, repeat := range t.split(difference) {
		p.Repeats++
		if median(repeat) > 0 == sign {
			p.Held++
		}
	}
	return p
}

// rank sums up how stable the order of a program's versions is.
func (t *table) rank(versions []int, pairs []Pair) Ranks {
	r := Ranks{Program: t.header.Binaries[versions[0]].Program}
	order := slices.Clone(versions)
	middle := func(i int) float64 { return median(t.all(i, "")) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(middle(a), middle(b)) })
	for _, i := range order {
		r.Order = append(r.Order, t.header.Binaries[i].Version)
	}
	for _, p := range pairs {
		if p.Measure == "wall" {
			r.Pairs++
			if p.Held == p.Repeats {
				r.Stable++
			}
		}
	}
	r.Spearman = t.agreement(versions)
	return r
}

// agreement returns the least rank correlation of two repeats.
func (t *table) agreement(versions []int) *float64 {
	var medians [][]float64 // by repeat, then version
	for k, i := range versions {
		for n, repeat := range t.repeats(i, "") {
			if k == 0 {
				medians = append(medians, nil)
			}
			medians[n] = append(medians[n], median(repeat))
		}
	}
	least := math.Inf(1)
	for n, a := range medians {
		for _, b := range medians[n+1:] {
			least = math.Min(least, spearman(a, b))
		}
	}
	if math.IsInf(least, 0) || math.IsNaN(least) {
		return nil
	}
	least = math.Round(least*1000) / 1000
	return &least
}

// rounded cuts times to a tenth of a microsecond, which is below what a run repeats to.
func rounded(s Stat) Stat {
	return Stat{s.N, tenth(s.Median), tenth(s.Q1), tenth(s.Q3), tenth(s.Low), tenth(s.High)}
}

func tenth(v float64) float64     { return math.Round(v*10) / 10 }
func hundredth(v float64) float64 { return math.Round(v*100) / 100 }
