package content

import (
	"bytes"
	"reflect"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
)

// Difference says which pages of a layout may be other than those of an earlier one:
// all of them, or those that show a note or a text that was edited. Whatever else shows
// notes or the body of a chapter has to be told here; TestSince compares.
type Difference struct {
	All      bool
	symbols  map[string]bool // whose listings carry other notes
	chapters map[string]bool // whose text is another, by language and slug
	pictures map[string]bool // that are drawn otherwise
}

// Empty says that no page differs.
func (d Difference) Empty() bool {
	return !d.All && len(d.symbols) == 0 && len(d.chapters) == 0 && len(d.pictures) == 0
}

func (d Difference) symbol(name string) bool { return d.All || d.symbols[name] }

// chapter says whether the page that shows this text may differ: by the text, or by the
// listings and pictures that it pulls in.
func (d Difference) chapter(text *annotation.Chapter) bool {
	if d.All || text == nil {
		return d.All
	}
	found := d.chapters[text.Lang+"/"+text.Slug]
	eachNode(text.Body, func(n annotation.Node) {
		found = found || n.Slice != nil && d.symbols[n.Slice.Symbol] || n.Picture != nil && d.pictures[n.Picture.Name]
	})
	return found
}

// Since compares l with an earlier layout; nil stands for none.
func (l *Layout) Since(before *Layout) Difference {
	if before == nil || !l.sameFrame(before) {
		return Difference{All: true}
	}
	d := Difference{symbols: map[string]bool{}, chapters: map[string]bool{}, pictures: map[string]bool{}}
	for key, c := range l.text {
		b := before.text[key]
		if b == nil || c.Title != b.Title || c.Lede != b.Lede {
			return Difference{All: true} // links from everywhere carry the title
		}
		if !bytes.Equal(c.Source, b.Source) {
			d.chapters[key] = true
		}
	}
	for _, p := range l.Pictures {
		if !reflect.DeepEqual(p, before.pictureNamed(p.Name)) {
			d.pictures[p.Name] = true
		}
	}
	here, there := l.anchorsBySymbol(), before.anchorsBySymbol()
	same := map[*annotation.Annotation]bool{}
	for symbol, anchors := range here {
		if !sameAnchors(anchors, there[symbol], same) {
			d.symbols[symbol] = true
		}
	}
	for symbol := range there {
		if here[symbol] == nil {
			d.symbols[symbol] = true
		}
	}
	return d
}

// sameFrame compares what every page may show.
func (l *Layout) sameFrame(before *Layout) bool {
	return l.Index == before.Index && l.Measured == before.Measured && len(l.text) == len(before.text) &&
		reflect.DeepEqual(l.Book, before.Book) && reflect.DeepEqual(l.Outside, before.Outside) &&
		reflect.DeepEqual(l.Words, before.Words) && reflect.DeepEqual(l.Terms, before.Terms) && reflect.DeepEqual(l.Downloads, before.Downloads) &&
		reflect.DeepEqual(l.mentions, before.mentions) && reflect.DeepEqual(l.uses, before.uses)
}

func (l *Layout) anchorsBySymbol() map[string][]anchor.Anchor {
	by := map[string][]anchor.Anchor{}
	for _, a := range l.Anchors {
		by[a.Slice.Symbol] = append(by[a.Slice.Symbol], a)
	}
	return by
}

// sameAnchors compares two lists. A note has many anchors: same remembers those of the
// first list whose notes are known to be as they were.
func sameAnchors(a, b []anchor.Anchor, same map[*annotation.Annotation]bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := a[i], b[i]
		if !same[x.Annotation] && !reflect.DeepEqual(x.Annotation, y.Annotation) {
			return false
		}
		same[x.Annotation] = true
		if x.Annotation.ID != y.Annotation.ID || x.Annotation.Symbol != y.Annotation.Symbol {
			return false
		}
		x.Annotation, y.Annotation = nil, nil
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}
