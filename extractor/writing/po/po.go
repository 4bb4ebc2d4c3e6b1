// Package po reads and writes the PO files of gettext, which translators' programs edit.
package po

import (
	"bytes"
	"fmt"
	"go/token"
	"strings"
	"unicode/utf8"

	"beforemain/extractor/diag"
)

// maxSize is how many bytes of a PO file are read; the whole book is a tenth of it.
const maxSize = 16 << 20

// maxQuote is how many characters of a line a message quotes.
const maxQuote = 80

// maxErrors is how many mistakes of a file are worth telling.
const maxErrors = 50

// Message is an entry of a gettext PO file: a text and its translation.
type Message struct {
	Context   string
	ID        string // the text; "" with an empty Context is the header
	Text      string // the translation, "" if there is none
	Notes     []string
	Reference string // file:line
	Fuzzy     bool   // somebody has to look at it; an import leaves it out
	Line      int    // in the file that it was read from
}

// Format writes messages for a language as a PO file. There is no date in it: the
// same messages are the same bytes.
func Format(lang string, messages []Message) []byte {
	var b bytes.Buffer
	b.WriteString("msgid \"\"\nmsgstr \"\"\n")
	for _, h := range []string{"Language: " + lang, "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit"} {
		b.WriteString(quote(h+"\n") + "\n")
	}
	for _, m := range messages {
		b.WriteString("\n")
		for _, n := range m.Notes {
			fmt.Fprintf(&b, "#. %s\n", strings.Join(strings.Fields(n), " "))
		}
		if m.Reference != "" {
			fmt.Fprintf(&b, "#: %s\n", m.Reference)
		}
		if m.Fuzzy {
			b.WriteString("#, fuzzy\n")
		}
		if m.Context != "" {
			write(&b, "msgctxt", m.Context)
		}
		write(&b, "msgid", m.ID)
		write(&b, "msgstr", m.Text)
	}
	return b.Bytes()
}

// write writes a keyword and a string: one with several lines line by line.
func write(b *bytes.Buffer, keyword, s string) {
	if i := strings.IndexByte(s, '\n'); i < 0 || i == len(s)-1 {
		fmt.Fprintf(b, "%s %s\n", keyword, quote(s))
		return
	}
	fmt.Fprintf(b, "%s \"\"\n", keyword)
	for line := range strings.SplitAfterSeq(s, "\n") {
		if line != "" {
			b.WriteString(quote(line) + "\n")
		}
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

func quote(s string) string { return `"` + escapes.Replace(s) + `"` }

// Parse reads a PO file and the language that its header names. What it cannot read
// it reports at its line; entries with plural forms are not for texts like these.
// Obsolete entries and comments are left out.
func Parse(name string, text []byte) (lang string, messages []Message, list diag.List) {
	p := &parser{name: name}
	switch {
	case len(text) > maxSize:
		p.errorf(1, "the file is %d MB long; at most %d are read", len(text)>>20, maxSize>>20)
		return "", nil, p.list
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		p.errorf(badLine(text), "the file is not UTF-8 text here")
		return "", nil, p.list
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	n := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		n++
		p.line(n, strings.TrimSpace(line))
		if len(p.list) >= maxErrors {
			p.errorf(n, "too many errors; nothing behind this line was read")
			return "", nil, p.list
		}
	}
	p.end()
	seen := map[[2]string]int{}
	for _, m := range p.messages {
		key := [2]string{m.Context, m.ID}
		if first, ok := seen[key]; ok {
			p.errorf(m.Line, "the entry stands in line %d already", first)
			continue
		}
		seen[key] = m.Line
		if m.Context != "" || m.ID != "" {
			messages = append(messages, m)
			continue
		}
		for h := range strings.SplitSeq(m.Text, "\n") {
			key, value, _ := strings.Cut(h, ":")
			value = strings.TrimSpace(value)
			switch strings.ToLower(strings.TrimSpace(key)) {
			case "language":
				lang = value
			case "content-type":
				if _, set, ok := strings.Cut(strings.ToLower(value), "charset="); ok && set != "utf-8" && set != "utf8" {
					p.errorf(m.Line, "the file says that it is in %s; it has to be in UTF-8", set)
				}
			}
		}
	}
	return lang, messages, p.list
}

// badLine returns the first line with a byte that is no text.
func badLine(text []byte) int {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return n
		}
	}
	return 1
}

// parser reads entries by lines.
type parser struct {
	name     string
	messages []Message
	list     diag.List

	now  Message
	at   *string // the string that a next line goes on with
	seen map[string]bool
}

func (p *parser) errorf(line int, format string, args ...any) {
	p.list.Errorf(token.Position{Filename: p.name, Line: line, Column: 1}, "N109", format, args...).
		Relate("fix: correct this line, or export the file again")
}

// end closes an entry.
func (p *parser) end() {
	switch {
	case p.seen == nil:
	case !p.seen["msgid"] || !p.seen["msgstr"]:
		p.errorf(p.now.Line, "the entry lacks its msgid or its msgstr")
	default:
		p.messages = append(p.messages, p.now)
	}
	p.now, p.at, p.seen = Message{}, nil, nil
}

func (p *parser) line(n int, line string) {
	keyword, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "":
		p.at = nil
	case strings.HasPrefix(line, "#~"):
		p.at = nil
		if p.seen == nil {
			p.now = Message{} // the comments before it were its own
		}
	case strings.HasPrefix(line, "#"):
		if p.seen["msgstr"] {
			p.end()
		}
		p.at = nil
		p.comment(line)
	case strings.HasPrefix(line, `"`):
		if p.at == nil {
			p.errorf(n, "a string without a keyword")
			return
		}
		p.append(n, line)
	case keyword == "msgctxt" || keyword == "msgid" || keyword == "msgstr":
		p.keyword(n, keyword, strings.TrimSpace(rest))
	case keyword == "msgid_plural" || strings.HasPrefix(keyword, "msgstr["):
		p.at = new(string)
		p.errorf(n, "a plural form; the texts of the book have none")
	default:
		p.at = nil
		p.errorf(n, "%q is no line of a PO file", begin(line))
	}
}

func (p *parser) comment(line string) {
	switch {
	case strings.HasPrefix(line, "#,"):
		for flag := range strings.SplitSeq(line[2:], ",") {
			if strings.TrimSpace(flag) == "fuzzy" {
				p.now.Fuzzy = true
			}
		}
	case strings.HasPrefix(line, "#."):
		p.now.Notes = append(p.now.Notes, strings.TrimSpace(line[2:]))
	case strings.HasPrefix(line, "#:"):
		p.now.Reference = strings.TrimSpace(line[2:])
	}
}

func (p *parser) keyword(n int, keyword, rest string) {
	if p.seen["msgstr"] {
		p.end()
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
		p.now.Line = n
	}
	if p.seen[keyword] {
		p.errorf(n, "a second %s in one entry", keyword)
	}
	if keyword == "msgstr" && !p.seen["msgid"] || keyword == "msgctxt" && p.seen["msgid"] {
		p.errorf(n, "%s stands before its time: an entry is msgctxt, msgid, msgstr", keyword)
	}
	p.seen[keyword] = true
	p.at = map[string]*string{"msgctxt": &p.now.Context, "msgid": &p.now.ID, "msgstr": &p.now.Text}[keyword]
	*p.at = ""
	p.append(n, rest)
}

// append reads a quoted string and adds it to the one that is being read.
func (p *parser) append(n int, quoted string) {
	s, err := unquote(quoted)
	if err != nil {
		p.errorf(n, "%v", err)
		return
	}
	*p.at += s
}

func unquote(quoted string) (string, error) {
	if len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
		return "", fmt.Errorf("the string is not closed: %s", begin(quoted))
	}
	quoted = quoted[1 : len(quoted)-1]
	var b strings.Builder
	for i := 0; i < len(quoted); i++ {
		c := quoted[i]
		if c == '"' {
			return "", fmt.Errorf("a bare quote within a string: write \\\"")
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		i++
		if i == len(quoted) {
			return "", fmt.Errorf("the string is not closed: %s", begin(quoted))
		}
		plain, ok := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\\': '\\'}[quoted[i]]
		if !ok {
			return "", fmt.Errorf("the string has an unknown escape \\%c", quoted[i])
		}
		b.WriteByte(plain)
	}
	return b.String(), nil
}

// begin returns how a line begins, for a message.
func begin(line string) string {
	if n := 0; len(line) > maxQuote {
		for i := range line {
			if n++; n > maxQuote {
				return line[:i] + "…"
			}
		}
	}
	return line
}
