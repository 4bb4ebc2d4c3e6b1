package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

func (a *app) stampCommand() *cobra.Command {
	var lang string
	var all bool
	cmd := &cobra.Command{
		Use:   "stamp FILE#NOTE",
		Short: "say that a translation is of its origin as it is now",
		Long: `Stamp writes below the heading of a translation the hash of the text that it
translates. When that text changes, check and status tell that the translation is
older. Stamp again to say that it is up to date, or that the change does not touch it.`,
		Example: "  book stamp annotations/runtime/schedinit.md#locks --lang en\n  book stamp --all",
		Args:    arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) == 1) {
				return usagef("stamp: name one note as FILE#NOTE, or all with --all")
			}
			file, note := "", ""
			if len(args) == 1 {
				var ok bool
				if file, note, ok = strings.Cut(args[0], "#"); !ok || note == "" {
					return usagef("stamp %s: want FILE#NOTE", args[0])
				}
			}
			return a.stamp(file, note, lang)
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "", "only translations into this `language`")
	cmd.Flags().BoolVar(&all, "all", false, "every translation of the book")
	return cmd
}

// stamp writes the stamps of a note's translations, or of all if file is "".
func (a *app) stamp(file, id, lang string) error {
	book, err := a.book()
	if err != nil {
		return err
	}
	if err := checkLanguage(book, lang); err != nil {
		return err
	}
	root, err := a.root()
	if err != nil {
		return err
	}
	fsys := os.DirFS(root)
	notes, problems := extractor.ReadNotes(fsys)
	if file != "" {
		name, err := bookPath(root, file)
		if err != nil {
			return err
		}
		if notes, err = findNote(notes, name, id); err != nil {
			return err
		}
	}
	if problems.Count(diag.Error) > 0 && file == "" {
		return a.report(problems) // what cannot be read cannot be stamped
	}
	var edits []annotation.Edit
	var said []string
	texts := 0
	for _, n := range notes {
		for _, t := range n.Translations() {
			if lang != "" && t.Lang != lang {
				continue
			}
			texts++
			text, err := fs.ReadFile(fsys, t.Pos.Filename)
			if err != nil {
				return err
			}
			if e, changes := n.EditStamp(text, t); changes {
				edits = append(edits, e)
				said = append(said, fmt.Sprintf("%s: %s of %q", position(t.Pos.Filename, t.Pos.Line), t.Lang, n.ID))
			}
		}
	}
	if texts == 0 && file != "" {
		return fmt.Errorf("%s#%s has no translation to stamp", file, id)
	}
	changed, err := edited(fsys, edits)
	if err != nil {
		return err
	}
	if err := rewrite(root, changed); err != nil {
		return err
	}
	for _, line := range said {
		fmt.Fprintln(a.stdout, line)
	}
	fmt.Fprintf(a.stderr, "%s stamped, %d up to date\n", count(len(edits), "translation"), texts-len(edits))
	return nil
}

// findNote returns the note of that id that has a part in a file.
func findNote(notes []*annotation.Annotation, file, id string) ([]*annotation.Annotation, error) {
	var ids []string
	for _, n := range notesOf(file, notes) {
		if n.ID == id {
			return []*annotation.Annotation{n}, nil
		}
		ids = append(ids, n.ID)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("%s holds no notes", file)
	}
	return nil, fmt.Errorf("%s has no note %q (it has %s)", file, id, strings.Join(ids, ", "))
}

// checkLanguage refuses a language that the book does not have; "" is none.
func checkLanguage(book *extractor.Book, lang string) error {
	for _, l := range book.Languages {
		if lang == "" || l == lang {
			return nil
		}
	}
	return usagef("--lang %s: the book has %s", lang, strings.Join(book.Languages, ", "))
}
