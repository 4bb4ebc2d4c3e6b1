package diag

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// Print writes the list as people read it: one line a diagnostic, its evidence indented below.
func (l List) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range l {
		fmt.Fprintln(b, visible(d.String()))
		for _, r := range d.Related {
			fmt.Fprintf(b, "    %s\n", visible(r))
		}
	}
	return b.Flush()
}

// visible writes what has no shape, such as a control character, as an escape. Messages
// quote what anybody may have written: no line of it begins a line of ours, and nothing
// moves the cursor or turns the text around.
func visible(s string) string {
	if !strings.ContainsFunc(s, shapeless) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if shapeless(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func shapeless(r rune) bool { return !unicode.IsGraphic(r) }

// text is the message with its evidence, a line each.
func (d Diagnostic) text() string {
	lines := []string{visible(d.Message)}
	for _, r := range d.Related {
		lines = append(lines, visible(r))
	}
	return strings.Join(lines, "\n")
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
		related := []string{}
		for _, r := range d.Related {
			related = append(related, visible(r))
		}
		err := enc.Encode(jsonDiagnostic{d.Pos.Filename, d.Pos.Line, d.Pos.Column, d.Severity, d.Code, visible(d.Message), related})
		if err != nil {
			return err
		}
	}
	return nil
}

// PrintGitHub writes the workflow commands that put a diagnostic on the lines of a pull
// request, as "Workflow commands for GitHub Actions" in GitHub's documentation has them.
func (l List) PrintGitHub(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range l {
		fmt.Fprintf(b, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", d.Severity,
			githubProperty.Replace(d.Pos.Filename), d.Pos.Line, d.Pos.Column, githubProperty.Replace(d.Code), githubData.Replace(d.text()))
	}
	return b.Flush()
}

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
