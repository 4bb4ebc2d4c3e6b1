package scope

import (
	"go/token"
	"slices"
	"strings"

	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/source"
)

// CheckRange reports a version in a range that the book does not pin.
func CheckRange(book Book, r Range, pos token.Position) diag.List {
	var list diag.List
	column := 0
	for _, end := range r.ends() {
		want, _ := Number(end)
		var names []string
		pinned := slices.ContainsFunc(book.Versions, func(v source.Version) bool {
			names = append(names, Bare(v.Name))
			got, ok := Number(v.Name)
			return ok && slices.Equal(got, want)
		})
		if !pinned {
			at := pos
			at.Column += column
			d := list.Errorf(at, "N109", "the book pins no version %s (it has %s)", end, All(book.Versions).Names(book.Versions))
			if near, ok := scan.Nearest(end, names); ok {
				d.Relate("fix: go: %s", strings.Replace(r.String(), end, near, 1))
			} else {
				d.Relate("fix: go: %s", All(book.Versions).Ranges(book.Versions)[0])
			}
		}
		column += len(end) + len("..")
	}
	return list
}

// CheckPlatforms reports names in a list that are no platform of the book; text
// is the list as written at pos.
func CheckPlatforms(book Book, on []string, pos token.Position, text string) diag.List {
	var list diag.List
	var names []string
	for _, p := range book.Platforms {
		for _, n := range []string{p.OS, p.Arch, p.String()} {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, n := range on {
		if slices.Contains(names, n) {
			continue
		}
		at := pos
		at.Column += max(strings.Index(text, n), 0)
		d := list.Errorf(at, "N109", "unknown platform %q%s", n, scan.DidYouMean(n, names))
		if near, ok := scan.Nearest(n, names); ok {
			d.Relate("fix: on: %s", strings.Replace(text, n, near, 1))
		} else {
			d.Relate("fix: use OS, ARCH or OS/ARCH of %s", Join(book.Platforms))
		}
	}
	return list
}

// Join lists platforms for people.
func Join(list []index.Platform) string {
	var names []string
	for _, p := range list {
		names = append(names, p.String())
	}
	return strings.Join(names, ", ")
}

// OtherName says what a symbol is probably called in versions that lack it.
func OtherName(book Book, x *index.Index, versions []source.Version, symbol string, missing Set) string {
	at := missing.Newest()
	if at < 0 {
		return ""
	}
	v := versions[at].Name
	for _, name := range renames(book, symbol) {
		if len(x.Slices(v, name)) > 0 {
			return "; there it is " + name
		}
	}
	if near := x.Suggest(v, symbol); len(near) > 0 {
		return "; a symbol of similar name there is " + near[0]
	}
	return ""
}

// renames returns the other names that a symbol had or got.
func renames(book Book, symbol string) []string {
	names := []string{symbol}
	for i := 0; i < len(names); i++ {
		for _, rn := range book.Renames {
			if rn.From == names[i] && !slices.Contains(names, rn.To) {
				names = append(names, rn.To)
			}
			if rn.To == names[i] && !slices.Contains(names, rn.From) {
				names = append(names, rn.From)
			}
		}
	}
	return names[1:]
}
