package margin_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// press sends a key to the page and waits until it has settled.
func press(t *testing.T, ctx context.Context, key string) {
	t.Helper()
	evaluate[bool](t, ctx, `dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true})) || true`)
}

// until waits for a condition of a page that has loaded, for two seconds at most.
func until(t *testing.T, ctx context.Context, condition string) bool {
	t.Helper()
	for range 40 {
		if v, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && (`+condition+`)`)); err == nil && v {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

func TestThemeIsChosenAndKept(t *testing.T) {
	ctx, root := browse(t)
	paper := func() string { return evaluate[string](t, ctx, `getComputedStyle(document.body).backgroundColor`) }
	visit(t, ctx, root+"/zh/", 1280)
	system := paper()
	const button = `document.querySelector(".foot-theme")`
	if !evaluate[bool](t, ctx, `!`+button+`.hidden && `+button+`.textContent === `+button+`.dataset.system`) {
		t.Error("the button does not say that colours follow the system")
	}
	seen := map[string]bool{}
	for range 2 {
		evaluate[bool](t, ctx, button+`.click() ?? true`)
		seen[paper()] = true
	}
	if len(seen) != 2 || !seen[system] {
		t.Errorf("light and dark are %v, by the system %s", seen, system)
	}
	dark := paper()
	visit(t, ctx, root+"/zh/boot/light/", 1280) // the choice holds there, before anything is painted
	if got := paper(); got != dark || got == system {
		t.Errorf("the next page is %s, want the chosen %s", got, dark)
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	if got := evaluate[string](t, ctx, `getComputedStyle(document.body).color`); got != "rgb(31, 35, 40)" {
		t.Errorf("dark prints in %s", got)
	}
}

// An address that names no place stops no script.
func TestAddressOfNoPlace(t *testing.T) {
	ctx, root := browse(t)
	if complaints := visit(t, ctx, root+"/zh/symbols/boot.firstLight/#%", 1280); len(complaints) > 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
}

func TestPlatformStaysChosen(t *testing.T) {
	ctx, root := browse(t)
	const shown = `[...document.querySelectorAll(".variant")].filter(e => e.getClientRects().length).map(e => e.id).join(" ")`
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	if got := evaluate[string](t, ctx, shown); got != "linux-amd64" {
		t.Fatalf("at first %s is shown", got)
	}
	evaluate[bool](t, ctx, `document.querySelector(".t2").click() ?? true`)
	if complaints := visit(t, ctx, root+"/zh/symbols/_start/", 1280); len(complaints) > 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
	if got := evaluate[string](t, ctx, shown); got != "windows-amd64" {
		t.Errorf("on the next page %s is shown, and windows was chosen", got)
	}
	if got := evaluate[string](t, ctx, `getComputedStyle(document.querySelector(".t2")).fontWeight`); got != "600" {
		t.Errorf("the tab of the chosen platform has weight %s", got)
	}
	evaluate[bool](t, ctx, `document.querySelector(".t1").click() ?? true`)
	if got := evaluate[string](t, ctx, shown); got != "linux-amd64" {
		t.Errorf("%s is shown after a click on the first tab", got)
	}
}

func TestVersionSwitchKeepsThePlace(t *testing.T) {
	ctx, root := browse(t)
	at := `location.pathname + location.hash`
	const old = "/go1.26/zh/symbols/boot.firstLight/"
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	note := evaluate[string](t, ctx, `document.querySelectorAll(".note[id]")[1].id`)
	evaluate[bool](t, ctx, `location.replace("#`+note+`") ?? true`)
	evaluate[bool](t, ctx, `document.querySelector('.versions a[href="`+old+`"]').click() ?? true`)
	if !until(t, ctx, at+` === "`+old+"#"+note+`"`) {
		t.Errorf("the switch led to %s, want %s#%s", evaluate[string](t, ctx, at), old, note)
	}
	if !until(t, ctx, `document.querySelector(".kept")?.textContent === document.querySelector("[data-place-note]").dataset.placeNote`) {
		t.Error("the page does not say that it is the same note")
	}
	for place, want := range map[string]string{
		`{note: "note-gone", line: "wiresInit() // before any lamp"}`: "placeLine #first.go-L134",
		`{note: "note-gone", line: "no such line"}`:                   "placeTop ",
	} {
		visit(t, ctx, root+old, 1280)
		word, hash, _ := strings.Cut(want, " ")
		evaluate[bool](t, ctx, `sessionStorage.setItem("place", JSON.stringify({...`+place+`, path: location.pathname})) ?? true`)
		visit(t, ctx, root+old, 1280)
		if !until(t, ctx, `location.hash === "`+hash+`" && document.querySelector(".kept")?.textContent === document.querySelector("[data-place-note]").dataset.`+word) {
			t.Errorf("%s: at %s, %q", place, evaluate[string](t, ctx, at), evaluate[string](t, ctx, `document.querySelector(".kept")?.textContent ?? ""`))
		}
	}
	visit(t, ctx, root+old, 1280)
	if n := evaluate[int](t, ctx, `document.querySelectorAll(".kept").length`); n != 0 {
		t.Error("a page that no switch led to says that a place was kept")
	}
}

func TestKeys(t *testing.T) {
	ctx, root := browse(t)
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	ids := evaluate[[]string](t, ctx, `[...document.querySelectorAll(".note[id]")].filter(n => n.getClientRects().length).map(n => n.id)`)
	for i, key := range []string{"j", "j", "k"} {
		press(t, ctx, key)
		if want := "#" + ids[[]int{0, 1, 0}[i]]; !until(t, ctx, `location.hash === "`+want+`"`) {
			t.Errorf("after key %d (%s) at %s, want %s", i+1, key, evaluate[string](t, ctx, `location.hash`), want)
		}
	}
	press(t, ctx, "?")
	if !evaluate[bool](t, ctx, `document.querySelector("dialog.keys").open`) {
		t.Error("? does not show the list of keys")
	}
	evaluate[bool](t, ctx, `document.querySelector("dialog.keys button").click() ?? true`)
	press(t, ctx, "[")
	if !until(t, ctx, `location.pathname === "/go1.26/zh/symbols/boot.firstLight/"`) {
		t.Errorf("[ led to %s", evaluate[string](t, ctx, `location.pathname`))
	}
	press(t, ctx, "]")
	if !until(t, ctx, `location.pathname === "/zh/symbols/boot.firstLight/"`) {
		t.Errorf("] led to %s", evaluate[string](t, ctx, `location.pathname`))
	}
	// Keys that are held with another, or typed into a field, are not ours.
	evaluate[bool](t, ctx, `(() => {
		const field = document.createElement("input")
		document.body.append(field)
		field.dispatchEvent(new KeyboardEvent("keydown", {key: "?", bubbles: true}))
		dispatchEvent(new KeyboardEvent("keydown", {key: "?", ctrlKey: true}))
		return true
	})()`)
	if evaluate[bool](t, ctx, `document.querySelector("dialog.keys").open`) {
		t.Error("a key typed into a field opened the list")
	}
}

func TestReadingGoesOn(t *testing.T) {
	ctx, root := browse(t)
	visit(t, ctx, root+"/zh/", 1280)
	if !evaluate[bool](t, ctx, `document.querySelector("[data-continue]").hidden`) {
		t.Error("who has read nothing is asked to go on")
	}
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	title := evaluate[string](t, ctx, `document.querySelector("h1").textContent`)
	evaluate[bool](t, ctx, `(scrollTo(0, 700), true)`)
	visit(t, ctx, root+"/zh/", 1280)
	got := evaluate[string](t, ctx, `(() => {
		const p = document.querySelector("[data-continue]"), a = p.querySelector("a")
		return p.hidden + " " + a.textContent + " " + a.pathname + " " + (a.hash !== "")
	})()`)
	if want := "false " + title + " /zh/symbols/boot.firstLight/ true"; got != want {
		t.Errorf("the home page offers %q, want %q", got, want)
	}
	visit(t, ctx, root+"/en/", 1280) // each language has its own place
	if !evaluate[bool](t, ctx, `document.querySelector("[data-continue]").hidden`) {
		t.Error("the English home page offers a Chinese page")
	}
}

// TestScrollersTakeTheFocus: where a listing is wider than its place, keys reach it; where
// it fits, it is no stop on the way.
func TestScrollersTakeTheFocus(t *testing.T) {
	ctx, root := browse(t)
	for _, width := range []int64{390, 1280} {
		visit(t, ctx, root+"/zh/symbols/boot.firstLight/", width)
		if !until(t, ctx, `[...document.querySelectorAll("pre, table, .wide")].every(e =>
			(e.tabIndex === 0) === (e.clientWidth > 0 && e.scrollWidth > e.clientWidth && !e.querySelector("a")))`) {
			t.Errorf("at %d pixels the focus stops elsewhere than at what scrolls", width)
		}
	}
	evaluate[bool](t, ctx, `document.querySelectorAll("pre").forEach(e => e.textContent = "x".repeat(2000)) ?? true`)
	if !until(t, ctx, `document.querySelector("pre[tabindex]") !== null`) {
		t.Error("a listing that has become wider than its place does not take the focus")
	}
}

// TestNoteAndLinesLightUp: with the pointer on the one, the other stands out.
func TestNoteAndLinesLightUp(t *testing.T) {
	ctx, root := browse(t)
	visit(t, ctx, root+"/zh/symbols/boot.firstLight/", 1280)
	const lines, notes = `.passage.noted > .on > code > .l`, `.passage.noted > .notes`
	colour := func(selector string) string {
		return evaluate[string](t, ctx, `getComputedStyle(document.querySelector("`+selector+`")).backgroundColor`)
	}
	point := func(selector string) {
		t.Helper()
		at := evaluate[[]float64](t, ctx, `(() => { const e = document.querySelector("`+selector+`"); e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + 5] })()`)
		if _, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1]}); err != nil {
			t.Fatal(err)
		}
	}
	line, note := colour(lines), colour(notes)
	point(notes + " > .note")
	if colour(lines) == line {
		t.Error("with the pointer on a note its lines look as before")
	}
	point(lines)
	if colour(notes) == note || colour(lines) != line {
		t.Error("with the pointer on the lines their note looks as before, or they do not again")
	}
}
