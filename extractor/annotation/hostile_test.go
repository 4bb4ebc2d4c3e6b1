package annotation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/diag"
	"beforemain/extractor/scan"
)

// places writes where a list has which codes, and the first words of the messages.
func places(list diag.List) string {
	list.Sort()
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%d:%d %s %.60s\n", d.Pos.Line, d.Pos.Column, d.Code, d.Message)
	}
	return b.String()
}

// An annotation is untrusted text. The characters are written as escapes here, since
// this file should read as it is.
func TestHostileCharacters(t *testing.T) {
	const head = "---\nsymbol: p.start\n---\n\n## one\n\n```anchor\nat: work()\nreviewed: v1\n```\n\n### en Title\n\n" // 13 lines
	for _, test := range []struct{ name, text, want string }{
		{"fine", "Text \U0001F468\u200d\U0001F4BB \u26a0\ufe0f 文，“引”\u3000全角。\ttab", ""},
		{"bidi override", "a \u202edcba\u202c", "14:3 N112 an invisible character (U+202E) that changes the order of th\n"},
		{"bidi isolate", "文\u2067x\u2069", "14:4 N112 an invisible character (U+2067) that changes the order of th\n"},
		{"right-to-left mark", "a\u200fb", "14:2 N112 an invisible character (U+200F) that changes the order of th\n"},
		{"zero-width space", "a\u200bb", "14:2 N112 an invisible character (U+200B) after \"a\"\n"},
		{"byte order mark inside", "a \ufeffb", "14:3 N112 an invisible character (U+FEFF) after \"a\"\n"},
		{"tag characters", "a \U000E0041b", "14:3 N112 an invisible character (U+E0041) after \"a\"\n"},
		{"line separator", "a \u2028b", "14:3 N112 an invisible character (U+2028) after \"a\"\n"},
		{"escape", "a \x1b[31mb", "14:3 N112 an invisible character (U+001B) after \"a\"\n"},
		{"lone carriage return", "a\rb", "14:2 N112 an invisible character (U+000D) after \"a\"\n"},
		{"soft hyphen", "a \u00adb", "14:3 N112 an invisible character (U+00AD) after \"a\"\n"},
		{"filler of Hangul", "a \u3164b", "14:3 N112 an invisible character (U+3164) after \"a\"\n"},
		{"no text", "a \x00b", "14:3 N109 the file is not UTF-8 text here\n"},
		{"invalid UTF-8", "a \xff\xfeb", "14:3 N109 the file is not UTF-8 text here\n"},
		{"overlong", "a \xc0\xafb", "14:3 N109 the file is not UTF-8 text here\n"},
		{"surrogate", "a \xed\xa0\x80b", "14:3 N109 the file is not UTF-8 text here\n"},
		{"numeric reference", "one\ntwo &#x202E;b", "15:5 N112 an invisible character (U+202E) that changes the order of th\n"},
		{"decimal reference", "a &#8238;b", "14:3 N112 an invisible character (U+202E) that changes the order of th\n"},
		{"named reference", "a &rlm;b", "14:3 N112 an invisible character (U+200F) that changes the order of th\n"},
		{"reference in code", "a `&#x202E;`", ""},
		{"in an address", "[a](https://example.org/&#x202E;b)", "14:5 N112 the address holds an invisible character (U+202E) that chang\n"},
		{"shortcode", "a {{< slice p.start >}} b", "14:3 N109 a {{< stands in chapters only; here it would show as it is w\n"},
		{"shortcode with Markdown", "a {{% x %}} b", "14:3 N109 a {{% stands in chapters only; here it would show as it is w\n"},
		{"shortcode in code", "a `{{< x >}}`", ""},
		{"template", "a {{ .Site.Params }} {{/* */}}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, list := Parse("x.md", []byte(head+test.text+"\n"))
			if d := cmp.Diff(test.want, places(list)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestHostileSymbol(t *testing.T) {
	for _, name := range []string{"../../etc/passwd", "a/../b.c", "/etc/passwd", `..\x`, "p..", "a//b.c", "./a.b", "https://x/y.z", "a%2fb.c", "a.b#c", "a.<b>", "a.b\u202e"} {
		_, list := Parse("x.md", []byte("---\nsymbol: "+name+"\n---\n"))
		if len(list) == 0 && name != "p.." {
			t.Errorf("symbol: %s passes", name)
		}
	}
	for _, name := range []string{"runtime.gogo<>", "internal/runtime/maps.AlgInit", "_rt0_amd64_linux", "runtime.ticksType.init"} {
		if _, list := Parse("x.md", []byte("---\nsymbol: "+name+"\n---\n")); len(list) > 0 {
			t.Errorf("symbol: %s: %v", name, list)
		}
	}
}

// A value of TOML can be written with escapes, which no line of the file shows.
func TestHostileTOML(t *testing.T) {
	_, list := parseGlossary("g.toml", []byte("[[term]]\nid = \"a\"\nname = { en = \"x\\u202Ey\" }\nalso = { en = [\"z\", \"\\u202E\"] }\navoid = { en = [\"\\u202E\"] }\ntext = { en = \"one\\n\\ntwo <b>\" }\n"))
	want := "1:1 N112 another name holds an invisible character (U+202E) that chan\n1:1 N112 another name holds an invisible character (U+202E) that chan\n1:1 N112 the name holds an invisible character (U+202E) that changes \n6:16 N112 raw HTML\n"
	if d := cmp.Diff(want, places(list)); d != "" {
		t.Error(d)
	}
	_, list = parseEdges("e.toml", []byte("[[outside]]\nid = \"new thread\"\nname = { en = \"\\u202E\" }\n[[edge]]\nfrom = \"a\"\nto = \"b\"\nreason = { en = \"\\u0000\" }\n"))
	want = "1:1 N112 the name holds an invisible character (U+202E) that changes \n4:1 N112 the reason holds an invisible character (U+0000)\n"
	if d := cmp.Diff(want, places(list)); d != "" {
		t.Error(d)
	}
}

func TestHostileSize(t *testing.T) {
	big := strings.Repeat("a", 10<<20)
	fsys := fstest.MapFS{
		"annotations/a.md": {Data: []byte("---\nsymbol: p.a\n---\n" + big)},
		"c.md":             {Data: []byte("---\ntitle: t\nlede: l\n---\n" + big)},
		"g.toml":           {Data: []byte(big)},
		"e.toml":           {Data: []byte(big)},
	}
	_, notes := Read(fsys, "annotations")
	_, chapter := ReadChapter(fsys, "c.md", "en", "c")
	_, terms := ReadGlossary(fsys, "g.toml")
	_, edges := ReadEdges(fsys, "e.toml")
	for _, list := range []diag.List{notes, chapter, terms, edges} {
		if got, want := places(list), "1:1 N109 the file has more than 256 KiB\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}

	// Within the limits the time must stay in proportion.
	for _, part := range []string{"[", "> ", "*a_", "[](", "1. ", "`", "<", "&#8238;", "\u202e", "\xff\n", "on: ,", "## a\n", "### en x\n", "```anchor\n```\n", "[[", "# a {#a}\n", "{{< go \"1\" >}}\n"} {
		for _, size := range []int{32 << 10, 256<<10 - 64} {
			start := time.Now()
			text := []byte("---\nsymbol: p.a\n---\n## a\n### en A\n" + strings.Repeat(part, size/len(part)-1))
			Parse("x.md", text)
			parseChapter("x.md", "en", "x", text)
			parseGlossary("x.md", text[27:])
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%d bytes of %q take %s", size, part, took)
			}
		}
	}
	wide := "---\nsymbol: p.a\n---\n## a\n```anchor\non: " + strings.Repeat("x,", scan.MaxValue) + "\n" + strings.Repeat("y", scan.MaxValue*2) + ": z\n```\n### en A\n"
	if _, list := Parse("x.md", []byte(wide)); !strings.Contains(places(list), "6:5 N109 the value of \"on\" has 2000 bytes; at most 1000\n") {
		t.Error(places(list))
	}
}

// A contributor may send a link to a file that is none of the book's.
func TestHostileSymlink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "annotations"), 0o777); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("---\nsymbol: p.a\n---\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "annotations", "a.md")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	_, list := Read(os.DirFS(dir), "annotations")
	if got, want := places(list), "1:1 N112 a symbolic link (annotations/a.md) may lead out of the folde\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "away")); err != nil {
		t.Fatal(err)
	}
	_, list = ReadChapter(os.DirFS(dir), "away/secret", "en", "secret")
	if got, want := places(list), "1:1 N112 a symbolic link (away) may lead out of the folder\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
