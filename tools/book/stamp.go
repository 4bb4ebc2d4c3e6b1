package main

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/writing"
)

func (a *app) stampCommand() *cobra.Command {
	var lang string
	var all bool
	cmd := &cobra.Command{
		Use:   "stamp FILE#NOTE|CHAPTER",
		Short: "say that a translation is of its origin as it is now",
		Long: `Stamp writes the hash of the text that a translation was made of: below the heading
of a note's translation, and into the front matter of a chapter's. When that text
changes, check and status tell that the translation is older. Stamp again to say that
it is up to date, or that the change does not touch it.`,
		Example: "  book stamp annotations/runtime/schedinit.md#locks --lang en\n" +
			"  book stamp site/content/en/boot/schedinit.md\n  book stamp --all",
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) == 1) {
				return usagef("stamp: name one note as FILE#NOTE, or a chapter's file, or all with --all")
			}
			file, note := "", ""
			if len(args) == 1 {
				file, note, _ = strings.Cut(args[0], "#")
			}
			return a.stamp(file, note, lang)
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "", "only translations into this `language`")
	cmd.Flags().BoolVar(&all, "all", false, "every translation of the book")
	return cmd
}

// stamp writes the stamps of a note's translations, of a chapter if id is "", or of all if
// file is "".
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
	s := stamper{root: os.DirFS(root), book: book, lang: lang}
	if file == "" {
		if problems := s.all(); problems.Count(diag.Error) > 0 {
			return a.report(problems) // what cannot be read cannot be stamped
		}
	} else {
		name, err := bookPath(root, file)
		if err == nil {
			err = s.one(name, id)
		}
		if err != nil {
			return err
		}
	}
	changed, err := edited(s.root, s.edits)
	if err != nil {
		return err
	}
	if err := rewrite(root, changed); err != nil {
		return err
	}
	for _, line := range s.said {
		fmt.Fprintln(a.stdout, line)
	}
	fmt.Fprintf(a.stderr, "%s stamped, %d up to date\n", count(len(s.edits), "translation"), s.texts-len(s.edits))
	return nil
}

// stamper collects the stamps that translations need.
type stamper struct {
	root  fs.FS
	book  *extractor.Book
	lang  string // "": all
	edits []writing.Edit
	said  []string
	texts int
}

// all stamps every translation of the book.
func (s *stamper) all() diag.List {
	notes, problems := extractor.ReadNotes(s.root)
	chapters, list := s.book.ReadChapters(s.root)
	problems = append(problems, list...)
	for _, n := range notes {
		problems = append(problems, s.note(n)...)
	}
	for _, c := range chapters {
		s.chapter(c, chapters)
	}
	return problems
}

// one stamps the translations of a note, or a chapter if id is "".
func (s *stamper) one(name, id string) error {
	if id == "" {
		chapters, _ := s.book.ReadChapters(s.root)
		for _, c := range chapters {
			if c.Pos.Filename == name {
				s.chapter(c, chapters)
			}
		}
		if s.texts == 0 {
			return usagef("stamp %s: want FILE#NOTE, or a chapter that is a translation", name)
		}
		return nil
	}
	notes, _ := extractor.ReadNotes(s.root)
	n, err := findNote(notes, name, id)
	if err != nil {
		return err
	}
	if list := s.note(n); len(list) > 0 {
		return errors.New(list[0].String())
	}
	if s.texts == 0 {
		return fmt.Errorf("%s#%s has no translation to stamp", name, id)
	}
	return nil
}

func (s *stamper) note(n *annotation.Annotation) (problems diag.List) {
	for _, t := range n.Translations() {
		if s.lang != "" && t.Lang != s.lang {
			continue
		}
		text, err := fs.ReadFile(s.root, t.Pos.Filename)
		if err != nil {
			problems.Errorf(t.Pos, "N109", "%v", err)
			continue
		}
		e, changes := writing.StampNote(n, text, t)
		s.add(e, changes, t.Pos, fmt.Sprintf("%s of %q", t.Lang, n.ID))
	}
	return problems
}

func (s *stamper) chapter(c *annotation.Chapter, chapters []*annotation.Chapter) {
	origin := annotation.OriginOf(c, chapters, s.book.Languages)
	if origin == nil || s.lang != "" && c.Lang != s.lang {
		return
	}
	e, changes := writing.StampChapter(c, origin)
	s.add(e, changes, c.OfPos, fmt.Sprintf("%s of the chapter %q", c.Lang, c.Slug))
}

func (s *stamper) add(e writing.Edit, changes bool, pos token.Position, what string) {
	s.texts++
	if changes {
		s.edits = append(s.edits, e)
		s.said = append(s.said, position(pos.Filename, pos.Line)+": "+what)
	}
}

// findNote returns the note of that id that has a part in a file.
func findNote(notes []*annotation.Annotation, file, id string) (*annotation.Annotation, error) {
	var ids []string
	for _, n := range notesOf(file, notes) {
		if n.ID == id {
			return n, nil
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
