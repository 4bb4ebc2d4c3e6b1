package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/writing"
	"beforemain/extractor/writing/po"
)

func (a *app) exportCommand() *cobra.Command {
	var po bool
	var lang string
	cmd := &cobra.Command{
		Use:   "export --po",
		Short: "write the texts to translate, for a translator's program",
		Long: `Export prints a gettext PO file: each note's title and text with its translation,
and, for a language that the source's comments are not written in, those comments.
They come from your own copy of the source; do not commit the file. Programs such as
Poedit edit it, and "book import" takes it back.`,
		Example: "  book export --po --lang en > en.po",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !po {
				return usagef("export: say --po, the only format that there is")
			}
			return a.export(cmd.Context(), lang)
		},
	}
	cmd.Flags().BoolVar(&po, "po", false, "as a gettext PO file")
	cmd.Flags().StringVar(&lang, "lang", "", "translations into this `language` (default: the second of the book)")
	return cmd
}

func (a *app) export(ctx context.Context, lang string) error {
	book, err := a.book()
	if err != nil {
		return err
	}
	if err := checkLanguage(book, lang); err != nil {
		return err
	}
	if lang == "" {
		if len(book.Languages) < 2 {
			return usagef("the book has one language; name another with --lang")
		}
		lang = book.Languages[1]
	}
	t, err := a.translatable(ctx, book, lang)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(po.Format(lang, writing.Messages(lang, book.Source.Language, t.notes, t.anchors, t.comments)))
	return err
}

// translatable is what a translator may work on.
type translatable struct {
	notes    []*annotation.Annotation
	anchors  []anchor.Anchor
	comments []anchor.SourceComment
}

// translatable reads the notes and, for a language other than the source's, the
// comments of the source.
func (a *app) translatable(ctx context.Context, book *extractor.Book, lang string) (translatable, error) {
	root, err := a.root()
	if err != nil {
		return translatable{}, err
	}
	if lang == book.Source.Language {
		notes, problems := extractor.ReadNotes(os.DirFS(root))
		if problems.Count(diag.Error) > 0 {
			return translatable{}, a.report(problems)
		}
		return translatable{notes: notes}, nil
	}
	result, problems, err := a.extract(ctx, request{})
	if err != nil {
		return translatable{}, err
	}
	if problems.Count(diag.Error) > 0 {
		return translatable{}, a.report(problems)
	}
	settings, err := book.Scope()
	if err != nil {
		return translatable{}, err
	}
	var failed error
	comments := anchor.SourceComments(settings, book.Spine(), result.Anchors, result.Index, func(s *index.Slice) string {
		name, _, err := noteFile(os.DirFS(root), result.Notes, s.Symbol, s.Path)
		if err != nil {
			failed = err
		}
		return name
	})
	return translatable{result.Notes, result.Anchors, comments}, failed
}
