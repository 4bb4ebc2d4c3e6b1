package render

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"beforemain/extractor/internal/fixture"
	"beforemain/extractor/layout"
)

// misplaced is a caption with something of its figure before it and behind it.
var misplaced = regexp.MustCompile(`(?s)<figure[^>]*>\s*<[^>]*>.*</figcaption>\s*<[^/]`)

// TestFigures compares what is drawn with goldens. A picture is well-formed XML, and
// needs no style of its own.
func TestFigures(t *testing.T) {
	table := Table{
		Head: []string{"Version", "µs", ""},
		Rows: [][]Cell{
			{{Text: "go1.17"}, {Text: "859", Number: true}, {}},
			{{Text: "p.start", Code: true, Href: "../p.start/"}, {Text: "1,290", Number: true, Mark: true}, {Text: "<new>", Mark: true}},
		},
		Current: 2,
	}
	cases := map[string]Figure{
		"chart": {ID: "figure-chart", Caption: "How long", Table: &table, More: "As a table", Picture: Chart{
			Title: "Time", Unit: "µs", Line: 170,
			Rows: []Bar{
				{Label: "go1.17", Parts: []float64{859}, Low: 800, High: 911.5, Text: "859 · 5.1×"},
				{Label: "go1.27", Parts: []float64{1290}, Low: 1200, High: 1410, Text: "1,290", Current: true},
			},
		}.SVG()},
		"phases": {Picture: Chart{
			Title: "Phases", Unit: "µs", Parts: []string{"exec → a", "a → b", "b → c", "c → d", "d → e"},
			Rows: []Bar{{Label: "v1", Parts: []float64{26, 55, 400, 250, 0.5}, Text: "731"}},
		}.SVG()},
		"empty": {Picture: Chart{Title: "Nothing"}.SVG(), Table: &Table{Head: []string{"Version"}}},
		"timeline": {Picture: Timeline{Title: "Threads", Unit: "µs", End: 680, Lanes: []Lane{
			{Label: "Thread 0", Steps: []Moment{{26, "_start", "../_start/"}, {28, "", ""}, {30, "other", ""}, {270, "init", "../p.init/"}, {679, "main", ""}}},
			{Label: "线程 1 · sysmon", From: 480},
		}}.SVG()},
		"tree": {Picture: Tree{Title: "Calls", Nodes: []TreeNode{
			{Label: "_start", Href: "../_start/", Note: "26 µs", Parent: -1},
			{Label: "p.start", Href: "../p.start/", Parent: 0},
			{Label: "p.inlined", Parent: 1, Quiet: true},
			{Label: "p.last<>", Parent: 0},
			{Label: "main.main", Parent: -1},
		}}.SVG()},
		"memory": {Caption: "After the call", Picture: Memory{Title: "The stack & what it holds", Steps: []MemoryStep{
			{Label: "1 At the entry", Columns: []MemoryColumn{{Cells: []MemoryCell{{Label: `"./a"`, Note: "strings"}, {Label: "…", Look: "free"}, {Label: "argv[0]", At: "8(SP)"}, {Label: "argc", At: "0(SP)"}}}},
				Arrows: []Arrow{{Register: "SP", To: Place{0, 3}}, {From: Place{0, 2}, To: Place{0, 0}}}, Brackets: []Bracket{{0, 2, 3, "what the kernel has put there, in the order in which it is walked"}}},
			{Label: "2 随后", Columns: []MemoryColumn{
				{Label: "m0", Cells: []MemoryCell{{Label: "tls[0]", At: "+96", Look: "new", Note: "本线程的 G，写在这里"}, {Label: "g0", At: "+0"}}},
				{Label: "g0", Cells: []MemoryCell{{Label: "m", At: "+48"}, {Label: "stack", At: "+0"}, {}}}},
				Arrows: []Arrow{{Register: "FS", To: Place{0, 0}}, {From: Place{0, 0}, To: Place{1, 2}}, {From: Place{0, 1}, To: Place{1, 2}}, {From: Place{1, 0}, To: Place{0, 1}}}},
			{},
		}}.HTML()},
	}
	var engine layout.Engine
	graph, err := Graph{
		Title: "Order & needs", Rows: true,
		Nodes: []GraphNode{
			{Label: "the system", Look: "outside"},
			{Label: "begin", Href: "../p.begin/", Number: "1", Code: true},
			{Label: "heap", Note: "below it", Number: "2", Across: true, Look: "across"},
			{Label: "模块", Number: "3", Look: "strong"},
			{Label: "a<b", Number: "4"},
		},
		Edges: []GraphEdge{{From: 0, To: 1}, {From: 1, To: 3, Label: "why"}, {From: 3, To: 4}, {From: 4, To: 1, Look: "back", Loose: true}},
	}.SVG(&engine)
	if err != nil {
		t.Fatal(err)
	}
	cases["lanes"] = Figure{Picture: Lanes{
		Title:   "Side by side",
		Columns: []LaneHead{{"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}},
		Rows: [][]LaneBox{
			{{GraphNode{Label: "_start", Code: true, Href: "../_start/"}, 0, 1}, {GraphNode{Label: "start_of_windows", Code: true, Look: "outside"}, 2, 2}},
			{{GraphNode{Label: "线程", Note: "only there"}, 2, 2}},
			{{GraphNode{Label: "main", Code: true, Look: "strong"}, 0, 2}},
		},
	}.SVG()}
	cases["graph"] = Figure{ID: "picture-graph", Caption: "How", Picture: graph}
	golden := fixture.Goldens(t, "testdata/golden/figure")
	for name, figure := range cases {
		t.Run(name, func(t *testing.T) {
			got := string(figure.HTML())
			golden(t, name+".html", []byte(got))
			if regexp.MustCompile(`\sstyle=|<style|<script|\son\w+=`).MatchString(got) {
				t.Error("a style or a script of its own")
			}
			if misplaced.MatchString(got) {
				t.Error("a caption that neither begins nor ends its figure")
			}
			d := xml.NewDecoder(strings.NewReader(string(figure.Picture)))
			for {
				_, err := d.Token()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestMemoryLines: what is written in a picture of memory stays within it, and apart.
func TestMemoryLines(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "",
		"short":              "short",
		"two words or three": "two words|or three",
		"一共十二个汉字要分成两行":       "一共十二个汉|字要分成两行",
		"标点，不在行首，也不，在行首":             "标点，不在行|首，也不，在|行首",
		"averylongwordstandsalone x": "averylongwordstandsalone|x",
		"用 `settls` 设好":              "用|`settls`|设好",
	} {
		if got := strings.Join(wrap(text, 66), "|"); got != want {
			t.Errorf("wrap(%q) = %q, want %q", text, got, want)
		}
	}
	step := MemoryStep{Label: "a label that takes a line of its own", Columns: []MemoryColumn{
		{Label: "p", Cells: []MemoryCell{{Label: "一二三四", At: "+8", Note: "a note that takes several lines of text, because it says so much"}, {Label: "next"}}},
		{Cells: []MemoryCell{{Label: "a rather long label", Note: "说明"}}},
	}, Arrows: []Arrow{{From: Place{0, 0}, To: Place{1, 0}}, {Register: "SP", To: Place{1, 0}}}}
	d := newMemoryLayout(step).draw()
	for i, c := range d.Cells {
		if c.X < 0 || c.X+c.W > d.Width || c.Y+c.H > d.Height || c.TextX+codeWidth(c.Label) > c.X+c.W {
			t.Errorf("cell %d lies outside, or its label: %+v", i, c)
		}
	}
	at := map[[2]int]bool{}
	for _, x := range d.Texts {
		if x.X < 0 || x.X+noteWidth(x.Text) > d.Width || x.Y > d.Height || at[[2]int{x.X, x.Y}] {
			t.Errorf("in %d×%d: %+v", d.Width, d.Height, x)
		}
		at[[2]int{x.X, x.Y}] = true
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct{ most, step, last float64 }{
		{0, 1, 1}, {1, 0.2, 1}, {7, 2, 8}, {60, 10, 60}, {61, 20, 80}, {680, 200, 800}, {1290, 500, 1500}, {242526, 50000, 250000},
	} {
		step, last := scale(c.most)
		if step != c.step || last != c.last {
			t.Errorf("scale(%v) = %v, %v, want %v, %v", c.most, step, last, c.step, c.last)
		}
	}
}
