package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"beforemain/extractor/diag"
)

func (a *app) checkCommand() *cobra.Command {
	var format, versions string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "check every anchor, link, slice and term",
		Long: `Check resolves every annotation in every pinned version and platform and checks
every link of the book. CONTRIBUTING.md explains each code.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return usagef("--format %s: want text or json", format)
			}
			_, problems, err := a.extract(cmd.Context(), request{versions: splitList(versions)})
			if format == "json" {
				if perr := problems.PrintJSON(a.stdout); perr != nil {
					return perr
				}
				if problems.Count(diag.Error) > 0 {
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
			fmt.Fprintln(a.stderr, "no errors")
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json (one object a line)")
	cmd.Flags().StringVar(&versions, "versions", "", "check only these versions, such as go1.17,go1.27")
	return cmd
}
