package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"beforemain/extractor"
	"beforemain/extractor/anchor"
	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
)

// symbolStatus is the state of the notes of a symbol in one language; its JSON keys
// stay as they are. Versions are names, oldest first.
type symbolStatus struct {
	Symbol   string   `json:"symbol"`
	Language string   `json:"language"`
	Notes    int      `json:"notes"`    // anchors and folds
	Covered  []string `json:"covered"`  // versions that show a note
	Versions []string `json:"versions"` // versions that have the symbol
	Missing  []string `json:"missing"`  // ids of notes without a text
	Stale    []string `json:"stale"`    // ids of notes whose text is older than its origin
	Review   []string `json:"review"`   // ids of notes to read against a newer version
	Shown    []string `json:"comments_shown"`
	Hidden   []string `json:"comments_hidden"` // in the newest version that has the symbol
	Left     []string `json:"comments_left"`   // file:line in version, of comments that nobody translated
}

// chapterStatus is the state of the chapters in a language that they are translated into;
// its JSON keys stay as they are.
type chapterStatus struct {
	Language string   `json:"language"`
	Chapters int      `json:"chapters"` // that the origin has
	Missing  []string `json:"missing"`  // slugs
	Stale    []string `json:"stale"`    // slugs of those that are older than their origin
}

// totalStatus is the sum over the spine, of one language or of all; its JSON keys
// stay as they are.
type totalStatus struct {
	Language string `json:"language,omitempty"` // "": all
	Symbols  int    `json:"symbols"`
	Bare     int    `json:"without_notes"` // symbols
	Notes    int    `json:"notes"`
	Missing  int    `json:"missing"`
	Stale    int    `json:"stale"`
	Review   int    `json:"review"`
	Shown    int    `json:"comments_shown"`
	Hidden   int    `json:"comments_hidden"`
	Left     int    `json:"comments_left"`
}

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "show what is annotated, and what needs a writer",
		Long: `Status prints a line for each symbol of the book and language: how many notes it
has, how many of its versions they cover, how many of them lack a text in the
language (missing), have one that is older than its origin (stale), or should be
read against a newer version (review), and how many translations of the source's
comments the newest version shows and hides, and how many comments of any version
nobody has translated (left). Below stand the sums, and the
chapters.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.status(cmd.Context(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the ids and versions behind the numbers")
	return cmd
}

func (a *app) status(ctx context.Context, asJSON bool) error {
	result, problems, err := a.extract(ctx, request{})
	if err != nil {
		if rerr := a.report(problems); rerr != nil {
			return rerr
		}
		return err
	}
	rows := statusOf(result, needsReview(problems))
	var totals []totalStatus
	for _, lang := range result.Book.Languages {
		totals = append(totals, total(lang, rows))
	}
	totals = append(totals, total("", rows))
	chapters := chaptersOf(result)
	if asJSON {
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			Symbols  []symbolStatus  `json:"symbols"`
			Total    []totalStatus   `json:"total"`
			Chapters []chapterStatus `json:"chapters"`
		}{rows, totals, chapters})
	}
	if err := printStatus(a.stdout, rows, totals, chapters); err != nil {
		return err
	}
	if n := problems.Count(diag.Error); n > 0 {
		fmt.Fprintf(a.stderr, "%s: see book check\n", count(n, "error"))
	}
	return nil
}

// reviewed tells whether a note has to be read against newer versions.
type reviewed func(n *annotation.Annotation) bool

// needsReview asks the diagnostics: N104 stands in a block of the note, and N122 at
// a comment block whose comment the newest version has no more.
func needsReview(problems diag.List) reviewed {
	return func(n *annotation.Annotation) bool {
		return slices.ContainsFunc(problems, func(d diag.Diagnostic) bool {
			return (d.Code == "N104" || d.Code == "N122") && slices.ContainsFunc(n.Blocks, func(b annotation.Block) bool {
				first, last := b.Lines()
				return d.Pos.Filename == b.Pos.Filename && first <= d.Pos.Line && d.Pos.Line <= last
			})
		})
	}
}

// statusOf returns a row for each symbol of the spine and language.
func statusOf(result *extractor.Result, review reviewed) []symbolStatus {
	notes := map[string][]*annotation.Annotation{}
	for _, n := range result.Notes {
		notes[n.Symbol] = append(notes[n.Symbol], n)
	}
	versions := map[*annotation.Annotation]map[string]bool{} // in which a note has a place
	for _, anchor := range result.Anchors {
		if versions[anchor.Annotation] == nil {
			versions[anchor.Annotation] = map[string]bool{}
		}
		versions[anchor.Annotation][anchor.Slice.Version.Name] = true
	}
	left := map[string]map[string][]string{} // by language and symbol
	for _, lang := range result.Book.Languages {
		left[lang] = commentsLeft(result, lang)
	}
	var rows []symbolStatus
	for _, symbol := range result.Book.Spine() {
		for _, lang := range result.Book.Languages {
			row := symbolStatus{Symbol: symbol, Language: lang, Covered: []string{}, Versions: []string{}, Missing: []string{},
				Stale: []string{}, Review: []string{}, Shown: []string{}, Hidden: []string{}, Left: []string{}}
			row.Left = append(row.Left, left[lang][symbol]...)
			for _, v := range result.Versions {
				if len(result.Index.Slices(v.Name, symbol)) > 0 {
					row.Versions = append(row.Versions, v.Name)
				}
			}
			for _, n := range notes[symbol] {
				row.add(n, versions[n], result.Book.Source.Language, review(n))
			}
			for _, v := range row.Versions {
				if slices.ContainsFunc(notes[symbol], func(n *annotation.Annotation) bool { return versions[n][v] && n.HasText(lang) }) {
					row.Covered = append(row.Covered, v)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// commentsLeft returns where the comments of each symbol stand that have no translation.
func commentsLeft(result *extractor.Result, lang string) map[string][]string {
	left := map[string][]string{}
	if lang == result.Book.Source.Language {
		return left
	}
	for _, c := range anchor.CommentsLeft(lang, result.Book.Spine(), result.Anchors, result.Index) {
		left[c.Symbol] = append(left[c.Symbol], fmt.Sprintf("%s:%d in %s", c.Slice.Path, c.Line, c.Slice.Version.Name))
	}
	return left
}

// add counts a note; versions are those in which it has a place.
func (s *symbolStatus) add(n *annotation.Annotation, versions map[string]bool, sourceLanguage string, review bool) {
	comment := n.Translates()
	if comment && s.Language == sourceLanguage {
		return // a comment needs no translation into its own language
	}
	there := n.HasText(s.Language)
	switch {
	case !comment:
		s.Notes++
	case there && len(s.Versions) > 0 && versions[s.Versions[len(s.Versions)-1]]:
		s.Shown = append(s.Shown, n.ID)
	case there:
		s.Hidden = append(s.Hidden, n.ID)
	}
	switch {
	case !there:
		s.Missing = append(s.Missing, n.ID)
	case n.Outdated(s.Language):
		s.Stale = append(s.Stale, n.ID)
	}
	if there && review {
		s.Review = append(s.Review, n.ID)
	}
}

// total sums the rows of a language, or of all if lang is "".
func total(lang string, rows []symbolStatus) totalStatus {
	sum := totalStatus{Language: lang}
	symbols := map[string]bool{}
	bare := map[string]bool{}
	review := map[string]bool{}
	for _, r := range rows {
		if lang != "" && r.Language != lang {
			continue
		}
		symbols[r.Symbol] = true
		if len(r.Covered) == 0 {
			bare[r.Symbol] = true
		}
		if lang != "" || r.Language == rows[0].Language {
			sum.Notes += r.Notes // the languages share them
		}
		for _, id := range r.Review {
			review[r.Symbol+"#"+id] = true // and this too
		}
		sum.Missing += len(r.Missing)
		sum.Stale += len(r.Stale)
		sum.Shown += len(r.Shown)
		sum.Hidden += len(r.Hidden)
		sum.Left += len(r.Left)
	}
	sum.Symbols, sum.Bare, sum.Review = len(symbols), len(bare), len(review)
	return sum
}

// chaptersOf returns a row for each language that the chapters are translated into.
func chaptersOf(result *extractor.Result) []chapterStatus {
	languages, all := result.Book.Languages, result.Layout.Chapters
	rows := []chapterStatus{}
	for _, lang := range languages[1:] {
		row := chapterStatus{Language: lang, Missing: []string{}, Stale: []string{}}
		for _, origin := range all {
			if origin.Lang != languages[0] {
				continue
			}
			row.Chapters++
			i := slices.IndexFunc(all, func(c *annotation.Chapter) bool { return c.Lang == lang && c.Slug == origin.Slug })
			switch {
			case i < 0:
				row.Missing = append(row.Missing, origin.Slug)
			case all[i].Outdated(origin):
				row.Stale = append(row.Stale, origin.Slug)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func printStatus(w io.Writer, rows []symbolStatus, totals []totalStatus, chapters []chapterStatus) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(cells ...any) {
		text := make([]string, len(cells))
		for i, c := range cells {
			text[i] = fmt.Sprint(c)
		}
		fmt.Fprintln(t, strings.Join(text, "\t"))
	}
	line("SYMBOL", "LANGUAGE", "NOTES", "VERSIONS", "MISSING", "STALE", "REVIEW", "COMMENTS", "HIDDEN", "LEFT")
	for _, r := range rows {
		line(r.Symbol, r.Language, r.Notes, fmt.Sprintf("%d/%d", len(r.Covered), len(r.Versions)),
			len(r.Missing), len(r.Stale), len(r.Review), len(r.Shown), len(r.Hidden), len(r.Left))
	}
	for _, s := range totals {
		name := s.Language
		if name == "" {
			name = "all"
		}
		line("total: "+count(s.Symbols, "symbol"), name, s.Notes, fmt.Sprintf("%d bare", s.Bare),
			s.Missing, s.Stale, s.Review, s.Shown, s.Hidden, s.Left)
	}
	for _, c := range chapters {
		line(count(c.Chapters, "chapter"), c.Language, "", "", len(c.Missing), len(c.Stale))
	}
	return t.Flush()
}
