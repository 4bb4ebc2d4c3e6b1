package content

import (
	"testing"

	"beforemain/extractor/source"
)

func TestURLs(t *testing.T) {
	u := newURLs("go1.27", []string{"runtime.m", "runtime.M", "_rt0_amd64_linux", "internal/runtime/maps.AlgInit", "runtime.gogo<>"}, []string{"runtime.GOGO<>", "runtime.cas", "runtime.Cas", "runtime.cas"})
	for _, c := range []struct{ got, want string }{
		{u.home("go1.27", "zh"), "zh/"},
		{u.home("go1.17", "zh"), "go1.17/zh/"},
		{u.chapter("go1.27", "en", "schedinit"), "en/boot/schedinit/"},
		{u.symbol("go1.27", "zh", "runtime.GOGO<>"), "zh/symbols/runtime.GOGO-local-2/"},
		{u.symbol("go1.27", "zh", "runtime.cas"), "zh/symbols/runtime.cas-2/"},
		{u.symbol("go1.17", "zh", "_rt0_amd64_linux"), "go1.17/zh/symbols/_rt0_amd64_linux/"},
		{u.symbol("go1.27", "zh", "internal/runtime/maps.AlgInit"), "zh/symbols/internal/runtime/maps.AlgInit/"},
		{u.symbol("go1.27", "zh", "runtime.gogo<>"), "zh/symbols/runtime.gogo-local/"},
		{u.symbol("go1.27", "zh", "runtime.M"), "zh/symbols/runtime.M/"},
		{u.symbol("go1.27", "zh", "runtime.m"), "zh/symbols/runtime.m-2/"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"zh/boot/check/", "zh/boot/args/", "../args/"},
		{"zh/boot/check/", "zh/symbols/runtime.args/#note-x", "../../symbols/runtime.args/#note-x"},
		{"go1.17/zh/boot/check/", "zh/boot/check/", "../../../../zh/boot/check/"},
		{"zh/boot/check/", "zh/boot/check/#a", "#a"},
		{"zh/", "zh/boot/check/", "boot/check/"},
		{"zh/boot/check/", "zh/", "../../"},
	} {
		if got := relative(c.from, c.to); got != c.want {
			t.Errorf("relative(%s, %s) = %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestUpstream(t *testing.T) {
	v := source.Version{Name: "go1.17", Tag: "go1.17.13"}
	got := upstream("https://x/{tag}/{path}#L{start}-L{end}", v, "src/a.go", 3, 9)
	if want := "https://x/go1.17.13/src/a.go#L3-L9"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
