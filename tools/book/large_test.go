package main

import (
	"strings"
	"testing"
)

func TestLargeBook(t *testing.T) {
	for _, c := range []struct {
		symbols, languages int
		want               string
	}{
		{0, 2, ""},
		{250, 2, ""},
		{6000, 2, ""},
		{9100, 2, "18200 pages a version take about 3 GB of memory"},
		{9100, 1, ""},
		{100_000, 2, "200000 pages a version take about 33 GB of memory"},
	} {
		if got := largeBook(c.symbols, c.languages); got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%d symbols in %d languages: %q, want %q", c.symbols, c.languages, got, c.want)
		}
	}
}
