package bench

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDescribe(t *testing.T) {
	tests := map[string]struct {
		values []float64
		want   Stat
	}{
		"none":  {nil, Stat{}},
		"one":   {[]float64{7}, Stat{1, 7, 7, 7, 7, 7}},
		"even":  {[]float64{4, 1, 3, 2}, Stat{4, 2.5, 1.75, 3.25, 1, 4}},
		"odd":   {[]float64{5, 1, 2, 4, 3}, Stat{5, 3, 2, 4, 1, 5}},
		"six":   {[]float64{6, 5, 4, 3, 2, 1}, Stat{6, 3.5, 2.25, 4.75, 1, 6}},
		"nine":  {[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, Stat{9, 5, 3, 7, 2, 8}},
		"equal": {[]float64{3, 3, 3}, Stat{3, 3, 3, 3, 3, 3}},
	}
	for name, test := range tests {
		if got := describe(test.values); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

// The ranks of the published tables of the sign test at 5 %, two-sided (there counted
// from 1).
func TestRank(t *testing.T) {
	for n, want := range map[int]int{1: 0, 5: 0, 6: 0, 8: 0, 9: 1, 11: 1, 12: 2, 15: 3, 20: 5, 25: 7, 30: 9, 50: 17, 100: 39} {
		if got := cut(n); got != want {
			t.Errorf("cut(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestBinomial(t *testing.T) {
	for _, test := range []struct {
		n, i int
		want float64
	}{{1, 0, 0.5}, {2, 1, 0.5}, {4, 2, 6.0 / 16}, {10, 3, 120.0 / 1024}} {
		if got := binomial(test.n, test.i); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("binomial(%d, %d) = %v, want %v", test.n, test.i, got, test.want)
		}
	}
	sum := 0.0
	for i := range 601 {
		sum += binomial(600, i)
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("the probabilities of 600 throws add up to %v", sum)
	}
}

// The interval holds the true median in at least 95 of 100 samples, of a distribution
// that is far from normal.
func TestIntervalCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	held := 0
	const samples = 4000
	for range samples {
		x := make([]float64, 40)
		for i := range x {
			x[i] = rng.ExpFloat64()
		}
		if s := describe(x); s.Low <= math.Ln2 && math.Ln2 <= s.High {
			held++
		}
	}
	if part := float64(held) / samples; part < 0.95 {
		t.Errorf("the interval held the median in %.3f of the samples", part)
	}
}

// Order, shift and scale change what they should and nothing else.
func TestDescribeProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 60; n++ {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(rng.IntN(1000))
		}
		s := describe(x)
		if !(s.Low <= s.Median && s.Median <= s.High && s.Q1 <= s.Median && s.Median <= s.Q3) {
			t.Fatalf("of %v: %+v is out of order", x, s)
		}
		rng.Shuffle(n, func(i, j int) { x[i], x[j] = x[j], x[i] })
		if got := describe(x); got != s {
			t.Fatalf("shuffled: %+v, before %+v", got, s)
		}
		for i := range x {
			x[i] = 4*x[i] + 8
		}
		want := Stat{n, 4*s.Median + 8, 4*s.Q1 + 8, 4*s.Q3 + 8, 4*s.Low + 8, 4*s.High + 8}
		if got := describe(x); got != want {
			t.Fatalf("scaled: %+v, want %+v", got, want)
		}
	}
}

func TestSpearman(t *testing.T) {
	tests := map[string]struct {
		a, b []float64
		want float64
	}{
		"the same":     {[]float64{1, 5, 9}, []float64{10, 20, 30}, 1},
		"backward":     {[]float64{1, 5, 9}, []float64{3, 2, 1}, -1},
		"two swapped":  {[]float64{1, 2, 3, 4}, []float64{1, 3, 2, 4}, 0.8},
		"equal values": {[]float64{1, 1, 2}, []float64{1, 1, 2}, 1},
	}
	for name, test := range tests {
		if got := spearman(test.a, test.b); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if got := spearman([]float64{1}, []float64{1}); !math.IsNaN(got) {
		t.Errorf("of one thing: %v, want NaN", got)
	}
}

func BenchmarkDescribe(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	x := make([]float64, 600)
	for i := range x {
		x[i] = rng.ExpFloat64()
	}
	for b.Loop() {
		describe(x)
	}
}
