package annotation

import (
	"fmt"
	"slices"
	"strings"

	"beforemain/extractor/scan"
)

// Format returns a file of notes as the book writes it: the notes in the order of
// their ids in order, one empty line between parts, the values of a block below
// each other, a newline at the end. A note that order does not name stays behind
// the one that it stands behind. The prose is not touched, but for the empty
// lines around it.
//
// A file with a part that has no end, or with bytes that are no text, comes back
// as an error: what its author meant cannot be told.
func Format(name string, text []byte, order []string) ([]byte, error) {
	p := scan.NewPage(name, text)
	if len(p.List) > 0 {
		return nil, fmt.Errorf("%s: %s", scan.Place(p.List[0].Pos), p.List[0].Message)
	}
	f := &formatter{Page: p}
	if err := f.read(); err != nil {
		return nil, err
	}
	f.sort(order)
	return []byte(f.String()), nil
}

// formatter is a file of notes as parts, each of which is lines without empty
// ones around them.
type formatter struct {
	*scan.Page
	head  []string // the front matter
	lead  [][]string
	notes []formatNote
}

type formatNote struct {
	id    string
	parts [][]string
}

// read splits the file as the reader of notes does.
func (f *formatter) read() error {
	if strings.TrimRight(f.Lines[0], " ") != "---" {
		return fmt.Errorf("%s:1: the file does not begin with \"---\"", f.Name)
	}
	f.head = []string{"---"}
	f.Next = 1
	for {
		line, _, ok := f.Page.Read()
		if !ok {
			return fmt.Errorf("%s:1: the front matter is not closed", f.Name)
		}
		if strings.TrimRight(line, " ") == "---" {
			f.head = append(f.head, "---")
			break
		}
		if line = formatField(line, []string{"symbol"}, 0); line != "" {
			f.head = append(f.head, line)
		}
	}
	for {
		line, n, ok := f.Page.Read()
		if !ok {
			return nil
		}
		level, rest := scan.Heading(line)
		mark, info := scan.Fence(line)
		var err error
		switch {
		case strings.TrimSpace(line) == "":
		case level == 2:
			f.notes = append(f.notes, formatNote{id: rest})
		case level == 3:
			err = f.section(rest)
		case mark != "":
			err = f.block(mark, info, n)
		default:
			f.add(f.paragraph(n))
		}
		if err != nil {
			return err
		}
	}
}

func (f *formatter) add(part []string) {
	if len(f.notes) == 0 {
		f.lead = append(f.lead, part)
		return
	}
	n := &f.notes[len(f.notes)-1]
	n.parts = append(n.parts, part)
}

// section reads the prose below a heading of a language.
func (f *formatter) section(rest string) error {
	first := f.Next
	for {
		line, n, ok := f.Page.Read()
		if !ok {
			break
		}
		if level, _ := scan.Heading(line); level == 2 || level == 3 {
			f.Next = n
			break
		}
		if mark, _ := scan.Fence(line); mark != "" {
			if err := f.close(mark, n); err != nil {
				return err
			}
		}
	}
	lang, title, _ := strings.Cut(rest, " ")
	part := []string{strings.TrimSpace(strings.Join([]string{"###", lang, strings.TrimSpace(title)}, " "))}
	prose, _ := trimBlank(f.Lines[first:f.Next], first)
	if len(prose) > 0 && stampForm.MatchString(strings.TrimRight(prose[0], " ")) {
		part = append(part, "", strings.TrimRight(prose[0], " "))
		prose, _ = trimBlank(prose[1:], 0)
	} else if len(prose) > 0 {
		part = append(part, "")
	}
	if len(prose) > 0 {
		part = append(part, prose...)
		part[len(part)-1] = strings.TrimRight(part[len(part)-1], " ")
	}
	f.add(part)
	return nil
}

// block reads a fenced block; one of an unknown kind stays as it is.
func (f *formatter) block(mark, info string, n int) error {
	if err := f.close(mark, n); err != nil {
		return err
	}
	part := slices.Clone(f.Lines[n:f.Next])
	if slices.Contains(blockKinds, info) {
		lines := part[1 : len(part)-1]
		part = []string{mark + info}
		for _, line := range lines {
			if line = formatField(line, blockKeys, keyWidth); line != "" {
				part = append(part, line)
			}
		}
		part = append(part, mark)
	}
	f.add(part)
	return nil
}

// close steps behind the end of a fenced block that began at line n.
func (f *formatter) close(mark string, n int) error {
	for {
		line, _, ok := f.Page.Read()
		if !ok {
			return fmt.Errorf("%s: the fenced block is not closed", scan.Place(f.Pos(n, 0)))
		}
		if scan.Closes(line, mark) {
			return nil
		}
	}
}

// paragraph reads lines that are in no section, up to the next heading or fence.
func (f *formatter) paragraph(first int) []string {
	for {
		line, n, ok := f.Page.Read()
		if !ok {
			break
		}
		level, _ := scan.Heading(line)
		if mark, _ := scan.Fence(line); mark != "" || level == 2 || level == 3 {
			f.Next = n
			break
		}
	}
	part, _ := trimBlank(f.Lines[first:f.Next], first)
	return part
}

// formatField sets the value of a `key: value` line at a column; a line that is
// none loses only the white space at its end.
func formatField(line string, keys []string, width int) string {
	key, value, found := strings.Cut(line, ":")
	key = strings.TrimSpace(key)
	if !found || !slices.Contains(keys, key) || scan.IsOdd(line) {
		if strings.TrimSpace(line) == "" {
			return ""
		}
		return strings.TrimRight(line, " ")
	}
	return strings.TrimSpace(fmt.Sprintf("%-*s %s", max(width-1, 0), key+":", strings.TrimSpace(value)))
}

// sort puts the notes in order.
func (f *formatter) sort(order []string) {
	rank := map[string]int{}
	for i, id := range order {
		rank[id] = i + 1
	}
	type group struct {
		rank  int
		notes []formatNote
	}
	groups := []group{{}}
	for _, n := range f.notes {
		if r := rank[n.id]; r > 0 {
			groups = append(groups, group{rank: r})
		}
		last := &groups[len(groups)-1]
		last.notes = append(last.notes, n)
	}
	slices.SortStableFunc(groups, func(a, b group) int { return a.rank - b.rank })
	f.notes = nil
	for _, g := range groups {
		f.notes = append(f.notes, g.notes...)
	}
}

func (f *formatter) String() string {
	parts := append([][]string{f.head}, f.lead...)
	for _, n := range f.notes {
		parts = append(parts, []string{strings.TrimSpace("## " + n.id)})
		parts = append(parts, n.parts...)
	}
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteString("\n")
		}
		for _, line := range part {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// Markdown writes the block as it stands in a file, fences included.
func (b Block) Markdown() string {
	var s strings.Builder
	fmt.Fprintf(&s, "```%s\n", b.Kind)
	for _, f := range []struct{ key, value string }{
		{"go", b.Go.String()}, {"on", strings.Join(b.On, ", ")}, {"at", b.At}, {"until", b.Until}, {"after", b.After}, {"reviewed", b.Reviewed},
	} {
		if f.value != "" {
			fmt.Fprintf(&s, "%s\n", formatField(f.key+": "+f.value, blockKeys, keyWidth))
		}
	}
	s.WriteString("```\n")
	return s.String()
}
