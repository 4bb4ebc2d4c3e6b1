package check

import (
	"go/token"
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/diag"
	"beforemain/extractor/index"
	"beforemain/extractor/scan"
	"beforemain/extractor/scope"
)

// Edges reports edges that name a version or a platform that the book has not, or whose
// ends are no symbol of one that they hold in, and reasons that lack a language. told is
// what ForIndex made of e with the versions and platforms of the book.
func Edges(book scope.Book, e annotation.Edges, told []index.Told, x *index.Index) diag.List {
	var list diag.List
	var outside []string
	for _, o := range e.Outside {
		outside = append(outside, o.ID)
		for _, lang := range book.Languages {
			if o.Name[lang] == "" {
				list.Warnf(o.Pos, "N120", "%q lacks its name in %s", o.ID, lang).
					Relate("fix: name = { %s = \"…\" }, beside the other languages", lang)
			}
		}
	}
	for i, told := range told {
		pos := e.Told[i].Pos
		list = append(list, stands(book, e.Told[i].Go, e.Told[i].On, pos)...)
		for _, lang := range book.Languages {
			if told.Reason[lang] == "" {
				list.Warnf(pos, "N120", "the edge from %s to %s lacks its reason in %s", told.From, told.To, lang).
					Relate("fix: reason = { %s = \"…\" }, beside the other languages", lang)
			}
		}
		for _, end := range []string{told.From, told.To} {
			if !slices.Contains(outside, end) {
				checkEnd(&list, pos, told, end, outside, x)
			}
		}
	}
	return list
}

// checkEnd reports the versions and platforms of an edge that lack the symbol at an end.
func checkEnd(list *diag.List, pos token.Position, told index.Told, symbol string, outside []string, x *index.Index) {
	versions := x.Versions()
	lacks := map[int]string{} // by the version: on which platforms
	newest := ""
	for i, v := range versions {
		if !slices.Contains(told.Versions, v.Name) {
			continue
		}
		found := map[index.Platform]bool{}
		for _, at := range x.Declarations(v.Name, symbol) {
			for _, p := range at.Platforms {
				found[p] = true
			}
		}
		missing := slices.DeleteFunc(slices.Clone(told.Platforms), func(p index.Platform) bool { return found[p] })
		if len(missing) == 0 {
			continue
		}
		lacks[i], newest = "", v.Name
		if len(missing) < len(told.Platforms) {
			lacks[i] = " on " + scope.Join(missing)
		}
	}
	if len(lacks) == 0 {
		return
	}
	d := list.Errorf(pos, "N105", "%s is not declared in %s", symbol, scope.Together(versions, lacks))
	if id, ok := scan.Nearest(symbol, outside); ok {
		d.Relate("fix: %q", id)
		return
	}
	if near := x.Suggest(newest, symbol); len(near) > 0 && near[0] != symbol {
		d.Relate("a symbol of similar name in %s is %s", newest, near[0])
	}
	d.Relate("fix: correct its name, or limit the edge with \"go\" or \"on\"")
}
