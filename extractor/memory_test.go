package extractor

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
)

// memoryPictures returns the pictures of memory on the pages of chapters, by version,
// language and the name of the picture.
func memoryPictures(t *testing.T, r *Result) map[string]string {
	t.Helper()
	form := regexp.MustCompile(`(?s)<figure class="figure" id="picture-([^"]*)"><div class="wide"><div class="memory">.*?</figure>`)
	found := map[string]string{}
	err := r.Editions(func(v source.Version, lang string, pages []content.Page) error {
		for _, p := range pages {
			for _, m := range form.FindAllStringSubmatch(string(p.Body), -1) {
				found[v.Name+" "+lang+" "+m[1]] = m[0]
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestMemoryOfABook: a picture of memory is as its version is, in each language.
func TestMemoryOfABook(t *testing.T) {
	result, problems, err := Run(context.Background(), clock(t, map[string]string{
		"site/content/en/boot/tick.md": "---\ntitle: \"A beat\"\nlede: \"How it goes\"\n---\n\n{{< picture stack >}}\n",
		"annotations/pictures/stack.toml": `kind = "memory"
title = { zh = "栈", en = "A stack & more" }
caption = { zh = "{4*words} 字节。", en = "{4*words} bytes." }
on = "linux/amd64"
[[number]]
name = "words"
go = "v1"
value = "3"
[[number]]
name = "words"
go = "v2"
value = "5"
[[step]]
label = { zh = "起初", en = "At first" }
[[step.column]]
label = "low"
[[step.column.cell]]
id = "top"
label = "argc"
at = "+{words}"
look = "new"
[[step.column.cell]]
id = "late"
go = "v2"
label = "late"
note = { zh = "后来", en = "later" }
[[step.column.cell]]
id = "other"
on = "arm64"
label = "elsewhere"
[[step.column]]
[[step.column.cell]]
id = "end"
label = "end"
[[step.arrow]]
from = "late"
to = "end"
[[step.arrow]]
register = "SP"
to = "top"
[[step.bracket]]
from = "top"
to = "late"
label = { zh = "一段", en = "a part" }
`}))
	if err != nil || problems.Count(diag.Error) > 0 {
		t.Fatal(err, problems)
	}
	got := memoryPictures(t, result)
	for key, c := range map[string]struct{ has, not []string }{
		"v1 en stack": {[]string{`role="img" aria-label="A stack &amp; more · At first"`, `class="new"`, ">&#43;3</text>", ">SP</text>", "<figcaption>12 bytes."}, []string{"late", "elsewhere", "a part", "later"}},
		"v2 en stack": {[]string{">&#43;5</text>", ">late</text>", ">later</text>", ">a part</text>", `class="bracket"`, "<figcaption>20 bytes."}, []string{"elsewhere"}},
	} {
		for _, s := range c.has {
			if !strings.Contains(got[key], s) {
				t.Errorf("%s lacks %s:\n%s", key, s, got[key])
			}
		}
		for _, s := range c.not {
			if strings.Contains(got[key], s) {
				t.Errorf("%s shows %s", key, s)
			}
		}
	}
}

// TestRealMemory: the book's pictures of memory show the numbers of their versions, as
// they were counted by hand in the sources.
func TestRealMemory(t *testing.T) {
	got := memoryPictures(t, runReal(t, "go1.17", "go1.18", "go1.21", "go1.27"))
	bytes := map[string]string{"zh": "字节", "en": "bytes"}
	for _, c := range []struct {
		picture string
		has     map[string][]string // by version
	}{
		{"initial-stack", map[string][]string{"go1.17": {"16(SP)", "(25, ", "(6, 4096)"}, "go1.27": {"16(SP)", "(25, "}}},
		{"g0-stack", map[string][]string{
			"go1.17": {">16(SP)<", ">56(SP)<", "65432 %s", "siz = 0", "hi-16", "hi&#43;24"},
			"go1.18": {">32(SP)<", ">56(SP)<", "65432 %s", "hi&#43;32"},
			"go1.21": {"65536 %s"},
			"go1.27": {">32(SP)<", "65536 %s", "hi&#43;32", "hi-8"},
		}},
		// m begins with g0 and morebuf, a gobuf: of seven words up to 1.24, then of six.
		{"m0-g0-tls", map[string][]string{"go1.17": {"&#43;136<", "&#43;144<", "&#43;48<"}, "go1.27": {"&#43;128<", "&#43;136<", "&#43;48<"}}},
		{"new-stack", map[string][]string{
			"go1.17": {"goexit&#43;1<", "hi-40", "2048 %s", "1080 %s", "928", "goexit&#43;4", "stack.hi-48"},
			"go1.27": {"goexit&#43;1<", "hi-40", "2048 %s", "1080 %s", "928", "goexit&#43;4", "stack.hi-48"},
		}},
		{"first-queue", map[string][]string{"go1.17": {"256 ", "(?s)>P 1<.*>P n-1<"}, "go1.27": {"256 ", "(?s)>P n-1<.*>P 1<"}}},
	} {
		for version, list := range c.has {
			for lang, word := range bytes {
				picture := got[version+" "+lang+" "+c.picture]
				for _, want := range list {
					want = strings.Replace(want, "%s", word, 1)
					if !strings.HasPrefix(want, "(?s)") {
						want = regexp.QuoteMeta(want)
					}
					if !regexp.MustCompile(want).MatchString(picture) {
						t.Errorf("%s of %s in %s lacks %s:\n%s", c.picture, version, lang, want, picture)
					}
				}
				if err := sound(picture); err != nil {
					t.Errorf("%s of %s in %s: %v", c.picture, version, lang, err)
				}
			}
		}
	}
	if siz := got["go1.18 zh g0-stack"]; strings.Contains(siz, "siz = 0") {
		t.Error("1.18 pushes the size of arguments")
	}
}

// sound reports a picture that is no well-formed XML, has a style of its own, tells those
// who cannot see it nothing, or shows an expression instead of its value.
func sound(picture string) error {
	if regexp.MustCompile(`\sstyle=|<style|[{}]`).MatchString(picture) {
		return fmt.Errorf("a style or an expression in %s", picture)
	}
	d := xml.NewDecoder(strings.NewReader(picture))
	images := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "svg" {
			images++
			if !slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "aria-label" && a.Value != "" }) {
				return fmt.Errorf("no alternative text")
			}
		}
	}
	if images == 0 {
		return fmt.Errorf("no picture")
	}
	return nil
}
