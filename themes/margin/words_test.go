package margin_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// readWords returns the theme's words of a language by key.
func readWords(t *testing.T, lang string) map[string]string {
	t.Helper()
	var entries map[string]struct{ Other string }
	if _, err := toml.DecodeFile("i18n/"+lang+".toml", &entries); err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for key, e := range entries {
		list[key] = e.Other
	}
	return list
}

func layouts(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		dir, _, _ := strings.Cut(name, "/")
		if err != nil || path.Ext(name) != ".html" || dir != "layouts" && dir != "epub" {
			return err
		}
		text, err := os.ReadFile(name)
		list[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWordsAreInBothLanguages(t *testing.T) {
	zh, en := readWords(t, "zh"), readWords(t, "en")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en))); diff != "" {
		t.Errorf("keys of zh and en (-zh +en):\n%s", diff)
	}
	placeholder := regexp.MustCompile(`\{\{ \.\w+ \}\}`)
	for key, word := range zh {
		if strings.TrimSpace(word) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%s: an empty word", key)
		}
		inZh, inEn := placeholder.FindAllString(word, -1), placeholder.FindAllString(en[key], -1)
		slices.Sort(inZh)
		slices.Sort(inEn)
		if diff := cmp.Diff(inZh, inEn); diff != "" {
			t.Errorf("%s: placeholders (-zh +en):\n%s", key, diff)
		}
	}
}

// Each word is one that a template or the generator asks for, by its key or by how its key
// begins ("edge_" and a kind).
func TestWordsAreUsed(t *testing.T) {
	var asked strings.Builder
	for _, text := range layouts(t) {
		asked.WriteString(text)
	}
	root := os.DirFS("../..")
	for _, dir := range []string{"extractor", "tools", "themes/margin/layouts", "themes/margin/print"} {
		err := fs.WalkDir(root, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !slices.Contains([]string{".go", ".html", ".txt", ".xml"}, path.Ext(name)) || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata") {
				return err
			}
			text, err := fs.ReadFile(root, name)
			asked.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	text := asked.String()
	for key := range readWords(t, "en") {
		used := strings.Contains(text, `"`+key+`"`)
		for at := range key {
			start := `"` + key[:at]
			used = used || strings.HasSuffix(start, "_") && (strings.Contains(text, start+`"`) || strings.Contains(text, start+"%s"))
		}
		if !used {
			t.Errorf("nothing shows the word %s", key)
		}
	}
}

func TestLayoutsUseWordsThatExist(t *testing.T) {
	words := readWords(t, "en")
	call := regexp.MustCompile(`i18n "(\w+)"`)
	calls := 0
	for name, text := range layouts(t) {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			calls++
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s: no word %q", name, m[1])
			}
		}
	}
	if calls == 0 {
		t.Error("no layout uses a word")
	}
}

// TestLayoutsHoldNoWords looks for letters that a reader would see, outside of
// template actions and of names, which are marked translate="no".
func TestLayoutsHoldNoWords(t *testing.T) {
	action := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	visible := []string{"aria-label", "title", "alt", "placeholder"}
	for name, text := range layouts(t) {
		z := html.NewTokenizer(strings.NewReader(action.ReplaceAllString(text, "")))
		names := 0 // open elements inside one with translate="no"
		for z.Next() != html.ErrorToken {
			tok := z.Token()
			switch tok.Type {
			case html.StartTagToken:
				for _, a := range tok.Attr {
					if a.Key == "translate" && a.Val == "no" && names == 0 {
						names = 1
					} else if slices.Contains(visible, a.Key) && hasLetter(a.Val) {
						t.Errorf("%s: %s=%q is not in i18n", name, a.Key, a.Val)
					}
				}
				if names > 0 {
					names++
				}
			case html.EndTagToken:
				if names > 0 {
					if names--; names == 1 {
						names = 0
					}
				}
			case html.TextToken:
				if names == 0 && hasLetter(tok.Data) {
					t.Errorf("%s: %q is not in i18n", name, strings.TrimSpace(tok.Data))
				}
			}
		}
	}
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
