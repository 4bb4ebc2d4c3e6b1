package margin_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestStatusTable: each cell says what it counts, and what waits for a writer is marked.
func TestStatusTable(t *testing.T) {
	for lang, want := range map[string]string{
		"zh": "注记 12|!覆盖版本 1/2|!缺中文 3|!译文过时 2|!待重读 4|注释译文 5|未显示的注释译文 6",
		"en": "notes 12|!versions covered 1/2|!not in English 3|!outdated translations 2|!to review 4",
	} {
		p := published(t, lang+"/status/")
		rows := p.all(func(n *html.Node) bool { return n.Data == "tr" && n.Parent.Data == "tbody" })
		if len(rows) < 5 {
			t.Fatalf("%s: %d rows", lang, len(rows))
		}
		var cells []string
		for n := range rows[0].Descendants() {
			if n.Data == "td" {
				cell := attr(n, "data-label") + " " + text(n)
				if attr(n, "class") == "due" {
					cell = "!" + cell
				}
				cells = append(cells, cell)
			}
		}
		if got := strings.Join(cells, "|"); got != want {
			t.Errorf("%s: the first row is\n%s, want\n%s", lang, got, want)
		}
		heads := p.all(func(n *html.Node) bool { return n.Data == "th" && attr(n, "scope") == "col" })
		if len(heads) != len(cells)+1 {
			t.Errorf("%s: %d headings over %d cells and the symbol", lang, len(heads), len(cells))
		}
		if totals := p.all(classed("totals")); len(totals) != 1 || !strings.Contains(text(totals[0]), "84") {
			t.Errorf("%s: no sum of the notes", lang)
		}
	}
}

// TestHomeLeadsToContributing: in every edition the text can be edited; the newest has
// the state of the notes.
func TestHomeLeadsToContributing(t *testing.T) {
	for address, want := range map[string]int{"zh/": 2, "en/": 2, "go1.26/zh/": 1} {
		ways := published(t, address).all(classed("ways"))
		links := 0
		for n := range ways[0].Descendants() {
			if n.Data == "a" {
				links++
			}
		}
		if links != want {
			t.Errorf("%s: %d links, want %d", address, links, want)
		}
	}
}

// TestAddNote: the link that begins a note stands where the book has a repository.
func TestAddNote(t *testing.T) {
	for address, want := range map[string]bool{"zh/symbols/boot.firstLight/": true, "en/symbols/_start/": false, "zh/boot/light/": false} {
		p := published(t, address)
		links := p.all(func(n *html.Node) bool { return attr(n, "data-add-note") != "" })
		if (len(links) == 1) != want {
			t.Errorf("%s: %d links", address, len(links))
		}
	}
}

// TestNoteOfALine: the script fills in the code of the line that the address names.
func TestNoteOfALine(t *testing.T) {
	ctx, root := browse(t)
	for fragment, want := range map[string]string{
		"first.go-L130": `hand := getHand() // whoever came first|at:       hand := getHand()`,
		"first.go-L132": `throw(|at:       throw(`,
		"first.go-L118": `// firstLight brings|at:       // firstLight brings the house from dark to lit. It runs once, on the`,
	} {
		if complaints := visit(t, ctx, root+"/zh/symbols/boot.firstLight/#"+fragment, 1280); len(complaints) > 0 {
			t.Errorf("the browser complains: %q", complaints)
		}
		line := evaluate[string](t, ctx, `document.getElementById("`+fragment+`").textContent`)
		start, at, _ := strings.Cut(want, "|")
		if !strings.HasPrefix(strings.TrimSpace(line), start) {
			t.Fatalf("%s is %q", fragment, line)
		}
		href := evaluate[string](t, ctx, `document.querySelector(".l:target > .add")?.href ?? ""`)
		u, err := url.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		if value := u.Query().Get("value"); !strings.Contains(value, "\n"+at+"\nreviewed:") {
			t.Errorf("%s: the note begins\n%s\nwant %s", fragment, value, at)
		}
	}
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	if n := evaluate[int](t, ctx, `document.querySelectorAll(".add").length`); n != 0 {
		t.Errorf("%d lines are offered a note, and the address names none", n)
	}
}

// TestTranslationOrOriginal: below the comment at first, instead of it on demand, and a
// line that the address names is seen in any case.
func TestTranslationOrOriginal(t *testing.T) {
	ctx, root := browse(t)
	const shown = `(() => {
		const seen = e => e.getClientRects().length > 0
		const p = document.querySelector(".listing:has(.choice)"), said = p.querySelector(".said")
		return [...p.querySelectorAll(".original")].map(seen).join(" ") + " " + seen(said) + " " + (said.getBoundingClientRect().left >= p.getBoundingClientRect().left && !said.closest(".notes"))
	})()`
	for _, width := range []int64{390, 1280} {
		visit(t, ctx, root+"/zh/symbols/boot.firstLight/", width)
		if got := evaluate[string](t, ctx, shown); got != "true true true true" {
			t.Errorf("at %d pixels, at first: %s", width, got)
		}
		evaluate[bool](t, ctx, `document.querySelector(".choice input").click() ?? true`)
		if got := evaluate[string](t, ctx, shown); got != "false false true true" {
			t.Errorf("at %d pixels, on demand: %s", width, got)
		}
		evaluate[bool](t, ctx, `(location.hash = "first.go-L119") !== ""`)
		if got := evaluate[string](t, ctx, shown); got != "true false true true" {
			t.Errorf("at %d pixels, with a line of the comment in the address: %s", width, got)
		}
	}
	visit(t, ctx, root+"/en/symbols/boot.firstLight/", 1280)
	if n := evaluate[int](t, ctx, `document.querySelectorAll(".choice, .said").length`); n != 0 {
		t.Errorf("readers of the source's language are offered %d translations", n)
	}
}

// TestStatusIsReadableWhenNarrow: no cell is out of sight.
func TestStatusIsReadableWhenNarrow(t *testing.T) {
	ctx, root := browse(t)
	for _, lang := range []string{"zh", "en"} {
		visit(t, ctx, root+"/"+lang+"/status/", 390)
		if !evaluate[bool](t, ctx, `[...document.querySelectorAll(".status tbody :is(th, td)")].every(e => e.getBoundingClientRect().right <= innerWidth)`) {
			t.Errorf("%s: a cell is out of sight at 390 pixels", lang)
		}
	}
}

// TestEditLinkStandsInTheFoot: of a note, on the line of its versions and not below.
func TestEditLinkStandsInTheFoot(t *testing.T) {
	ctx, root := browse(t)
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	if gap := evaluate[float64](t, ctx, `(() => {
		const foot = document.querySelector(".note footer:has(> .edit)")
		return Math.abs(foot.querySelector(".edit").getBoundingClientRect().top - foot.querySelector(".range").getBoundingClientRect().top)
	})()`); gap > 6 {
		t.Errorf("the link to edit a note stands %.0f pixels from the versions", gap)
	}
}
