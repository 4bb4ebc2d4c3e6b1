package render

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"beforemain/extractor/internal/fixture"
)

// TestFigures compares what is drawn with goldens. A picture is well-formed XML, and
// needs no style of its own.
func TestFigures(t *testing.T) {
	table := Table{
		Caption: "Numbers",
		Head:    []string{"Version", "µs", ""},
		Rows: [][]Cell{
			{{Text: "go1.17"}, {Text: "859", Number: true}, {}},
			{{Text: "p.start", Code: true, Href: "../p.start/"}, {Text: "1,290", Number: true, Mark: true}, {Text: "<new>", Title: "a & b", Mark: true}},
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
			{Label: "p.start", Href: "../p.start/", Parent: 0, Jump: true},
			{Label: "p.inlined", Parent: 1, Quiet: true},
			{Label: "p.last<>", Parent: 0},
			{Label: "main.main", Parent: -1},
		}}.SVG()},
	}
	golden := fixture.Goldens(t, "testdata/golden/figure")
	for name, figure := range cases {
		t.Run(name, func(t *testing.T) {
			got := string(figure.HTML())
			golden(t, name+".html", []byte(got))
			if regexp.MustCompile(`\sstyle=|<style|<script|\son\w+=`).MatchString(got) {
				t.Error("a style or a script of its own")
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
