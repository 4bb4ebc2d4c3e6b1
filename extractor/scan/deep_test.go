package scan

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestTOML(t *testing.T) {
	deep := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	for _, c := range []struct {
		name, text string
		line, col  int // of the error; 0 for none
	}{
		{"key", "x = 1\n" + strings.Repeat("a.", 20000) + "a = 1\n", 2, 20},
		{"spaced key", strings.Repeat("a . ", 20000) + "a = 1\n", 1, 39},
		{"header", "[" + strings.Repeat("a.", 20000) + "a]\n", 1, 21},
		{"tables", "a = " + deep("{a=", "1", "}", 60000) + "\n", 1, 35},
		{"lists", "a = " + deep("[", "", "]", 60000) + "\n", 1, 15},
		{"over lines", "a = " + deep("{a=[\n", "", "]}", 30000) + "\n", 6, 1},
		{"behind a string of quotes", "a = {b = \"\"\"x\"\"\"\"\", c = " + deep("{a=", "1", "}", 60000) + "}\n", 1, 52},
		{"behind a string that ends in a backslash", `a = ['\', "\\", ` + deep("[", "", "]", 60000) + "]\n", 1, 26},
		{"just so", "a = " + deep("[", "", "]", 10) + "\n" + strings.Repeat("b.", 9) + "b = 1\n", 0, 0},
		{"in strings", "a = \"" + strings.Repeat("{.", 100) + "\"\nb = '''\n" + strings.Repeat("[\n.", 100) + "'''\nc = '" + strings.Repeat("{", 100) + "' # " + strings.Repeat("{", 100) + "\n", 0, 0},
		{"one after another", strings.Repeat("[[a]]\nb = {c = [1, 2.5]}\n", 1000), 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var to map[string]any
			_, err := TOML(c.text, &to)
			runtime.ReadMemStats(&after)
			var wrong toml.ParseError
			errors.As(err, &wrong)
			if wrong.Position.Line != c.line || wrong.Position.Col != c.col || (err == nil) != (c.line == 0) {
				t.Errorf("got %v at %d:%d, want it at %d:%d", err, wrong.Position.Line, wrong.Position.Col, c.line, c.col)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 20<<20 {
				t.Errorf("it took %d MB", n>>20)
			}
		})
	}
}

// FuzzTOML: what is decoded is no deeper than it may be, and takes memory in proportion to
// the text.
func FuzzTOML(f *testing.F) {
	for _, s := range []string{"a.b.c = {d = [1, {e = 2}]}\n", "[[a.b]]\nc = \"\"\"x\"\"\"\"\"\n", "a = '''x''''\n[b]\n", "a = \"\\\\\" # {\n", "\"a.b\".'c' = 1e5\n", "a = [\n[\n]]\n"} {
		f.Add(s, "{a=", uint16(100))
		f.Add(s, "a.", uint16(3))
	}
	f.Fuzz(func(t *testing.T, text, more string, times uint16) {
		if len(more)*int(times) > 20000 {
			return
		}
		text += strings.Repeat(more, int(times))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var to map[string]any
		_, err := TOML(text, &to)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20+uint64(len(text))*2000 {
			t.Errorf("%d bytes for %d", n, len(text))
		}
		if err == nil && height(to) > 2*maxDepth*maxDepth {
			t.Errorf("%d tables in one another", height(to))
		}
	})
}

func height(v any) int {
	most := 0
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			most = max(most, height(one))
		}
	case []map[string]any:
		for _, one := range v {
			most = max(most, height(one))
		}
	case []any:
		for _, one := range v {
			most = max(most, height(one))
		}
	default:
		return 0
	}
	return most + 1
}
