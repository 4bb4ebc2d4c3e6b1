package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"

	"beforemain/tools/boot/machine"
)

// schema is the number of the form of State and Result.
const schema = 1

// floor is the Program of the floor program, which has no version.
const floor = "floor"

// header is what must be the same for the samples of two sessions to be of one run.
type header struct {
	Schema    int             `json:"schema"`
	Date      string          `json:"date"` // but for this
	Machine   machine.Machine `json:"machine"`
	Seed      uint64          `json:"seed"`
	Rounds    int             `json:"rounds"` // of each repeat
	Repeats   int             `json:"repeats"`
	Faults    bool            `json:"faults"`
	Binaries  []entry         `json:"binaries"`
	Omissions []Omission      `json:"omissions"`
}

// entry is a Binary as the state knows it.
type entry struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

func (h *header) omit(what, reason string) {
	h.Omissions = append(h.Omissions, Omission{what, reason})
}

func (h *header) omitted(what string) bool {
	return slices.ContainsFunc(h.Omissions, func(o Omission) bool { return o.What == what })
}

// run is what one run of a program gave.
type run struct {
	Binary int    `json:"b"` // index into header.Binaries
	Mark   string `json:"mark,omitempty"`
	NS     int64  `json:"ns"`
	Faults int64  `json:"faults,omitempty"`
}

// round is the runs of a round, in their order.
type round struct {
	Repeat int   `json:"repeat"`
	Round  int   `json:"round"`
	Runs   []run `json:"runs"`
}

// fact is what is measured once of a binary.
type fact struct {
	Binary       int     `json:"b"`
	Instructions int64   `json:"instructions,omitempty"`
	Memory       *Memory `json:"memory,omitempty"`
}

// line is one of a state file: one of the three.
type line struct {
	Header *header `json:"header,omitempty"`
	Fact   *fact   `json:"fact,omitempty"`
	Round  *round  `json:"round,omitempty"`
}

// samples is what a state holds. The i-th fact is of the i-th binary, the i-th round is
// the i-th of all repeats.
type samples struct {
	header header
	facts  []fact
	rounds []round
}

func (s *samples) complete() bool {
	return len(s.facts) == len(s.header.Binaries) && len(s.rounds) == s.header.Repeats*s.header.Rounds
}

// put takes in a line that follows the others.
func (s *samples) put(l line) error {
	switch {
	case l.Header != nil && s.header.Schema == 0:
		s.header = *l.Header
	case s.header.Schema == 0:
		return errors.New("the header does not come first")
	case l.Fact != nil && l.Fact.Binary == len(s.facts) && len(s.facts) < len(s.header.Binaries):
		s.facts = append(s.facts, *l.Fact)
	case l.Round != nil && s.follows(*l.Round):
		s.rounds = append(s.rounds, *l.Round)
	default:
		return errors.New("it does not follow the lines before it")
	}
	return nil
}

// follows reports whether r is the next round, with one wall time of every binary and at
// most one of each mark.
func (s *samples) follows(r round) bool {
	n := len(s.rounds)
	if r.Round < 0 || r.Round >= s.header.Rounds || r.Repeat >= s.header.Repeats || r.Repeat*s.header.Rounds+r.Round != n {
		return false
	}
	seen := map[job]bool{}
	for _, one := range r.Runs {
		if one.Binary < 0 || one.Binary >= len(s.header.Binaries) || seen[job{one.Binary, one.Mark}] {
			return false
		}
		seen[job{one.Binary, one.Mark}] = true
	}
	for i := range s.header.Binaries {
		if !seen[job{binary: i}] {
			return false
		}
	}
	return true
}

// parse reads the lines of a state file, and returns how many bytes of it are whole
// lines: a last one that was cut short is no part of the samples.
func parse(text []byte) (*samples, int, error) {
	s, whole := &samples{}, 0
	for n := 1; ; n++ {
		end := bytes.IndexByte(text[whole:], '\n')
		if end < 0 {
			return s, whole, nil
		}
		var l line
		err := json.Unmarshal(text[whole:whole+end], &l)
		if err == nil {
			err = s.put(l)
		}
		if err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", n, err)
		}
		whole += end + 1
	}
}

// state is the samples, and the file to which new ones are added.
type state struct {
	*samples
	file *os.File // nil: nothing is kept
}

// open goes on from the file at path if it is of the same run, or begins it.
func open(path string, h header) (*state, error) {
	s := &state{samples: &samples{}}
	if path == "" {
		return s, s.put(line{Header: &h})
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	old, whole, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if old.header.Schema != 0 {
		h.Date = old.header.Date
		if !same(h, old.header) {
			return nil, fmt.Errorf("%s holds samples of another run: other programs, numbers, machine or omissions; remove it to begin anew", path)
		}
	}
	if s.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return nil, err
	}
	if err := s.cut(int64(whole)); err != nil {
		return nil, errors.Join(err, s.file.Close())
	}
	if old.header.Schema != 0 {
		s.samples = old
		return s, nil
	}
	if err := s.add(line{Header: &h}); err != nil {
		return nil, errors.Join(err, s.file.Close())
	}
	return s, nil
}

// same compares headers; a state of no omissions may have nil or an empty list.
func same(a, b header) bool {
	if len(a.Omissions) == 0 && len(b.Omissions) == 0 {
		a.Omissions, b.Omissions = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// cut leaves the first n bytes of the file, and writes on from there.
func (s *state) cut(n int64) error {
	if err := s.file.Truncate(n); err != nil {
		return err
	}
	_, err := s.file.Seek(n, 0)
	return err
}

// add takes in a line and writes it at once.
func (s *state) add(l line) error {
	if err := s.put(l); err != nil {
		return err
	}
	if s.file == nil {
		return nil
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = s.file.Write(append(text, '\n'))
	return err
}

func (s *state) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
