package content

import (
	"slices"
	"strings"

	"beforemain/extractor/source"
)

// urls knows where every page of the book lies. A URL is relative to the root of
// the site, without a leading slash and with a trailing one: zh/boot/schedinit/
// in the newest version, go1.17/zh/boot/schedinit/ in an older one.
type urls struct {
	newest string
	slugs  map[string]string // of symbols
}

// newURLs gives each symbol its slug, those of the spine first. File systems and Hugo
// fold case: of two names that are equal in lower case the second, sorted, gets "-2".
func newURLs(newest string, spine, cards []string) urls {
	u := urls{newest: newest, slugs: map[string]string{}}
	taken := map[string]bool{}
	for _, name := range slices.Concat(sorted(spine), sorted(cards)) {
		if u.slugs[name] != "" {
			continue // a card of several versions
		}
		base := strings.NewReplacer("<>", "-local", "·", ".").Replace(name)
		slug := base
		for n := 2; taken[strings.ToLower(slug)]; n++ {
			slug = base + "-" + itoa(n)
		}
		taken[strings.ToLower(slug)] = true
		u.slugs[name] = slug
	}
	return u
}

func (u urls) root(version, lang string) string {
	if version == u.newest {
		return lang + "/"
	}
	return version + "/" + lang + "/"
}

func (u urls) home(version, lang string) string { return u.root(version, lang) }

func (u urls) chapter(version, lang, slug string) string {
	return u.root(version, lang) + "boot/" + slug + "/"
}

func (u urls) symbols(version, lang string) string { return u.root(version, lang) + "symbols/" }

func (u urls) symbol(version, lang, name string) string {
	return u.symbols(version, lang) + u.slugs[name] + "/"
}

// status is the page on the state of the notes, which only the newest version has.
func (u urls) status(lang string) string { return u.root(u.newest, lang) + "status/" }

// changes is the page on what differs between versions; it and those below it belong
// to the newest version only.
func (u urls) changes(lang string) string { return u.root(u.newest, lang) + "changes/" }

func (u urls) release(lang string, p pair) string { return u.changes(lang) + p.name() + "/" }

func (u urls) change(lang string, p pair, name string) string {
	return u.release(lang, p) + u.slugs[name] + "/"
}

// relative returns the link from one page to another; both end in a slash, and
// to may carry a fragment. Links between pages are relative so that the site
// works below any base URL and from a folder on disk.
func relative(from, to string) string {
	target, fragment, _ := strings.Cut(to, "#")
	if fragment != "" {
		fragment = "#" + fragment
	}
	if from == target {
		return fragment
	}
	f, t := strings.Split(strings.TrimSuffix(from, "/"), "/"), strings.Split(strings.TrimSuffix(target, "/"), "/")
	common := 0
	for common < len(f) && common < len(t) && f[common] == t[common] {
		common++
	}
	rel := strings.Repeat("../", len(f)-common) + strings.Join(t[common:], "/")
	if !strings.HasSuffix(rel, "/") && rel != "" {
		rel += "/"
	}
	return rel + fragment
}

// upstream fills the URL template of a page of the source at a tag.
func upstream(template string, v source.Version, file string, start, end int) string {
	if template == "" {
		return ""
	}
	return strings.NewReplacer("{tag}", v.Tag, "{version}", v.Name, "{path}", file,
		"{start}", itoa(start), "{end}", itoa(end)).Replace(template)
}
