package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"beforemain/extractor"
)

func (a *app) fetchCommand() *cobra.Command {
	var update bool
	var versions string
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "fetch the sources, and only them",
		Long: `Fetch brings the sources of every pinned version into the cache and verifies
them against annotations/sources.lock. With --update-lock it writes that file
anew from what the book reads: look at the difference before you commit it.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			list := splitList(versions)
			if update && len(list) > 0 {
				return usagef("--update-lock needs every version; leave --versions out")
			}
			result, problems, err := a.extract(cmd.Context(), request{versions: list, unlocked: update})
			if err != nil {
				if rerr := a.report(problems); rerr != nil {
					return rerr
				}
				return err
			}
			fmt.Fprintf(a.stderr, "%s, by the route %q\n", count(len(result.Versions), "version"), result.Repo.Route())
			if !update {
				return nil
			}
			return a.writeLock(result)
		},
	}
	cmd.Flags().BoolVar(&update, "update-lock", false, "write annotations/sources.lock from what was read")
	cmd.Flags().StringVar(&versions, "versions", "", "fetch only these `versions`, such as go1.17,go1.27")
	return cmd
}

func (a *app) writeLock(result *extractor.Result) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := result.Repo.Lock().WriteTo(&text); err != nil {
		return err
	}
	if err := rewrite(root, map[string][]byte{extractor.LockFile: text.Bytes()}); err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "%s: %s\n", displayPath(filepath.Join(root, filepath.FromSlash(extractor.LockFile))), count(bytes.Count(text.Bytes(), []byte("\n")), "line"))
	return nil
}
