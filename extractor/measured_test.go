package extractor

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
)

const (
	clockTrace = `{"schema":1,"version":"v2","tag":"v1.2.0","goos":"linux","goarch":"amd64","program":"least",
"machine":{"cpu":"Abacus","cores":2,"kernel":"Linux 6","os":"linux","arch":"amd64","virtual":"yes"},"date":"2026-01-02","runs":3,"instructions":1234,
"threads":[{"thread":0,"creator":-1,"after":0},{"thread":1,"creator":0,"after":2}],
"steps":[
{"seq":1,"symbol":"clock.Start","thread":0,"g":"g1","evidence":"run","us":12.3},
{"seq":2,"symbol":"clock.read","thread":0,"g":"g1","caller":"clock.Start","evidence":"run","insn":1100,"us":20.04},
{"seq":3,"symbol":"clock.tick","thread":0,"g":"g1","caller":"clock.Start","inlined":true,"evidence":"run"},
{"seq":4,"symbol":"main.main","thread":0,"g":"g1","evidence":"run","us":100},
{"seq":5,"symbol":"clock.tick","thread":1,"g":"g0","evidence":"run"}],
"edges":[{"from":"clock.Start","to":"clock.read","count":1}]}`
	clockBench = `{"schema":1,"machine":{"cpu":"Abacus","cores":2},"date":"2026-01-02","method":{"rounds":200,"repeats":3,"done":600,"confidence":0.95},
"series":[{"program":"floor","version":"","bytes":129,"wall":{"n":600,"median":170,"q1":160,"q3":190,"low":168,"high":172}},
{"program":"least","version":"v1","bytes":1000,"wall":{"n":600,"median":850.4,"q1":800,"q3":900,"low":840,"high":860},"repeats":[850,851,849],"ratio":{"value":5,"low":4.9,"high":5.1},"faults":{"median":113},"marks":[{"symbol":"clock.Start","at":{"median":9},"step":{"median":9}},{"symbol":"main.main","at":{"median":500},"step":{"median":491}}],"instructions":171804,"memory":{"threads":4,"size":70,"peak":992,"exit":1000}},
{"program":"least","version":"v2","bytes":2000,"wall":{"n":600,"median":1000,"q1":900,"q3":1100,"low":990,"high":1010}}]}`
)

// TestMeasured: what was recorded of the second book stands on its pages, in the
// versions that it was recorded of.
func TestMeasured(t *testing.T) {
	base := clock(t, nil)
	text, err := fs.ReadFile(base.Root, BookFile)
	if err != nil {
		t.Fatal(err)
	}
	chapter := "---\ntitle: \"A beat\"\nlede: \"How it goes\"\n---\n\n{{< order clock.Start clock.read >}}\n\n"
	for _, name := range []string{"order", "timeline", "tree", "wall", "phases", "instructions", "memory", "threads", "versions", "records"} {
		chapter += "{{< figure " + name + " >}}\n\n"
	}
	words := ""
	for _, key := range []string{"not_measured", "thread", "wall_title"} {
		words += "[" + key + "]\nother = \"word:" + key + "\"\n"
	}
	result, problems, err := Run(context.Background(), clock(t, map[string]string{
		BookFile: strings.Replace(string(text), "languages", "measured = \"site/data/clock\"\nlanguages", 1),
		"site/data/clock/trace/linux-amd64/v2.json": clockTrace,
		"site/data/clock/bench/abacus.json":         clockBench,
		"site/content/en/boot/tick.md":              chapter,
		LockFile:                                    "v1.2.0 commit " + strings.Repeat("a", 40) + "\nv1.2.0 src/clock/a.go " + strings.Repeat("b", 40) + "\nv1.2.0 src/clock/b.go " + strings.Repeat("c", 40) + "\n",
		"themes/margin/i18n/en.toml":                words,
	}))
	if err != nil || problems.Count(diag.Error) > 0 {
		t.Fatal(err, problems)
	}
	body := map[string]string{}
	observed := map[string]*content.Observed{}
	stretch := map[string]*content.Stretch{}
	err = result.Editions(func(v source.Version, lang string, pages []content.Page) error {
		for _, p := range pages {
			body[v.Name+"/"+lang+"/"+p.Path] = string(p.Body)
			if s, ok := p.Params.(content.SymbolParams); ok && lang == "en" {
				observed[v.Name+" "+s.Name] = s.Observed
			}
			if c, ok := p.Params.(content.ChapterParams); ok && lang == "en" {
				stretch[v.Name] = c.Stretch
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &content.Observed{
		Platform: "linux/amd64", Step: 2, Of: 4, Thread: 0, G: "g1", Time: "20", Insn: "1,100", Evidence: "run", Date: "2026-01-02",
		Machine: "Abacus, 2 × amd64, Linux 6",
		Prev:    &content.SymbolLink{Name: "clock.Start", URL: "en/symbols/clock.Start/"},
		Next:    &content.SymbolLink{Name: "clock.tick", URL: "en/symbols/clock.tick/"},
	}
	if d := cmp.Diff(want, observed["v2 clock.read"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(&content.Stretch{First: 1, Last: 3, Of: 4, Time: "12"}, stretch["v2"]); d != "" {
		t.Errorf("the chapter's place in the start (-want +got):\n%s", d)
	}
	if stretch["v1"] != nil || observed["v1 clock.tick"] != nil {
		t.Errorf("v1 was not traced: %+v", observed["v1 clock.tick"])
	}
	page := body["v2/en/boot/tick.html"]
	for _, s := range []string{
		`<td class="n">3i</td>`, // the order
		`href="../../symbols/clock.read/"`, `class="timeline"`, `class="tree"`, "word:thread 1",
		"850 · 5.00×", "171,804", "850 / 851 / 849", "exec → Start", "Start → main", "1,000", "1 ← 0", "least · word:wall_title", `<td class="n">113</td><td class="n">4</td></tr>`, // memory, the last two
		`<td><code translate="no">v1.2.0</code></td><td class="n">2</td><td class="n">3</td>`,                 // the versions
		`<td>least</td><td></td><td>v2</td><td class="n">3</td>`, `<td>v1 … v2 (2)</td><td class="n">3 × 200`, // the records
	} {
		if !strings.Contains(page, s) {
			t.Errorf("the chapter lacks %q:\n%s", s, page)
		}
	}
	if _, phases, _ := strings.Cut(page, "exec → Start"); strings.Contains(phases[:strings.Index(phases, "</figure>")], ">v2<") {
		t.Errorf("v2 has phases that nobody measured:\n%s", phases)
	}
	if old := body["v1/en/boot/tick.html"]; !strings.Contains(old, "word:not_measured") || !strings.Contains(old, "850 · 5.00×") {
		t.Errorf("v1 has no trace, and the benchmarks of all versions:\n%s", old)
	}
}

// TestPhases: a page shows the versions that have the phases of its own, whichever is the
// oldest; one of a version that nobody marked, those that some other has.
func TestPhases(t *testing.T) {
	mark := func(names ...string) string {
		var list []string
		for _, n := range names {
			list = append(list, `{"symbol":"`+n+`","at":{"median":9},"step":{"median":9}}`)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	one, two := mark("main.main"), mark("clock.Start", "main.main")
	const whole, parts = "exec → main", "exec → Start"
	for _, c := range []struct {
		name, v1, v2 string
		want         map[string]string // by the page's version: "phase: versions"
	}{
		{"more in v2", one, two, map[string]string{"v1": whole + ": v1", "v2": parts + ": v2"}},
		{"none in v1", "[]", two, map[string]string{"v1": parts + ": v2", "v2": parts + ": v2"}},
		{"none in v2", two, "[]", map[string]string{"v1": parts + ": v1", "v2": parts + ": v1"}},
		{"the same", two, two, map[string]string{"v1": parts + ": v1 v2", "v2": parts + ": v1 v2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bench := `{"machine":{"cpu":"Abacus"},"series":[{"program":"least","version":"v1","marks":` + c.v1 + `},{"program":"least","version":"v2","marks":` + c.v2 + `}]}`
			pages := pagesOf(t, map[string]string{
				BookFile:                            strings.Replace(clockFile(t, BookFile), "languages", "measured = \"site/data/clock\"\nlanguages", 1),
				"site/data/clock/bench/abacus.json": bench,
				"site/content/en/boot/tick.md":      "---\ntitle: \"A beat\"\nlede: \"How it goes\"\n---\n\n{{< figure phases >}}\n",
			})
			got := map[string]string{}
			for v := range c.want {
				body := string(pages[v+"/en/boot/tick.html"].Body)
				for _, phase := range []string{whole, parts} {
					if strings.Contains(body, phase) {
						got[v] = phase + ":"
					}
				}
				for _, shown := range []string{"v1", "v2"} {
					if strings.Contains(body, `<th scope="row">`+shown+"</th>") {
						got[v] += " " + shown
					}
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
