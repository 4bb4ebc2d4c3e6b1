package render

import (
	"html/template"
	"slices"
	"strings"

	"beforemain/extractor/index"
)

// Variant is the listing of a symbol on some platforms.
type Variant struct {
	ID            string // linux-amd64
	Label, Detail string // "linux · darwin", "amd64"
	On            []index.Platform
	Listing       template.HTML
}

// Name is what the variant is called where it stands alone.
func (v Variant) Name() string { return strings.TrimSpace(v.Label + " " + v.Detail) }

var variantsTemplate = template.Must(template.New("variants").Funcs(template.FuncMap{
	"next": func(i int) int { return i + 1 },
}).Parse(
	`<div class="variants">{{if gt (len .Variants) 1}}<nav class="tabs"{{with .Label}} aria-label="{{.}}"{{end}}>` +
		`{{range $i, $v := .Variants}}<a class="t{{next $i}}" href="#{{.ID}}">{{.Label}}{{with .Detail}} <small>{{.}}</small>{{end}}</a>{{end}}</nav>
{{end}}{{range $i, $v := .Variants}}<section class="variant v{{next $i}}" id="{{.ID}}"{{with .On}} data-on="{{range $k, $p := .}}{{if $k}} {{end}}{{$p}}{{end}}"{{end}}{{with .Name}} aria-label="{{.}}"{{end}}>{{.Listing}}</section>
{{end}}</div>
`))

// Variants shows variants one at a time, behind tabs that need no script: each is a
// link to its section, and the style sheet shows the section that the address names,
// or holds what it names. One variant needs no tab. The label names the tabs.
func Variants(vs []Variant, label string) template.HTML {
	if len(vs) == 0 {
		return ""
	}
	return execute(variantsTemplate, struct {
		Variants []Variant
		Label    string
	}{vs, label})
}

// dot separates the members of a label.
const dot = " · "

// Label names a set of platforms in short, among all the platforms of a book: not at
// all if it is all of them; else by operating systems or by architectures if it holds
// all of those ("linux · darwin"; "amd64"), by both if it holds every pair of them
// (the architectures are the detail), and else one by one ("linux · darwin/arm64").
func Label(platforms, all []index.Platform) (label, detail string) {
	all = distinct(all)
	var own []index.Platform // in the order of all
	var systems, archs, members []string
	for _, p := range distinct(slices.Concat(all, platforms)) {
		if slices.Contains(platforms, p) {
			own = append(own, p)
			systems, archs = append(systems, p.OS), append(archs, p.Arch)
		}
	}
	systems, archs = distinct(systems), distinct(archs)
	partSystem := func(os string) bool {
		on := func(p index.Platform) bool { return p.OS == os }
		return !slices.Equal(filter(all, on), filter(own, on))
	}
	partArch := func(arch string) bool {
		on := func(p index.Platform) bool { return p.Arch == arch }
		return !slices.Equal(filter(all, on), filter(own, on))
	}
	switch {
	case slices.Equal(own, all):
		return "", ""
	case !slices.ContainsFunc(systems, partSystem):
		return strings.Join(systems, dot), ""
	case !slices.ContainsFunc(archs, partArch):
		return strings.Join(archs, dot), ""
	case len(own) == len(systems)*len(archs):
		return strings.Join(systems, dot), strings.Join(archs, dot)
	}
	for _, p := range own {
		if partSystem(p.OS) {
			members = append(members, p.String())
		} else {
			members = append(members, p.OS)
		}
	}
	return strings.Join(distinct(members), dot), ""
}

// LabelLine is Label in one piece.
func LabelLine(platforms, all []index.Platform) string {
	label, detail := Label(platforms, all)
	return strings.TrimSpace(label + " " + detail)
}

func filter(list []index.Platform, keep func(index.Platform) bool) []index.Platform {
	return slices.DeleteFunc(slices.Clone(list), func(p index.Platform) bool { return !keep(p) })
}

func distinct[T comparable](list []T) []T {
	var first []T
	for _, x := range list {
		if !slices.Contains(first, x) {
			first = append(first, x)
		}
	}
	return first
}
