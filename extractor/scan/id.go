package scan

import (
	"regexp"
	"strings"
)

// IDForm is what ids of notes, headings and terms are made of.
var IDForm = regexp.MustCompile(`^[a-z0-9-]+$`)

// PlainID makes an id out of words, if it can.
func PlainID(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
	return strings.Join(words, "-")
}
