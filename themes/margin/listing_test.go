package margin_test

import (
	"fmt"
	"html"
	"path/filepath"
	"regexp"
	"strings"
)

// listing sets one of the fixture's texts as the generator does.
func (e edition) listing(file, path string) string {
	var b strings.Builder
	var pre []string // lines of the pre that is being set
	class := "code"
	line, off, dead, noted := 0, false, "", false
	flush := func() {
		if pre != nil {
			fmt.Fprintf(&b, `<pre class="%s" translate="no"><code>%s</code></pre>`, class, strings.Join(pre, ""))
		}
		pre, class = nil, "code"
	}
	var pending []string // notes that follow the lines they are about
	notes := func() {
		if pending != nil {
			b.WriteString(`<div class="notes">`)
			for _, id := range pending {
				b.WriteString(e.note(file, id))
			}
			b.WriteString(`</div>`)
		}
		pending = nil
	}
	fmt.Fprintf(&b, `<div class="listing"><div class="caption"><a href="https://upstream.example/%s">%s</a> <span class="tag">%s</span>%s</div><div class="passage">`, path, path, tags[e.version], e.choice(file))
	for _, s := range strings.Split(e.text[file], "\n") {
		word, rest, _ := strings.Cut(s, " ")
		switch word {
		case "@from":
			fmt.Sscan(rest, &line)
		case "@on":
			flush()
			notes()
			b.WriteString(`</div><div class="passage noted">`)
			class, pending, noted = "code on", strings.Fields(rest), true
		case "@rest":
			flush()
			notes()
		case "@comment":
			flush()
			class += " original"
		case "@said":
			flush()
			if e.lang == "zh" {
				b.WriteString(e.said(file, rest))
			}
		case "@fold":
			flush()
			fmt.Fprintf(&b, `<details class="fold"><summary><span lang="%s">%s</span> <small>%d–%d</small></summary>`,
				map[string]string{"zh": "zh-CN", "en": "en"}[e.lang], words{"其余的锁，逐一登记", "The other locks, one by one"}.in(e.lang), line, line+3)
		case "@end":
			flush()
			b.WriteString(`</details>`)
		case "@off":
			off = true
		case "@dead":
			dead = `<small class="dead" translate="yes">` + words{"在 darwin 上执行不到", "not reached on darwin"}.in(e.lang) + `</small>`
		default:
			extra := ""
			if off {
				extra, off = " off", false
			}
			id := fmt.Sprintf("%s-L%d", filepath.Base(path), line)
			pre = append(pre, fmt.Sprintf(`%s<span class="l%s" id="%s"><a class="n" href="#%s" data-n="%d" tabindex="-1" aria-hidden="true"></a>%s`+"\n</span>", dead, extra, id, id, line, colour(s)))
			dead = ""
			line++
		}
	}
	flush()
	notes()
	b.WriteString(`</div></div>`)
	if !noted {
		e.t.Errorf("%s has no note", file)
	}
	return b.String()
}

// choice is the box with which a reader asks for translations only.
func (e edition) choice(file string) string {
	if e.lang != "zh" || !strings.Contains(e.text[file], "@said") {
		return ""
	}
	return ` <label class="choice"><input type="checkbox"> 有译文的注释不显示原文</label> <span class="lost">1 段注释译文未显示：此版没有相同的原文</span>`
}

// said is the translation of a comment.
func (e edition) said(file, id string) string {
	anchor := "note-" + strings.TrimSuffix(file, filepath.Ext(file)) + "-" + id
	return fmt.Sprintf(`<div class="note said" role="note" id="%[1]s" lang="zh-CN">%[2]s<footer><span class="range">go1.26–go1.27</span><a class="self" href="#%[1]s" aria-label="链接">#</a></footer></div>`,
		anchor, e.text[id+"."+e.lang])
}

func (e edition) note(file, id string) string {
	title, body, ok := strings.Cut(e.text[id+"."+e.lang], "\n")
	if !ok {
		e.t.Errorf("%s: note %s has no text in %s", file, id, e.lang)
	}
	locale := map[string]string{"zh": "zh-CN", "en": "en"}[e.lang]
	anchor := "note-" + strings.TrimSuffix(file, filepath.Ext(file)) + "-" + id
	return fmt.Sprintf(`<div class="note" role="note" id="%[1]s" lang="%[2]s"><h3><a href="#%[1]s">%[3]s</a></h3>%[4]s<footer><span class="range">go1.26–go1.27</span><span class="on">linux</span>%[6]s<a class="edit" href="https://upstream.example/edit">%[5]s</a></footer></div>`,
		anchor, locale, title, body, words{"编辑本文", "Edit this text"}.in(e.lang), e.freshness(id))
}

// freshness marks two of the notes.
func (e edition) freshness(id string) string {
	mark := func(w words) string { return `<span class="stale">` + w.in(e.lang) + `</span>` }
	switch id {
	case "order":
		return mark(words{"上次对照：go1.26.11", "last checked against go1.26.11"})
	case "count":
		return mark(words{"尚未对照此版", "not checked against this version"}) + mark(words{"这段译文比原文旧", "this translation is older than its original"})
	}
	return ""
}

var token = regexp.MustCompile(`(?P<c>//.*)|(?P<s>"[^"]*")|(?P<n>\$?~?\b(?:0x)?[0-9]+\b)|(?P<k>\b(?:if|for|return|nil|[A-Z]{3,5}[QJ]?)\b)|(?P<d>\b(?:func|TEXT)\b)|(?P<r>\b(?:SP|SB|DI|SI|AX)\b)|(?P<t>\b(?:int32|uintptr|uint32)\b)|(?P<f>\b(?:lockInit|getHand|throw|lampInit|wiresInit|resize|firstLight|boot·\pL+)\b)|(?P<l>^broken)`)

// colour is a stand-in for the generator's lexer, good enough to look at.
func colour(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range token.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(html.EscapeString(s[at:m[0]]))
		for i, name := range token.SubexpNames() {
			if i == 0 || m[2*i] < 0 {
				continue
			}
			text := html.EscapeString(s[m[2*i]:m[2*i+1]])
			switch {
			case name == "f" && text == "getHand":
				fmt.Fprintf(&b, `<a class="y f" href="/SYMBOLS/boot.getHand/">%s</a>`, text)
			case name == "f" && text == "throw":
				fmt.Fprintf(&b, `<a class="u f" href="https://upstream.example/panic.go#L9">%s</a>`, text)
			case name == "f":
				fmt.Fprintf(&b, `<a class="x f" href="/SYMBOLS/boot.firstLight/" title="boot.%s">%s</a>`, text, text)
			default:
				fmt.Fprintf(&b, `<span class="%s">%s</span>`, name, text)
			}
		}
		at = m[1]
	}
	return b.String() + html.EscapeString(s[at:])
}
