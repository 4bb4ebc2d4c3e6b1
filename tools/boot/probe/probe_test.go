package probe

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLevel(t *testing.T) {
	tests := []struct {
		name      string
		got, want []time.Duration
	}{
		{"empty", nil, []time.Duration{}},
		{"ascending", []time.Duration{1, 2, 3}, []time.Duration{1, 2, 3}},
		{"one out of order", []time.Duration{1, 8, 4, 9}, []time.Duration{1, 6, 6, 9}},
		{"descending", []time.Duration{9, 6, 3}, []time.Duration{6, 6, 6}},
		{"none between", []time.Duration{8, 0, 4, 9}, []time.Duration{6, 0, 6, 9}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, level(tt.got)); diff != "" {
				t.Errorf("(-want +got): %s", diff)
			}
		})
	}
}

func TestMedians(t *testing.T) {
	got := medians([][]time.Duration{{5, 1, 3}, {4, 2}, {7}, {}}, 3)
	if diff := cmp.Diff([]time.Duration{3, 3, 0, 0}, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}
