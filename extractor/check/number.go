package check

import (
	"beforemain/extractor/picture"
	"beforemain/extractor/scope"
)

// numbers reports numbers of a picture that have no value in a version of theirs (N141).
func (c *pictureChecker) numbers(p *picture.Picture) {
	for i, n := range p.Numbers {
		c.list = append(c.list, stands(c.book, n.Go, nil, n.Pos)...)
		if n.Written != "" {
			c.onePlatform(n.Pos, "on", n.Written)
		}
		if n.Name == "" || (n.Value == "") == (n.Line == "") || (n.Of == "") != (n.Line == "") {
			c.list.Errorf(n.Pos, "N141", "the number %q needs a name, and either a value or \"of\" and \"line\"", n.Name).
				Relate("fix: name = \"…\" and value = \"…\", or of = \"<symbol>\" and line = \"MOVQ ?(SP), AX\"")
			continue
		}
		lacks, why := scope.Set{}, ""
		for k, v := range c.versions {
			if !n.Go.Contains(v.Name) {
				continue
			}
			for _, on := range c.platforms(p, picture.Element{}) {
				if _, err := c.sums.Number(v.Name, on, i); err != nil {
					lacks[k], why = true, err.Error()
				}
			}
		}
		if len(lacks) > 0 {
			c.list.Errorf(n.Pos, "N141", "the number %q has no value in %s: %s", n.Name, lacks.Names(c.versions), why).
				Relate("fix: correct it, or limit it with \"go\" and write another of the same name for the other versions")
		}
	}
}
