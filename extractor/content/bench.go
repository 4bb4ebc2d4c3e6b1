package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/measure"
	"beforemain/extractor/render"
)

// eachBench calls f for every machine that programs were measured on, with the series
// of the program that a figure asks for, by default the first that has versions.
func (w *weaver) eachBench(f *annotation.Figure, draw func(*measure.Bench, []measure.Series) render.Figure) []render.Figure {
	if w.Measured == nil {
		return nil
	}
	var list []render.Figure
	for _, b := range w.Measured.Benches {
		name := f.Program
		for _, p := range b.Programs() {
			if name == "" && b.Of(p)[0].Version != "" {
				name = p
			}
		}
		series := b.Of(name)
		if len(series) == 0 {
			continue
		}
		fig := draw(b, series)
		fig.Caption = name + " · " + w.sentences(fig.Caption, w.method(b))
		fig.More = w.word("as_table")
		if fig.Picture == "" {
			fig.More = ""
		}
		list = append(list, fig)
	}
	return list
}

// sentences joins sentences as the language does.
func (w *weaver) sentences(list ...string) string {
	stop := w.word("stop")
	if stop == "." {
		stop = ". "
	}
	return strings.Join(list, stop)
}

// method says how, where and when a bench was made.
func (w *weaver) method(b *measure.Bench) string {
	m := b.Method
	return fmt.Sprintf("%d × %d %s · %s", m.Repeats, m.Rounds, w.word("rounds"), w.source(b.Machine, b.Date))
}

// wallFigure compares the time from before fork to the end.
func (w *weaver) wallFigure(f *annotation.Figure) []render.Figure {
	return w.eachBench(f, func(b *measure.Bench, series []measure.Series) render.Figure {
		c := render.Chart{Title: w.word("wall_title"), Unit: "µs"}
		t := &render.Table{Head: []string{w.word("version"), w.word("median") + " µs", w.word("interval"), w.word("quartiles"), w.word("times_floor"), w.word("faults"), w.word("medians")}}
		for _, s := range b.Series {
			if s.Version == "" {
				c.Line = s.Wall.Median
				t.Rows = append(t.Rows, w.wallRow(s, s.Program))
			}
		}
		for _, s := range series {
			row := render.Bar{Label: s.Version, Parts: []float64{s.Wall.Median}, Low: s.Wall.Low, High: s.Wall.High, Text: micros(s.Wall.Median), Current: s.Version == w.version.Name}
			if s.Ratio != nil {
				row.Text += fmt.Sprintf(" · %.2f×", s.Ratio.Value)
			}
			c.Rows = append(c.Rows, row)
			t.Rows = append(t.Rows, w.wallRow(s, s.Version))
			if row.Current {
				t.Current = len(t.Rows)
			}
		}
		return render.Figure{Picture: c.SVG(), Caption: w.sentences(w.word("wall_title"), w.word("wall_note")), Table: t}
	})
}

func (w *weaver) wallRow(s measure.Series, name string) []render.Cell {
	number := func(text string) render.Cell { return render.Cell{Text: text, Number: true} }
	row := []render.Cell{{Text: name}, number(micros(s.Wall.Median)), number(span(s.Wall.Low, s.Wall.High)), number(span(s.Wall.Q1, s.Wall.Q3)), number(""), number(""), number("")}
	if s.Ratio != nil {
		row[4].Text = fmt.Sprintf("%.2f", s.Ratio.Value)
	}
	if s.Faults != nil {
		row[5].Text = micros(s.Faults.Median)
	}
	var medians []string
	for _, m := range s.Repeats {
		medians = append(medians, micros(m))
	}
	row[6].Text = strings.Join(medians, " / ")
	return row
}

func span(low, high float64) string { return micros(low) + "–" + micros(high) }

// phasesFigure divides the time up to the last mark, in the versions that have the phases
// of the page's version.
func (w *weaver) phasesFigure(f *annotation.Figure) []render.Figure {
	return w.eachBench(f, func(b *measure.Bench, series []measure.Series) render.Figure {
		model := series[0] // the version of the page; one that nobody marked, the oldest that has phases
		for _, s := range series {
			if len(s.Marks) > 0 && (len(model.Marks) == 0 || s.Version == w.version.Name) {
				model = s
			}
		}
		c := render.Chart{Title: w.word("phases_title"), Unit: "µs"}
		t := &render.Table{Head: []string{w.word("version")}}
		from := "exec"
		for _, m := range model.Marks {
			name := from + " → " + baseName(m.Symbol)
			c.Parts, t.Head = append(c.Parts, name), append(t.Head, name)
			from = baseName(m.Symbol)
		}
		t.Head = append(t.Head, w.word("sum"))
		for _, s := range series {
			if !slices.EqualFunc(s.Marks, model.Marks, func(a, b measure.Mark) bool { return a.Symbol == b.Symbol }) {
				continue // it has other phases
			}
			row := render.Bar{Label: s.Version, Current: s.Version == w.version.Name}
			cells := []render.Cell{{Text: s.Version}}
			total := 0.0
			for _, m := range s.Marks {
				row.Parts = append(row.Parts, m.Step.Median)
				cells = append(cells, render.Cell{Text: micros(m.Step.Median), Number: true})
				total = m.At.Median
			}
			row.Text = micros(total)
			c.Rows = append(c.Rows, row)
			t.Rows = append(t.Rows, append(cells, render.Cell{Text: micros(total), Number: true}))
			if row.Current {
				t.Current = len(t.Rows)
			}
		}
		if len(c.Parts) == 0 {
			return render.Figure{Caption: w.word("not_measured")}
		}
		return render.Figure{Picture: c.SVG(), Caption: w.word("phases_title"), Table: t}
	})
}

// instructionsFigure compares how many instructions the first thread executes.
func (w *weaver) instructionsFigure(f *annotation.Figure) []render.Figure {
	return w.eachBench(f, func(b *measure.Bench, series []measure.Series) render.Figure {
		c := render.Chart{Title: w.word("instructions_title")}
		t := &render.Table{Head: []string{w.word("version"), w.word("instructions"), w.word("bytes")}}
		for _, s := range series {
			current := s.Version == w.version.Name
			c.Rows = append(c.Rows, render.Bar{Label: s.Version, Parts: []float64{float64(s.Instructions)}, Text: grouped(s.Instructions), Current: current})
			t.Rows = append(t.Rows, []render.Cell{{Text: s.Version}, {Text: grouped(s.Instructions), Number: true}, {Text: grouped(s.Bytes), Number: true}})
			if current {
				t.Current = len(t.Rows)
			}
		}
		return render.Figure{Picture: c.SVG(), Caption: w.word("instructions_title"), Table: t}
	})
}

// memoryFigure tells what a program occupies.
func (w *weaver) memoryFigure(f *annotation.Figure) []render.Figure {
	return w.eachBench(f, func(b *measure.Bench, series []measure.Series) render.Figure {
		t := &render.Table{Head: []string{w.word("version"), w.word("file_bytes"), w.word("address_space"), w.word("peak_main"), w.word("peak_end"), w.word("faults"), w.word("threads")}}
		for _, s := range series {
			row := []render.Cell{{Text: s.Version}, {Text: grouped(s.Bytes), Number: true}, {Number: true}, {Number: true}, {Number: true}, {Number: true}, {Number: true}}
			if m := s.Memory; m != nil {
				row[2].Text, row[3].Text, row[4].Text = grouped(m.Size), grouped(m.Peak), grouped(m.Exit)
				row[6].Text = itoa(m.Threads)
			}
			if s.Faults != nil {
				row[5].Text = micros(s.Faults.Median)
			}
			t.Rows = append(t.Rows, row)
			if s.Version == w.version.Name {
				t.Current = len(t.Rows)
			}
		}
		return render.Figure{Caption: w.word("memory_title"), Table: t}
	})
}

// threadsFigure tells which threads there are at the end of the traces, and which
// goroutines were seen.
func (w *weaver) threadsFigure(f *annotation.Figure) []render.Figure {
	t := render.Table{Head: []string{w.word("version"), w.word("threads"), w.word("goroutines_seen"), w.word("made_by")}}
	caption := ""
	for _, v := range w.Book.Versions {
		tr := w.trace(v.Name, f.On)
		if tr == nil {
			continue
		}
		var goroutines, makers []string
		seen := map[string]bool{}
		for _, s := range tr.Steps {
			if s.G != "" && !seen[s.G] && s.G != "g0" && s.G != "gsignal" {
				seen[s.G] = true
				goroutines = append(goroutines, s.G)
			}
		}
		for _, th := range tr.Threads {
			if th.Thread > 0 && th.Creator >= 0 {
				makers = append(makers, fmt.Sprintf("%d ← %d", th.Thread, th.Creator))
			}
		}
		t.Rows = append(t.Rows, []render.Cell{{Text: cmp.Or(tr.Tag, v.Name)}, {Text: itoa(len(tr.Threads)), Number: true}, {Text: strings.Join(goroutines, " ")}, {Text: strings.Join(makers, ", ")}})
		if v.Name == w.version.Name {
			t.Current = len(t.Rows)
		}
		caption = w.source(tr.Machine, tr.Date)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []render.Figure{{Caption: caption, Table: &t}}
}
