package content

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadingOrder(t *testing.T) {
	pages := []Page{
		{"c1", CardParams{}, ""}, {"i", IndexParams{}, ""}, {"1", ChapterParams{}, ""}, {"status", StatusParams{}, ""}, {"s1", SymbolParams{}, ""},
		{"2", ChapterParams{}, ""}, {"change", ChangeParams{}, ""}, {"s2", SymbolParams{}, ""}, {"h", HomeParams{}, ""}, {"c2", CardParams{}, ""},
	}
	var got []string
	for _, p := range ReadingOrder(pages) {
		got = append(got, p.Path)
	}
	if diff := cmp.Diff([]string{"h", "1", "2", "i", "s1", "s2", "c1", "c2"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if pages[0].Path != "c1" {
		t.Error("the pages that were given are in another order now")
	}
}
