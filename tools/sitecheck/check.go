package main

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
)

// maxPage is the budget of a page's HTML in bytes (design.md, “What it must cost”).
const maxPage = 200 << 10

// maxLoad and maxScripts are those of a page with its scripts and style sheets, and of the
// scripts alone, as they are sent: compressed.
const (
	maxLoad    = 120 << 10
	maxScripts = 15 << 10
)

// check returns a line for each thing that is wrong, in the order of the paths.
func (s *site) check() []string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(s.pages)) {
		p := s.pages[name]
		if p.redirect {
			continue
		}
		for _, message := range s.checkPage(p) {
			problems = append(problems, name+": "+message)
		}
	}
	return problems
}

func (s *site) checkPage(p *page) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if p.h1 != 1 {
		say("%d h1 elements", p.h1)
	}
	if p.lang == "" {
		say("no lang on <html>")
	}
	if p.size > maxPage {
		say("%d bytes; at most %d", p.size, maxPage)
	}
	if p.title == "" || p.about == "" {
		say("no title, or no description")
	}
	if !p.hidden && (p.base == "" || s.byURL(p.base) == nil) {
		say("no canonical page: %q", p.base)
	}
	if p.noAlt > 0 {
		say("%d images without alt", p.noAlt)
	}
	if sum := s.weigh(p, p.scripts); sum > maxScripts {
		say("%d bytes of scripts; at most %d", sum, maxScripts)
	}
	if sum := p.packed + s.weigh(p, p.loads); sum > maxLoad {
		say("%d bytes are sent; at most %d", sum, maxLoad)
	}
	for _, ref := range p.loads {
		if u, err := url.Parse(ref); err == nil && u.Host != "" {
			say("%s is of another host", ref)
		}
	}
	for _, id := range p.doubled {
		say("the id %q stands twice", id)
	}
	for _, r := range p.refused {
		say("%s is refused by the content security policy", r)
	}
	dead := map[string]bool{}
	for _, ref := range p.refs {
		if why := s.dead(p, ref); why != "" && !dead[ref] {
			dead[ref] = true
			say("dead link %s: %s", ref, why)
		}
	}
	for lang, target := range p.hreflang {
		if lang == "x-default" {
			continue
		}
		other := s.byURL(target)
		if other == nil {
			say("hreflang %s: no page %s", lang, target)
		} else if other.hreflang[p.lang] == "" {
			say("hreflang %s: %s does not point back", lang, other.path)
		}
	}
	slices.Sort(out)
	return out
}

// weigh adds up the sizes of files that a page loads.
func (s *site) weigh(p *page, refs []string) int {
	sum := 0
	for _, ref := range refs {
		sum += s.sizes[p.file(ref)]
	}
	return sum
}

// file is where a path of a page's link leads, from the root of the site.
func (p *page) file(ref string) string {
	if strings.HasPrefix(ref, "/") {
		return strings.TrimPrefix(path.Clean(ref), "/")
	}
	return path.Join(path.Dir(p.path), ref)
}

// dead says why a link leads nowhere, or "" if it is alive or leaves the site.
func (s *site) dead(p *page, ref string) string {
	u, err := url.Parse(ref)
	if err != nil {
		return err.Error()
	}
	if u.Scheme != "" || u.Host != "" {
		if u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" {
			return ""
		}
		return "the scheme " + u.Scheme
	}
	file := p.path
	if u.Path != "" {
		file = p.file(u.Path)
		if !s.files[file] {
			file = path.Join(file, "index.html")
		}
		if !s.files[file] {
			return "no such page"
		}
	}
	target := s.pages[file]
	if u.Fragment == "" || target == nil || target.ids[u.Fragment] {
		return ""
	}
	return "no such id"
}

// byURL finds the page of an absolute URL by what remains below the base URL. Where no
// page states that, it is the longest tail that is a page.
func (s *site) byURL(absolute string) *page {
	u, err := url.Parse(absolute)
	if err != nil {
		return nil
	}
	if s.root != "" {
		rest, ok := strings.CutPrefix(u.Path, s.root)
		if !ok {
			return nil
		}
		return s.pages[path.Join(rest, "index.html")]
	}
	rest := strings.TrimPrefix(u.Path, "/")
	for {
		if p := s.pages[path.Join(rest, "index.html")]; p != nil {
			return p
		}
		_, tail, ok := strings.Cut(rest, "/")
		if !ok {
			return nil
		}
		rest = tail
	}
}
