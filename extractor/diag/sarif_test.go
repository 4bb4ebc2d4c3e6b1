package diag

import (
	"encoding/json"
	"go/token"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// What the schema of SARIF 2.1.0 requires of the objects that PrintSARIF writes, and
// the values that it allows.
func TestPrintSARIF(t *testing.T) {
	l := sample()
	l.Errorf(token.Position{Filename: "zh/一 文.md", Line: 2, Column: 8}, "N112", "raw HTML").Relate("fix: {{< go \"1\" >}} [a](b)")
	l.Errorf(token.Position{Filename: "go1.17:src/a.go", Line: 3, Column: 1}, "N131", "expected ;")
	l.Errorf(token.Position{Filename: "a.md"}, "N999", "of no rule")
	var b strings.Builder
	if err := l.PrintSARIF(&b, fstest.MapFS{"zh/一 文.md": {Data: []byte("\n一二<b>\n")}}); err != nil {
		t.Fatal(err)
	}
	var log map[string]any
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	if log["version"] != "2.1.0" || !strings.HasSuffix(log["$schema"].(string), "/sarif-2.1.0.json") {
		t.Errorf("version %v, schema %v", log["version"], log["$schema"])
	}
	run := log["runs"].([]any)[0].(map[string]any)
	if run["columnKind"] != "unicodeCodePoints" {
		t.Errorf("columnKind = %v", run["columnKind"])
	}
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	if driver["name"] != "book" {
		t.Errorf("name = %v", driver["name"])
	}
	var ids []string
	unescape := strings.NewReplacer("{{", "{", "}}", "}", `\\`, `\`, `\[`, "[", `\]`, "]")
	for i, r := range driver["rules"].([]any) {
		rule := r.(map[string]any)
		ids = append(ids, rule["id"].(string))
		for key, want := range map[string]string{"shortDescription": Rules()[i].What, "help": Rules()[i].Help} {
			text := rule[key].(map[string]any)["text"].(string)
			if got := unescape.Replace(text); text == "" || got != want {
				t.Errorf("%s of %s says %q, want %q", key, rule["id"], got, want)
			}
		}
		level(t, rule["defaultConfiguration"].(map[string]any)["level"])
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("rules %v", ids)
	}
	results := run["results"].([]any)
	if len(results) != len(l) {
		t.Fatalf("%d results, want %d", len(results), len(l))
	}
	for i, r := range results {
		result := r.(map[string]any)
		level(t, result["level"])
		if result["message"].(map[string]any)["text"] == "" {
			t.Error("a result has no message")
		}
		if n := int(result["ruleIndex"].(float64)); n < -1 || n >= 0 && ids[n] != l[i].Code || n < 0 && l[i].Code != "N999" {
			t.Errorf("ruleIndex %d of %s", n, l[i].Code)
		}
		place := result["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)
		uri, err := url.Parse(place["artifactLocation"].(map[string]any)["uri"].(string))
		if err != nil || uri.IsAbs() || strings.HasPrefix(uri.Path, "/") || strings.TrimPrefix(uri.Path, "./") != l[i].Pos.Filename {
			t.Errorf("uri %v of %s, %v", uri, l[i].Pos.Filename, err)
		}
		region := place["region"].(map[string]any)
		if region["startLine"].(float64) < 1 || region["startColumn"].(float64) < 1 {
			t.Errorf("region %v", region)
		}
	}
	html := results[3].(map[string]any)
	if got := html["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)["region"].(map[string]any)["startColumn"]; got != 4.0 {
		// two characters of three bytes stand before the byte 8, and one of one
		t.Errorf("column %v, want 4", got)
	}
	if got, want := html["message"].(map[string]any)["text"], `raw HTML`+"\n"+`fix: {{{{< go "1" >}}}} \[a\](b)`; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
	b.Reset()
	if err := (List)(nil).PrintSARIF(&b, nil); err != nil || !strings.Contains(b.String(), `"results": []`) {
		t.Errorf("an empty list = %v, %s", err, b.String())
	}
}

func level(t *testing.T, got any) {
	t.Helper()
	if !slices.Contains([]any{"none", "note", "warning", "error"}, got) {
		t.Errorf("level %v", got)
	}
}
