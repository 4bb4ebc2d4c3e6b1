package margin_test

import (
	"testing"

	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

// A file of the search index that does not come, or is another in its place, fails at
// once and may be asked for again.
func TestLoad(t *testing.T) {
	built := api.Build(api.BuildOptions{EntryPoints: []string{"assets/js/search/load.js"}, Bundle: true, Format: api.FormatIIFE, GlobalName: "script", Target: api.ES2017})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	vm := goja.New()
	var said []string
	if err := vm.Set("say", func(s string) { said = append(said, s) }); err != nil {
		t.Fatal(err)
	}
	// A script of the page: the index, a page in its place, or nothing.
	const page = `
		let asked = 0
		const document = {createElement: () => ({remove() {}}), head: {append(script) {
			asked++
			Promise.resolve().then(() => {
				if (script.src === "base/gone.js") return script.onerror()
				if (script.src === "base/index.js") bookSearch("index", "data")
				script.onload()
			})
		}}}
	`
	const ask = `
		const load = script.loader("base/")
		const told = name => load(name).then(v => say(name + " " + v), e => say(name + " failed: " + e.message))
		told("index").then(() => told("index")).then(() => told("page")).then(() => told("gone")).then(() => told("gone")).then(() => say("asked " + asked))
	`
	for _, text := range []string{page, string(built.OutputFiles[0].Contents), ask} {
		if _, err := vm.RunString(text); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"index data", "index data", "page failed: page", "gone failed: gone", "gone failed: gone", "asked 4"}
	if d := cmp.Diff(want, said); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
