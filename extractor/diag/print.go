package diag

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Print writes the list as people read it: one line a diagnostic, its evidence indented below.
func (l List) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range l {
		fmt.Fprintln(b, d)
		for _, r := range d.Related {
			fmt.Fprintf(b, "    %s\n", r)
		}
	}
	return b.Flush()
}

// jsonDiagnostic is the machine's view of a Diagnostic; its keys stay as they are.
type jsonDiagnostic struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Related  []string `json:"related"`
}

// PrintJSON writes one JSON object a line with the keys file, line, column,
// severity, code, message and related.
func (l List) PrintJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, d := range l {
		related := d.Related
		if related == nil {
			related = []string{}
		}
		err := enc.Encode(jsonDiagnostic{d.Pos.Filename, d.Pos.Line, d.Pos.Column, d.Severity, d.Code, d.Message, related})
		if err != nil {
			return err
		}
	}
	return nil
}
