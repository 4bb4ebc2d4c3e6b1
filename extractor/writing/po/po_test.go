package po

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPO(t *testing.T) {
	messages := []Message{
		{Context: "annotations/runtime/schedinit.md#locks", ID: "一\n\n二", Text: "one\n\ntwo \"2\" \\ \t", Notes: []string{"runtime.schedinit: lockInit()"}, Reference: "a.md:7"},
		{Context: "a.md#b title", ID: "标题", Fuzzy: true},
		{ID: "line\n", Text: "Zeile\n"},
	}
	text := Format("en", messages)
	want := `msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"

#. runtime.schedinit: lockInit()
#: a.md:7
msgctxt "annotations/runtime/schedinit.md#locks"
msgid ""
"一\n"
"\n"
"二"
msgstr ""
"one\n"
"\n"
"two \"2\" \\ \t"

#, fuzzy
msgctxt "a.md#b title"
msgid "标题"
msgstr ""

msgid "line\n"
msgstr "Zeile\n"
`
	if d := cmp.Diff(want, string(text)); d != "" {
		t.Error(d)
	}
	lang, got, list := Parse("x.po", text)
	for i := range got {
		got[i].Line = 0
	}
	if lang != "en" || len(list) > 0 {
		t.Errorf("language %q, %v", lang, list)
	}
	if d := cmp.Diff(messages, got); d != "" {
		t.Error(d)
	}
	if msgfmt, err := exec.LookPath("msgfmt"); err == nil {
		cmd := exec.Command(msgfmt, "-c", "-o", "/dev/null", "-")
		cmd.Stdin = bytes.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("msgfmt: %v\n%s", err, out)
		}
	}
}

// TestPOForeign reads what other programs write: wrapped strings, obsolete entries,
// CRLF, comments of the translator.
func TestPOForeign(t *testing.T) {
	text := "\ufeff# Tom\r\nmsgid \"\"\r\nmsgstr \"Language: en\\n\"\r\n\"Content-Type: text/plain; charset=utf-8\\n\"\r\n\r\n" +
		"# A remark.\r\n#, c-format, fuzzy\r\n#| msgid \"old\"\r\nmsgctxt \"a\"\r\nmsgid \"b \"\r\n\"c\"\r\nmsgstr \"d\"\r\n\r\n#~ msgid \"gone\"\r\n#~ msgstr \"weg\"\r\n"
	lang, got, list := Parse("x.po", []byte(text))
	if lang != "en" || len(list) > 0 {
		t.Errorf("language %q, %v", lang, list)
	}
	if d := cmp.Diff([]Message{{Context: "a", ID: "b c", Text: "d", Fuzzy: true, Line: 9}}, got); d != "" {
		t.Error(d)
	}
}

// What stands before an obsolete entry is its own, and says nothing of the next.
func TestPOObsolete(t *testing.T) {
	const header = "msgid \"\"\nmsgstr \"Language: en\\n\"\n\n"
	const gone = "#. old\n#: a:1\n#, fuzzy\n#~ msgctxt \"a\"\n#~ msgid \"x\"\n#~ msgstr \"y\"\n"
	const entry = "msgctxt \"b\"\nmsgid \"b\"\nmsgstr \"c\"\n"
	for _, test := range []struct {
		name, text string
		line       int
	}{
		{"before", header + gone + "\n" + entry, 11},
		{"without a space", header + gone + entry, 10},
		{"behind", header + entry + gone, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, got, list := Parse("x.po", []byte(test.text))
			if d := cmp.Diff([]Message{{Context: "b", ID: "b", Text: "c", Line: test.line}}, got); d != "" || len(list) > 0 {
				t.Error(d, list)
			}
		})
	}
}

func TestPOBroken(t *testing.T) {
	for text, want := range map[string]string{
		"msgid \"a\nmsgstr \"\"\n":                  `x.po:1:1: error: N109 the string is not closed: "a`,
		"\nmsgid \"a\\q\"\nmsgstr \"\"\n":           `x.po:2:1: error: N109 the string has an unknown escape \q`,
		"msgid \"a\\\"\nmsgstr \"\"\n":              `x.po:1:1: error: N109 the string is not closed: a\`,
		"msgid \"a\"b\"\nmsgstr \"\"\n":             `x.po:1:1: error: N109 a bare quote within a string: write \"`,
		"msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"\"\n": `x.po:3:1: error: N109 a second msgid in one entry`,
		"msgid \"a\"\n":                             `x.po:1:1: error: N109 the entry lacks its msgid or its msgstr`,
		"msgstr \"a\"\n":                            `x.po:1:1: error: N109 msgstr stands before its time: an entry is msgctxt, msgid, msgstr`,
		"\"a\"\n":                                   `x.po:1:1: error: N109 a string without a keyword`,
		"hello\n":                                   `x.po:1:1: error: N109 "hello" is no line of a PO file`,
		"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[999999999] \"\"\n": `x.po:2:1: error: N109 a plural form; the texts of the book have none`,
		"msgid \"a\"\nmsgstr \"\"\n\nmsgid \"a\"\nmsgstr \"b\"\n":   `x.po:4:1: error: N109 the entry stands in line 1 already`,
		"\n\nmsgid \"\xff\"\n": `x.po:3:1: error: N109 the file is not UTF-8 text here`,
		"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=GBK\\n\"\n": `x.po:1:1: error: N109 the file says that it is in gbk; it has to be in UTF-8`,
	} {
		if _, _, list := Parse("x.po", []byte(text)); len(list) == 0 || list[0].String() != want || len(list[0].Related) != 1 {
			t.Errorf("Parse(%q)\n got %v\nwant %s, and a fix", text, list, want)
		}
	}
	if _, _, list := Parse("x.po", []byte(strings.Repeat("#\n", maxSize/2+1))); len(list) != 1 {
		t.Errorf("a file of %d MB: %v", maxSize>>20, list)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("msgid \"\"\nmsgstr \"Language: en\\n\"\n\n#. a\n#: b:1\n#, fuzzy\nmsgctxt \"c\"\nmsgid \"d\\n\"\n\"e\"\nmsgstr \"\"\n")
	f.Add("msgid \"a\nmsgstr[0] \"b\"\n#~ msgid\n\"c\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		lang, messages, list := Parse("x.po", []byte(text))
		for _, d := range list {
			if d.Pos.Line < 1 || d.Pos.Line > strings.Count(text, "\n")+1 {
				t.Errorf("%v is not in the file", d)
			}
		}
		lang2, again, list := Parse("x.po", Format(lang, messages))
		for i := range messages {
			messages[i].Line = 0
			for k, n := range messages[i].Notes {
				messages[i].Notes[k] = strings.Join(strings.Fields(n), " ")
			}
		}
		for i := range again {
			again[i].Line = 0
		}
		if d := cmp.Diff(messages, again); d != "" || lang != lang2 || len(list) > 0 {
			t.Errorf("%s\n%q %q %v", d, lang, lang2, list)
		}
	})
}
