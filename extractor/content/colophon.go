package content

import (
	"fmt"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/measure"
	"beforemain/extractor/render"
)

// versionsFigure lists what the book reads: each version, the tag that it is pinned to,
// the files that the lock names and, of the versions that are made, the symbols of the
// book that they have.
func (w *weaver) versionsFigure(*annotation.Figure) []render.Figure {
	t := render.Table{Head: []string{w.word("version"), w.word("tag"), w.word("locked_files"), w.word("symbols")}}
	for _, v := range w.Book.Versions {
		row := []render.Cell{{Text: v.Name}, {Text: v.Tag, Code: true}, {Number: true}, {Number: true}}
		if n := w.Locked[v.Tag]; n > 0 {
			row[2].Text = grouped(int64(n))
		}
		if slices.Contains(w.Index.Versions(), v) {
			n := 0
			for symbol := range w.position {
				if len(w.Index.Slices(v.Name, symbol)) > 0 {
					n++
				}
			}
			row[3].Text = itoa(n)
		}
		t.Rows = append(t.Rows, row)
		if v.Name == w.version.Name {
			t.Current = len(t.Rows)
		}
	}
	return []render.Figure{{Caption: w.word("versions_title"), Table: &t}}
}

// recordsFigure lists what was measured and how, a table for each machine and day: the
// traces, those that were made alike in one row, and the benchmarks.
func (w *weaver) recordsFigure(*annotation.Figure) []render.Figure {
	if w.Measured == nil {
		return nil
	}
	var list []render.Figure
	add := func(platform, programs string, how measure.Evidence, versions []string, runs string, m measure.Machine, date string) {
		caption := w.source(m, date)
		i := slices.IndexFunc(list, func(f render.Figure) bool { return f.Caption == caption })
		if i < 0 {
			i = len(list)
			list = append(list, render.Figure{Caption: caption, Table: &render.Table{
				Head: []string{w.word("platform"), w.word("programs"), w.word("evidence"), w.word("version"), w.word("runs")},
			}})
		}
		list[i].Table.Rows = append(list[i].Table.Rows, []render.Cell{
			{Text: platform}, {Text: programs}, {Text: w.word("evidence_" + string(how))}, {Text: ends(versions)}, {Text: runs, Number: true},
		})
	}
	for _, group := range w.alike() {
		first := group[0]
		var versions []string
		for _, tr := range group {
			versions = append(versions, tr.Version)
		}
		runs := ""
		if first.Runs > 0 {
			runs = itoa(first.Runs)
		}
		add(first.GOOS+"/"+first.GOARCH, first.Program, first.Steps[0].Evidence, versions, runs, first.Machine, first.Date)
	}
	for _, b := range w.Measured.Benches {
		var versions []string
		for _, s := range b.Series {
			if s.Version != "" && !slices.Contains(versions, s.Version) {
				versions = append(versions, s.Version)
			}
		}
		runs := fmt.Sprintf("%d × %d %s", b.Method.Repeats, b.Method.Rounds, w.word("rounds"))
		add(b.Machine.OS+"/"+b.Machine.Arch, strings.Join(b.Programs(), ", "), measure.Run, versions, runs, b.Machine, b.Date)
	}
	return list
}

// alike returns the traces in groups of one platform, program, kind of evidence,
// machine and day, in the book's order of platforms and versions.
func (w *weaver) alike() [][]*measure.Trace {
	var groups [][]*measure.Trace
	for _, p := range w.Book.everywhere() {
		begin := len(groups)
		for _, v := range w.Book.Versions {
			tr := w.Measured.Trace(v.Name, p.String())
			if tr == nil || len(tr.Steps) == 0 {
				continue
			}
			i := slices.IndexFunc(groups[begin:], func(g []*measure.Trace) bool {
				o := g[0]
				return o.Program == tr.Program && o.Runs == tr.Runs && o.Machine == tr.Machine && o.Date == tr.Date && o.Steps[0].Evidence == tr.Steps[0].Evidence
			})
			if i < 0 {
				groups = append(groups, []*measure.Trace{tr})
				continue
			}
			groups[begin+i] = append(groups[begin+i], tr)
		}
	}
	return groups
}

// ends names the first and the last of a list, and how many there are.
func ends(list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return fmt.Sprintf("%s … %s (%d)", list[0], list[len(list)-1], len(list))
}
