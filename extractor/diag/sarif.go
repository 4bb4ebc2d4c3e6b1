package diag

import (
	"encoding/json"
	"go/token"
	"io"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// The types below are what of SARIF 2.1.0 (OASIS, 2020) is written here; comments name
// its sections.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifMessage `json:"shortDescription"`
		Help    sarifMessage `json:"help"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level Severity `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     Severity        `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

// PrintSARIF writes a SARIF 2.1.0 file with the rules of [Rules]. SARIF counts columns
// in characters, so the lines are looked up in fsys, which holds the book; where it
// lacks a file, and if it is nil, a column counts bytes.
func (l List) PrintSARIF(w io.Writer, fsys fs.FS) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "book", Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	rules := Rules()
	for _, r := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			r.Code, sarifMessage{sarifText.Replace(r.What)}, sarifMessage{sarifText.Replace(r.Help)}, sarifDefault{r.Severity}})
	}
	columns := columnCounter{fsys, map[string][]string{}}
	for _, d := range l {
		run.Results = append(run.Results, sarifResult{
			RuleID:    d.Code,
			RuleIndex: slices.IndexFunc(rules, func(r Rule) bool { return r.Code == d.Code }), // -1 is "none" (3.27.6)
			Level:     d.Severity,
			Message:   sarifMessage{sarifText.Replace(d.text())},
			Locations: []sarifLocation{{sarifPhysical{
				sarifArtifact{(&url.URL{Path: d.Pos.Filename}).String(), "%SRCROOT%"},
				sarifRegion{max(d.Pos.Line, 1), columns.characters(d.Pos)},
			}}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifText keeps placeholders (3.11.5) and links (3.11.6) out of a plain text message.
var sarifText = strings.NewReplacer("{", "{{", "}", "}}", `\`, `\\`, "[", `\[`, "]", `\]`)

// columnCounter turns columns in bytes into columns in characters.
type columnCounter struct {
	fsys  fs.FS
	files map[string][]string // lines
}

func (c *columnCounter) characters(pos token.Position) int {
	lines, known := c.files[pos.Filename]
	if !known && c.fsys != nil {
		text, _ := fs.ReadFile(c.fsys, pos.Filename)
		lines = strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n")
		c.files[pos.Filename] = lines
	}
	if pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 {
		return max(pos.Column, 1)
	}
	line := lines[pos.Line-1]
	return utf8.RuneCountInString(line[:min(pos.Column-1, len(line))]) + 1
}
