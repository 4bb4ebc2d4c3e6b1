package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"beforemain/extractor/index"
)

// jsonPath is the machine's view of a path; its keys stay as they are. A step is the
// symbol that it leads to, and where the step before leads to it.
type jsonPath struct {
	From     string     `json:"from"`
	To       string     `json:"to"`
	Version  string     `json:"version"`
	Platform string     `json:"platform"`
	Steps    []jsonEdge `json:"steps"`
}

func (a *app) pathCommand() *cobra.Command {
	var version, on string
	var anyEdge, asJSON bool
	cmd := &cobra.Command{
		Use:   "path FROM TO",
		Short: "print the shortest call path from one symbol to another",
		Long: `Path prints the shortest way that the program takes from one symbol to another, a
line a step: the symbol, how it is reached, and where. Of several it is the one
that stands first in the source. The kinds of steps are those of refs; with --any
it also leads over addresses that are taken and over data.

With --json there is one object, {from, to, version, platform, steps: [{symbol,
path, line, kind}]}: a step is the symbol that it leads to. One that is told has the
path "", the line 0 and a key more, reason.`,
		Example: "  book path _rt0_amd64_linux main.main\n  book path runtime·rt0_go runtime.main --any --on arm64 --go go1.17",
		Args:    arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := a.graph(cmd.Context(), version, on)
			if err != nil {
				return err
			}
			from, to := index.Canonical(args[0]), index.Canonical(args[1])
			if err := a.known(cmd.Context(), g, from, to); err != nil {
				return err
			}
			found, err := g.path(from, to, on, anyEdge)
			if err != nil {
				return err
			}
			if asJSON {
				enc := json.NewEncoder(a.stdout)
				enc.SetEscapeHTML(false)
				return enc.Encode(found)
			}
			fmt.Fprintf(a.stderr, "%s %s, %s\n", found.Version, found.Platform, count(len(found.Steps), "step"))
			return found.print(a.stdout)
		},
	}
	cmd.Flags().StringVar(&version, "go", "", "the `version`, such as go1.17 (default: the newest)")
	cmd.Flags().StringVar(&on, "on", "", "a `platform` (linux/amd64), an operating system or an architecture (default: the book's first that has FROM)")
	cmd.Flags().BoolVar(&anyEdge, "any", false, "also over addresses that are taken and over data")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an object instead of the text")
	return cmd
}

// path finds the way between two symbols on the first platform that matches and has
// the first of them.
func (g *graph) path(from, to, on string, anyEdge bool) (*jsonPath, error) {
	start, err := g.restrict(from, on)
	if err != nil {
		return nil, err
	}
	platform := start.platforms[0]
	found := &jsonPath{from, to, g.version, platform.String(), []jsonEdge{}}
	if from == to {
		return found, nil
	}
	step := func(e index.Edge) bool { return anyEdge || e.Kind.IsStep() }
	every := func(index.Edge) bool { return true }
	edges := g.Path(g.version, from, to, platform, step)
	if edges == nil {
		msg := fmt.Sprintf("%s has no path from %s to %s on %s", g.version, from, to, platform)
		if n := len(g.Path(g.version, from, to, platform, every)); n > 0 {
			msg += fmt.Sprintf("; over addresses and data (--any) there is one of %s", count(n, "step"))
		}
		return nil, fmt.Errorf("%s", msg)
	}
	for _, e := range edges {
		found.Steps = append(found.Steps, g.edge(e, e.To))
	}
	return found, nil
}

func (p *jsonPath) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, p.From)
	for _, s := range p.Steps {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Symbol, s.Kind, s.position())
	}
	return table.Flush()
}
