package booklet

import (
	"strings"
	"testing"

	"beforemain/extractor/diag"
)

// Seeds are mistakes and attacks; the fuzzing of each parser begins with all of them, in
// its own frame.
var Seeds = []string{
	"Text [a](sym:p.b) and `c`.", "<script>alert(1)</script>", "a <img src=x onerror=alert(1)>", "<svg/onload=x>", "<javascript:alert(1)>", "<a@b.c>",
	"[a](javascript:x)", "[a](JAVA&Tab;SCRIPT&colon;x)", "[a](&#x6a;avascript:x)", "[a](&#x6aavascript:x)", "[a][r]\n\n[r]: <data:text/html,x>", "![a](vbscript:x)",
	"[a](https://b \"c\\\"><d>\")", "## a {#b onload=x}", "#### a {#c}\n\n#### a {#c}", "| a |\n|:-:|\n| <b> |", "```\"><script>\n```", "    <b>\n",
	"{{< slice p.a >}}", "{{% x %}}", "{{ .Site }}", "{{< go \"1..2\" >}}\nx\n{{< /go >}}", "a\u202eb &#8238; \u200b\x00\xff", "<!-- of: zh 4f1c2d -->\nx", "<!--of: zh-->",
	"## two\n\n```fold\nat： “x”\nuntil: \u00a0y\n```\n\n### zh\n", "~~~\n## no\n", "```anchor", "### en", "##x", "> - 1. *a **b `c", "\r\n\r", "a = { b = [[[\"",
}

// InFile fails if a diagnostic is not at a place of the file.
func InFile(t *testing.T, list diag.List, text string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n"), "\n")
	for _, d := range list {
		if l, c := d.Pos.Line, d.Pos.Column; l < 1 || l > len(lines) || c < 1 || c > len(lines[l-1])+1 {
			t.Fatalf("%s is outside of %q", d, text)
		}
		if n := len(d.Related); n == 0 || !strings.HasPrefix(d.Related[n-1], "fix: ") {
			t.Fatalf("%s has no fix", d)
		}
	}
}
