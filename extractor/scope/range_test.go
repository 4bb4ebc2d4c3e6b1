package scope

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRange(t *testing.T) {
	all := []string{"go1.9", "go1.17", "go1.18", "go1.21", "go1.26", "go2.0"}
	for _, test := range []struct {
		in   string
		want string // the versions it holds, or the error's end
	}{
		{"1.18", "go1.18"},
		{"go1.18", "go1.18"},
		{"1.17..1.21", "go1.17 go1.18 go1.21"},
		{"1.21+", "go1.21 go1.26 go2.0"},
		{"1.9..2", "go1.9 go1.17 go1.18 go1.21 go1.26 go2.0"},
		{"v1.26.0+", "go1.26 go2.0"},
		{"1.30..1.31", ""},
		{"", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"..1.22", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.17..", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.17..1.21+", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.17 .. 1.21", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.+17", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"-1", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.99999999999", "is not of the form 1.18, 1.17..1.21 or 1.26+"},
		{"1.21..1.17", "ends before it begins"},
		{"1.10..1.9", "ends before it begins"},
	} {
		r, err := ParseRange(test.in)
		if err != nil {
			if test.want == "" || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("ParseRange(%q) = %v, want %q", test.in, err, test.want)
			}
			continue
		}
		got := strings.Join(slices.DeleteFunc(slices.Clone(all), func(v string) bool { return !r.Contains(v) }), " ")
		if got != test.want {
			t.Errorf("ParseRange(%q) holds %q, want %q", test.in, got, test.want)
		}
		if back, err := ParseRange(r.String()); err != nil || !cmp.Equal(back, r, cmp.AllowUnexported(Range{})) {
			t.Errorf("ParseRange(%q) of %q = %v, %v", r.String(), test.in, back, err)
		}
	}
	if !(Range{}).Contains("tip") {
		t.Error("the zero range lacks a version")
	}
}
