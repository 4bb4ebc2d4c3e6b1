package margin_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"beforemain/extractor/index"
)

// text returns what a reader sees of an element, its blanks made one.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// page returns the published page of that address below the root.
func published(t *testing.T, address string) page {
	t.Helper()
	for _, p := range pages(t) {
		if p.url == baseURL+address {
			return p
		}
	}
	t.Fatalf("no page %s", address)
	return page{}
}

func TestEdgesAreNamed(t *testing.T) {
	kinds := []index.EdgeKind{index.Jump, index.Go, index.Argument, index.Address, index.Data, index.Linkname}
	for lang, want := range map[string][]string{
		"en": {"_start start.s:24 jump start_arm64.s:9 arm64 3 more", "the landlord windows amd64 he noted the address of _start on the door",
			"boot.getHand start.s:24 go statement start.s:24 as an argument"},
		"zh": {"_start start.s:24 跳转 start_arm64.s:9 arm64 还有 3 个", "房东 windows amd64 他把 _start 的地址记在门上",
			"boot.getHand start.s:24 go 语句 start.s:24 作为参数传入"},
	} {
		words := readWords(t, lang)
		for _, k := range kinds {
			if words["edge_"+string(k)] == "" {
				t.Errorf("%s: no word for an edge of kind %s", lang, k)
			}
		}
		lists := published(t, lang+"/symbols/boot.firstLight/").all(classed("edges"))
		if len(lists) != 2 {
			t.Fatalf("%s: %d lists of edges, want callers and calls", lang, len(lists))
		}
		var got []string
		for n := range lists[0].Descendants() {
			if n.Data == "li" {
				got = append(got, text(n))
			}
		}
		if len(got) != 5 || strings.Join(got[:3], "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: called by %q, want %q and two more", lang, got, want)
		}
	}
}

func TestManyEdgesAreFolded(t *testing.T) {
	for i, want := range []int{1, 3} { // of 5 callers 4 are in sight, of 15 callees 12
		section := published(t, "zh/symbols/boot.firstLight/").all(classed("edges"))[i]
		folded := 0
		for n := range section.Descendants() {
			if n.Data != "li" {
				continue
			}
			for up := n.Parent; up != section; up = up.Parent {
				if up.Data == "details" {
					folded++
				}
			}
		}
		if folded != want {
			t.Errorf("list %d: %d edges are folded, want %d", i, folded, want)
		}
	}
}

func TestFacts(t *testing.T) {
	p := published(t, "en/symbols/boot.firstLight/")
	if got, want := text(p.all(classed("facts"))[0]), "src/boot/first.go:118–160 linux · darwin build: unix && !windows src/boot/first_windows.go:40–44 windows amd64 declared in Go at src/boot/stubs.go:7"; got != want {
		t.Errorf("facts %q, want %q", got, want)
	}
	if got, want := text(p.all(classed("related"))[0]), "Fields and constants in this code (3) boot.limit = 3 boot.house.fuse offset 136 boot.house.hall"; got != want {
		t.Errorf("related %q, want %q", got, want)
	}
}

func TestCards(t *testing.T) {
	card := published(t, "en/symbols/boot.fuse/")
	main := text(card.all(named("main"))[0])
	for _, want := range []string{"Assembly function", "build: linux && (amd64 || arm64) && !cgo", "Called by boot.firstLight first.go:131 linux · darwin", "getHand returns the hand", "near these chapters"} {
		if !strings.Contains(main, want) {
			t.Errorf("the card lacks %q: %s", want, main)
		}
	}
	absent := card.all(classed("absent"))
	if len(absent) != 1 || text(absent[0]) != "go1.26 not called from this book" {
		t.Errorf("the version that does not call it is not named as such")
	}
	if lists := published(t, "en/symbols/").all(classed("cards")); len(lists) != 1 || !strings.Contains(text(lists[0]), "2 functions") {
		t.Errorf("the list of symbols does not have the cards")
	}
	if text(published(t, "zh/symbols/boot.getHand/").all(classed("crumbs"))[0]) != "符号 · Go 函数" {
		t.Errorf("the card of a Go function does not say so")
	}
}

// TestObserved: a symbol says when it ran, and what ran before and after it.
func TestObserved(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "Step 2 of 3 · 197 µs · thread 0 · g0 · 3,167 instructions before: _start after: boot.resize",
		"zh": "第 2 步，共 3 步 · 197 µs · 线程 0 · g0 · 3,167 条指令 前一步： _start 后一步： boot.resize",
	} {
		list := published(t, lang+"/symbols/boot.firstLight/").all(classed("observed"))
		if len(list) != 1 || text(list[0]) != want {
			t.Errorf("%s: %d, %q, want %q", lang, len(list), text(list[0]), want)
		}
	}
}
