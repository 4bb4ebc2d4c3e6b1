package annotation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"beforemain/extractor/index"
)

// keyWidth is how wide the keys of a block are set, with their colon and a space.
const keyWidth = len("reviewed: ")

// Format returns a file of notes as the book writes it: the notes in the order of
// their ids in order, one empty line between parts, the values of a block below
// each other, a newline at the end. A note that order does not name stays behind
// the one that it stands behind. The prose is not touched, but for the empty
// lines around it.
//
// A file with a part that has no end, or with bytes that are no text, comes back
// as an error: what its author meant cannot be told.
func Format(name string, text []byte, order []string) ([]byte, error) {
	p := newPage(name, text)
	if len(p.list) > 0 {
		return nil, fmt.Errorf("%s: %s", place(p.list[0].Pos), p.list[0].Message)
	}
	for i, line := range p.lines {
		if at := strings.IndexByte(line, '\r'); at >= 0 {
			return nil, fmt.Errorf("%s: a carriage return within the line", place(p.pos(i, at)))
		}
	}
	f := &formatter{page: p}
	if err := f.read(); err != nil {
		return nil, err
	}
	f.sort(order)
	return []byte(f.String()), nil
}

// formatter is a file of notes as parts, each of which is lines without empty
// ones around them.
type formatter struct {
	*page
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
	if strings.TrimRight(f.lines[0], " ") != "---" {
		return fmt.Errorf("%s:1: the file does not begin with \"---\"", f.name)
	}
	f.head = []string{"---"}
	f.next = 1
	for {
		line, _, ok := f.page.read()
		if !ok {
			return fmt.Errorf("%s:1: the front matter is not closed", f.name)
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
		line, n, ok := f.page.read()
		if !ok {
			return nil
		}
		level, rest := heading(line)
		mark, info := fence(line)
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
	first := f.next
	for {
		line, n, ok := f.page.read()
		if !ok {
			break
		}
		if level, _ := heading(line); level == 2 || level == 3 {
			f.next = n
			break
		}
		if mark, _ := fence(line); mark != "" {
			if err := f.close(mark, n); err != nil {
				return err
			}
		}
	}
	lang, title, _ := strings.Cut(rest, " ")
	part := []string{strings.TrimSpace(strings.Join([]string{"###", lang, strings.TrimSpace(title)}, " "))}
	prose, _ := trimBlank(f.lines[first:f.next], first)
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
	part := slices.Clone(f.lines[n:f.next])
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
		line, _, ok := f.page.read()
		if !ok {
			return fmt.Errorf("%s: the fenced block is not closed", place(f.pos(n, 0)))
		}
		if closes(line, mark) {
			return nil
		}
	}
}

// paragraph reads lines that are in no section, up to the next heading or fence.
func (f *formatter) paragraph(first int) []string {
	for {
		line, n, ok := f.page.read()
		if !ok {
			break
		}
		level, _ := heading(line)
		if mark, _ := fence(line); mark != "" || level == 2 || level == 3 {
			f.next = n
			break
		}
	}
	part, _ := trimBlank(f.lines[first:f.next], first)
	return part
}

// formatField sets the value of a `key: value` line at a column; a line that is
// none loses only the white space at its end.
func formatField(line string, keys []string, width int) string {
	key, value, found := strings.Cut(line, ":")
	key = strings.TrimSpace(key)
	if !found || !slices.Contains(keys, key) || strings.ContainsFunc(line, func(r rune) bool { _, bad := odd[r]; return bad }) {
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

// ByPlace returns the ids of notes, all of one symbol, in the order of the lines
// that they resolve to, in the newest version that has them; notes on one line by
// id. Notes on a platform stand behind those of the platforms before it in the
// book. A note that older versions alone have stands behind the note that it
// follows there. A note without any place is left out.
func ByPlace(book Book, notes []*Annotation, anchors []Anchor) []string {
	ids := map[string]bool{}
	for _, a := range notes {
		ids[a.ID] = true
	}
	places := make([]map[string]notePlace, len(book.Versions))
	for i, v := range book.Versions {
		places[i] = map[string]notePlace{}
		for _, a := range anchors {
			if a.Slice.Version.Name != v.Name || a.Annotation.Symbol != notes[0].Symbol || !ids[a.Annotation.ID] {
				continue
			}
			at := notePlace{slices.Index(book.Platforms, firstPlatform(book, a.Platforms)), a.First}
			if had, ok := places[i][a.Annotation.ID]; !ok || at.before(had) {
				places[i][a.Annotation.ID] = at
			}
		}
	}
	var order []string
	for i := len(places) - 1; i >= 0; i-- {
		order = insertOlder(order, places[i])
	}
	return order
}

// notePlace is where a note stands in one version.
type notePlace struct{ platform, line int }

func (a notePlace) before(b notePlace) bool {
	return a.platform < b.platform || a.platform == b.platform && a.line < b.line
}

func firstPlatform(book Book, list []index.Platform) index.Platform {
	for _, p := range book.Platforms {
		if slices.Contains(list, p) {
			return p
		}
	}
	return index.Platform{}
}

// insertOlder adds the notes of an older version that are not in order yet, each
// behind the last note that stands before it in that version.
func insertOlder(order []string, places map[string]notePlace) []string {
	ids := slices.Sorted(maps.Keys(places))
	slices.SortStableFunc(ids, func(a, b string) int {
		switch {
		case places[a].before(places[b]):
			return -1
		case places[b].before(places[a]):
			return 1
		}
		return 0
	})
	old := slices.Clone(order)
	for i, id := range ids {
		if slices.Contains(old, id) {
			continue
		}
		at := 0
		for _, before := range ids[:i] {
			at = max(at, slices.Index(order, before)+1)
		}
		order = slices.Insert(order, at, id)
	}
	return order
}
