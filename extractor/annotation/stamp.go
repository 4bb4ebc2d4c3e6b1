package annotation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/token"
	"regexp"
	"strings"

	"beforemain/extractor/diag"
	"beforemain/extractor/scan"
)

// stampDigits is how much of the hash a stamp holds.
const stampDigits = 6

var (
	stampForm  = regexp.MustCompile(`^<!-- of: ([a-z]{2,3}(?:-[A-Za-z0-9]+)*) ([0-9a-f]{6,64}) -->$`)
	stampStart = regexp.MustCompile(`(?i)^\s*<!--\s*of\b`)
)

// Stamp returns the hash by which a translation remembers the text that it was made
// of: the first six hexadecimal digits of the SHA-256 of the text, in which a run of
// white space counts as one space and none stands at either end.
func Stamp(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:])[:stampDigits]
}

// Stamp returns the hash of the text's title and prose.
func (t Text) Stamp() string { return Stamp(t.Title + "\n" + string(t.Prose.Source)) }

// StampLine returns the line that a translation made of t carries below its heading.
func (t Text) StampLine() string { return fmt.Sprintf("<!-- of: %s %s -->", t.Lang, t.Stamp()) }

// Origin returns the text that a translation is of. It is false for the origin itself.
func (a *Annotation) Origin(lang string) (Text, bool) {
	if len(a.Texts) == 0 || a.Texts[0].Lang == lang {
		return Text{}, false
	}
	t, ok := a.Text(lang)
	return a.Texts[0], ok && t.Lang == lang
}

// Outdated reports whether the text of a language is a translation whose stamp is not
// that of its origin as it stands now. One without a stamp is not.
func (a *Annotation) Outdated(lang string) bool {
	origin, ok := a.Origin(lang)
	if !ok {
		return false
	}
	t, _ := a.Text(lang)
	from, hash, stamped := strings.Cut(t.Of, " ")
	return stamped && (from != origin.Lang || !strings.HasPrefix(hash, origin.Stamp()))
}

// stamp takes the comment off a translation that says which origin it is of. Behind
// the comment the prose begins.
func (p *noteParser) stamp(lines []string, first int) (of string, pos token.Position, prose []string, begin int) {
	if len(lines) == 0 || !stampStart.MatchString(lines[0]) {
		return "", token.Position{}, lines, first
	}
	pos = p.Pos(first, 0)
	m := stampForm.FindStringSubmatch(strings.TrimRight(lines[0], " "))
	lines, n := trimBlank(lines[1:], first+1)
	if m == nil {
		p.Errorf(pos, "malformed stamp; \"book stamp\" writes it").Relate("fix: remove this line")
		return "", token.Position{}, lines, n
	}
	return m[1] + " " + m[2], pos, lines, n
}

// checkStamps reports the translations of a note that are older than their origin.
func checkStamps(a *Annotation, list *diag.List) {
	for _, t := range a.Texts {
		if t.Of == "" {
			continue
		}
		origin, ok := a.Origin(t.Lang)
		from, hash, _ := strings.Cut(t.Of, " ")
		switch {
		case !ok:
			list.Errorf(t.StampPos, "N109", "the %s text of %q is the origin, and an origin has no stamp", t.Lang, a.ID).
				Relate("fix: remove this line, or put the section that it is a translation of before it")
		case from != origin.Lang:
			list.Warnf(t.StampPos, "N121", "the %s text of %q is stamped as a translation of %s, but the origin is %s", t.Lang, a.ID, from, origin.Lang).
				Relate("compare the two texts first").
				Relate("fix: %s", origin.StampLine())
		case a.Outdated(t.Lang):
			list.Warnf(t.StampPos, "N121", "%s text of %q is older than its %s (%s, now %s)", t.Lang, a.ID, origin.Lang, hash, origin.Stamp()).
				Relate("%s: %s", scan.Place(origin.Pos), firstLine(origin)).
				Relate("bring the text up to its origin first").
				Relate("fix: %s", origin.StampLine())
		}
	}
}

// firstLine returns how a text begins, for a message.
func firstLine(t Text) string {
	s := t.Title
	if s == "" {
		s, _, _ = strings.Cut(string(t.Prose.Source), "\n")
	}
	return Quote(s)
}

var chapterStampForm = regexp.MustCompile(`^([a-z]{2,3}(?:-[A-Za-z0-9]+)*) ([0-9a-f]{6,64})$`)

// Stamp returns the hash of the chapter's title, lede and text.
func (c *Chapter) Stamp() string { return Stamp(c.Title + "\n" + c.Lede + "\n" + c.text) }

// StampLine returns the line that the front matter of a translation made of c has.
func (c *Chapter) StampLine() string { return fmt.Sprintf("of: %s %s", c.Lang, c.Stamp()) }

// OriginOf returns the chapter that c is a translation of: the one in the first of the
// book's languages. It is nil for that one itself, and where there is none.
func OriginOf(c *Chapter, chapters []*Chapter, languages []string) *Chapter {
	for _, o := range chapters {
		if o.Slug == c.Slug && o.Lang == languages[0] && o != c {
			return o
		}
	}
	return nil
}

// Outdated reports whether c is not stamped as a translation of its origin as that is now.
func (c *Chapter) Outdated(origin *Chapter) bool {
	m := chapterStampForm.FindStringSubmatch(c.Of)
	return m == nil || m[1] != origin.Lang || !strings.HasPrefix(m[2], origin.Stamp())
}

// stamp reads which text a chapter says that it is a translation of.
func (p *chapterParser) stamp(head map[string]scan.Field) (of string, pos token.Position) {
	f, ok := head["of"]
	if !ok {
		return "", p.Pos(0, 0)
	}
	if f.Value != "" && !chapterStampForm.MatchString(f.Value) {
		p.Errorf(f.Pos, "malformed stamp; \"book stamp %s\" writes it", p.Name).Relate("fix: remove this line")
	}
	return f.Value, f.Pos
}
