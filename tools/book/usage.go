package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"beforemain/extractor"
)

// usageError is a mistake in the arguments.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// flagError says what is wrong with a flag, and what would be right.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var lacking *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return usagef("%s has no flag %s", cmd.CommandPath(), name)
	case errors.As(err, &lacking):
		kind, _ := pflag.UnquoteUsage(lacking.GetFlag())
		return usagef("--%s: a %s has to follow", lacking.GetFlag().Name, kind)
	case errors.As(err, &invalid):
		want, ok := map[string]string{"int": "a whole number", "uint64": "a whole number from 0", "bool": "true or false"}[invalid.GetFlag().Value.Type()]
		if ok {
			return usagef("--%s %s: want %s", invalid.GetFlag().Name, invalid.GetValue(), want)
		}
	}
	return usageError{err}
}

// arguments is a check of how many arguments there are, which says how a command is used.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case check(cmd, args) == nil:
			return nil
		case cmd.HasSubCommands():
			return unknownCommand(cmd, args[0])
		}
		return usagef("%s: %s given, but it is used as: %s", cmd.Name(), count(len(args), "argument"), cmd.UseLine())
	}
}

// unknownCommand names the commands that there are, or those that are nearly the same.
func unknownCommand(parent *cobra.Command, name string) error {
	near := parent.SuggestionsFor(name)
	switch {
	case len(near) > 0:
		return usagef("unknown command %q; did you mean %s?", name, strings.Join(near, " or "))
	case parent.HasParent():
		for _, c := range parent.Commands() {
			near = append(near, c.Name())
		}
		return usagef("unknown command %q: %s has %s", name, parent.CommandPath(), strings.Join(near, ", "))
	}
	return usagef("unknown command %q", name)
}

// helpCommand is cobra's, but that it does not take an unknown command for none.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "show what a command does",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			switch {
			case err != nil:
				return usageError{err}
			case len(rest) > 0:
				return unknownCommand(cmd, rest[0])
			}
			return cmd.Help()
		},
	}
}

// checkAddress refuses what is no address of a site.
func checkAddress(address string) error {
	if !extractor.IsAddress(address) {
		return usagef("--base-url %s: want an address such as https://example.org/book/", address)
	}
	return nil
}
