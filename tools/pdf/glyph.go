package pdf

import (
	"bytes"
	"encoding/hex"
)

// emptyBoxes counts the glyphs 0 that the content of a page shows. wide says of each of
// its fonts whether a glyph takes two bytes.
func emptyBoxes(content []byte, wide map[string]bool) int {
	boxes, two := 0, false
	name := ""
	for len(content) > 0 {
		switch c := content[0]; {
		case c == '(':
			text, n := literal(content)
			boxes += zeros(text, two)
			content = content[n:]
		case c == '<' && !bytes.HasPrefix(content, []byte("<<")):
			end := max(bytes.IndexByte(content, '>'), 1)
			text := make([]byte, hex.DecodedLen(end-1))
			if n, err := hex.Decode(text, content[1:end]); err == nil {
				boxes += zeros(text[:n], two)
			}
			content = content[min(end+1, len(content)):]
		case c == '/':
			end := 1 + wordEnd(content[1:])
			name = string(content[1:end])
			content = content[end:]
		case wordEnd(content) > 0:
			end := wordEnd(content)
			if string(content[:end]) == "Tf" {
				two = wide[name]
			}
			content = content[end:]
		default:
			content = content[1:]
		}
	}
	return boxes
}

// zeros counts the codes 0 of a string.
func zeros(text []byte, wide bool) int {
	if !wide {
		return bytes.Count(text, []byte{0})
	}
	n := 0
	for i := 0; i+1 < len(text); i += 2 {
		if text[i] == 0 && text[i+1] == 0 {
			n++
		}
	}
	return n
}

// wordEnd is where a word of the content ends: before a space or a mark.
func wordEnd(content []byte) int {
	if end := bytes.IndexAny(content, " \t\r\n\f\x00()<>[]/%"); end >= 0 {
		return end
	}
	return len(content)
}

// escapes of a literal string, besides the octal ones.
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// literal reads a string in parentheses, and returns how many bytes it takes.
func literal(content []byte) ([]byte, int) {
	var text []byte
	depth := 0
	for i := 0; i < len(content); i++ {
		switch c := content[i]; {
		case c == '\\' && i+1 < len(content):
			i++
			n, digits := 0, 0
			for digits < 3 && i+digits < len(content) && '0' <= content[i+digits] && content[i+digits] <= '7' {
				n, digits = n*8+int(content[i+digits]-'0'), digits+1
			}
			if digits > 0 {
				text, i = append(text, byte(n)), i+digits-1
			} else if e, ok := escapes[content[i]]; ok {
				text = append(text, e)
			} else if content[i] != '\n' {
				text = append(text, content[i])
			}
		case c == '(':
			if depth++; depth > 1 {
				text = append(text, c)
			}
		case c == ')':
			if depth--; depth == 0 {
				return text, i + 1
			}
			text = append(text, c)
		default:
			text = append(text, c)
		}
	}
	return text, len(content)
}
