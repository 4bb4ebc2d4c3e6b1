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
		file = path.Join(path.Dir(p.path), u.Path)
		if strings.HasPrefix(u.Path, "/") {
			file = strings.TrimPrefix(path.Clean(u.Path), "/")
		}
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

// byURL finds the page of an absolute URL by what remains below the base URL,
// which no page states: the longest tail that is a page.
func (s *site) byURL(absolute string) *page {
	u, err := url.Parse(absolute)
	if err != nil {
		return nil
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
