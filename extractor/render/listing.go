package render

import (
	"fmt"
	"html/template"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"beforemain/extractor/index"
	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

// Listing is a slice, or some lines of it, with what a page shows about them. Lines
// are those of the slice's file, from 1, and both ends are meant. A note or a fold
// that lies outside of the shown lines is left out, one that lies half outside is
// cut, and where the last line is before the first there is one line.
type Listing struct {
	Slice *index.Slice
	// Tokens are those of the slice's text; nil: they are found here.
	Tokens []syntax.Token
	// First and Last are the lines to show; 0: from the slice's first, to its last.
	First, Last int
	Links       []Link
	Notes       []Note
	// Folds may lie in one another. One that crosses another is left out: its
	// caption would not fit what is left of its lines.
	Folds    []Fold
	Upstream string // address of the lines upstream; may be empty
	Words    Words
	Lang     string // of the words; may be empty
	IDs      *IDs   // of the page; nil: nothing has an id
	// Quoted lines stand on a page of their own elsewhere: here their numbers are no links.
	Quoted bool
}

// Link makes a span of the slice's file a link.
type Link struct {
	Span        source.Span
	Href, Title string
}

// Note is an explanation of lines.
type Note struct {
	ID          string
	First, Last int
	Title       string // may hold `code`
	HTML        template.HTML
	Lang        string // zh, en
	Range       string // the versions it stands in: go1.18–go1.27
	Platforms   string // empty: all of the slice
	Edit        string // address; may be empty
}

// Fold hides lines behind a caption.
type Fold struct {
	First, Last int
	Caption     string // may hold `code`
	Lang        string
}

// HTML returns the listing. Stripped of its tags, but for the caption, the notes and
// the folds' summaries, it is the text of the lines byte for byte.
func (l Listing) HTML() (template.HTML, error) {
	text := l.Slice.Text
	tokens := l.Tokens
	if tokens == nil {
		var err error
		if tokens, err = syntax.Tokens(l.Slice.Path, text); err != nil {
			return "", fmt.Errorf("render %s: %w", l.Slice.Symbol, err)
		}
	}
	w := listingWriter{Listing: l, lines: sweep(text, l.linkLayer(), tokenLayer(len(text), tokens))}
	w.first, w.last = l.Slice.Start, l.Slice.Start+len(w.lines)-1
	if l.First > 0 {
		w.first = max(w.first, l.First)
	}
	if l.Last > 0 {
		w.last = min(w.last, l.Last)
	}
	if w.first > w.last {
		return "", fmt.Errorf("render %s: no line of %d–%d is in %s:%d–%d", l.Slice.Symbol, l.First, l.Last, l.Slice.Path, l.Slice.Start, l.Slice.End)
	}
	base := path.Base(l.Slice.Path) + "-L"
	w.id = base
	w.fragment = (&url.URL{Fragment: base}).EscapedFragment()
	w.b.WriteString(`<div class="listing">`)
	w.caption()
	w.region(w.first, w.last, nest(w.clipFolds()), groupNotes(w.clipNotes()))
	w.b.WriteString(`</div>`)
	return template.HTML(w.b.String()), nil
}

func (l Listing) linkLayer() layer {
	marks := make([]mark, 0, len(l.Links))
	base := l.Slice.Span.Start
	for _, k := range l.Links {
		if k.Href != "" {
			marks = append(marks, mark{source.Span{Start: k.Span.Start - base, End: k.Span.End - base}, "x", k.Href, k.Title})
		}
	}
	return newLayer(len(l.Slice.Text), marks)
}

// listingWriter writes one listing.
type listingWriter struct {
	Listing
	lines        []string // of the slice, as HTML
	first, last  int      // shown
	id, fragment string   // what a line's id begins with, and the same in an address
	b            strings.Builder
}

var captionTemplate = template.Must(template.New("caption").Parse(
	`<div class="caption">{{if .Upstream}}<a href="{{.Upstream}}">{{.Place}}</a>{{else}}<span>{{.Place}}</span>{{end}} <span class="tag">{{.Tag}}</span></div>`))

func (w *listingWriter) caption() {
	w.b.WriteString(string(execute(captionTemplate, struct{ Upstream, Place, Tag string }{
		w.Upstream, w.Slice.Path + ":" + lineRange(w.first, w.last), w.Slice.Version.Tag,
	})))
}

func lineRange(first, last int) string {
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d–%d", first, last)
}

// clip cuts lines to those that are shown.
func (w *listingWriter) clip(first, last int) (int, int, bool) {
	last = max(first, last)
	if last < w.first || first > w.last {
		return 0, 0, false
	}
	return max(first, w.first), min(last, w.last), true
}

func (w *listingWriter) clipNotes() []Note {
	var notes []Note
	for _, n := range w.Notes {
		var ok bool
		if n.First, n.Last, ok = w.clip(n.First, n.Last); ok {
			notes = append(notes, n)
		}
	}
	return notes
}

func (w *listingWriter) clipFolds() []Fold {
	var folds []Fold
	for _, f := range w.Folds {
		var ok bool
		if f.First, f.Last, ok = w.clip(f.First, f.Last); ok {
			folds = append(folds, f)
		}
	}
	return folds
}

// pre writes the lines first to last; those of on are the ones that a note is about.
func (w *listingWriter) pre(first, last int, on lines) {
	if first <= last && on.contains(first) && !on.contains(last) {
		w.pre(first, on.last, on)
		first = on.last + 1
	}
	if first > last {
		return
	}
	class := "code"
	if on.contains(first) {
		class = "code on"
	}
	w.b.WriteString(`<pre class="` + class + `" translate="no"><code>`)
	for n := first; n <= last; n++ {
		w.line(n)
	}
	w.b.WriteString(`</code></pre>`)
}

// line writes one line, its newline inside.
func (w *listingWriter) line(n int) {
	b := &w.b
	number := strconv.Itoa(n)
	b.WriteString(`<span class="l`)
	if w.off(n) {
		b.WriteString(` off`)
	}
	b.WriteByte('"')
	if w.IDs == nil {
		b.WriteString(`><i class="n" data-n="` + number + `"></i>`)
	} else {
		id, _ := w.IDs.Claim(w.id + number)
		b.WriteString(` id="`)
		template.HTMLEscape(b, []byte(id))
		b.WriteString(`">`)
		w.number(number, id[len(w.id):])
	}
	b.WriteString(w.lines[n-w.Slice.Start])
	b.WriteString(`</span>`)
}

// number writes the number of a line; end is how the line's id ends.
func (w *listingWriter) number(number, end string) {
	if w.Quoted {
		w.b.WriteString(`<i class="n" data-n="` + number + `"></i>`)
		return
	}
	w.b.WriteString(`<a class="n" href="#`)
	template.HTMLEscape(&w.b, []byte(w.fragment))
	w.b.WriteString(end + `" data-n="` + number + `" tabindex="-1" aria-hidden="true"></a>`)
}

// off reports whether no platform of the slice assembles the line.
func (w *listingWriter) off(line int) bool {
	if !w.Slice.Asm || len(w.Slice.Platforms) == 0 {
		return false
	}
	return !slices.ContainsFunc(w.Slice.Platforms, func(p index.Platform) bool { return w.Slice.Active(p, line) })
}
