package scope

import (
	"strings"
	"testing"

	"beforemain/extractor/source"
)

func TestVersionSet(t *testing.T) {
	var all []source.Version
	for _, n := range []string{"go1.17", "go1.18", "go1.19", "go1.20", "go1.21"} {
		all = append(all, source.Version{Name: n})
	}
	for _, test := range []struct {
		in     []int
		names  string
		ranges string
	}{
		{nil, "", ""},
		{[]int{0}, "go1.17", "1.17"},
		{[]int{0, 1, 2}, "go1.17..go1.19", "1.17..1.19"},
		{[]int{3, 4}, "go1.20..go1.21", "1.20+"},
		{[]int{4}, "go1.21", "1.21+"},
		{[]int{0, 2, 3}, "go1.17, go1.19..go1.20", "1.17 1.19..1.20"},
	} {
		s := Set{}
		for _, i := range test.in {
			s[i] = true
		}
		if got := s.Names(all); got != test.names {
			t.Errorf("names of %v = %q, want %q", test.in, got, test.names)
		}
		if got := strings.Join(s.Ranges(all), " "); got != test.ranges {
			t.Errorf("ranges of %v = %q, want %q", test.in, got, test.ranges)
		}
	}
}
