package bench

import (
	"math"
	"slices"
)

// confidence is the least probability with which the interval of a Stat holds the true
// median.
const confidence = 0.95

// Stat sums up what was measured, in the unit of the field it stands in.
type Stat struct {
	N      int     `json:"n"`
	Median float64 `json:"median"`
	Q1     float64 `json:"q1"` // a quarter of the values are below
	Q3     float64 `json:"q3"` // a quarter are above; Q3 − Q1 is the interquartile range
	// Low and High are the order statistics between which the true median lies with a
	// probability of at least 0.95, whatever the distribution. Below 6 values no two are
	// enough, and they are the least and the greatest.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// describe returns the Stat of values, which stay as they are; of none it is zero.
func describe(values []float64) Stat {
	n := len(values)
	if n == 0 {
		return Stat{}
	}
	x := slices.Sorted(slices.Values(values))
	k := cut(n)
	return Stat{
		N: n, Median: quantile(x, 0.5), Q1: quantile(x, 0.25), Q3: quantile(x, 0.75),
		Low: x[k], High: x[n-1-k],
	}
}

// median returns the middle of values, which stay as they are; NaN of none.
func median(values []float64) float64 {
	return quantile(slices.Sorted(slices.Values(values)), 0.5)
}

// quantile returns the value below which the q-th part of sorted values lies, on a
// straight line between neighbours; NaN of none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// cut returns how many of n sorted values may be cut off at each end: the greatest k such
// that the median lies between the k-th and the (n−1−k)-th, counted from 0, with the
// wanted confidence; 0 if none.
//
// The number of values below the median is binomial with p = ½, and the interval misses
// it if k or fewer are below, or above.
func cut(n int) int {
	k, below := 0, 0.0
	for i := 0; 2*i < n; i++ {
		below += binomial(n, i)
		if 2*below > 1-confidence {
			break
		}
		k = i
	}
	return k
}

// binomial returns the probability of i heads in n throws of a coin.
func binomial(n, i int) float64 {
	ln := func(k int) float64 {
		v, _ := math.Lgamma(float64(k + 1))
		return v
	}
	return math.Exp(ln(n) - ln(i) - ln(n-i) - float64(n)*math.Ln2)
}

// spearman returns the rank correlation of two orders of the same things: 1 if they are
// the same, −1 if one is the other backward. a[i] and b[i] are the i-th thing's values;
// equal ones share their rank. NaN of fewer than two things, or if all are equal.
func spearman(a, b []float64) float64 {
	ra, rb := ranks(a), ranks(b)
	mean := float64(len(a)-1) / 2
	var ab, aa, bb float64
	for i := range ra {
		ab += (ra[i] - mean) * (rb[i] - mean)
		aa += (ra[i] - mean) * (ra[i] - mean)
		bb += (rb[i] - mean) * (rb[i] - mean)
	}
	return ab / math.Sqrt(aa*bb)
}

// ranks returns each value's place in their order, from 0; equal ones share the mean.
func ranks(values []float64) []float64 {
	sorted := slices.Sorted(slices.Values(values))
	out := make([]float64, len(values))
	for i, v := range values {
		first, _ := slices.BinarySearch(sorted, v)
		last := first
		for last+1 < len(sorted) && sorted[last+1] == v {
			last++
		}
		out[i] = float64(first+last) / 2
	}
	return out
}
