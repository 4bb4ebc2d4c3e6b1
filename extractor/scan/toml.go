package scan

import (
	"errors"
	"go/token"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Decode reads the page as TOML and reports whether it is; keys that it does not
// know are reported too, with the nearest of those known.
func (p *Page) Decode(to any, known []string) bool {
	meta, err := TOML(strings.Join(p.Lines, "\n")+"\n", to)
	if err != nil {
		pos := p.Pos(0, 0)
		var wrong toml.ParseError
		if errors.As(err, &wrong) {
			pos = p.within(p.Pos(wrong.Position.Line-1, max(wrong.Position.Col, 1)-1), pos)
			err = errors.New(wrong.Message)
		}
		p.Errorf(pos, "%v", err).Relate("fix: write it as TOML; https://toml.io says how")
		return false
	}
	unknown := map[string]bool{}
	told := 0
	for _, k := range meta.Undecoded() {
		unknown[k.String()] = true
		if unknown[k[:len(k)-1].String()] {
			continue // within what is unknown already
		}
		if told++; told > maxSame {
			break // to find each takes time in the file
		}
		name := k[len(k)-1]
		if slices.Contains(known, name) {
			p.Errorf(p.keyPos(k), "the key %q does not stand in a table of this kind", name).Relate("fix: remove it, or put it into the table that it is of")
			continue
		}
		d := p.Errorf(p.keyPos(k), "unknown key %q%s", name, DidYouMean(name, known))
		if near, ok := Nearest(name, known); ok {
			d.Relate("fix: %s", near)
		} else {
			d.Relate("fix: use one of %s", strings.Join(known, ", "))
		}
	}
	return true
}

// Table returns the position of the table i; starts are the lines that tables open on.
func (p *Page) Table(starts []int, i int) token.Position {
	if i >= len(starts) {
		return p.Pos(0, 0) // written in another form
	}
	return p.Pos(starts[i], 0)
}

// Tables returns the lines that open a table.
func (p *Page) Tables(header string) []int {
	var found []int
	for i, line := range p.Lines {
		if before, _, _ := strings.Cut(line, "#"); strings.TrimSpace(before) == header {
			found = append(found, i)
		}
	}
	return found
}

// keyPos finds the first line that sets a key, at or below the first table that it is in.
func (p *Page) keyPos(k toml.Key) token.Position {
	table := k[:len(k)-1].String()
	first := slices.Concat(p.Tables("["+table+"]"), p.Tables("[["+table+"]]"), []int{0})[0]
	for i, line := range p.Lines {
		if i < first {
			continue
		}
		if at := strings.Index(line, k[len(k)-1]); at >= 0 && strings.ContainsAny(line[at:], "=]") {
			return p.Pos(i, at)
		}
	}
	return p.Pos(0, 0)
}

// Find returns where a text stands at or below a line; the line itself if the
// text is written with escapes.
func (p *Page) Find(text string, line int) token.Position {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	if first != "" {
		for i := line; i < len(p.Lines); i++ {
			if at := strings.Index(p.Lines[i], first); at >= 0 {
				return p.Pos(i, at)
			}
		}
	}
	return p.Pos(line, 0)
}

// OneOf reports a value of a key that is none of those known.
func (p *Page) OneOf(pos token.Position, key, value string, known []string) {
	if slices.Contains(known, value) {
		return
	}
	d := p.Errorf(pos, "no %s %q%s", key, value, DidYouMean(value, known))
	if near, ok := Nearest(value, known); ok {
		d.Relate("fix: %s = %q", key, near)
	} else {
		d.Relate("fix: use one of %s", strings.TrimPrefix(strings.Join(known, ", "), ", "))
	}
}
