package check

import (
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/scan"
)

// translations compares each chapter with its origin.
func (c *checker) translations(chapters []*annotation.Chapter) {
	for _, ch := range chapters {
		origin := annotation.OriginOf(ch, chapters, c.book.Languages)
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

func (c *checker) chapterStamp(ch, origin *annotation.Chapter) {
	var d *diag.Diagnostic
	switch {
	case !ch.Outdated(origin):
		return
	case ch.Of == "":
		d = c.list.Warnf(ch.OfPos, "N121", "the %s text of the chapter %q does not say which %s text it is of", ch.Lang, ch.Slug, origin.Lang)
	default:
		d = c.list.Warnf(ch.OfPos, "N121", "the %s text of the chapter %q is of %s, and its %s is %s now", ch.Lang, ch.Slug, ch.Of, origin.Lang, origin.Stamp())
	}
	d.Relate("%s: %s", scan.Place(origin.Pos), annotation.Quote(origin.Title)).
		Relate("bring the text up to its origin first, then book stamp %s", ch.Pos.Filename).
		Relate("fix: %s", origin.StampLine())
}

// outline reports the first heading or {{< … >}} that a translation has otherwise.
func (c *checker) outline(ch, origin *annotation.Chapter) {
	for i := range max(len(ch.Landmarks), len(origin.Landmarks)) {
		switch {
		case i >= len(origin.Landmarks):
			here := ch.Landmarks[i]
			c.list.Warnf(here.Pos, "N158", "%s stands in the %s text of the chapter, and not in the %s", here.Text, ch.Lang, origin.Lang).
				Relate("fix: remove it, or put it into %s too", origin.Pos.Filename)
		case i >= len(ch.Landmarks):
			there := origin.Landmarks[i]
			c.list.Warnf(ch.Pos, "N158", "%s is missing at the end of the %s text of the chapter", there.Text, ch.Lang).
				Relate("%s", scan.Place(there.Pos)).
				Relate("fix: %s", there.Text)
		case ch.Landmarks[i].Text != origin.Landmarks[i].Text:
			here, there := ch.Landmarks[i], origin.Landmarks[i]
			c.list.Warnf(here.Pos, "N158", "%s stands where the %s text of the chapter has %s", here.Text, origin.Lang, there.Text).
				Relate("%s", scan.Place(there.Pos)).
				Relate("fix: %s", there.Text)
		default:
			continue
		}
		return
	}
}
