package extractor

import (
	"fmt"
	"testing"

	"beforemain/tools/need/reader"
)

const (
	searchScripts = "../themes/margin/assets/js/search"
	searchQueries = "search/testdata/queries.txt"
)

// TestSearchFindsWhatReadersLookFor asks the real book, with the script of its pages.
func TestSearchFindsWhatReadersLookFor(t *testing.T) {
	r := runReal(t, "go1.17", "go1.27")
	files, err := r.SearchFiles(r.Versions)
	if err != nil {
		t.Fatal(err)
	}
	queries, err := reader.Queries(searchQueries)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, q := range queries {
		count[q.Lang]++
		t.Run(fmt.Sprint(q.Lang, " ", q.Version, " ", q.Text), func(t *testing.T) {
			page, err := reader.New(searchScripts, files) // as in a page that was just opened
			if err != nil {
				t.Fatal(err)
			}
			hits, _, err := page.Find(q.Lang, q.Version, q.Text, 8) // as many as the field asks for
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range hits {
				if h.URL == q.Want && i == 0 {
					break
				}
				if i < 4 {
					t.Errorf("%d. %s %s, want %s first", i+1, h.URL, h.Title, q.Want)
				}
			}
			if len(hits) == 0 {
				t.Errorf("nothing is found, want %s", q.Want)
			}
			if page.Loaded > 60<<10 {
				t.Errorf("the first answer takes %d bytes of %v, want at most 60 KiB", page.Loaded, page.Files)
			}
			t.Log(page.Loaded, len(page.Files))
		})
	}
	if count["zh"] < 30 || count["en"] < 30 {
		t.Errorf("%v queries, want 30 a language", count)
	}
}
