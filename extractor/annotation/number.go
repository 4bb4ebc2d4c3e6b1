package annotation

import (
	"fmt"
	"slices"
	"strconv"

	"beforemain/extractor/index"
)

// PictureNumber is a number that the labels of a picture, and the numbers below it, may
// name: an expression, or what stands at the ? of a line of a symbol's slice. On is the
// platform that it is read on; "" is the picture's.
type PictureNumber struct {
	Element
	Name     string
	Value    string // an expression
	Of, Line string // a symbol and a pattern of tokens, with one ?
}

// rawNumber is a number as written.
type rawNumber struct {
	rawElement
	Name, Value, Of, Line string
}

func (p *page) numbers(raw []rawNumber) []PictureNumber {
	starts := p.tables("[[number]]")
	var list []PictureNumber
	for i, r := range raw {
		list = append(list, PictureNumber{p.element(r.rawElement, p.table(starts, i)), r.Name, r.Value, index.Canonical(r.Of), r.Line})
	}
	return list
}

// Values returns what the expressions of a picture are worth at a version and on a
// platform. In one stand the picture's own numbers and what named knows.
func (p *Picture) Values(x *index.Index, named Values, version string, on index.Platform) Value {
	return func(expression string) (string, bool) {
		n, err := p.evaluate(x, named, version, on, expression, len(p.Numbers))
		return strconv.FormatInt(n, 10), err == nil
	}
}

// evaluate works out an expression with the first of the picture's numbers.
func (p *Picture) evaluate(x *index.Index, named Values, version string, on index.Platform, expression string, first int) (int64, error) {
	return index.Calculate(expression, func(name string) (int64, bool) {
		for i, n := range slices.Backward(p.Numbers[:first]) {
			if n.Name == name && n.Go.Contains(version) {
				v, err := p.number(x, named, version, on, i)
				return v, err == nil
			}
		}
		text, ok := named.At(version, on)(name)
		if !ok {
			return 0, false
		}
		v, err := strconv.ParseInt(text, 10, 64)
		return v, err == nil
	})
}

// number works out one of the picture's numbers.
func (p *Picture) number(x *index.Index, named Values, version string, on index.Platform, i int) (int64, error) {
	n := p.Numbers[i]
	if own, err := index.ParsePlatform(n.on); err == nil {
		on = own
	}
	if n.Line == "" {
		return p.evaluate(x, named, version, on, n.Value, i)
	}
	for _, s := range x.Slices(version, n.Of) {
		if !slices.Contains(s.Platforms, on) {
			continue
		}
		text, err := s.Operand(on, n.Line)
		if err != nil {
			return 0, err
		}
		return x.Evaluate(version, on, s.Package(), text)
	}
	return 0, fmt.Errorf("%s is not in %s on %s", n.Of, version, on)
}

// numbers reports numbers of a picture that have no value in a version of theirs (N141).
func (c *pictureChecker) numbers(p *Picture) {
	for i, n := range p.Numbers {
		c.element(n.Element)
		if n.Name == "" || (n.Value == "") == (n.Line == "") || (n.Of == "") != (n.Line == "") {
			c.list.Errorf(n.Pos, "N141", "the number %q needs a name, and either a value or \"of\" and \"line\"", n.Name).
				Relate("fix: name = \"…\" and value = \"…\", or of = \"<symbol>\" and line = \"MOVQ ?(SP), AX\"")
			continue
		}
		lacks, why := versionSet{}, ""
		for k, v := range c.versions {
			if !n.Go.Contains(v.Name) {
				continue
			}
			for _, on := range c.platforms(p, Element{}) {
				if _, err := p.number(c.x, c.values, v.Name, on, i); err != nil {
					lacks[k], why = true, err.Error()
				}
			}
		}
		if len(lacks) > 0 {
			c.list.Errorf(n.Pos, "N141", "the number %q has no value in %s: %s", n.Name, lacks.names(c.versions), why).
				Relate("fix: correct it, or limit it with \"go\" and write another of the same name for the other versions")
		}
	}
}
