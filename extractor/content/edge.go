package content

import (
	"cmp"
	"net/url"
	"path"
	"slices"

	"beforemain/extractor/annotation"
	"beforemain/extractor/index"
	"beforemain/extractor/render"
)

// EdgeGroup is all that leads from a symbol to one other, or to it from there.
type EdgeGroup struct {
	Name  string      `json:"name"`
	URL   string      `json:"url,omitempty"` // of its page or card
	Reach string      `json:"reach,omitempty"`
	Edges []EdgeParam `json:"edges"`
	More  int         `json:"more,omitempty"` // edges that are not listed
}

// EdgeParam is one edge, or several of one kind. Kind is empty for a plain call.
type EdgeParam struct {
	Place     string `json:"place,omitempty"`
	Href      string `json:"href,omitempty"`
	Count     int    `json:"count,omitempty"` // if more than one
	Kind      string `json:"kind,omitempty"`
	Platforms string `json:"platforms,omitempty"` // empty: all of the symbol
	Reason    string `json:"reason,omitempty"`    // of one that the book tells
}

// RelatedParam is a field or a constant that the code names.
type RelatedParam struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Value string `json:"value,omitempty"`
	Href  string `json:"href,omitempty"`
}

// places is how many of a caller's calls are listed.
const places = 4

// callers groups what leads to a symbol by where it comes from: the spine first, in
// the order of execution, then what the book tells, cards, and all the rest by name.
// The places are upstream. With only, callers without a page are left out.
func (e edition) callers(name string, on []index.Platform, only bool) []EdgeGroup {
	var groups []EdgeGroup
	for _, edge := range e.Index.Callers(e.version.Name, name) {
		if only && e.reach(e.version.Name, edge.From) != render.ToPage && edge.Kind != index.ToldEdge {
			continue
		}
		g := e.group(&groups, edge.From)
		p := e.edge(edge, on)
		if p.Place != "" {
			p.Href = upstream(e.Book.Upstream, e.version, edge.Path, edge.Line, edge.Line)
		}
		if len(g.Edges) == places {
			g.More++
			continue
		}
		g.Edges = append(g.Edges, p)
	}
	rank := func(g EdgeGroup) int {
		at, ok := e.position[g.Name]
		switch {
		case ok:
			return at
		case g.Edges[0].Reason != "":
			return len(e.spine)
		case g.URL != "":
			return len(e.spine) + 1
		}
		return len(e.spine) + 2
	}
	slices.SortStableFunc(groups, func(a, b EdgeGroup) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	return groups
}

// callees groups what a symbol leads to by where, in the order of the source; edges of
// one kind are one. The places are on the page, which has the variants' lines. The
// address of a variable leads nowhere, unless the book reads the variable.
func (e edition) callees(name string, on []index.Platform, variants []*index.Slice, ids *render.IDs) []EdgeGroup {
	var groups []EdgeGroup
	for _, edge := range e.Index.Callees(e.version.Name, name) {
		if edge.Kind == index.Address && e.Index.Kind(e.version.Name, edge.To) == index.Variable && e.reach(e.version.Name, edge.To) == "" {
			continue
		}
		g := e.group(&groups, edge.To)
		p := e.edge(edge, on)
		i := slices.IndexFunc(g.Edges, func(o EdgeParam) bool { return o.Kind == p.Kind && o.Platforms == p.Platforms && p.Reason == "" })
		if i >= 0 {
			g.Edges[i].Count = max(g.Edges[i].Count, 1) + 1
			continue
		}
		if p.Place != "" {
			p.Href = e.line(edge, variants, ids)
		}
		g.Edges = append(g.Edges, p)
	}
	return groups
}

// group returns the group of that name, made on first sight.
func (e edition) group(groups *[]EdgeGroup, name string) *EdgeGroup {
	i := slices.IndexFunc(*groups, func(g EdgeGroup) bool { return g.Name == name })
	if i < 0 {
		i = len(*groups)
		g := EdgeGroup{Name: name}
		if reach := e.reach(e.version.Name, name); reach != "" {
			g.URL, g.Reach = e.urls.symbol(e.version.Name, e.lang, name), string(reach)
		}
		*groups = append(*groups, g)
	}
	return &(*groups)[i]
}

// edge writes an edge, but for its address. on are the platforms of the page's symbol.
func (e edition) edge(edge index.Edge, on []index.Platform) EdgeParam {
	p := EdgeParam{Kind: string(edge.Kind), Reason: edge.Reason[e.lang]}
	if edge.Kind == index.Call || edge.Kind == index.ToldEdge {
		p.Kind = ""
	}
	if edge.Path != "" {
		p.Place = place(edge.Path, edge.Line)
	}
	own := slices.DeleteFunc(slices.Clone(edge.Platforms), func(p index.Platform) bool { return !slices.Contains(on, p) })
	p.Platforms = render.LabelLine(own, on)
	return p
}

// line returns the address of an edge's line: on the page where one of the variants
// has it, else upstream.
func (e edition) line(edge index.Edge, variants []*index.Slice, ids *render.IDs) string {
	for _, v := range variants {
		id := path.Base(edge.Path) + "-L" + itoa(edge.Line)
		if v.Path == edge.Path && v.Start <= edge.Line && edge.Line <= v.End && ids.Has(id) {
			return (&url.URL{Fragment: id}).String()
		}
	}
	return upstream(e.Book.Upstream, e.version, edge.Path, edge.Line, edge.Line)
}

// named gives what is no symbol its name in the edition's language.
func (e edition) named(groups []EdgeGroup) []EdgeGroup {
	for i, g := range groups {
		at := slices.IndexFunc(e.Outside, func(o annotation.Outside) bool { return o.ID == g.Name })
		if at >= 0 && e.Outside[at].Name[e.lang] != "" {
			groups[i].Name, groups[i].Reach = e.Outside[at].Name[e.lang], "outside"
		}
	}
	return groups
}

// related lists the fields and constants that the variants name, each once, in the
// order of the source.
func (e edition) related(variants []*index.Slice) []RelatedParam {
	var list []RelatedParam
	seen := map[string]bool{}
	for _, kind := range []index.Kind{index.Constant, index.Field} {
		for _, v := range variants {
			for _, o := range e.Index.References(v) {
				if o.Kind != kind || o.Path == "" || seen[o.Symbol] || o.Role == index.Definition {
					continue
				}
				seen[o.Symbol] = true
				list = append(list, RelatedParam{o.Symbol, string(kind), o.Value, upstream(e.Book.Upstream, e.version, o.Path, o.Line, o.Line)})
			}
		}
	}
	return list
}
