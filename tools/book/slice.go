package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"beforemain/extractor/index"
)

// jsonSlice is the machine's view of a slice; its keys stay as they are. Start
// and End are lines of the file at the tag, doc comment included; BodyStart is
// the line of the declaration itself.
type jsonSlice struct {
	Symbol    string   `json:"symbol"`
	Version   string   `json:"version"`
	Tag       string   `json:"tag"`
	Path      string   `json:"path"`
	Start     int      `json:"start"`
	BodyStart int      `json:"body_start"`
	End       int      `json:"end"`
	Blob      string   `json:"blob"`
	SHA256    string   `json:"sha256"`
	Platforms []string `json:"platforms"`
}

func (a *app) sliceCommand() *cobra.Command {
	var version, on string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "slice SYMBOL",
		Short: "print the source of a symbol",
		Long: `Slice prints the lines that define a symbol, doc comment included, once for each
variant of the text over the platforms.`,
		Example: "  book slice runtime.schedinit --go go1.17 --json\n  book slice runtime·rt0_go --on darwin/arm64",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			found, err := a.findSlices(cmd.Context(), args[0], version, on)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printSlicesJSON(found)
			}
			for _, s := range found {
				fmt.Fprintf(a.stderr, "%s %s:%d-%d %s\n", s.Version.Tag, s.Path, s.Start, s.End, joinPlatforms(s.Platforms, " "))
				if _, err := a.stdout.Write(s.Text); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&version, "go", "", "the `version`, such as go1.17 (default: the newest)")
	cmd.Flags().StringVar(&on, "on", "", "a `platform` (linux/amd64), an operating system or an architecture (default: all)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the places instead of the text")
	return cmd
}

func (a *app) findSlices(ctx context.Context, name, version, on string) ([]*index.Slice, error) {
	g, err := a.graph(ctx, version, on)
	if err != nil {
		return nil, err
	}
	name = index.Canonical(name)
	found := g.Slices(g.version, name)
	if len(found) == 0 {
		return nil, a.unknown(ctx, g, name)
	}
	if on == "" {
		return found, nil
	}
	found = slices.DeleteFunc(slices.Clone(found), func(s *index.Slice) bool {
		return !slices.ContainsFunc(s.Platforms, func(p index.Platform) bool { return p.Matches(on) })
	})
	if len(found) == 0 {
		return nil, fmt.Errorf("%s is not on %s in %s", name, on, g.version)
	}
	return found, nil
}

func (a *app) printSlicesJSON(found []*index.Slice) error {
	list := make([]jsonSlice, len(found))
	for i, s := range found {
		list[i] = jsonSlice{s.Symbol, s.Version.Name, s.Version.Tag, s.Path, s.Start, s.BodyStart, s.End, s.Blob, s.SHA256, nil}
		for _, p := range s.Platforms {
			list[i].Platforms = append(list[i].Platforms, p.String())
		}
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}

func joinPlatforms(ps []index.Platform, sep string) string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = p.String()
	}
	return strings.Join(names, sep)
}
