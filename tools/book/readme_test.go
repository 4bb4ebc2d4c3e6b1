package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var (
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	// lineForm is a command line, in a span of code or on a line of its own.
	lineForm = regexp.MustCompile("(?m)(?:go run \\./tools/book|`book) +([a-z]+[^`\n]*)")
	flagForm = regexp.MustCompile(`--[a-z][a-z-]*`)
)

// What the texts for people say of the command line is so: each command has its row in
// README, what a row says are flags of its command, and every line can be typed.
func TestReadme(t *testing.T) {
	readme, contributing := repoText(t, "README.md"), repoText(t, "CONTRIBUTING.md")
	missing := map[string]bool{}
	everyCommand(newRoot(), func(c *cobra.Command) {
		if c.Parent() != nil && !c.Parent().HasParent() && c.Name() != "help" && c.Name() != "completion" {
			missing[c.Name()] = true
		}
	})
	for row := range strings.Lines(readme) {
		line, ok := strings.CutPrefix(row, "| `go run ./tools/book ")
		if !ok {
			continue
		}
		line, rest, _ := strings.Cut(line, "`")
		c := typed(t, "README.md", line)
		if c == nil {
			continue
		}
		for c.Parent().HasParent() {
			c = c.Parent()
		}
		delete(missing, c.Name())
		for _, span := range codeSpan.FindAllStringSubmatch(rest, -1) {
			switch {
			case strings.HasPrefix(span[1], "--"):
				typed(t, "README.md", c.Name()+" "+span[1])
			case strings.HasPrefix(span[1], c.Name()+" "):
				typed(t, "README.md", span[1])
			}
		}
	}
	for name := range missing {
		t.Errorf("README.md has no row for book %s", name)
	}
	for name, text := range map[string]string{"README.md": readme, "CONTRIBUTING.md": contributing} {
		for _, m := range lineForm.FindAllStringSubmatch(text, -1) {
			typed(t, name, m[1])
		}
		for _, span := range codeSpan.FindAllStringSubmatch(text, -1) {
			for _, flag := range flagForm.FindAllString(span[1], -1) {
				known := false
				everyCommand(newRoot(), func(c *cobra.Command) { known = known || c.Flag(flag[2:]) != nil })
				if !known {
					t.Errorf("%s: no command has %s", name, flag)
				}
			}
		}
	}
	everyCommand(newRoot(), func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			if line, ok := strings.CutPrefix(strings.TrimSpace(line), "book "); ok {
				typed(t, c.CommandPath()+" --help", line)
			}
		}
	})
}

// Every flag and every command says what it does, and what a flag takes has a name.
func TestHelp(t *testing.T) {
	everyCommand(newRoot(), func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s: no short help", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if kind, usage := pflag.UnquoteUsage(f); usage == "" || kind == "string" || kind == "int" || kind == "uint" {
				t.Errorf("%s --%s %s: %q", c.CommandPath(), f.Name, kind, usage)
			}
		})
	})
}

func newRoot() *cobra.Command { return newCommand(io.Discard, io.Discard) }

func everyCommand(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		everyCommand(sub, f)
	}
}

// typed reads a command line as a shell and the program do, without running it, and
// returns its command.
func typed(t *testing.T, where, line string) *cobra.Command {
	t.Helper()
	line, _, _ = strings.Cut(line, " > ")
	line, _, _ = strings.Cut(line, "  #")
	line = strings.NewReplacer("'", "", "…", "x").Replace(strings.TrimSpace(line))
	c, args, err := newRoot().Find(strings.Fields(line))
	if err == nil {
		err = c.ParseFlags(args)
	}
	if err == nil && len(c.Flags().Args()) > 0 { // a line that only says a flag may leave them out
		err = c.ValidateArgs(c.Flags().Args())
	}
	if err != nil {
		t.Errorf("%s: book %s: %v", where, line, err)
		return nil
	}
	return c
}

func repoText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
