package extractor

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
)

// A card says on which platforms each form of its function is, and nothing leads to a
// place that is not there.
func TestCard(t *testing.T) {
	result, problems, err := Run(context.Background(), open(t, "testdata/card.txtar", nil))
	if err != nil || problems.Count(diag.Error) > 0 {
		t.Fatal(err, problems)
	}
	pages, err := result.Layout.Pages(result.Book.Newest(), "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		switch params := p.Params.(type) {
		case content.CardParams:
			for _, label := range []string{"linux · windows", "darwin"} {
				if !strings.Contains(string(p.Body), label) {
					t.Errorf("the card lacks %q:\n%s", label, p.Body)
				}
			}
		case content.SymbolParams:
			if d := cmp.Diff([]content.PlaceParam{{Path: "src/clock/clock.go", Start: 3}}, params.Places); d != "" {
				t.Errorf("the place of one line (-want +got):\n%s", d)
			}
			if params.Observed == nil || params.Observed.Next != nil {
				t.Errorf("what follows has no page: %+v", params.Observed)
			}
		}
	}
	for _, d := range result.Layout.Documents(result.Versions, "en") {
		if strings.Contains(d.URL, "clock.help/#") {
			t.Errorf("%s is found, and a card shows no notes", d.URL)
		}
	}
}
