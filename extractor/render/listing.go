package render

import (
	"bytes"
	"cmp"
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
	// Translations are of comments. One stands below the lines that it translates, or, as
	// the reader chooses, instead of them.
	Translations []Note
	// Lost is how many translations are not shown since the comments read otherwise here.
	Lost int
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

// Link makes a span of the slice's file a link: to Href, or to another line of the
// listing. A link to a line that is not shown, or has no id, is left out.
type Link struct {
	Span        source.Span
	Href, Title string
	Line        int
	Reach       Reach
}

// Reach says how far a link leads; each has a look of its own.
type Reach string

// The values are classes. Thousands of links carry one, so they are short.
const (
	ToPage   Reach = "x" // a page of the book that has the text
	ToCard   Reach = "y" // a card, or a line of the same page
	Upstream Reach = "u" // the source itself, on another host
)

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
	Freshness
}

// Fold hides lines behind a caption.
type Fold struct {
	First, Last int
	Caption     string // may hold `code`
	Lang        string
	Freshness
}

// Freshness says what has changed since a text was written. The zero value: nothing.
type Freshness struct {
	Stale    bool   // nobody has read it against this code
	Reviewed string // the tag that it was last read against; may be empty
	Outdated bool   // it is a translation, older than its original
}

// marks returns what a reader should know, in words.
func (f Freshness) marks(w Words) []string {
	var marks []string
	switch {
	case f.Stale && f.Reviewed != "":
		marks = append(marks, w.With("last_checked", "Tag", f.Reviewed))
	case f.Stale:
		marks = append(marks, w["never_checked"])
	}
	if f.Outdated {
		marks = append(marks, w["outdated"])
	}
	return slices.DeleteFunc(marks, func(s string) bool { return s == "" })
}

// HTML returns the listing. Stripped of its tags, but for the caption, the notes, the
// folds' summaries and the labels of lines that are not reached, it is the text of
// the lines byte for byte.
func (l Listing) HTML() (template.HTML, error) {
	text := l.Slice.Text
	tokens := l.Tokens
	if tokens == nil {
		var err error
		if tokens, err = syntax.Tokens(l.Slice.Path, text); err != nil {
			return "", fmt.Errorf("render %s: %w", l.Slice.Symbol, err)
		}
	}
	w := listingWriter{Listing: l, ids: map[int]string{}}
	w.first, w.last = l.Slice.Start, l.Slice.Start+bytes.Count(text, []byte{'\n'})
	if len(text) == 0 || bytes.HasSuffix(text, []byte{'\n'}) {
		w.last--
	}
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
	if l.IDs != nil {
		for n := w.first; n <= w.last; n++ {
			w.ids[n] = l.IDs.Claim(base + strconv.Itoa(n))
		}
	}
	w.lines = sweep(text, w.linkLayer(), tokenLayer(len(text), tokens))
	w.translations = w.clipNotes(l.Translations)
	w.comments = w.onlyComments(tokens)
	w.b.WriteString(`<div class="listing">`)
	w.caption()
	w.region(w.first, w.last, nest(w.clipFolds()), groupNotes(w.clipNotes(w.Notes)))
	w.b.WriteString(`</div>`)
	return template.HTML(w.b.String()), nil
}

func (w *listingWriter) linkLayer() layer {
	marks := make([]mark, 0, len(w.Links))
	base := w.Slice.Span.Start
	for _, k := range w.Links {
		href := k.Href
		if id, ok := w.ids[k.Line]; ok {
			href = w.address(id)
		}
		if href != "" {
			reach := cmp.Or(k.Reach, ToPage)
			marks = append(marks, mark{source.Span{Start: k.Span.Start - base, End: k.Span.End - base}, string(reach), href, k.Title})
		}
	}
	return newLayer(len(w.Slice.Text), marks)
}

// address returns the address, on the page, of a line's id.
func (w *listingWriter) address(id string) string { return "#" + w.fragment + id[len(w.id):] }

// listingWriter writes one listing.
type listingWriter struct {
	Listing
	lines        []string         // of the slice, as HTML
	first, last  int              // shown
	ids          map[int]string   // of the lines shown
	id, fragment string           // what a line's id begins with, and the same in an address
	unreached    []index.Platform // at the line before
	translations []Note           // shown
	comments     map[int]bool     // the lines that a translation may replace
	b            strings.Builder
}

var captionTemplate = template.Must(template.New("caption").Parse(
	`<div class="caption">{{if .Upstream}}<a href="{{.Upstream}}">{{.Place}}</a>{{else}}<span>{{.Place}}</span>{{end}} <span class="tag">{{.Tag}}</span>` +
		`{{with .Instead}} <label class="choice"><input type="checkbox"> {{.}}</label>{{end}}` +
		`{{with .Lost}} <span class="lost">{{.}}</span>{{end}}</div>`))

func (w *listingWriter) caption() {
	data := struct{ Upstream, Place, Tag, Instead, Lost string }{
		Upstream: w.Upstream, Place: w.Slice.Path + ":" + lineRange(w.first, w.last), Tag: w.Slice.Version.Tag,
	}
	if len(w.comments) > 0 {
		data.Instead = w.Words["translation_instead"]
	}
	if w.Lost > 0 {
		data.Lost = w.Words.With("translation_lost", "Count", strconv.Itoa(w.Lost))
	}
	w.b.WriteString(string(execute(captionTemplate, data)))
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

func (w *listingWriter) clipNotes(all []Note) []Note {
	var notes []Note
	for _, n := range all {
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

// pre writes the lines first to last, and below the last line of a translated comment
// its translation; those of on are the ones that a note is about.
func (w *listingWriter) pre(first, last int, on lines) {
	for first <= last {
		end := last
		if on.contains(first) {
			end = min(end, on.last)
		}
		class := "code"
		for _, t := range w.translations {
			if first < t.First {
				end = min(end, t.First-1)
			} else if first <= t.Last {
				end = min(end, t.Last)
			}
		}
		if on.contains(first) {
			class += " on"
		}
		if w.comments[first] {
			class += " original"
		}
		w.b.WriteString(`<pre class="` + class + `" translate="no"><code>`)
		for n := first; n <= end; n++ {
			w.line(n)
		}
		w.b.WriteString(`</code></pre>`)
		for _, t := range w.translations {
			if t.Last == end {
				w.note(t, "note said")
			}
		}
		first = end + 1
	}
}

// line writes one line, its newline inside. A line that is quoted has no class, and shows
// its number, which is no link, out of an attribute of its own: a long chapter quotes
// hundreds.
func (w *listingWriter) line(n int) {
	b := &w.b
	number := strconv.Itoa(n)
	off, dead := w.state(n)
	if len(dead) > 0 && !slices.Equal(dead, w.unreached) {
		w.dead(dead)
	}
	w.unreached = dead
	id, ok := w.ids[n]
	linked := ok && !w.Quoted
	var classes []string
	if linked {
		classes = append(classes, "l")
	}
	if off {
		classes = append(classes, "off")
	}
	b.WriteString(`<span`)
	if len(classes) > 0 {
		b.WriteString(` class="` + strings.Join(classes, " ") + `"`)
	}
	if ok {
		b.WriteString(` id="`)
		template.HTMLEscape(b, []byte(id))
		b.WriteByte('"')
	}
	if linked {
		b.WriteString(`><a class="n" href="`)
		template.HTMLEscape(b, []byte(w.address(id)))
		b.WriteString(`" data-n="` + number + `" tabindex="-1" aria-hidden="true"></a>`)
	} else {
		b.WriteString(` data-n="` + number + `">`)
	}
	b.WriteString(w.lines[n-w.Slice.Start])
	b.WriteString(`</span>`)
}

// state reports whether no platform of the slice executes the line, be it that it is
// not assembled or not reached, and on which it is assembled and not reached.
func (w *listingWriter) state(line int) (off bool, dead []index.Platform) {
	if !w.Slice.Asm {
		return false, nil
	}
	out := 0
	for _, p := range w.Slice.Platforms {
		if !w.Slice.Active(p, line) {
			out++
		} else if !w.Slice.Reached(p, line) {
			dead = append(dead, p)
		}
	}
	all := len(w.Slice.Platforms)
	return all > 0 && out+len(dead) == all, dead
}

// dead says above the first of several lines on which platforms they are not reached.
func (w *listingWriter) dead(on []index.Platform) {
	word := w.Words["unreached"]
	if label := LabelLine(on, w.Slice.Platforms); label != "" {
		word = w.Words.With("unreached_on", "Platforms", label)
	}
	if word != "" {
		w.b.WriteString(string(execute(deadTemplate, word)))
	}
}

var deadTemplate = template.Must(template.New("dead").Parse(`<small class="dead" translate="yes">{{.}}</small>`))
