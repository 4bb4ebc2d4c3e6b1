package scan

import (
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// maxDepth is how deep tables and lists may stand in one another, and how many parts a
// key may have. The decoder takes memory in the square of both: 40 KB of "a.a.a" took 6 GB.
const maxDepth = 10

// TOML decodes a text that people wrote. What goes too deep is a [toml.ParseError], as
// other mistakes are.
func TOML(text string, to any) (toml.MetaData, error) {
	if at := tooDeep(text); at >= 0 {
		return toml.MetaData{}, toml.ParseError{
			Message:  fmt.Sprintf("tables, lists or the parts of a key stand more than %d deep in one another", maxDepth),
			Position: toml.Position{Line: 1 + strings.Count(text[:at], "\n"), Col: at - strings.LastIndexByte(text[:at], '\n'), Start: at, Len: 1},
		}
	}
	return toml.Decode(text, to)
}

// tooDeep returns where a text goes too deep, or −1. Of TOML it knows strings and
// comments only: where those are wrong, so is the text, and the decoder stops there.
func tooDeep(text string) int {
	depth, dots := 0, 0
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '"', '\'':
			i = behindString(text, i)
			continue
		case '#':
			if i += strings.IndexByte(text[i:]+"\n", '\n'); i == len(text) {
				return -1
			}
			continue
		case '{', '[':
			depth, dots = depth+1, 0
		case '}', ']':
			depth, dots = max(depth-1, 0), 0
		case '.':
			dots++
		case '=', ',', '\n':
			dots = 0
		}
		if depth > maxDepth || dots >= maxDepth {
			return i
		}
		i++
	}
	return -1
}

// behindString returns where the string that begins at i is over.
func behindString(text string, i int) int {
	quote := text[i : i+1]
	long := strings.HasPrefix(text[i:], strings.Repeat(quote, 3))
	end := quote
	if long {
		end = strings.Repeat(quote, 3)
	}
	for i += len(end); i < len(text); i++ {
		switch {
		case quote == `"` && text[i] == '\\':
			i++
		case !long && text[i] == '\n':
			return i
		case strings.HasPrefix(text[i:], end):
			i += len(end)
			for more := 0; long && more < 2 && strings.HasPrefix(text[i:], quote); more++ {
				i++ // a long string may end in quotes of its own
			}
			return i
		}
	}
	return len(text)
}
