package margin_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// TestContrast computes WCAG's contrast of each pair of colours that carries
// text, in the light and the dark scheme.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)`).FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = [2]string{m[2], m[3]}
	}
	ground := []string{"paper", "sheet", "shade", "touch", "mark"}
	code := []string{"sheet", "touch", "mark", "came-1", "came-2", "went-1", "went-2"}
	on := map[string][]string{
		"ink": ground, "ink-2": ground, "accent": ground, "on-accent": {"accent"},
		"keyword": code, "function": code, "type": code, "string": code, "literal": code, "register": append([]string{"paper"}, code...), "comment": code,
		"came": {"paper", "sheet", "came-1"}, "went": {"paper", "sheet", "went-1"},
	}
	for text, backs := range on {
		for _, back := range backs {
			for i, scheme := range []string{"light", "dark"} {
				fore, under := colours[text][i], colours[back][i]
				if fore == "" || under == "" {
					t.Errorf("tokens.css lacks --%s or --%s", text, back)
					continue
				}
				if got := contrast(t, fore, under); got < 4.5 {
					t.Errorf("%s: --%s on --%s is %.2f, want 4.5", scheme, text, back, got)
				}
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance of #rrggbb (WCAG 2.2).
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(shift uint) float64 {
		c := float64(v>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
