package annotation

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"

	"beforemain/extractor/diag"
)

// landmark is a part of a chapter that its translations share: a heading, by its level
// and id, or a {{< … >}}.
type landmark struct {
	text string
	pos  token.Position
}

var chapterStampForm = regexp.MustCompile(`^([a-z]{2,3}(?:-[A-Za-z0-9]+)*) ([0-9a-f]{6,64})$`)

// Stamp returns the hash of the chapter's title, lede and text.
func (c *Chapter) Stamp() string { return Stamp(c.Title + "\n" + c.Lede + "\n" + c.text) }

// StampLine returns the line that the front matter of a translation made of c has.
func (c *Chapter) StampLine() string { return fmt.Sprintf("of: %s %s", c.Lang, c.Stamp()) }

// OriginOf returns the chapter that c is a translation of: the one in the first of the
// book's languages. It is nil for that one itself, and where there is none.
func OriginOf(c *Chapter, chapters []*Chapter, languages []string) *Chapter {
	for _, o := range chapters {
		if o.Slug == c.Slug && o.Lang == languages[0] && o != c {
			return o
		}
	}
	return nil
}

// Outdated reports whether c is not stamped as a translation of its origin as that is now.
func (c *Chapter) Outdated(origin *Chapter) bool {
	from, hash, _ := strings.Cut(c.Of, " ")
	return from != origin.Lang || !strings.HasPrefix(hash, origin.Stamp())
}

// stamp reads which text a chapter says that it is a translation of.
func (p *chapterParser) stamp(head map[string]field) (of string, pos token.Position) {
	f, ok := head["of"]
	if !ok {
		return "", p.pos(0, 0)
	}
	if f.value != "" && !chapterStampForm.MatchString(f.value) {
		p.errorf(f.pos, "malformed stamp; \"book stamp\" writes it").Relate("fix: remove this line")
		return "", f.pos
	}
	return f.value, f.pos
}

// translations compares each chapter with its origin.
func (c *checker) translations(chapters []*Chapter) {
	for _, ch := range chapters {
		origin := OriginOf(ch, chapters, c.book.Languages)
		switch {
		case ch.Title == "" || origin != nil && origin.Title == "": // cannot be read
		case origin != nil:
			c.chapterStamp(ch, origin)
			c.outline(ch, origin)
		case ch.Of != "" && ch.Lang == c.book.Languages[0]:
			c.list.Errorf(ch.OfPos, "N109", "the %s text of a chapter is the origin, and an origin has no stamp", ch.Lang).
				Relate("fix: remove this line")
		}
	}
}

func (c *checker) chapterStamp(ch, origin *Chapter) {
	var d *diag.Diagnostic
	switch {
	case !ch.Outdated(origin):
		return
	case ch.Of == "":
		d = c.list.Warnf(ch.OfPos, "N121", "the %s text of the chapter %q does not say which %s text it is of", ch.Lang, ch.Slug, origin.Lang)
	default:
		d = c.list.Warnf(ch.OfPos, "N121", "the %s text of the chapter %q is of %s, and its %s is %s now", ch.Lang, ch.Slug, ch.Of, origin.Lang, origin.Stamp())
	}
	d.Relate("%s: %s", place(origin.Pos), cut(origin.Title)).
		Relate("bring the text up to its origin first, then book stamp %s", ch.Pos.Filename).
		Relate("fix: %s", origin.StampLine())
}

// outline reports the first heading or {{< … >}} that a translation has otherwise.
func (c *checker) outline(ch, origin *Chapter) {
	for i := range max(len(ch.landmarks), len(origin.landmarks)) {
		switch {
		case i >= len(origin.landmarks):
			here := ch.landmarks[i]
			c.list.Warnf(here.pos, "N158", "%s stands in the %s text of the chapter, and not in the %s", here.text, ch.Lang, origin.Lang).
				Relate("fix: remove it, or put it into %s too", origin.Pos.Filename)
		case i >= len(ch.landmarks):
			there := origin.landmarks[i]
			c.list.Warnf(ch.Pos, "N158", "%s is missing at the end of the %s text of the chapter", there.text, ch.Lang).
				Relate("%s", place(there.pos)).
				Relate("fix: %s", there.text)
		case ch.landmarks[i].text != origin.landmarks[i].text:
			here, there := ch.landmarks[i], origin.landmarks[i]
			c.list.Warnf(here.pos, "N158", "%s stands where the %s text of the chapter has %s", here.text, origin.Lang, there.text).
				Relate("%s", place(there.pos)).
				Relate("fix: %s", there.text)
		default:
			continue
		}
		return
	}
}

// EditStamp returns the change that makes the stamp of a translation name its origin as
// it is, and false if it does already.
func (c *Chapter) EditStamp(origin *Chapter) (Edit, bool) {
	e := Edit{Pos: c.OfPos, Old: c.Of, New: strings.TrimPrefix(origin.StampLine(), "of: ")}
	if c.Of == "" { // before the line that ends the front matter
		e.Pos = token.Position{Filename: c.Pos.Filename, Line: c.textLine - 1, Column: 1}
		e.New = origin.StampLine() + "\n"
	}
	return e, c.Outdated(origin)
}
