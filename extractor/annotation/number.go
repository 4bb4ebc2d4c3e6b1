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
	raw = few(p, raw, "[[number]]")
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
	s := newSums(p, x, named)
	return func(expression string) (string, bool) {
		n, err := s.evaluate(version, on, expression, len(p.Numbers))
		return strconv.FormatInt(n, 10), err == nil
	}
}

// sums works out the numbers of a picture, each once for a version and a platform: where
// each is twice the one before, the last would otherwise take for ever.
type sums struct {
	*Picture
	x     *index.Index
	named Values
	done  map[sumPlace]sum
}

// sumPlace is a number of a picture at a version and on a platform.
type sumPlace struct {
	number  int
	version string
	on      index.Platform
}

type sum struct {
	n   int64
	err error
}

func newSums(p *Picture, x *index.Index, named Values) *sums {
	return &sums{p, x, named, map[sumPlace]sum{}}
}

// evaluate works out an expression with the first of the picture's numbers.
func (s *sums) evaluate(version string, on index.Platform, expression string, first int) (int64, error) {
	return index.Calculate(expression, func(name string) (int64, bool) {
		for i, n := range slices.Backward(s.Numbers[:first]) {
			if n.Name == name && n.Go.Contains(version) {
				v, err := s.number(version, on, i)
				return v, err == nil
			}
		}
		text, ok := s.named.At(version, on)(name)
		if !ok {
			return 0, false
		}
		v, err := strconv.ParseInt(text, 10, 64)
		return v, err == nil
	})
}

// number works out one of the picture's numbers, or finds it worked out.
func (s *sums) number(version string, on index.Platform, i int) (int64, error) {
	if own, err := index.ParsePlatform(s.Numbers[i].on); err == nil {
		on = own
	}
	at := sumPlace{i, version, on}
	known, ok := s.done[at]
	if !ok {
		known.n, known.err = s.workOut(version, on, i)
		s.done[at] = known
	}
	return known.n, known.err
}

func (s *sums) workOut(version string, on index.Platform, i int) (int64, error) {
	n := s.Numbers[i]
	if n.Line == "" {
		return s.evaluate(version, on, n.Value, i)
	}
	for _, slice := range s.x.Slices(version, n.Of) {
		if !slices.Contains(slice.Platforms, on) {
			continue
		}
		text, err := slice.Operand(on, n.Line)
		if err != nil {
			return 0, err
		}
		return s.x.Evaluate(version, on, slice.Package(), text)
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
				if _, err := c.sums.number(v.Name, on, i); err != nil {
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
