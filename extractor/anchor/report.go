package anchor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

// maxEvidence is how many lines of the source a diagnostic shows.
const maxEvidence = 6

func (r *resolver) reportUnknown(a *annotation.Annotation) {
	newest := r.versions[len(r.versions)-1].Name
	d := r.list.Errorf(a.SymbolPos, "N105", "%s is in no version of the book", a.Symbol)
	near := r.x.Suggest(newest, a.Symbol)
	if other, ok := scan.Nearest(a.Symbol, r.book.Symbols); ok {
		near = append(near, other)
	}
	if len(near) > 0 {
		d.Message += "; a symbol of similar name is " + near[0]
		d.Relate("fix: symbol: %s", near[0])
	} else {
		d.Relate("fix: symbol: <its name as the linker has it>")
	}
}

func (r *resolver) reportAbsent(a *annotation.Annotation, b *annotation.Block, missing, present scope.Set) {
	d := r.list.Errorf(b.Position("go"), "N105", "%s is not in %s%s", a.Symbol, missing.Names(r.versions),
		scope.OtherName(r.book, r.x, r.versions, a.Symbol, missing))
	if ranges := present.Ranges(r.versions); len(ranges) > 0 {
		d.Relate("fix: go: %s", ranges[len(ranges)-1])
	} else {
		d.Relate("fix: write another \"go:\", or remove this block")
	}
}

func (r *resolver) reportNotOn(a *annotation.Annotation, b *annotation.Block, on string, gone scope.Set) {
	pos := b.Position("on")
	written, _ := b.Written("on")
	pos.Column += max(strings.Index(written, on), 0)
	d := r.list.Errorf(pos, "N105", "%s is not on %s in %s", a.Symbol, on, gone.Names(r.versions))
	var platforms []index.Platform
	for _, s := range r.x.Slices(r.versions[gone.Newest()].Name, a.Symbol) {
		platforms = append(platforms, s.Platforms...)
	}
	d.Relate("there it is on %s", scope.Join(platforms))
	d.Relate("fix: take %q out of \"on:\", or limit the block to other versions with \"go:\"", on)
}

func (r *resolver) reportNotReviewed(a *annotation.Annotation, b *annotation.Block, reviewed int) {
	if r.x.Slices(r.versions[reviewed].Name, a.Symbol) != nil {
		r.list.Errorf(b.Position("reviewed"), "N105", "%s is on none of the block's platforms in %s, where its comment should be found", a.Symbol, r.versions[reviewed].Name).
			Relate("fix: reviewed: <the tag of a version in which it is>")
		return
	}
	r.list.Errorf(b.Position("reviewed"), "N105", "%s is not in %s, where its comment should be found%s", a.Symbol, r.versions[reviewed].Name,
		scope.OtherName(r.book, r.x, r.versions, a.Symbol, scope.Set{reviewed: true})).
		Relate("fix: reviewed: <the tag of a version in which it is>")
}

// evidence writes a line of the source: path:line: text.
func (m *matcher) evidence(s *index.Slice, line int) string {
	text := strings.Join(strings.Fields(m.at(s, line).text), " ")
	if runes := []rune(text); len(runes) > 120 {
		text = string(runes[:119]) + "…"
	}
	return fmt.Sprintf("%s:%d: %s", s.Path, line, text)
}

func (r *resolver) reportInside(b *annotation.Block, m miss) {
	first := m.lines[0]
	r.list.Errorf(b.Position("at"), "N101", "%q is not the first line of its comment in %s", b.At, m.slice.Version.Name).
		Relate("%s", r.matcher.evidence(m.slice, first)).
		Relate("fix: at: %s", annotation.Quote(r.matcher.at(m.slice, first).text))
}

// reportComments reports a fragment that begins different comments on the platforms
// of the version that the note was reviewed against.
func (r *resolver) reportComments(b *annotation.Block, begins []miss, texts []string, same map[string][]index.Platform) {
	d := r.list.Errorf(b.Position("at"), "N102", "%q begins %d different comments in %s", b.At, len(texts), begins[0].slice.Version.Name)
	for i, m := range begins {
		d.Relate("%s  (on %s)", r.matcher.evidence(m.slice, m.lines[0]), r.onText(same[texts[i]]))
	}
	d.Relate("fix: on: %s", r.onText(same[texts[0]]))
}

// checkOverlap reports versions and platforms that two blocks of a note both cover.
func (r *resolver) checkOverlap(a *annotation.Annotation, j, i int, covered [][]site) {
	versions := scope.Set{}
	var platforms []index.Platform
	for _, s := range covered[i] {
		for _, t := range covered[j] {
			for _, p := range s.platforms {
				if s.slice == t.slice && slices.Contains(t.platforms, p) {
					versions[s.version] = true
					platforms = append(platforms, p)
				}
			}
		}
	}
	if len(versions) == 0 {
		return
	}
	platforms = r.inOrder(platforms)
	where := versions.Names(r.versions)
	if mine := r.platformsOf(covered[i]); len(platforms) < len(mine) {
		where += " on " + scope.Join(platforms)
	}
	b := &a.Blocks[i]
	rest := scope.Set{}
	for _, s := range covered[i] {
		rest[s.version] = !versions[s.version]
	}
	d := r.list.Errorf(b.Position("go"), "N106", "two blocks of %q cover %s (the other is in line %d)", a.ID, where, a.Blocks[j].Pos.Line)
	if ranges := rest.Ranges(r.versions); len(ranges) == 1 {
		d.Relate("fix: go: %s", ranges[0])
	} else {
		d.Relate("fix: give the blocks versions or platforms that do not meet, with \"go:\" or \"on:\"")
	}
}

// platformsOf returns the platforms of sites, each once, in the book's order.
func (r *resolver) platformsOf(sites []site) []index.Platform {
	var all []index.Platform
	for _, s := range sites {
		all = append(all, s.platforms...)
	}
	return r.inOrder(all)
}

func (r *resolver) inOrder(platforms []index.Platform) []index.Platform {
	return slices.DeleteFunc(slices.Clone(r.book.Platforms), func(p index.Platform) bool { return !slices.Contains(platforms, p) })
}

// reportMisses reports where a block has not one place, once for each reason.
func (r *resolver) reportMisses(a *annotation.Annotation, b *annotation.Block, sites []site, misses []miss) {
	for len(misses) > 0 {
		first := misses[0]
		same := func(m miss) bool { return m.code == first.code && m.key == first.key }
		group := slices.DeleteFunc(slices.Clone(misses), func(m miss) bool { return !same(m) })
		misses = slices.DeleteFunc(misses, same)
		r.reportGroup(a, b, r.extent(sites, group), group)
	}
}

// extent is where a block fails and where it holds.
type extent struct {
	failed, holds     scope.Set
	failedOn, holdsOn []index.Platform
	where             string // "go1.25..go1.27 on windows/arm64"
}

func (r *resolver) extent(sites []site, group []miss) extent {
	s := extent{failed: scope.Set{}, holds: scope.Set{}}
	covered := map[int][]index.Platform{}
	failed := map[int][]index.Platform{}
	for _, st := range sites {
		covered[st.version] = append(covered[st.version], st.platforms...)
		s.holds[st.version] = true
	}
	for _, m := range group {
		failed[m.version] = append(failed[m.version], m.platform)
		s.failedOn = append(s.failedOn, m.platform)
		s.failed[m.version], s.holds[m.version] = true, false
	}
	partly := map[int]string{}
	for i, on := range failed {
		partly[i] = ""
		if len(on) < len(covered[i]) {
			partly[i] = " on " + scope.Join(r.inOrder(on))
			s.holdsOn = r.platformsOf(sites)
		}
	}
	s.where = scope.Together(r.versions, partly)
	s.failedOn = r.inOrder(s.failedOn)
	s.holdsOn = slices.DeleteFunc(s.holdsOn, func(p index.Platform) bool { return slices.Contains(s.failedOn, p) })
	return s
}

func (r *resolver) reportGroup(a *annotation.Annotation, b *annotation.Block, s extent, group []miss) {
	m := group[0]
	for _, o := range group {
		if o.version > m.version {
			m = o // the newest version has the best evidence
		}
	}
	text, _ := b.Written(m.key)
	pos := b.Position(m.key)
	switch m.code {
	case "N101":
		what := "anchor"
		if m.key != "at" {
			what = fmt.Sprintf("%q", m.key)
		}
		r.reportMissing(r.list.Errorf(pos, "N101", "%s not found in %s: %q", what, s.where, text), b, s, group, m, text)
	case "N102":
		what := "anchor"
		if m.key != "at" {
			what = fmt.Sprintf("%q", m.key)
		}
		d := r.list.Errorf(pos, "N102", "%s is ambiguous in %s: %q matches %d lines of %s", what, s.where, text, len(m.lines), a.Symbol)
		r.relateLines(d, m)
		r.relateOne(d, m, text)
	case "N103":
		last := m.lines[len(m.lines)-1]
		d := r.list.Errorf(pos, "N103", "%q matches no line behind \"at\" in %s, but line %d, which is not behind line %d", "until", s.where, last, m.at)
		r.relateLines(d, m)
		d.Relate("%s", r.matcher.evidence(m.slice, m.at))
		d.Relate("fix: exchange \"at\" and \"until\", or quote a line behind line %d", m.at)
	}
}

func (r *resolver) relateLines(d *diag.Diagnostic, m miss) {
	for i, n := range m.lines {
		if i == maxEvidence-1 && len(m.lines) > maxEvidence {
			d.Relate("… and %d more", len(m.lines)-i)
			return
		}
		d.Relate("%s", r.matcher.evidence(m.slice, n))
	}
}

// relateOne proposes how to say which of several lines is meant.
func (r *resolver) relateOne(d *diag.Diagnostic, m miss, text string) {
	for _, n := range m.lines {
		if r.quotable(m, n, text) {
			d.Relate("quote the whole line; for line %d:", n)
			d.Relate("fix: %s: %s", m.key, r.matcher.at(m.slice, n).codeText)
			return
		}
	}
	if m.key == "at" {
		last := m.lines[len(m.lines)-1]
		for n := last - 1; n > m.lines[len(m.lines)-2]; n-- {
			if r.quotable(m, n, text) {
				d.Relate("for line %d add a line to the block:", last)
				d.Relate("fix: after: %s", r.matcher.at(m.slice, n).codeText)
				return
			}
		}
	}
	d.Relate("fix: use the whole statement, or add \"after: <unique earlier line>\"")
}

// quotable reports whether the code of a line is a fragment that no other line
// matches and that says more than text does.
func (r *resolver) quotable(m miss, n int, text string) bool {
	code := r.matcher.at(m.slice, n).codeText
	if len(code) < 4 || len([]rune(code)) > annotation.MaxFragment || strings.HasPrefix(text, "//") || code == text {
		return false
	}
	return len(r.matcher.find(m.slice, &m.platform, newFragment(code), 0)) == 1
}

// reportMissing adds the nearest line and a fix to "not found".
func (r *resolver) reportMissing(d *diag.Diagnostic, b *annotation.Block, s extent, group []miss, m miss, text string) {
	f := newFragment(text)
	slice, line, similarity := m.slice, 0, 0.0
	for _, o := range group {
		if o.version != m.version {
			continue
		}
		if n, got := r.matcher.nearest(o.slice, f); got > similarity {
			slice, line, similarity = o.slice, n, got
		}
	}
	inactive := r.matcher.find(m.slice, nil, f, 0)
	switch {
	case len(inactive) > 0 && m.key == "at" && b.After == "":
		d.Relate("%s (not assembled on %s)", r.matcher.evidence(m.slice, inactive[0]), m.platform)
	case similarity < 0.4:
		d.Relate("in %s the symbol is %s", slice.Version.Name, r.matcher.evidence(slice, slice.BodyStart))
	default:
		d.Relate("nearest in %s: %s  (%d%% alike)", slice.Version.Name, r.matcher.evidence(slice, line), int(math.Round(similarity*100)))
		if len(s.holdsOn) > 0 || s.holds.Newest() >= 0 {
			break
		}
		near := r.matcher.at(slice, line)
		if f.comment || near.codeText == "" || len([]rune(near.codeText)) > annotation.MaxFragment {
			d.Relate("fix: %s: %s", m.key, annotation.Quote(near.text))
		} else {
			d.Relate("fix: %s: %s", m.key, near.codeText)
		}
		return
	}
	failed, holds := s.failed.Ranges(r.versions), s.holds.Ranges(r.versions)
	switch {
	case len(s.holdsOn) > 0:
		d.Relate("fix: limit this block with \"on: %s\" and add one for %s", r.onText(s.holdsOn), r.onText(s.failedOn))
	case len(holds) == 1:
		verb := "limit this block to"
		if s.holds.Newest() < s.failed.Newest() {
			verb = "close this block with"
		}
		d.Relate("fix: %s \"go: %s\" and add one for %s", verb, holds[0], strings.Join(failed, ", "))
	case len(holds) > 1:
		d.Relate("fix: make a block of each of \"go: %s\" and add one for %s", strings.Join(holds, "\", \"go: "), strings.Join(failed, ", "))
	default:
		d.Relate("fix: quote a line of the symbol as it stands in %s", m.slice.Version.Name)
	}
}

// onText writes platforms as a value of `on:`, in as few words as it can.
func (r *resolver) onText(platforms []index.Platform) string {
	os := func(p index.Platform) string { return p.OS }
	arch := func(p index.Platform) string { return p.Arch }
	words := r.shorten(platforms, os, arch)
	if other := r.shorten(platforms, arch, os); len(other) < len(words) {
		words = other
	}
	return strings.Join(words, ", ")
}

// shorten names platforms by the first of the names that covers no other platform.
func (r *resolver) shorten(left []index.Platform, names ...func(index.Platform) string) []string {
	var words []string
	for _, name := range append(names, index.Platform.String) {
		for _, p := range left {
			group := slices.DeleteFunc(slices.Clone(r.book.Platforms), func(q index.Platform) bool { return name(q) != name(p) })
			others := slices.ContainsFunc(group, func(q index.Platform) bool { return !slices.Contains(left, q) })
			if !others && !slices.Contains(words, name(p)) {
				words = append(words, name(p))
			}
		}
		left = slices.DeleteFunc(slices.Clone(left), func(p index.Platform) bool { return slices.Contains(words, name(p)) })
	}
	return words
}
