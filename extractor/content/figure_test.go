package content

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"beforemain/extractor/measure"
)

func TestMoved(t *testing.T) {
	steps := func(symbols string) []measure.Step {
		var list []measure.Step
		for _, s := range strings.Fields(symbols) {
			list = append(list, measure.Step{Symbol: s})
		}
		return list
	}
	tests := []struct{ name, was, is, want string }{
		{"first version", "", "a b", ""},
		{"same", "a b c", "a b c", ""},
		{"new and gone", "a b c", "a c d", ""},
		{"to the front", "a b c d", "d a b c", "d"},
		{"to the end", "a b c d", "b c d a", "a"},
		{"two", "a b c d e f", "b c a e f d", "a d"},
		{"neighbours changed places", "a b c d", "a c b d", "b"},
		{"behind what is new", "a b c", "a n c b", "b"},
		{"turned round", "a b c", "c b a", "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := slices.Sorted(maps.Keys(moved(steps(tt.was), steps(tt.is))))
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
