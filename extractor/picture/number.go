package picture

import (
	"fmt"
	"slices"
	"strconv"

	"beforemain/extractor/index"
	"beforemain/extractor/scan"
)

// Number is a number that the labels of a picture, and the numbers below it, may
// name: an expression, or what stands at the ? of a line of a symbol's slice. On is the
// one platform (OS/ARCH) that it is read on; without it that is the picture's.
type Number struct {
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

func readNumbers(p *scan.Page, raw []rawNumber) []Number {
	raw = few(p, raw, "[[number]]")
	starts := p.Tables("[[number]]")
	var list []Number
	for i, r := range raw {
		list = append(list, Number{element(p, r.rawElement, p.Table(starts, i)), r.Name, r.Value, index.Canonical(r.Of), r.Line})
	}
	return list
}

// Values returns what the expressions of a picture are worth at a version and on a
// platform. In one stand the picture's own numbers and what named knows.
func (p *Picture) Values(x *index.Index, named Values, version string, on index.Platform) Value {
	s := NewSums(p, x, named)
	return func(expression string) (string, bool) {
		n, err := s.Evaluate(version, on, expression)
		return strconv.FormatInt(n, 10), err == nil
	}
}

// Sums works out the numbers of a picture, each once for a version and a platform: where
// each is twice the one before, the last would otherwise take for ever.
type Sums struct {
	picture *Picture
	x       *index.Index
	named   Values
	done    map[sumPlace]sum
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

// NewSums returns the sums of a picture; named knows the names that are none of its numbers.
func NewSums(p *Picture, x *index.Index, named Values) *Sums {
	return &Sums{p, x, named, map[sumPlace]sum{}}
}

// Evaluate works out an expression, in which all of the picture's numbers may stand.
func (s *Sums) Evaluate(version string, on index.Platform, expression string) (int64, error) {
	return s.evaluate(version, on, expression, len(s.picture.Numbers))
}

// evaluate works out an expression with the first of the picture's numbers.
func (s *Sums) evaluate(version string, on index.Platform, expression string, first int) (int64, error) {
	return index.Calculate(expression, func(name string) (int64, bool) {
		for i, n := range slices.Backward(s.picture.Numbers[:first]) {
			if n.Name == name && n.Go.Contains(version) {
				v, err := s.Number(version, on, i)
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

// Number works out one of the picture's numbers, or finds it worked out.
func (s *Sums) Number(version string, on index.Platform, i int) (int64, error) {
	if own, err := index.ParsePlatform(s.picture.Numbers[i].Written); err == nil {
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

func (s *Sums) workOut(version string, on index.Platform, i int) (int64, error) {
	n := s.picture.Numbers[i]
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
