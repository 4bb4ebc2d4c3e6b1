package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
)

func (a *app) fmtCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt [FILES]",
		Short: "sort and space notes",
		Long: `Fmt puts the notes of each file in the order of the lines that they resolve to,
sets the blocks in columns, and leaves one empty line between parts. It does not
touch the prose. Without FILES it goes over all of the book, and it says which
files it changed.`,
		Example: "  book fmt annotations/runtime/schedinit.md\n  book fmt --check",
		Args:    arguments(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.format(cmd.Context(), args, check)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "change nothing; list the files that would change, and exit with 1 if there are any")
	return cmd
}

func (a *app) format(ctx context.Context, args []string, check bool) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	result, _, err := a.extract(ctx, request{})
	if err != nil {
		return err
	}
	book, err := result.Book.Scope()
	if err != nil {
		return err
	}
	files, err := noteFiles(root, args)
	if err != nil {
		return err
	}
	changed := map[string][]byte{}
	var failed []error
	for _, name := range files {
		text, err := fs.ReadFile(os.DirFS(root), name)
		if err != nil {
			return err
		}
		var order []string
		if notes := notesOf(name, result.Notes); len(notes) > 0 {
			order = anchor.ByPlace(book, notes, result.Anchors)
		}
		formatted, err := annotation.Format(name, text, order)
		switch {
		case err != nil:
			failed = append(failed, err)
		case !bytes.Equal(text, formatted):
			changed[name] = formatted
		}
	}
	for _, name := range files {
		if changed[name] != nil {
			fmt.Fprintln(a.stdout, name)
		}
	}
	if !check {
		if err := rewrite(root, changed); err != nil {
			return err
		}
	}
	for _, err := range failed {
		fmt.Fprintf(a.stderr, "%v\n", err)
	}
	if len(failed) > 0 {
		fmt.Fprintf(a.stderr, "%s left alone\n", count(len(failed), "file"))
		return errProblems
	}
	if check && len(changed) > 0 {
		return errProblems
	}
	return nil
}

// notesOf returns the notes that have a part in a file.
func notesOf(file string, notes []*annotation.Annotation) []*annotation.Annotation {
	var list []*annotation.Annotation
	for _, a := range notes {
		here := a.Pos.Filename == file
		for _, t := range a.Texts {
			here = here || t.Pos.Filename == file
		}
		if here {
			list = append(list, a)
		}
	}
	return list
}
