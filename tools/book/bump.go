package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/anchor"
	"beforemain/extractor/diag"
	"beforemain/extractor/source"
	"beforemain/extractor/writing"
)

// jsonItem is the machine's view of a line of the work list; its keys stay as they are.
type jsonItem struct {
	State   string   `json:"state"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Column  int      `json:"column"`
	Symbol  string   `json:"symbol"`
	Note    string   `json:"note"`
	Message string   `json:"message"`
	Was     string   `json:"was"`
	Is      string   `json:"is"`
	Related []string `json:"related"`
}

func (a *app) bumpCommand() *cobra.Command {
	var b bump
	cmd := &cobra.Command{
		Use:   "bump VERSION TAG",
		Short: "take in a release, and say what it means for the notes",
		Long: `Bump pins a version of the source: a new one goes to its place among the others,
and one that the book has already moves to the tag. It writes book.toml and
sources.lock, resolves every note, and prints the work list: which notes are kept,
moved to other lines, to be reviewed, missing their line, or gone with their
symbol, and which have a range that stops where the book did. What is kept or moved
needs no edit; where a pin moves, its "reviewed:" is rewritten.

The exit code is 0 when the release is in, also if its notes need work. If anything
fails, nothing is changed.`,
		Example: "  book bump go1.28 go1.28.0\n  book bump go1.27 go1.27.5 --dry-run",
		Args:    arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			b.app, b.version = a, source.Version{Name: args[0], Tag: args[1]}
			return b.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&b.dryRun, "dry-run", false, "print the work list and change nothing")
	cmd.Flags().BoolVar(&b.all, "all", false, "list the notes that need no work too")
	cmd.Flags().BoolVar(&b.asJSON, "json", false, "print the whole work list for a program")
	return cmd
}

// bump is one run of the command.
type bump struct {
	*app
	version             source.Version
	dryRun, all, asJSON bool
}

func (b *bump) run(ctx context.Context) error {
	root, err := b.root()
	if err != nil {
		return err
	}
	fsys := os.DirFS(root)
	before, err := extractor.ReadBook(fsys)
	if err != nil {
		return err
	}
	previous, err := neighbour(before, b.version)
	if err != nil {
		return err
	}
	settings, err := fs.ReadFile(fsys, extractor.BookFile)
	if err != nil {
		return err
	}
	with := overlay{fsys, map[string][]byte{}}
	if with.files[extractor.BookFile], err = pin(settings, before, b.version); err != nil {
		return err
	}
	if with.files[extractor.LockFile], err = b.lock(ctx, fsys, with, previous); err != nil {
		return err
	}
	was, is, problems, err := b.both(ctx, fsys, with, previous)
	if err != nil {
		return err
	}
	book, err := is.Book.Scope()
	if err != nil {
		return err
	}
	items := anchor.Release{
		Book: book, Version: b.version, Previous: previous,
		Was: was.Anchors, Notes: is.Notes, Is: is.Anchors, Index: is.Index, Problems: problems,
	}.WorkList()
	changed := with.files
	if previous.Name == b.version.Name {
		edits, err := edited(fsys, writing.EditPin(items, is.Notes, b.version, previous.Tag))
		if err != nil {
			return err
		}
		for name, text := range edits {
			changed[name] = text
		}
	}
	if err := b.print(items, problems); err != nil {
		return err
	}
	if b.dryRun {
		fmt.Fprintln(b.stderr, "a dry run: nothing is changed")
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := rewrite(root, changed); err != nil {
		return err
	}
	fmt.Fprintf(b.stderr, "%s is %s now; %s written\n", b.version.Name, b.version.Tag, count(len(changed), "file"))
	if slices.ContainsFunc(before.Versions, func(v extractor.Version) bool { return v.Date != "" }) {
		fmt.Fprintf(b.stderr, "%s: the day of %s is not known here; write it as the date of %s, or the changes have no feed\n",
			extractor.BookFile, b.version.Tag, b.version.Name)
	}
	return nil
}

// lock fetches the version and returns the lock with its files.
func (b *bump) lock(ctx context.Context, fsys, with fs.FS, previous source.Version) ([]byte, error) {
	result, problems, err := b.extractFrom(ctx, with, request{versions: []string{b.version.Name}, unlocked: true})
	if err != nil {
		return nil, errors.Join(err, b.report(problems))
	}
	lock := result.Repo.Lock()
	old, err := source.ReadLock(fsys, extractor.LockFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		lock.Keep(old)
	}
	var text bytes.Buffer
	if _, err := lock.WriteTo(&text); err != nil {
		return nil, err
	}
	if previous.Name != b.version.Name {
		return text.Bytes(), nil
	}
	var kept bytes.Buffer
	for line := range bytes.Lines(text.Bytes()) {
		if !bytes.HasPrefix(line, []byte(previous.Tag+" ")) {
			kept.Write(line)
		}
	}
	return kept.Bytes(), nil
}

// both runs the extractor over the book as it will be and, where a pin moves, as it is.
func (b *bump) both(ctx context.Context, fsys, with fs.FS, previous source.Version) (was, is *extractor.Result, problems diag.List, err error) {
	is, problems, err = b.extractFrom(ctx, with, request{})
	if err != nil {
		return nil, nil, nil, errors.Join(err, b.report(problems))
	}
	if previous.Name != b.version.Name {
		return is, is, problems, nil
	}
	was, list, err := b.extractFrom(ctx, fsys, request{versions: []string{previous.Name}})
	if err != nil {
		return nil, nil, nil, errors.Join(err, b.report(list))
	}
	return was, is, problems, nil
}

// print writes the work list. Errors that stand in no block of it follow on stderr.
func (b *bump) print(items []anchor.Item, problems diag.List) error {
	if b.asJSON {
		return b.printJSON(items)
	}
	counts := map[anchor.State]int{}
	for _, i := range items {
		counts[i.State]++
	}
	for _, state := range anchor.States {
		if !b.all && (state == anchor.Kept || state == anchor.Moved) {
			continue
		}
		for _, i := range items {
			if i.State == state {
				printItem(b.stdout, i)
			}
		}
	}
	var sum []string
	for _, state := range anchor.States {
		sum = append(sum, fmt.Sprintf("%s %d", state, counts[state]))
	}
	fmt.Fprintf(b.stdout, "%s %s: %s\n", b.version.Name, b.version.Tag, strings.Join(sum, ", "))
	var others diag.List
	for _, d := range problems {
		if d.Severity == diag.Error && !listed(items, d) {
			others = append(others, d)
		}
	}
	if len(others) == 0 {
		return nil
	}
	fmt.Fprintf(b.stderr, "%s elsewhere:\n", count(len(others), "error"))
	return others.Print(b.stderr)
}

func printItem(w io.Writer, i anchor.Item) {
	places := i.Is
	if i.Was != i.Is {
		places = strings.TrimSpace(i.Was + " -> " + i.Is)
	}
	fmt.Fprintf(w, "%-8s %s: %s#%s", i.State, i.Pos, i.Annotation.Symbol, i.Annotation.ID)
	if i.Message != "" {
		fmt.Fprintf(w, ": %s", i.Message)
	} else if places != "" {
		fmt.Fprintf(w, ": %s", places)
	}
	fmt.Fprintln(w)
	for _, r := range i.Related {
		fmt.Fprintf(w, "    %s\n", r)
	}
}

// listed reports whether the work list tells of a diagnostic already.
func listed(items []anchor.Item, d diag.Diagnostic) bool {
	for _, i := range items {
		first, last := i.Block.Lines()
		if d.Pos.Filename == i.Block.Pos.Filename && first <= d.Pos.Line && d.Pos.Line <= last &&
			(i.State == anchor.Missing || i.State == anchor.Gone) {
			return true
		}
		if i.State == anchor.Gone && d.Pos == i.Pos {
			return true
		}
	}
	return false
}

func (b *bump) printJSON(items []anchor.Item) error {
	list := make([]jsonItem, len(items))
	for k, i := range items {
		list[k] = jsonItem{string(i.State), i.Pos.Filename, i.Pos.Line, i.Pos.Column, i.Annotation.Symbol, i.Annotation.ID,
			i.Message, i.Was, i.Is, append([]string{}, i.Related...)}
	}
	enc := json.NewEncoder(b.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}

// overlay is a folder in which some files read as something else.
type overlay struct {
	fs.FS
	files map[string][]byte
}

func (o overlay) ReadFile(name string) ([]byte, error) {
	if text, ok := o.files[name]; ok {
		return text, nil
	}
	return fs.ReadFile(o.FS, name)
}

func (o overlay) Open(name string) (fs.File, error) {
	text, ok := o.files[name]
	if !ok {
		return o.FS.Open(name)
	}
	return &overlaid{bytes.NewReader(text), name}, nil
}

// overlaid is an open file of an overlay.
type overlaid struct {
	*bytes.Reader
	name string
}

func (f *overlaid) Stat() (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: f.name, Err: errors.ErrUnsupported}
}

func (f *overlaid) Close() error { return nil }
