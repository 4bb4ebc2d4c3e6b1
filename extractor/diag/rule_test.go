package diag_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/diag"
)

// Every code that the program can print is explained: here, and in CONTRIBUTING.md in
// each language, and in no other order.
func TestRulesAreExplained(t *testing.T) {
	var rules, warnings []string
	for _, r := range diag.Rules() {
		rules = append(rules, r.Code)
		if r.Severity == diag.Warning {
			warnings = append(warnings, r.Code)
		}
		if r.What == "" || !strings.HasSuffix(r.Help, ".") {
			t.Errorf("%s is explained badly", r.Code)
		}
	}
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"n", "zh-n"} {
		var rows, warned []string
		for _, m := range regexp.MustCompile(`(?m)^\| <a id="`+prefix+`(\d+)"></a>(N\d+) \| (.*) \| .* \|$`).FindAllStringSubmatch(string(text), -1) {
			if "N"+m[1] != m[2] {
				t.Errorf("the anchor %s%s is at %s", prefix, m[1], m[2])
			}
			rows = append(rows, m[2])
			if strings.HasPrefix(m[3], "a warning: ") || strings.HasPrefix(m[3], "警告：") {
				warned = append(warned, m[2])
			}
		}
		if d := cmp.Diff(rules, rows); d != "" {
			t.Errorf("rows of CONTRIBUTING.md with #%s… (-want +got):\n%s", prefix, d)
		}
		if d := cmp.Diff(warnings, warned); d != "" {
			t.Errorf("warnings of CONTRIBUTING.md with #%s… (-want +got):\n%s", prefix, d)
		}
	}

	printed := map[string]bool{}
	for _, dir := range []string{"..", "../../tools"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "diag/rule.go") {
				return err
			}
			text, err := fs.ReadFile(os.DirFS(dir), name)
			for _, m := range regexp.MustCompile(`"(N[0-9]{3})"`).FindAllSubmatch(text, -1) {
				printed[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range rules {
		if !printed[r] {
			t.Errorf("nothing prints %s", r)
		}
	}
	for code := range printed {
		if !slices.Contains(rules, code) {
			t.Errorf("%s is not in Rules", code)
		}
	}
}
