// Command book makes the book: it fetches the sources, checks the annotations
// and publishes the site.
//
//	go run ./tools/book build
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitFine     = 0
	exitProblems = 1
	exitUsage    = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	os.Exit(code)
}

// errProblems ends a command whose diagnostics are printed already.
var errProblems = errors.New("problems found")

// run is the whole program: data goes to stdout, words to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &answers{Writer: stdout}
	root := newCommand(out, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.err
	}
	var usage usageError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errProblems):
		return exitProblems
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "book: %s\n", explain(err))
		fmt.Fprintln(stderr, "book: 'book --help' lists the commands, 'book COMMAND --help' the flags of one")
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "book: interrupted; nothing half written is left")
		return exitProblems
	}
	fmt.Fprintf(stderr, "book: %s\n", explain(err))
	return exitProblems
}

// answers are what goes to stdout. It remembers the first error of writing, so that data which nobody got is no success.
type answers struct {
	io.Writer
	err error
}

func (o *answers) Write(text []byte) (int, error) {
	n, err := o.Writer.Write(text)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

func newCommand(stdout, stderr io.Writer) *cobra.Command {
	app := &app{stdout: stdout, stderr: stderr}
	root := &cobra.Command{
		Use:   "book",
		Short: "make the book out of the sources and the annotations",
		Long: `Book makes a versioned, annotated book out of a git repository.

The book is the nearest folder upward that holds annotations/book.toml, or the
one that -C names. Human text goes to stderr, data to stdout. The exit code is
0 when all is well, 1 when problems were found and 2 for a mistake in the arguments.`,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		Args:                       cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.StringVarP(&app.dir, "dir", "C", "", "the book's `folder` (default: the nearest upward with annotations/book.toml)")
	flags.StringVar(&app.cache, "cache", "", "`folder` for sources and other derived files (default: before-main in the user's cache folder)")
	flags.StringVar(&app.route, "source", "auto", "the `route` that sources come by: auto, cache, git or module")
	root.AddCommand(
		app.buildCommand(), app.bundleCommand(), app.epubCommand(), app.serveCommand(), app.checkCommand(), app.fetchCommand(),
		app.sliceCommand(), app.refsCommand(), app.pathCommand(), app.bootCommand(),
		app.newCommand(), app.fmtCommand(), app.stampCommand(), app.statusCommand(),
		app.exportCommand(), app.importCommand(), app.bumpCommand(), app.pdfCommand(), app.cacheCommand(),
	)
	root.SetHelpCommand(helpCommand(root))
	return root
}
