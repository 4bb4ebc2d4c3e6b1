package reader

import (
	"fmt"
	"os"
	"strings"
)

// Query is what a reader looks for, and what has to come first.
type Query struct {
	Lang, Version, Text string
	Want                string // an address below the edition's root
}

// Queries reads a file with a query a line: zh go1.27 proc resize | symbols/…/
func Queries(name string) ([]Query, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var list []Query
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		asked, want, ok := strings.Cut(line, " | ")
		parts := strings.SplitN(asked, " ", 3)
		if !ok || len(parts) != 3 {
			return nil, fmt.Errorf("%s: %q is not a query", name, line)
		}
		list = append(list, Query{parts[0], parts[1], parts[2], want})
	}
	return list, nil
}
