package copyedit

import (
	"fmt"
	"go/token"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

// chapter reads Markdown as the text of a chapter.
func chapter(t *testing.T, lang, text string) []Text {
	t.Helper()
	c, list := annotation.ReadChapter(fstest.MapFS{"x.md": {Data: []byte("---\ntitle: x\nlede: x\n---\n" + text + "\n")}}, "x.md", lang, "x")
	for _, d := range list {
		if d.Severity == diag.Error && d.Code != "N112" {
			t.Fatalf("%v", d)
		}
	}
	var texts []Text
	for _, n := range c.Body {
		if n.Prose != nil {
			texts = append(texts, Text{Lang: lang, Prose: n.Prose})
		}
	}
	return texts
}

// said writes findings as "code column: fix", a line each.
func said(list diag.List) string {
	list.Sort()
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s %d: %s\n", d.Code, d.Pos.Column, strings.TrimPrefix(d.Related[len(d.Related)-1], "fix: "))
	}
	return b.String()
}

func TestRules(t *testing.T) {
	for _, c := range []struct{ name, lang, text, want string }{
		{"good Chinese", "zh", "到 1.25 为止，`schedinit` 先上锁（见 [m0](term:m0)）；「自旋」是什么？看[分配器](sym:x)。\n\n- **进来的**：g0 的栈。\n\n| `x` | 1, 2 |\n|---|---|\n| f(x), g(y) | \"a\" |", ""},
		{"half-width stops", "zh", "如下:一,二;三?四!五.六.", "N151 7: 如下：一,二;三?四!\nN151 11: 如下:一，二;三?四!五.\nN151 15: 如下:一,二；三?四!五.六.\nN151 19: 如下:一,二;三？四!五.六.\nN151 23: :一,二;三?四！五.六.\nN151 27: ,二;三?四!五。六.\nN151 31: ;三?四!五.六。\n"},
		{"half-width beside code", "zh", "`x`: 见下。用 `y`, 再看 `z`.", "N151 4: `x`：见下。用 `y`,\nN151 22: : 见下。用 `y`，再看 `z`.\nN151 34: `y`, 再看 `z`。\n"},
		{"half-width among Latin", "zh", "用 int8, uint8 和 go1.17..1.21、a.go、1:2，值是 f(x)。", ""},
		{"half-width brackets", "zh", "栈(见下)和 map (hash) 以及 man(2) 和 mark (m) 。", "N151 4: 栈（见下)和 map\nN151 11: 栈(见下）和 map (h\nN151 19: 见下)和 map（hash) 以及\nN151 25: ap (hash）以及 man(2\nN152 53: mark (m)。\n"},
		{"brackets behind Han", "zh", "收集 (mark) 先。", "N151 7: 收集（mark) 先。\nN151 13: 收集 (mark）先。\n"},
		{"quotes", "zh", "叫\"一\"和“二”，不叫'三'；Go's。", "N151 4: 叫「一\"和“二”，不\nN151 8: 叫\"一」和“二”，不叫'\nN151 12: 叫\"一\"和「二”，不叫'三'\nN151 18: 叫\"一\"和“二」，不叫'三'；G\nN151 30: \"和“二”，不叫「三'；Go's。\nN151 34: “二”，不叫'三」；Go's。\n"},
		{"ellipsis and dash", "zh", "等等... 一--二，又…三—四，`a...b` --flag 也是——真的……", "N151 7: 等等…… 一--二，又…\nN151 14: 等等... 一——二，又…三—四，\nN151 25: . 一--二，又……三—四，`a...b` --\nN151 31: 一--二，又…三——四，`a...b` --fl\n"},
		{"spaces", "zh", "用Go 1.17的`x`和 `y`，见 [下一章](chap:x) 。", "N152 4: 用 Go 1.17的\nN152 11: 用Go 1.17 的`x`和 `y`，见\nN152 14: Go 1.17的 `x`和 `y`，见 [下\nN152 17: o 1.17的`x` 和 `y`，见 [下一\nN152 30: 7的`x`和 `y`，见[下一章](chap:x) 。\nN152 50: `y`，见 [下一章](chap:x)。\n"},
		{"emphasis ends behind a mark", "zh", "**这是一句。** 后面。又 **「二」** 和 **三** 四", "N152 15: **这是一句**。后面。又 **「二」**\nN152 51: 。又 **「二」** 和**三** 四\nN152 59: **「二」** 和 **三**四\n"},
		{"two marks", "zh", "一，，二。，三？！", "N151 4: 一，二。，三？！\nN151 13: 一，，二。三？！\n"},
		{"list number", "zh", "#### 14. 「一」不是二", ""},
		{"line ends", "zh", "一\n二，\nGo 三\n`x`", ""},
		{"full-width letters", "zh", "用 Ｇ 和　３", "N151 5: 用 G 和 ３\nN152 12: 用 Ｇ 和３\nN151 15: 用 Ｇ 和 3\n"},
		{"repeated Han", "zh", "这是的的，走了\n了。函数函数。目的的是次次打开开关，会不会不同。", "N153 7: 这是的，走了 了。函数\nN153 19: 这是的的，走了。函数函数。目的\nN153 7: 的的，走了 了。函数。目的的是次次打\n"},
		{"good English", "en", "It's \"so\": the case of `a...b` (e.g., x), go1.17..1.21 – had had; [the term 「自旋」](term:x).\n\n| , | ? |\n|---|---|", ""},
		{"curly quotes", "en", "It’s “so”.", "N151 3: It's “so”.\nN151 8: It’s \"so”.\nN151 13: It’s “so\".\n"},
		{"full-width in English", "en", "One，two（three）", "N151 4: write the English mark\nN151 10: write the English mark\nN151 18: write the English mark\n"},
		{"marks in English", "en", "So... that -- is,, it .. no , yes :", "N151 3: So… that --\nN151 12: .. that – is,, it\nN151 17: at -- is, it .. n\nN151 23: is,, it . no , ye\nN152 28: it .. no, yes :\nN152 34: no , yes:\n"},
		{"repeated words", "en", "Here the the\nTHE end; a a b, x x, it, it. In in the thethe", "N153 6: Here the THE end\nN153 10: HE end; a b, x x,\nN153 30: it, it. In the the\n"},
		{"another language", "fr", "《x》 « le le »", "N153 12: 《x》 « le »\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, said(Check(chapter(t, c.lang, c.text), nil))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	list := Check(chapter(t, "zh", "图：![](a.svg) 和 ![有字](b.svg)"), nil)
	if got, want := said(list), "N157 11: ![what it shows](a.svg)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if list.Count(diag.Error) != 1 {
		t.Error("a picture without a text is no error")
	}
}

func TestLine(t *testing.T) {
	at := token.Position{Filename: "x.toml", Line: 3, Column: 9}
	list := Check([]Text{
		{Lang: "zh", Line: "用Go{{ .X }}写的 `a,b` {c}字", Pos: at},
		{Lang: "en", Line: "it’s", Pos: at, Escaped: true},
	}, nil)
	want := "N151 9: it's\nN152 12: 用 Go{{ .X }}写的 `a,b`\nN152 22: 用Go{{ .X }} 写的 `a,b` {c}字\nN152 38: o{{ .X }}写的 `a,b` {c} 字\n"
	if d := cmp.Diff(want, said(list)); d != "" {
		t.Error(d)
	}
}

func terms(t *testing.T, text string) []annotation.Term {
	t.Helper()
	terms, list := annotation.ReadGlossary(fstest.MapFS{"g.toml": {Data: []byte(text)}}, "g.toml")
	if len(list) > 0 {
		t.Fatal(list)
	}
	return terms
}

func TestNames(t *testing.T) {
	list := terms(t, `
[[term]]
id = "gc"
name = { zh = "垃圾收集器", en = "garbage collector" }
avoid = { zh = ["收集器", "垃圾回收器"], en = ["GC", "collecter"] }
text = { zh = "又叫垃圾回收器。", en = "x" }
[[term]]
id = "g0"
name = { zh = "g0", en = "g0" }
avoid = { zh = ["零号"] }
[[term]]
id = "signal-stack"
name = { zh = "信号栈（gsignal）", en = "signal stack (gsignal)" }
[[term]]
id = "heap"
name = { zh = "堆", en = "heap" }
[[term]]
id = "same"
name = { zh = "另一个", en = "Heap" }
avoid = { en = ["g0"] }
`)
	texts := chapter(t, "zh", "垃圾收集器，不是收\n集器，`收集器`，见[堆](term:heap)和 gsignal，从零号起。")
	texts = append(texts, chapter(t, "en", "The GC, GCs and `GC`, not a GCC; two collecters; the garbage collector.")...)
	texts = append(texts, Text{Lang: "zh", Prose: list[0].Text["zh"], Term: "gc"})
	want := "N156 1: link it where a reader meets it first, […](term:g0), or remove it\n" +
		"N155 1: remove it from avoid\n" +
		"N155 1: give one of them another name, or make one term of the two\n" +
		"N156 1: link it where a reader meets it first, […](term:same), or remove it\n" +
		"N154 5: The garbage collector, GCs an\n" +
		"N154 9: The GC, garbage collectors and `GC`,\n" +
		"N154 25: 垃圾收集器，不是垃圾收集器，`收集器`，见[堆](term:heap)和 g\n" +
		"N154 38: CC; two garbage collectors; the g\n" +
		"N154 60: signal，从 g0 起。\n"
	if d := cmp.Diff(want, said(Check(texts, list))); d != "" {
		t.Error(d)
	}
}

// A part of a name, as gsignal is of 信号栈（gsignal）, is one that no term may refuse,
// whichever stands first.
func TestRefusedPart(t *testing.T) {
	const signal = "[[term]]\nid = \"signal-stack\"\nname = { zh = \"信号栈（gsignal）\" }\n"
	const other = "[[term]]\nid = \"other\"\nname = { zh = \"另名\" }\navoid = { zh = [\"Gsignal\"] }\n"
	for _, text := range []string{signal + other, other + signal} {
		var got []string
		for _, d := range Check(chapter(t, "zh", "gsignal 和另名"), terms(t, text)) {
			if d.Code == "N155" {
				got = append(got, d.Message)
			}
		}
		if d := cmp.Diff([]string{`the term "other" refuses "Gsignal", which is the zh name of "signal-stack"`}, got); d != "" {
			t.Error(d)
		}
	}
}

// Whatever is written, nothing panics, and what is reported stands in the file.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"一 **二。** `三` [四](term:x) ![](y)", "a, 的的 the the “x”…—--...", "\\* &amp; &#x4e00; | a |\n|-|\n| ` `` ` |", "[a][b]\n\n[b]: c", "**a*b**_", "（(「\"'"} {
		f.Add(s)
	}
	names := []annotation.Term{{ID: "x", Name: map[string]string{"zh": "一 a", "en": "a"}, Avoid: map[string][]string{"zh": {"二"}, "en": {"the", "一"}}, Pos: token.Position{Line: 1, Column: 1}}}
	f.Fuzz(func(t *testing.T, text string) {
		for _, lang := range []string{"zh", "en", "fr"} {
			c, _ := annotation.ReadChapter(fstest.MapFS{"x.md": {Data: []byte("---\ntitle: x\nlede: x\n---\n" + text)}}, "x.md", lang, "x")
			var texts []Text
			for _, n := range c.Body {
				if n.Prose != nil {
					texts = append(texts, Text{Lang: lang, Prose: n.Prose})
				}
			}
			lines := strings.Split(strings.ReplaceAll(string(c.Source), "\r\n", "\n"), "\n")
			texts = append(texts, Text{Lang: lang, Line: lines[0], Pos: token.Position{Line: 1, Column: 1}})
			for _, d := range Check(texts, names) {
				if l, c := d.Pos.Line, d.Pos.Column; l < 1 || l > len(lines) || c < 1 || c > len(lines[l-1])+1 {
					t.Fatalf("%s is outside of %q", d, text)
				}
				if len(d.Related) == 0 {
					t.Fatalf("%s has no fix", d)
				}
			}
		}
	})
}
