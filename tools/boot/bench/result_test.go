package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"beforemain/tools/boot/machine"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sampled is three rounds in two repeats (the second is not complete) of a floor and two
// versions, with a mark; times in µs.
func sampled() *samples {
	s := &samples{header: header{Schema: schema, Date: "2026-11-26", Rounds: 2, Repeats: 2, Seed: 9, Faults: true, Machine: machine.Machine{Cores: 2, OS: "linux", Arch: "amd64"},
		Binaries: []entry{{floor, "", 200, "a"}, {"println", "go1.17", 1000, "b"}, {"println", "go1.18", 1100, "c"}}}}
	s.facts = []fact{{Binary: 0}, {Binary: 1, Instructions: 5000, Memory: &Memory{4, 70000, 900, 950}}, {Binary: 2, Instructions: 6000}}
	for n, us := range [][]int64{{100, 200, 250}, {110, 220, 210}, {120, 240, 330}} {
		r := round{Repeat: n / 2, Round: n % 2}
		for i, t := range us {
			r.Runs = append(r.Runs, run{Binary: i, NS: t * 1000, Faults: 3})
		}
		for i := 1; i < 3; i++ {
			r.Runs = append(r.Runs, run{Binary: i, Mark: "runtime.rt0_go", NS: 50_000})
			if n != 1 || i != 2 { // go1.18's main.main was missed once
				r.Runs = append(r.Runs, run{Binary: i, Mark: "main.main", NS: us[i] * 500})
			}
		}
		s.rounds = append(s.rounds, r)
	}
	return s
}

func TestSummarize(t *testing.T) {
	got := summarize(sampled())
	three := func(a, b, c float64) Stat { return Stat{3, b, (a + b) / 2, (b + c) / 2, a, c} }
	same := func(n int, v float64) Stat { return Stat{n, v, v, v, v, v} }
	faults, one := same(3, 3), 1.0
	want := &Result{
		Schema: 1, Date: "2026-11-26", Machine: machine.Machine{Cores: 2, OS: "linux", Arch: "amd64"},
		Method: Method{Rounds: 2, Repeats: 2, Done: 3, Seed: 9, Confidence: 0.95},
		Series: []Series{
			{Program: "floor", Bytes: 200, Wall: three(100, 110, 120), Repeats: []float64{105, 120}, Faults: &faults},
			{Program: "println", Version: "go1.17", Bytes: 1000, Wall: three(200, 220, 240), Repeats: []float64{210, 240},
				Ratio: &Ratio{2, 1.67, 2.4}, Faults: &faults, Instructions: 5000, Memory: &Memory{4, 70000, 900, 950},
				Marks: []Mark{{"runtime.rt0_go", same(3, 50), same(3, 50)}, {"main.main", three(100, 110, 120), three(50, 60, 70)}}},
			{Program: "println", Version: "go1.18", Bytes: 1100, Wall: three(210, 250, 330), Repeats: []float64{230, 330},
				Ratio: &Ratio{2.27, 1.75, 3.3}, Faults: &faults, Instructions: 6000,
				Marks: []Mark{{"runtime.rt0_go", same(3, 50), same(3, 50)}, {"main.main", Stat{2, 145, 135, 155, 125, 165}, Stat{2, 95, 85, 105, 75, 115}}}},
		},
		Pairs: []Pair{
			// +50, −10, +90: the first repeat's median is +20, the second's +90.
			{"println", "wall", "go1.17", "go1.18", Stat{3, 50, 20, 70, -10, 90}, 2, 2, 2},
			{"println", "main.main", "go1.17", "go1.18", Stat{2, 35, 30, 40, 25, 45}, 2, 2, 2},
		},
		Ranks:     []Ranks{{"println", []string{"go1.17", "go1.18"}, 1, 1, &one}},
		Omissions: []Omission{{"marks", "main.main of println go1.18 was not reached in 1 of 3 runs"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	validate(t, got)
}

// An order that turns round between the repeats is no stable one.
func TestUnstableOrder(t *testing.T) {
	s := sampled()
	for n, us := range [][]int64{{0, 200, 100}, {0, 200, 100}, {0, 200, 230}} {
		for i := range s.rounds[n].Runs[:3] {
			s.rounds[n].Runs[i].NS = us[i] * 1000
		}
	}
	got := summarize(s)
	least := -1.0
	if diff := cmp.Diff([]Ranks{{"println", []string{"go1.18", "go1.17"}, 1, 0, &least}}, got.Ranks); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p := got.Pairs[0]; p.Held != 1 || p.Repeats != 2 || p.Slower != 1 {
		t.Errorf("the pair is %+v, want slower once and held in 1 of 2", p)
	}
	if got.Series[1].Ratio != nil {
		t.Errorf("a ratio to a floor of nothing: %+v", got.Series[1].Ratio)
	}
}

// validate checks a result against the schema.
func validate(t *testing.T, r *Result) {
	t.Helper()
	form, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", form); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// many is the samples of a whole run: 3 repeats of 200 rounds, 33 binaries and a floor.
func many() *samples {
	rng := rand.New(rand.NewPCG(1, 1))
	s := &samples{header: header{Schema: schema, Rounds: 200, Repeats: 3, Faults: true, Binaries: []entry{{floor, "", 1, ""}}}}
	for i := range 33 {
		s.header.Binaries = append(s.header.Binaries, entry{fmt.Sprint("program", i/11), fmt.Sprint("go1.", 17+i%11), 1, ""})
	}
	for n := range 600 {
		r := round{Repeat: n / 200, Round: n % 200}
		for i := range s.header.Binaries {
			r.Runs = append(r.Runs, run{Binary: i, NS: 1_000_000 + rng.Int64N(500_000), Faults: 100})
			for k, mark := range Marks() {
				if i > 0 {
					r.Runs = append(r.Runs, run{Binary: i, Mark: mark, NS: int64(k+1)*200_000 + rng.Int64N(100_000)})
				}
			}
		}
		s.rounds = append(s.rounds, r)
	}
	return s
}

// The published file of a whole run is small enough to be in the repository.
func TestSize(t *testing.T) {
	text, err := json.MarshalIndent(summarize(many()), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", len(text))
	if len(text) > 300_000 {
		t.Errorf("%d bytes", len(text))
	}
}

func BenchmarkSummarize(b *testing.B) {
	s := many()
	for b.Loop() {
		summarize(s)
	}
}

func BenchmarkParse(b *testing.B) {
	s := many()
	var text []byte
	add := func(l line) {
		one, err := json.Marshal(l)
		if err != nil {
			b.Fatal(err)
		}
		text = append(append(text, one...), '\n')
	}
	add(line{Header: &s.header})
	for i := range s.rounds {
		add(line{Round: &s.rounds[i]})
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
