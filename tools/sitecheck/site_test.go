package main

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const head = `<!doctype html><html lang="en"><head><link rel="alternate" hreflang="en" href="https://x.example/b/en/"><link rel="alternate" hreflang="zh-CN" href="https://x.example/b/zh/"></head><body>`
const zhHead = `<!doctype html><html lang="zh-CN"><head><link rel="alternate" hreflang="en" href="https://x.example/b/en/"><link rel="alternate" hreflang="zh-CN" href="https://x.example/b/zh/"></head><body>`

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		want []string
	}{
		{"fine", `<h1 id="a">x</h1><a href="#a">a</a><a href="../zh/">zh</a><a href="https://go.dev/">out</a>`, nil},
		{"two headings", `<h1>x</h1><h1>y</h1>`, []string{"en/index.html: 2 h1 elements"}},
		{"doubled id", `<h1 id="a">x</h1><p id="a">`, []string{`en/index.html: the id "a" stands twice`}},
		{"dead page", `<h1>x</h1><a href="../fr/">`, []string{"en/index.html: dead link ../fr/: no such page"}},
		{"dead fragment", `<h1>x</h1><a href="../zh/#b">`, []string{"en/index.html: dead link ../zh/#b: no such id"}},
		{"rooted link", `<h1>x</h1><a href="/zh/">`, nil},
		{"style attribute", `<h1 style="color:red">x</h1>`, []string{"en/index.html: <h1 style=…> is refused by the content security policy"}},
		{"inline script", `<h1>x</h1><script>1</script>`, []string{"en/index.html: an inline <script> is refused by the content security policy"}},
		{"javascript link", `<h1>x</h1><a href="javascript:1">`, []string{"en/index.html: dead link javascript:1: the scheme javascript"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := readSite(fstest.MapFS{
				"en/index.html": {Data: []byte(head + c.body)},
				"zh/index.html": {Data: []byte(zhHead + `<h1>甲</h1>`)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, s.check()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCheckHreflangPairs(t *testing.T) {
	s, err := readSite(fstest.MapFS{
		"en/index.html": {Data: []byte(head + `<h1>x</h1>`)},
		"zh/index.html": {Data: []byte(`<!doctype html><html lang="zh-CN"><h1>甲</h1>`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"en/index.html: hreflang zh-CN: zh/index.html does not point back"}
	if d := cmp.Diff(want, s.check()); d != "" {
		t.Error(d)
	}
}
