package render

import (
	"html/template"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/source"
	"beforemain/extractor/syntax"
)

func span(start, end int) source.Span { return source.Span{Start: start, End: end} }

func TestSweep(t *testing.T) {
	class := func(start, end int, c string) mark { return mark{Span: span(start, end), class: c} }
	link := func(start, end int, title string) mark {
		return mark{Span: span(start, end), class: "x", href: "a?b&c", title: title}
	}
	tests := map[string]struct {
		text          string
		links, tokens []mark
		want          []string
	}{
		"empty":             {text: "", want: nil},
		"no marks":          {text: "a<b>&\n\nc", want: []string{"a&lt;b&gt;&amp;\n", "\n", "c"}},
		"carriage return":   {text: "// a\r\n", tokens: []mark{class(0, 6, "c")}, want: []string{"<span class=\"c\">// a</span>&#13;\n"}},
		"blanks get none":   {text: " \tif  x", tokens: []mark{class(0, 6, "k")}, want: []string{" \t<span class=\"k\">if</span>  x"}},
		"only blanks":       {text: " \n\f", tokens: []mark{class(0, 3, "k")}, want: []string{" \n", "\f"}},
		"over lines":        {text: "/*\n\n */x", tokens: []mark{class(0, 7, "c")}, want: []string{"<span class=\"c\">/*</span>\n", "\n", " <span class=\"c\">*/</span>x"}},
		"link takes class":  {text: "f(g)", links: []mark{link(0, 1, "p.f")}, tokens: []mark{class(0, 1, "f"), class(2, 3, "f")}, want: []string{`<a class="x f" href="a?b&amp;c" title="p.f">f</a>(<span class="f">g</span>)`}},
		"but no number's":   {text: "7", links: []mark{link(0, 1, "")}, tokens: []mark{class(0, 1, "n")}, want: []string{`<a class="x" href="a?b&amp;c"><span class="n">7</span></a>`}},
		"link over tokens":  {text: "p.f ", links: []mark{link(0, 3, "")}, tokens: []mark{class(0, 1, "t"), class(2, 3, "f")}, want: []string{`<a class="x" href="a?b&amp;c"><span class="t">p</span>.<span class="f">f</span></a> `}},
		"link in a token":   {text: "abc", links: []mark{link(1, 2, "")}, tokens: []mark{class(0, 3, "c")}, want: []string{`<span class="c">a</span><a class="x c" href="a?b&amp;c">b</a><span class="c">c</span>`}},
		"link over lines":   {text: "a\nb", links: []mark{link(0, 3, "")}, want: []string{"<a class=\"x\" href=\"a?b&amp;c\">a\n</a>", `<a class="x" href="a?b&amp;c">b</a>`}},
		"overlap, disorder": {text: "abcd", tokens: []mark{class(2, 4, "k"), class(0, 3, "c"), class(3, 9, "s"), class(3, 3, "s"), class(-1, 1, "s")}, want: []string{`<span class="c">abc</span>d`}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := sweep([]byte(tt.text), newLayer(len(tt.text), tt.links), newLayer(len(tt.text), tt.tokens))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTokenLayer(t *testing.T) {
	got := tokenLayer(9, []syntax.Token{
		{Span: span(0, 2), Class: syntax.Comment}, {Span: span(2, 4), Class: syntax.Comment},
		{Span: span(4, 5), Class: syntax.Operator}, {Span: span(5, 6), Class: syntax.Plain},
		{Span: span(6, 8), Class: syntax.Comment}, {Span: span(8, 9), Class: syntax.Keyword},
	})
	want := layer{{Span: span(0, 4), class: "c"}, {Span: span(6, 8), class: "c"}, {Span: span(8, 9), class: "k"}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(mark{})); d != "" {
		t.Error(d)
	}
}

// hollow matches a class that colours nothing, and a link that has no text.
var hollow = regexp.MustCompile(`<span[^>]*>\s*</span>|<a[^>]*></a>`)

func FuzzSweep(f *testing.F) {
	f.Add([]byte("func f() {\n\tg(1)\r\n}\n"), []byte("\x00\x04\x01\x05\x06\x02\x0c\x01\x80"))
	f.Add([]byte(" \xff<>&\x00\n\n"), []byte("\x00\xff\x81\x01\x02\x81\x00\x02\x02"))
	f.Fuzz(func(t *testing.T, text, marks []byte) {
		var links, tokens []mark
		for ; len(marks) >= 3; marks = marks[3:] {
			m := mark{Span: span(int(marks[0])-2, int(marks[0])-2+int(marks[1])), class: string('a' + rune(marks[2]%16))}
			if marks[2] >= 0x80 {
				m.class, m.href, m.title = "x", "?\"<", "\"'>"
				links = append(links, m)
			} else {
				tokens = append(tokens, m)
			}
		}
		lines := sweep(text, newLayer(len(text), links), newLayer(len(text), tokens))
		source := strings.SplitAfter(string(text), "\n")
		for i, line := range lines {
			got, err := code(template.HTML(line))
			if err != nil {
				t.Fatalf("line %d: %v\n%s", i, err, line)
			}
			if got != source[i] {
				t.Errorf("line %d: got %q, want %q", i, got, source[i])
			}
			if e := hollow.FindString(line); e != "" {
				t.Errorf("line %d has %q", i, e)
			}
		}
		if rest := strings.Join(source[len(lines):], ""); rest != "" {
			t.Errorf("%q is missing", rest)
		}
	})
}
