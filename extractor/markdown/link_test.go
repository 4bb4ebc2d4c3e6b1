package markdown

import (
	"go/token"
	"testing"
)

func TestHostileLinks(t *testing.T) {
	for _, text := range []string{
		"[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](javascript&colon;alert(1))", "[a](&#106;avascript:x)",
		"[a](&#x6a;&#x61;vascript:x)", "[a](java&Tab;script:x)", "[a](java&NewLine;script:x)", "[a](<java\tscript:x>)",
		"[a](<\u00a0javascript:x>)", "[a](&#1;javascript:x)", "[a](javascript\\:x)", "[a][r]\n\n[r]: javascript:x", "[r]\n\n[r]: <JAVASCRIPT:x>",
		"![a](javascript:x)", "![a][r]\n\n[r]: data:image/svg+xml,x", "[![a](b.png)](vbscript:x)", "[a](data:text/html;base64,x)",
		"[a](feed:javascript:x)", "[a](view-source:x)", "[a](blob:x)", "[a](file:///etc/passwd)", "[a](HTTP://x)", "[a](//x)", "[a](/\\x)", "[a](\\\\x)",
		"[a](&sol;/x)", "[a](..&sol;..&sol;x)", "[a](%2e%2e/x)", "[a](.%2e/%2e./x)", "[a](b/../../x)",
		"<b>", "<B\nonclick=x>", "</b>", "<!-- x -->", "<?x?>", "<!DOCTYPE x>", "<![CDATA[x]]>",
		"<script>\nx\n</script>", "a <img src=x onerror=y>", "- <div>", "> <div>", "| <b> |\n|---|\n| x |", "# <b>", "*<b>*", "[<b>](x)", "![<b>](x)",
	} {
		_, list := newProse(text+"\n", token.Position{Filename: "x.md", Line: 1, Column: 1}, Rules{Top: 1, Plain: true})
		if len(list) == 0 || list[0].Code != "N112" {
			t.Errorf("%q: %v", text, list)
		}
	}
}
