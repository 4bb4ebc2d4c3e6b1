// Package diag collects what is wrong with the book, sorts it, and prints it once.
//
// A diagnostic is a value with a position and a code, as in go/analysis: the
// stages append to a [List] and go on; only the command line prints.
package diag

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
)

// Severity says whether a diagnostic stops the build.
type Severity string

// An Error stops the build; a Warning is work for a writer.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is one thing that is wrong at one place of a file that people write.
type Diagnostic struct {
	// Pos holds the file, relative to the book's root with slashes, and the line
	// and column, both from 1; the column counts bytes, as go/token does.
	Pos      token.Position
	Severity Severity
	// Code is the number by which CONTRIBUTING.md explains it, such as N101.
	Code    string
	Message string
	// Related is the evidence, a line each; the last may begin with "fix: ".
	Related []string
}

// String returns the first line of the printed form: file:line:col: severity: CODE message.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s: %s %s", d.Pos, d.Severity, d.Code, d.Message)
}

// List is the diagnostics of a run, in no order until [List.Sort].
type List []Diagnostic

// Errorf appends an error. Related lines may be added to what it returns until the next
// diagnostic is appended.
func (l *List) Errorf(pos token.Position, code, format string, args ...any) *Diagnostic {
	return l.add(Error, pos, code, fmt.Sprintf(format, args...))
}

// Warnf appends a warning as Errorf does an error.
func (l *List) Warnf(pos token.Position, code, format string, args ...any) *Diagnostic {
	return l.add(Warning, pos, code, fmt.Sprintf(format, args...))
}

func (l *List) add(s Severity, pos token.Position, code, message string) *Diagnostic {
	*l = append(*l, Diagnostic{Pos: pos, Severity: s, Code: code, Message: message})
	return &(*l)[len(*l)-1]
}

// Relate appends evidence to d.
func (d *Diagnostic) Relate(format string, args ...any) *Diagnostic {
	d.Related = append(d.Related, fmt.Sprintf(format, args...))
	return d
}

// Sort orders the list by file, line, column, code and message.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Count returns how many diagnostics have the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}
