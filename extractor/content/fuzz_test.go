package content

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"beforemain/extractor/annotation"
	"beforemain/extractor/measure"
	"beforemain/extractor/picture"
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
		set, problems := measure.Read(fstest.MapFS{"d/trace/linux-amd64/v1.json": {Data: []byte(trace)}, "d/bench/a.json": {Data: []byte(bench)}}, "d")
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

// FuzzPictures: whatever a picture says is drawn in bounds, and its words stay words.
func FuzzPictures(f *testing.F) {
	l := openLayout(f)
	for _, s := range []string{"a {1+2} {n}", "<script>", "\\\" onload=x", "a\u202eb", "{", strings.Repeat("长", 300)} {
		f.Add("kind = \"graph\"\nnumbered = true\ntitle = \"" + s + "\"\n[[node]]\nid = \"a\"\nlabel = \"" + s + "\"\nnote = \"" + s + "\"\n[[node]]\nid = \"b\"\nsymbol = \"p.start\"\nlook = \"across\"\n[[edge]]\nfrom = \"a\"\nto = \"b\"\nlabel = \"" + s + "\"\nlook = \"back\"\n[[edge]]\nfrom = \"a\"\nto = \"a\"\n[[number]]\nname = \"n\"\nvalue = \"7\"\n")
		f.Add("kind = \"lanes\"\ncolumns = [\"linux/amd64\", \"windows/amd64\"]\n[[node]]\nlabel = \"" + s + "\"\nrow = \"1\"\n[[node]]\nrow = \"1\"\non = \"linux\"\n[[node]]\non = \"amd64\"\n")
		f.Add("kind = \"memory\"\n[[step]]\nlabel = \"" + s + "\"\n[[step.column]]\n[[step.column.cell]]\nid = \"a\"\nat = \"" + s + "\"\n[[step.column.cell]]\nid = \"b\"\nlook = \"free\"\n[[step.column]]\n[[step.column.cell]]\nid = \"c\"\n[[step.arrow]]\nfrom = \"c\"\nto = \"a\"\n[[step.arrow]]\nregister = \"SP\"\nto = \"a\"\n[[step.bracket]]\nfrom = \"b\"\nto = \"a\"\nlabel = \"x\"\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, _ := picture.Read(fstest.MapFS{"d/x.toml": {Data: []byte(text)}}, "d")
		if len(list) == 0 || len(list[0].Nodes)+len(list[0].Edges) > 20 {
			return // Graphviz takes its time
		}
		l.Pictures = list
		w := &weaver{edition: l.open("v1"), page: "/x/", ids: &render.IDs{}}
		page, err := w.picture(&annotation.Depiction{Name: "x"})
		if err != nil {
			return // as a column that is no platform, which is reported
		}
		if most := 20000 + 400*len(text); len(page) > most {
			t.Errorf("%d bytes of %d", len(page), len(text))
		}
		inert(t, "x", string(page))
	})
}
