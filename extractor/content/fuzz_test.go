package content

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"beforemain/extractor/annotation"
	"beforemain/extractor/measure"
	"beforemain/extractor/render"
)

// FuzzFigures: whatever was measured, every figure of it is drawn, in bounds, and what a
// machine calls itself stays text.
func FuzzFigures(f *testing.F) {
	l := openLayout(f)
	l.Words = map[string]render.Words{"en": {"thread": "thread", "stop": "."}}
	f.Add(`{"version":"v1","goos":"linux","goarch":"amd64","machine":{"cpu":"<b onload=x>","cores":2,"virtual":"yes"},"date":"2026-01-02",
"threads":[{"thread":0,"creator":-1},{"thread":1,"creator":0,"after":1},{"thread":2,"creator":1}],
"steps":[{"seq":1,"symbol":"p.start","us":12.3,"g":"g1"},{"seq":2,"symbol":"p.main","caller":"p.start","insn":1100,"us":20.04},{"seq":3,"symbol":"p.next","caller":"p.main","inlined":true},{"symbol":"p.next","thread":1},{"seq":4,"symbol":"main.main","caller":"main.main","us":100}],
"edges":[{"from":"p.start","to":"p.main","count":1}]}`,
		`{"machine":{"cpu":"X"},"method":{"rounds":2,"repeats":3,"confidence":0.95},
"series":[{"program":"floor","wall":{"median":170,"low":168,"high":172}},
{"program":"least","version":"v1","bytes":1000,"wall":{"median":850.4,"low":840,"high":860},"repeats":[850,851,849],"ratio":{"value":5},"faults":{"median":113},"marks":[{"symbol":"p.start","at":{"median":9},"step":{"median":9}},{"symbol":"main.main","at":{"median":500},"step":{"median":491}}],"instructions":171804,"memory":{"threads":4,"size":70,"peak":992,"exit":1000}}],
"pairs":[{"program":"least","measure":"wall","a":"v1","b":"v2","difference":{"median":-3}}],"ranks":[{"program":"least","order":["v1"],"spearman":0.5}]}`)
	f.Add(`{"version":"v1","goos":"linux","goarch":"amd64","steps":[{"symbol":"p.start","us":-1},{"symbol":"p.main","us":1e15}],"threads":[{"thread":2,"creator":1},{"thread":1,"creator":2}]}`,
		`{"series":[{"program":"a","version":"v","wall":{"median":-5,"low":3,"high":-9}},{"program":"a","version":"v","marks":[{},{}]}]}`)
	f.Fuzz(func(t *testing.T, trace, bench string) {
		set, problems := measure.Read(fstest.MapFS{"d/trace/a.json": {Data: []byte(trace)}, "d/bench/a.json": {Data: []byte(bench)}}, "d")
		if len(problems) == 2 {
			return
		}
		l.Measured = set
		e := l.open("v1")
		w := &weaver{edition: e, page: "/x/", ids: &render.IDs{}}
		for _, name := range []string{"order", "timeline", "tree", "wall", "phases", "instructions", "memory", "threads", "versions", "records"} {
			page := string(w.figure(&annotation.Figure{Name: name}))
			if most := 20000 + 400*(len(trace)+len(bench)); len(page) > most {
				t.Errorf("%s: %d bytes of %d", name, len(page), len(trace)+len(bench))
			}
			inert(t, name, page)
		}
		w.order(&annotation.Order{Symbols: []string{"p.start", "p.main"}})
		e.observed("p.next")
		e.stretch([]string{"p.start", "p.next"})
	})
}

// inert fails if a figure holds what could do something, or numbers that are none.
func inert(t *testing.T, name, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || token.Data == "script" {
					t.Fatalf("%s: %s", name, token)
				}
				switch a.Key {
				case "x", "y", "x1", "x2", "y1", "y2", "width", "height":
					if strings.ContainsAny(a.Val, "NI") {
						t.Fatalf("%s: %s", name, token)
					}
				}
			}
		}
	}
}
