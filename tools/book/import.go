package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"beforemain/extractor/diag"
	"beforemain/extractor/writing"
	"beforemain/extractor/writing/po"
)

func (a *app) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE.po",
		Short: "take translations back from a translator's program",
		Long: `Import puts the translations of a PO file that "book export" made into the notes,
with the stamp of the text that was translated. What is fuzzy or not translated is
left out. If anything in the file cannot be read, or would change more than the
text of its note, nothing is changed. FILE.po may be - for standard input.`,
		Example: "  book import en.po",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.importPO(cmd.Context(), args[0], cmd.InOrStdin())
		},
	}
}

func (a *app) importPO(ctx context.Context, name string, stdin io.Reader) error {
	text, err := readArgument(name, stdin)
	if err != nil {
		return err
	}
	lang, messages, problems := po.Parse(name, text)
	if problems.Count(diag.Error) > 0 {
		return a.report(problems)
	}
	book, err := a.book()
	if err != nil {
		return err
	}
	if lang == "" {
		return fmt.Errorf("%s:1: the header names no language: take a file that book export wrote", name)
	}
	if err := checkLanguage(book, lang); err != nil {
		return fmt.Errorf("%s:1: the book has no language %q", name, lang)
	}
	t, err := a.translatable(ctx, book, lang)
	if err != nil {
		return err
	}
	root, err := a.root()
	if err != nil {
		return err
	}
	list, fuzzy, problems := writing.Translations(name, messages, t.notes, t.comments)
	in := importer{root: os.DirFS(root), lang: lang, edits: map[string][]writing.Edit{}, texts: map[string][]byte{}, problems: problems}
	for i := range list {
		if err := in.take(&list[i]); err != nil {
			return err
		}
	}
	if in.problems.Count(diag.Error) > 0 {
		in.problems.Sort()
		return a.report(in.problems)
	}
	changed, err := in.files()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := rewrite(root, changed); err != nil {
		return err
	}
	for _, line := range in.said {
		fmt.Fprintln(a.stdout, line)
	}
	fmt.Fprintf(a.stderr, "%s written, %d as they were, %d left out as fuzzy\n", count(len(in.said), "text"), len(list)-len(in.said), fuzzy)
	return nil
}

// readArgument reads a file, or standard input if its name is "-".
func readArgument(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{err}
	}
	return text, err
}

// importer collects what translations change.
type importer struct {
	root     fs.FS
	lang     string
	texts    map[string][]byte // as they are
	edits    map[string][]writing.Edit
	created  []*writing.Translation
	said     []string
	problems diag.List
}

func (in *importer) take(t *writing.Translation) error {
	file := t.File(in.lang)
	if _, ok := in.texts[file]; !ok {
		text, err := fs.ReadFile(in.root, file)
		if err != nil && !(t.Note == nil && errors.Is(err, fs.ErrNotExist)) {
			return err
		}
		in.texts[file] = text
	}
	if t.Note == nil {
		in.created = append(in.created, t)
		in.said = append(in.said, fmt.Sprintf("%s: %s of a comment of %s", file, in.lang, t.Comment.Symbol))
		return nil
	}
	e, changes, problems := t.Edit(in.lang, in.texts[file])
	in.problems = append(in.problems, problems...)
	if changes {
		in.edits[file] = append(in.edits[file], e)
		in.said = append(in.said, fmt.Sprintf("%s: %s of %q", position(file, e.Pos.Line), in.lang, t.Note.ID))
	}
	return nil
}

// files returns the new texts of the files that change.
func (in *importer) files() (map[string][]byte, error) {
	changed := map[string][]byte{}
	for file, edits := range in.edits {
		text, err := writing.Apply(in.texts[file], edits)
		if err != nil {
			return nil, err
		}
		changed[file] = text
	}
	for _, t := range in.created {
		file := t.Comment.File
		before, ok := changed[file]
		if !ok {
			before = in.texts[file]
		}
		if len(before) == 0 {
			before = []byte("---\nsymbol: " + t.Comment.Symbol + "\n---\n")
		}
		after := slices.Concat(bytes.TrimRight(before, "\r\n \t"), []byte("\n\n"), []byte(t.Create(in.lang)))
		if problems := t.CheckCreated(in.lang, before, after); len(problems) > 0 {
			return nil, fmt.Errorf("%s", problems[0])
		}
		changed[file] = after
	}
	return changed, nil
}
