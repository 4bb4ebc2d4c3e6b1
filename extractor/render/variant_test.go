package render

import (
	"html/template"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/index"
)

func platforms(t *testing.T, list string) []index.Platform {
	t.Helper()
	var all []index.Platform
	for _, s := range strings.Fields(list) {
		p, err := index.ParsePlatform(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestLabel(t *testing.T) {
	all := "linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64"
	tests := map[string]struct{ platforms, label, detail string }{
		"none":                 {"", "", ""},
		"all":                  {all, "", ""},
		"all, in disorder":     {"windows/arm64 windows/amd64 darwin/arm64 darwin/amd64 linux/arm64 linux/amd64", "", ""},
		"a system":             {"linux/amd64 linux/arm64", "linux", ""},
		"systems":              {"darwin/arm64 darwin/amd64 linux/amd64 linux/arm64", "linux · darwin", ""},
		"an architecture":      {"linux/amd64 darwin/amd64 windows/amd64", "amd64", ""},
		"one":                  {"linux/arm64", "linux", "arm64"},
		"pairs":                {"linux/amd64 darwin/amd64", "linux · darwin", "amd64"},
		"no rectangle":         {"linux/amd64 linux/arm64 windows/arm64", "linux · windows/arm64", ""},
		"crosswise":            {"linux/amd64 windows/arm64", "linux/amd64 · windows/arm64", ""},
		"an extra one":         {"dragonfly/amd64", "dragonfly", "amd64"},
		"all and an extra one": {all + " dragonfly/amd64", "linux · darwin · windows · dragonfly/amd64", ""},
		"twice the same":       {"linux/amd64 linux/amd64", "linux", "amd64"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			label, detail := Label(platforms(t, tt.platforms), platforms(t, all))
			if d := cmp.Diff([]string{tt.label, tt.detail}, []string{label, detail}); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestVariants(t *testing.T) {
	linux := Variant{ID: "linux-amd64", Label: "linux · darwin", Detail: "amd64", Listing: "<b>1</b>"}
	windows := Variant{ID: "windows-amd64", Label: "windows", Listing: "<b>2</b>"}
	tests := map[string]struct {
		variants []Variant
		want     template.HTML
	}{
		"none": {nil, ""},
		"one": {[]Variant{{ID: "linux-amd64", Listing: "<b>1</b>"}}, `<div class="variants"><section class="variant v1" id="linux-amd64"><b>1</b></section>
</div>
`},
		"two": {[]Variant{linux, windows}, `<div class="variants"><nav class="tabs" aria-label="&lt;Platforms&gt;"><a class="t1" href="#linux-amd64">linux · darwin <small>amd64</small></a><a class="t2" href="#windows-amd64">windows</a></nav>
<section class="variant v1" id="linux-amd64" aria-label="linux · darwin amd64"><b>1</b></section>
<section class="variant v2" id="windows-amd64" aria-label="windows"><b>2</b></section>
</div>
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Variants(tt.variants, "<Platforms>")
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if _, err := code(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	var s IDs
	var got []string
	for _, id := range []string{"a", "a-2", "a", "a", "a-2", "b"} {
		got = append(got, s.Claim(id))
	}
	want := []string{"a", "a-2", "a-3", "a-4", "a-2-2", "b"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestInlineCode(t *testing.T) {
	for in, want := range map[string]template.HTML{
		"":            "",
		"a < b":       "a &lt; b",
		"`x` and `&`": `<code translate="no">x</code> and <code translate="no">&amp;</code>`,
		"one ` tick":  "one ` tick",
	} {
		if got := inlineCode(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
