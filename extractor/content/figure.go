package content

import (
	"html/template"
	"slices"
	"strings"

	"znkr.io/diff"

	"beforemain/extractor/annotation"
	"beforemain/extractor/measure"
	"beforemain/extractor/render"
)

// figure draws what was measured. Where nothing was, it says so.
func (w *weaver) figure(f *annotation.Figure) template.HTML {
	draw := map[string]func(*annotation.Figure) []render.Figure{
		"order": w.orderFigure, "timeline": w.timelineFigure, "tree": w.treeFigure,
		"wall": w.wallFigure, "phases": w.phasesFigure, "instructions": w.instructionsFigure,
		"memory": w.memoryFigure, "threads": w.threadsFigure,
		"versions": w.versionsFigure, "records": w.recordsFigure,
	}[f.Name]
	figures := draw(f)
	if len(figures) == 0 {
		figures = []render.Figure{{Caption: w.word("not_measured")}}
	}
	var b strings.Builder
	for _, one := range figures {
		one.ID = w.ids.Claim("figure-" + f.Name)
		b.WriteString(string(one.HTML()))
	}
	return template.HTML(b.String())
}

// word returns a word of the theme, its places filled with values: name, value, name, value.
func (e edition) word(key string, values ...string) string {
	return e.Words[e.lang].With(key, values...)
}

// order lists symbols in the order that a chapter states, with what was measured.
func (w *weaver) order(o *annotation.Order) template.HTML {
	on := ""
	if len(o.On) > 0 {
		on = o.On[0]
	}
	steps := map[string]measure.Step{}
	if t := w.trace(w.version.Name, on); t != nil {
		for _, s := range w.spineSteps(t) {
			steps[s.Symbol] = s
		}
	}
	t := render.Table{Head: []string{w.word("step"), w.word("function"), w.word("microseconds"), w.word("runs_on")}}
	for _, symbol := range o.Symbols {
		if !w.has(w.version.Name, symbol) {
			continue
		}
		s, seen := steps[symbol]
		row := []render.Cell{{Text: itoa(len(t.Rows) + 1)}, w.symbolCell(symbol), {Number: true}, {}}
		if seen {
			if s.US > 0 {
				row[2].Text = micros(s.US)
			}
			row[3].Text = s.G
		}
		t.Rows = append(t.Rows, row)
	}
	return t.HTML()
}

// symbolCell names a symbol, with a link if this version has a page of it.
func (w *weaver) symbolCell(symbol string) render.Cell {
	c := render.Cell{Text: symbol, Code: true}
	if _, ok := w.position[symbol]; ok && w.has(w.version.Name, symbol) {
		c.Href = relative(w.page, w.urls.symbol(w.version.Name, w.lang, symbol))
	}
	return c
}

// orderFigure is a table of when each symbol of the book first ran, a column a version.
func (w *weaver) orderFigure(f *annotation.Figure) []render.Figure {
	type column struct {
		version string
		steps   []measure.Step
		at      map[string]int
		moved   map[string]bool // against the column before
	}
	var columns []column
	var caption string
	for _, v := range w.Book.Versions {
		t := w.trace(v.Name, f.On)
		if t == nil {
			continue
		}
		c := column{v.Name, w.spineSteps(t), map[string]int{}, nil}
		for i, s := range c.steps {
			c.at[s.Symbol] = i + 1
		}
		if len(columns) > 0 {
			c.moved = moved(columns[len(columns)-1].steps, c.steps)
		}
		columns = append(columns, c)
		caption = w.source(t.Machine, t.Date)
	}
	if len(columns) == 0 {
		return nil
	}
	var rows []string // of the newest version, each older one's own behind what it followed
	for i := len(columns) - 1; i >= 0; i-- {
		before := -1
		for _, s := range columns[i].steps {
			if at := slices.Index(rows, s.Symbol); at >= 0 {
				before = at
				continue
			}
			before++
			rows = slices.Insert(rows, before, s.Symbol)
		}
	}
	t := render.Table{Head: []string{w.word("function")}}
	for _, c := range columns {
		t.Head = append(t.Head, strings.TrimPrefix(c.version, "go"))
	}
	for _, symbol := range rows {
		row := []render.Cell{w.symbolCell(symbol)}
		for _, c := range columns {
			cell := render.Cell{Text: "–", Number: true}
			if n := c.at[symbol]; n > 0 {
				cell.Text = itoa(n)
				if c.steps[n-1].Inlined {
					cell.Text += "i"
				}
				cell.Mark = c.moved[symbol]
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return []render.Figure{{Caption: caption, Table: &t}}
}

// moved returns the symbols that stand in another order than before: those of both
// lists that are not in their longest common sequence. Of two neighbours that changed
// places it is the one that was first: hence the diff from is to was.
func moved(was, is []measure.Step) map[string]bool {
	set := map[string]bool{}
	for _, e := range diff.Edits(shared(is, was), shared(was, is), diff.Minimal()) {
		if e.Op == diff.Delete {
			set[e.X] = true
		}
	}
	return set
}

// shared returns the symbols of list that other has too, in the order of list.
func shared(list, other []measure.Step) []string {
	var names []string
	for _, s := range list {
		if slices.ContainsFunc(other, func(o measure.Step) bool { return o.Symbol == s.Symbol }) {
			names = append(names, s.Symbol)
		}
	}
	return names
}

// timelineFigure shows threads over time.
func (w *weaver) timelineFigure(f *annotation.Figure) []render.Figure {
	t := w.trace(w.version.Name, f.On)
	if t == nil {
		return nil
	}
	line := render.Timeline{Title: w.word("timeline_title") + " " + w.version.Name, Unit: "µs"}
	table := render.Table{Head: []string{w.word("step"), w.word("function"), w.word("microseconds"), w.word("since_before"), w.word("instructions"), w.word("runs_on")}}
	times := map[int]float64{} // by Seq
	first := render.Lane{Label: w.word("thread") + " 0"}
	last := 0.0
	for i, s := range w.spineSteps(t) {
		row := []render.Cell{{Text: itoa(i + 1)}, w.symbolCell(s.Symbol), {Number: true}, {Number: true}, {Number: true}, {Text: s.G}}
		if s.Inlined {
			row[5].Text = w.word("inlined")
		}
		if s.US > 0 {
			times[s.Seq] = s.US
			row[2].Text, row[3].Text = micros(s.US), micros(s.US-last)
			last = s.US
			first.Steps = append(first.Steps, render.Moment{At: s.US, Label: baseName(s.Symbol), Href: w.symbolCell(s.Symbol).Href})
		}
		if s.Insn > 0 {
			row[4].Text = grouped(s.Insn)
		}
		table.Rows = append(table.Rows, row)
	}
	fig := render.Figure{Caption: w.source(t.Machine, t.Date), Table: &table}
	if last == 0 {
		return []render.Figure{fig} // emulated or static: an order without times
	}
	line.End = last
	label(first.Steps, last)
	line.Lanes = append(line.Lanes, first)
	for _, th := range t.Threads {
		if th.Thread > 0 {
			line.Lanes = append(line.Lanes, render.Lane{Label: w.threadLabel(t, th.Thread), From: began(th, t.Threads, times)})
		}
	}
	fig.Picture, fig.More = line.SVG(), w.word("as_table")
	return []render.Figure{fig}
}

// label leaves labels to the steps that some time passes before, and to the first and
// the last.
func label(steps []render.Moment, end float64) {
	const visible = 0.012
	last := 0.0
	for i := range steps {
		if i > 0 && i < len(steps)-1 && steps[i].At-last < visible*end {
			steps[i].Label = ""
			continue
		}
		last = steps[i].At
	}
}

// began returns when a thread was made: the time of the last step before, of those that
// were timed, of its creator, or of the creator's own creation.
func began(th measure.Thread, threads []measure.Thread, times map[int]float64) float64 {
	if th.Creator > 0 {
		i := slices.IndexFunc(threads, func(o measure.Thread) bool { return o.Thread == th.Creator })
		if i >= 0 && threads[i].Creator < th.Thread {
			return began(threads[i], threads, times)
		}
	}
	at := 0.0
	for seq, v := range times {
		if seq <= th.After {
			at = max(at, v)
		}
	}
	return at
}

// threadLabel names a thread by the symbols of the book that it first ran.
func (w *weaver) threadLabel(t *measure.Trace, thread int) string {
	var names []string
	for _, s := range t.OnThread(thread) {
		name := baseName(s.Symbol)
		if _, ok := w.position[s.Symbol]; ok && !slices.Contains(names, name) && len(names) < 8 {
			names = append(names, name)
		}
	}
	return w.word("thread") + " " + itoa(thread) + " · " + strings.Join(names, " → ")
}

func baseName(symbol string) string {
	return symbol[strings.LastIndexByte(symbol, '.')+1:]
}

// treeFigure shows who called whom, of the symbols of the book.
func (w *weaver) treeFigure(f *annotation.Figure) []render.Figure {
	t := w.trace(w.version.Name, f.On)
	if t == nil {
		return nil
	}
	caller := map[string]string{}
	for _, s := range t.OnThread(0) {
		if _, ok := caller[s.Symbol]; !ok {
			caller[s.Symbol] = s.Caller
		}
	}
	tree := render.Tree{Title: w.word("tree_title") + " " + w.version.Name}
	at := map[string]int{}
	for _, s := range w.spineSteps(t) {
		n := render.TreeNode{Label: s.Symbol, Href: w.symbolCell(s.Symbol).Href, Parent: -1, Quiet: s.Inlined}
		if s.US > 0 {
			n.Note = micros(s.US) + " µs"
		}
		for up, hops := caller[s.Symbol], 0; up != "" && hops < len(caller); up, hops = caller[up], hops+1 {
			if i, ok := at[up]; ok {
				n.Parent = i
				break
			}
		}
		at[s.Symbol] = len(tree.Nodes)
		tree.Nodes = append(tree.Nodes, n)
	}
	return []render.Figure{{Picture: tree.SVG(), Caption: w.source(t.Machine, t.Date)}}
}

// source says on what machine something was observed, and when.
func (w *weaver) source(m measure.Machine, date string) string {
	return w.word("observed_on") + " " + w.machine(m) + " · " + date
}
