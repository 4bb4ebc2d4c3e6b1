package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/scope"
)

func (a *app) newCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new SYMBOL",
		Short: "begin a note on a symbol",
		Long: `New writes a note that lacks only its words: in the file of the symbol, which it
makes if need be, on the first line of the symbol that has no note. Put your own
line behind "at:", and your words for each "…". Check warns of a note without words,
and lets it pass.`,
		Example: "  book new runtime.schedinit\n  book new 'runtime.(*mheap).init'",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.scaffold(cmd.Context(), index.Canonical(args[0]))
		},
	}
}

func (a *app) scaffold(ctx context.Context, symbol string) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	result, _, err := a.extract(ctx, request{})
	if err != nil {
		return err
	}
	if err := known(result, symbol); err != nil {
		return err
	}
	book, err := result.Book.Scope()
	if err != nil {
		return err
	}
	s, err := anchor.NewScaffold(book, symbol, result.Notes, result.Anchors, result.Index)
	if err != nil {
		return err
	}
	name, text, err := noteFile(os.DirFS(root), result.Notes, symbol, s.Slice.Path)
	if err != nil {
		return err
	}
	text, err = insertNote(name, text, s, book, result)
	if err != nil {
		return err
	}
	line := lineOf(text, "## "+s.ID)
	if err := rewrite(root, map[string][]byte{name: text}); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, position(name, line))
	fmt.Fprintf(a.stderr, "%s begins in line %d of %s, on %s:%d of %s\n", s.ID, line, name, s.Slice.Path, s.Line, s.Slice.Version.Tag)
	fmt.Fprintf(a.stderr, "give it an id that stays, and write a title and a text for each \"…\"\n")
	if !slices.Contains(result.Book.Spine(), symbol) {
		fmt.Fprintf(a.stderr, "%s has no page: no chapter of %s lists it, so nobody will see the note\n", symbol, extractor.BookFile)
	}
	return nil
}

// insertNote adds the note to a file: where fmt would put it if the file is as fmt
// writes it, else at the end.
func insertNote(name string, text []byte, s anchor.Scaffold, book scope.Book, result *extractor.Result) ([]byte, error) {
	note := &annotation.Annotation{Symbol: s.Slice.Symbol, ID: s.ID}
	notes := append(notesOf(name, result.Notes), note)
	anchors := append(slices.Clone(result.Anchors),
		anchor.Anchor{Annotation: note, Block: &s.Block, Slice: s.Slice, Platforms: s.Platforms, First: s.Line, Last: s.Line})
	order := anchor.ByPlace(book, notes, anchors)
	was, err := annotation.Format(name, text, order)
	added := slices.Concat(bytes.TrimRight(text, "\r\n \t"), []byte("\n\n"), []byte(s.Markdown(result.Book.Languages)))
	if err != nil || len(notes) > 1 && !bytes.Equal(was, text) {
		return added, nil
	}
	return annotation.Format(name, added, order)
}

// lineOf returns the number of the line that is what, from 1.
func lineOf(text []byte, what string) int {
	for i, line := range strings.Split(string(text), "\n") {
		if strings.TrimRight(line, "\r") == what {
			return i + 1
		}
	}
	return 1
}

// known refuses a symbol that no version has.
func known(result *extractor.Result, symbol string) error {
	var near []string
	for _, v := range slices.Backward(result.Versions) {
		if len(result.Index.Slices(v.Name, symbol)) > 0 {
			return nil
		}
		for _, s := range result.Index.Suggest(v.Name, symbol) {
			if !slices.Contains(near, s) {
				near = append(near, s)
			}
		}
	}
	if len(near) == 0 {
		return fmt.Errorf("no version has a symbol %s", symbol)
	}
	return fmt.Errorf("no version has a symbol %s; did you mean %s?", symbol, strings.Join(near[:min(len(near), 3)], ", "))
}

// noteFile returns the file that a new note of a symbol goes to, and its text: the
// one with the symbol's name, another that has the symbol's notes, or a new one.
func noteFile(root fs.FS, notes []*annotation.Annotation, symbol, source string) (string, []byte, error) {
	name := anchor.ConventionalFile(symbol, source)
	var files []string
	for _, n := range notes {
		if n.Symbol == symbol {
			files = append(files, n.Pos.Filename)
		}
	}
	if len(files) > 0 {
		if !slices.Contains(files, name) {
			name = slices.Min(files)
		}
		text, err := fs.ReadFile(root, name)
		return name, text, err
	}
	for i := 2; ; i++ {
		taken, err := taken(root, name)
		if err != nil {
			return "", nil, err
		}
		if !taken {
			return name, []byte("---\nsymbol: " + symbol + "\n---"), nil
		}
		name = strings.TrimSuffix(anchor.ConventionalFile(symbol, source), ".md") + fmt.Sprintf("-%d.md", i)
	}
}

// taken reports whether there is a file of that name, on a system that does not
// tell capitals from small letters too.
func taken(root fs.FS, name string) (bool, error) {
	entries, err := fs.ReadDir(root, path.Dir(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	for _, e := range entries {
		if strings.EqualFold(e.Name(), filepath.Base(name)) {
			return true, nil
		}
	}
	return false, err
}
