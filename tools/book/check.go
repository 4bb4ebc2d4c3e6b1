package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"beforemain/extractor/diag"
)

func (a *app) checkCommand() *cobra.Command {
	var format, versions string
	var strict bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "check every anchor, link, slice and term",
		Long: `Check resolves every annotation in every pinned version and platform and checks
every link of the book. CONTRIBUTING.md explains each code.

Errors make it exit with 1; warnings are work for a writer, and with --strict they
count too. Text goes to stderr, every other format to stdout: json writes one object
a line, github the workflow commands that put the messages beside the lines of a pull
request, and sarif a SARIF 2.1.0 file.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			print, err := a.printer(format)
			if err != nil {
				return err
			}
			_, problems, err := a.extract(cmd.Context(), request{versions: splitList(versions)})
			if print != nil && (err == nil || len(problems) > 0) {
				if perr := print(problems); perr != nil {
					return perr
				}
				if problems.Count(diag.Error) > 0 || strict && len(problems) > 0 {
					return errProblems
				}
				return err
			}
			if rerr := a.report(problems); rerr != nil {
				return rerr
			}
			if err != nil {
				return err
			}
			if strict && len(problems) > 0 {
				return errProblems
			}
			fmt.Fprintln(a.stderr, "no errors")
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "the `form` of the messages: text, json (one object a line), github or sarif")
	cmd.Flags().BoolVar(&strict, "strict", false, "let warnings exit with 1 too")
	cmd.Flags().StringVar(&versions, "versions", "", "check only these `versions`, such as go1.17,go1.27")
	return cmd
}

// printer returns what writes diagnostics for machines; it is nil for people.
func (a *app) printer(format string) (func(diag.List) error, error) {
	switch format {
	case "text":
		return nil, nil
	case "json":
		return func(l diag.List) error { return l.PrintJSON(a.stdout) }, nil
	case "github":
		return func(l diag.List) error { return l.PrintGitHub(a.stdout) }, nil
	case "sarif":
		root, err := a.root()
		if err != nil {
			return nil, err
		}
		return func(l diag.List) error { return l.PrintSARIF(a.stdout, os.DirFS(root)) }, nil
	}
	return nil, usagef("--format %s: want text, json, github or sarif", format)
}
