package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/source"
)

// jsonRefs is the machine's view of a symbol's references on one platform; its keys
// stay as they are.
type jsonRefs struct {
	Symbol      string     `json:"symbol"`
	Version     string     `json:"version"`
	Platform    string     `json:"platform"`
	Definitions []jsonSite `json:"definitions"`
	Callers     []jsonEdge `json:"callers"`
	Callees     []jsonEdge `json:"callees"`
}

type jsonSite struct {
	Path string `json:"path"`
	Line int    `json:"line"`
}

// jsonEdge is the symbol at the other end of an edge, and where the edge stands. One
// that is told stands nowhere and has its reason instead.
type jsonEdge struct {
	Symbol string         `json:"symbol"`
	Path   string         `json:"path"`
	Line   int            `json:"line"`
	Kind   index.EdgeKind `json:"kind"`
	Reason string         `json:"reason,omitempty"`
}

// graph is the index of one version, to be asked for a symbol's edges.
type graph struct {
	*index.Index
	book      *extractor.Book
	repo      *source.Repo
	version   string
	platforms []index.Platform // the book's, then the extra ones
}

// refs is what a graph has under a symbol, on some of its platforms.
type refs struct {
	symbol                        string
	platforms                     []index.Platform
	definitions, callers, callees []place
}

// place is a line of refs, and those of the platforms that have it. Of a definition
// only Path and Line are set.
type place struct {
	jsonEdge
	on []index.Platform
}

func (a *app) refsCommand() *cobra.Command {
	var version, on string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "refs SYMBOL",
		Short: "print where a symbol is defined, what leads to it and what it leads to",
		Long: `Refs prints where a symbol is defined, its callers and its callees, of Go and of
assembly. The kind of an edge is

  call, jump, go       a call, a jump of assembly to another symbol, a go statement
  argument             handed to a function that calls it, such as systemstack
  address, data        its address is taken, or is the value of data
  linkname             one name in the source, another for the linker
  told                 in annotations/edges.toml, with a reason: no source shows it

A platform is named only where not all that have the symbol agree.

With --json there is an object a line, a line a platform, in the book's order:
  {symbol, version, platform, definitions: [{path, line}],
   callers: [{symbol, path, line, kind}], callees: [{symbol, path, line, kind}]}
What is told has the path "", the line 0 and a key more, reason. A declaration
without a body stands among the definitions only where nothing else does.`,
		Example: "  book refs runtime.schedinit\n  book refs runtime·rt0_go --go go1.17 --on darwin --json",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := a.graph(cmd.Context(), version, on)
			if err != nil {
				return err
			}
			name := index.Canonical(args[0])
			if err := a.known(cmd.Context(), g, name); err != nil {
				return err
			}
			found, err := g.restrict(name, on)
			if err != nil {
				return err
			}
			if asJSON {
				return found.printJSON(a.stdout, g.version)
			}
			return found.print(a.stdout, g.version)
		},
	}
	cmd.Flags().StringVar(&version, "go", "", "the `version`, such as go1.17 (default: the newest)")
	cmd.Flags().StringVar(&on, "on", "", "a `platform` (linux/amd64), an operating system or an architecture (default: all)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an object a platform instead of the text")
	return cmd
}

// graph indexes one version of the book, the newest unless it is named, and no other. A
// platform that the book does not have, of those that --on can name, is refused at once.
func (a *app) graph(ctx context.Context, version, on string) (*graph, error) {
	book, err := a.book()
	if err != nil {
		return nil, err
	}
	if version == "" {
		version = book.Newest().Name
	}
	if _, err := book.Select([]string{version}); err != nil {
		return nil, usageError{err}
	}
	platforms, err := bookPlatforms(book, on)
	if err != nil {
		return nil, err
	}
	result, problems, err := a.extract(ctx, request{versions: []string{version}})
	if err != nil {
		return nil, err
	}
	// What of the source is not understood may hold an edge that is not in the graph.
	holes := slices.DeleteFunc(problems, func(d diag.Diagnostic) bool { return d.Code != "N131" })
	if err := holes.Print(a.stderr); err != nil {
		return nil, err
	}
	g := &graph{Index: result.Index, book: book, repo: result.Repo, version: version, platforms: platforms}
	return g, nil
}

// bookPlatforms returns the book's platforms, the extra ones last. It is a mistake to ask
// for one of another name.
func bookPlatforms(book *extractor.Book, on string) ([]index.Platform, error) {
	names := slices.Clone(book.Platforms.All)
	for _, e := range book.Platforms.Extra {
		names = append(names, e.Platform)
	}
	var platforms []index.Platform
	for _, n := range names {
		p, err := index.ParsePlatform(n)
		if err != nil {
			return nil, err
		}
		platforms = append(platforms, p)
	}
	if on != "" && !slices.ContainsFunc(platforms, func(p index.Platform) bool { return p.Matches(on) }) {
		return nil, usagef("--on %s: the book has %s", on, joinPlatforms(platforms, ", "))
	}
	return platforms, nil
}

// known fails if the version lacks one of the symbols.
func (a *app) known(ctx context.Context, g *graph, names ...string) error {
	for _, name := range names {
		if g.refs(name).platforms == nil {
			return a.unknown(ctx, g, name)
		}
	}
	return nil
}

// unknown is the error for a symbol that a version lacks: it names the versions that
// have it, as far as their sources are there, and the nearest names.
func (a *app) unknown(ctx context.Context, g *graph, name string) error {
	if name == "" {
		return usagef("the name of the symbol is empty")
	}
	msg := fmt.Sprintf("%s has no symbol %s", g.version, name)
	if has := a.elsewhere(ctx, g, name); len(has) > 0 {
		msg += ", unlike " + strings.Join(has, ", ")
	}
	if near := g.Suggest(g.version, name); len(near) > 0 {
		msg += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return fmt.Errorf("%s", msg)
}

// elsewhere returns the other versions that have a symbol. It fetches nothing, and
// indexes only versions whose text has the name.
func (a *app) elsewhere(ctx context.Context, g *graph, name string) []string {
	var others []string
	for _, v := range g.book.SourceVersions() {
		if s, err := g.repo.Snapshot(v); err == nil && v.Name != g.version && mentions(s, g.book.Source.Packages, name) {
			others = append(others, v.Name)
		}
	}
	if len(others) == 0 {
		return nil
	}
	offline := *a
	offline.route = "cache"
	result, _, err := offline.extract(ctx, request{versions: others})
	if err != nil {
		return nil // the answer is the same without it
	}
	return slices.DeleteFunc(others, func(v string) bool { return len(result.Index.Declarations(v, name)) == 0 })
}

// mentions reports whether a file of the symbol's package has the last part of its
// name as a word. A symbol without a package, such as _rt0_amd64, may be in any of
// the book's.
func mentions(s *source.Snapshot, packages []string, symbol string) bool {
	folder := symbol[:strings.LastIndexByte(symbol, '/')+1]
	if first, _, ok := strings.Cut(symbol[len(folder):], "."); ok {
		packages = []string{folder + first}
	}
	base := strings.TrimSuffix(symbol[strings.LastIndexByte(symbol, '.')+1:], "<>")
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(base) + `\b`)
	for _, p := range packages {
		list, err := s.ReadDir(path.Join("src", p))
		if err != nil {
			continue // the version lacks the package
		}
		for _, entry := range list {
			f, err := s.ReadFile(path.Join("src", p, entry.Name()))
			if err == nil && word.Match(f.Text) {
				return true
			}
		}
	}
	return false
}

// refs finds a symbol on the platforms that have it: those that declare it, and those
// that have an edge of it, as a name has that is only linked to. There are none for
// an unknown symbol.
func (g *graph) refs(symbol string) *refs {
	r := &refs{symbol: symbol}
	defined := map[index.Platform]bool{}
	for _, s := range g.Declarations(g.version, symbol) {
		on := s.Platforms
		if s.Prototype { // they come last
			on = slices.DeleteFunc(slices.Clone(on), func(p index.Platform) bool { return defined[p] })
		}
		for _, p := range on {
			defined[p] = defined[p] || !s.Prototype
		}
		if len(on) > 0 {
			r.definitions = append(r.definitions, place{jsonEdge{Path: s.Path, Line: s.Line}, on})
		}
	}
	for _, e := range g.Callers(g.version, symbol) {
		r.callers = append(r.callers, g.place(e, e.From))
	}
	for _, e := range g.Callees(g.version, symbol) {
		r.callees = append(r.callees, g.place(e, e.To))
	}
	all := slices.Concat(r.definitions, r.callers, r.callees)
	for _, p := range g.platforms {
		if slices.ContainsFunc(all, func(at place) bool { return slices.Contains(at.on, p) }) {
			r.platforms = append(r.platforms, p)
		}
	}
	return r
}

func (g *graph) place(e index.Edge, end string) place {
	return place{g.edge(e, end), e.Platforms}
}

// edge is an edge with the symbol at that end of it. The reason is English, or of the
// book's first language.
func (g *graph) edge(e index.Edge, end string) jsonEdge {
	reason := e.Reason["en"]
	if reason == "" {
		reason = e.Reason[g.book.Languages[0]]
	}
	return jsonEdge{end, e.Path, e.Line, e.Kind, reason}
}

// restrict finds a symbol on the platforms that match a name, or on all that have it.
func (g *graph) restrict(symbol, on string) (*refs, error) {
	r := g.refs(symbol)
	if on == "" {
		return r, nil
	}
	r.platforms = slices.DeleteFunc(r.platforms, func(p index.Platform) bool { return !p.Matches(on) })
	if len(r.platforms) == 0 {
		return nil, fmt.Errorf("%s is not on %s in %s", symbol, on, g.version)
	}
	return r, nil
}

func (r *refs) printJSON(w io.Writer, version string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // gogo<> is a name
	for _, p := range r.platforms {
		o := jsonRefs{r.symbol, version, p.String(), []jsonSite{}, edgesOn(r.callers, p), edgesOn(r.callees, p)}
		for _, e := range edgesOn(r.definitions, p) {
			o.Definitions = append(o.Definitions, jsonSite{e.Path, e.Line})
		}
		if err := enc.Encode(o); err != nil {
			return err
		}
	}
	return nil
}

// edgesOn returns the edges that a platform has; never nil.
func edgesOn(list []place, p index.Platform) []jsonEdge {
	edges := []jsonEdge{}
	for _, at := range list {
		if slices.Contains(at.on, p) {
			edges = append(edges, at.jsonEdge)
		}
	}
	return edges
}

func (r *refs) print(w io.Writer, version string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s in %s on %s\n", r.symbol, version, joinPlatforms(r.platforms, " "))
	for _, group := range []struct {
		name   string
		places []place
	}{{"definitions", r.definitions}, {"callers", r.callers}, {"callees", r.callees}} {
		fmt.Fprintf(table, "\n%s\n", group.name)
		none := true
		for _, at := range group.places {
			if on := r.common(at.on); len(on) > 0 {
				none = false
				fmt.Fprintln(table, at.row(r.where(on)))
			}
		}
		if none {
			fmt.Fprintln(table, "  none")
		}
	}
	return table.Flush()
}

// row is a place as a row of a table.
func (at place) row(where string) string {
	var cells []string
	if at.Kind != "" {
		cells = []string{at.Symbol, string(at.Kind)}
	}
	cells = append(cells, at.position())
	if where != "" {
		cells = append(cells, where)
	}
	return "  " + strings.Join(cells, "\t")
}

// position is where an edge stands, or why it is told.
func (e jsonEdge) position() string {
	if e.Path == "" {
		return e.Reason
	}
	return fmt.Sprintf("%s:%d", e.Path, e.Line)
}

// common returns those of the platforms that are asked for.
func (r *refs) common(on []index.Platform) []index.Platform {
	return slices.DeleteFunc(slices.Clone(on), func(p index.Platform) bool { return !slices.Contains(r.platforms, p) })
}

// where names some of the platforms asked for in the shortest way: nothing for all of
// them, else operating systems, else architectures, if they make up the same.
func (r *refs) where(on []index.Platform) string {
	if len(on) == len(r.platforms) {
		return ""
	}
	for _, part := range []func(index.Platform) string{
		func(p index.Platform) string { return p.OS },
		func(p index.Platform) string { return p.Arch },
	} {
		var names []string
		for _, p := range on {
			if !slices.Contains(names, part(p)) {
				names = append(names, part(p))
			}
		}
		same := slices.DeleteFunc(slices.Clone(r.platforms), func(p index.Platform) bool { return !slices.Contains(names, part(p)) })
		if len(same) == len(on) {
			return strings.Join(names, " ")
		}
	}
	return joinPlatforms(on, " ")
}
