package trace

import "beforemain/tools/boot/image"

const (
	gogo            = "runtime.gogo<>" // jumps to where a goroutine goes on
	morestack       = "runtime.morestack"
	morestackNoctxt = "runtime.morestack_noctxt"
)

// entries makes events of entries that were seen.
type entries struct {
	m       *image.Image
	threads map[int]*thread
}

type thread struct {
	last    image.Function // that was entered; its zero value at the thread's begin
	growing string         // Linker name of the function that waits for a larger stack
	inlined map[*image.Inlined]bool
}

func newEntries(m *image.Image) *entries {
	return &entries{m: m, threads: map[int]*thread{}}
}

func (s *entries) thread(no int) *thread {
	t := s.threads[no]
	if t == nil {
		t = &thread{inlined: map[*image.Inlined]bool{}}
		s.threads[no] = t
	}
	return t
}

// returned makes events of a thread that has come to addr, with the word on top of the
// stack at hand: behind a call that is the address to return to.
func (s *entries) returned(no int, addr, word uint64) []Event {
	f, ok := s.m.At(addr)
	if !ok {
		return s.arrived(no, addr, image.Function{}, 0, "")
	}
	from, site, kind := s.thread(no).last, uint64(0), Jump
	if n := word - s.m.TextAddr; n > 0 && n <= uint64(len(s.m.Text)) {
		at, target, isCall := callBefore(s.m.Text[max(8, n)-8:n], word)
		switch {
		case !isCall:
			// A new goroutine seems to come from goexit, the entry from argc.
		case target == 0 || target == f.Addr:
			site, kind = at, Call
			from, _ = s.m.Find(site)
		default:
			// Another function was called, and has jumped here.
			from, _ = s.m.Find(target)
		}
	}
	return s.arrived(no, addr, from, site, kind)
}

// arrived makes events of a thread that has come to addr, the begin of a function or of
// an inlined instance or both. It came from the function from, by the instruction at
// site, or 0 if that is not known.
func (s *entries) arrived(no int, addr uint64, from image.Function, site uint64, kind Kind) []Event {
	var list []Event
	t := s.thread(no)
	if f, ok := s.m.At(addr); ok && s.begins(t, f, from, kind) {
		e := Event{Symbol: f.Name, Caller: from.Name, Kind: kind, Thread: no, Addr: addr}
		if site != 0 {
			e.Caller = s.m.Caller(site)
		}
		list = append(list, e)
	}
	for _, in := range s.m.Begins(addr) {
		if t.inlined[in] {
			continue
		}
		t.inlined[in] = true
		list = append(list, Event{Symbol: in.Name, Caller: in.Caller, Kind: Inlined, Thread: no, Addr: addr})
	}
	return list
}

// begins says whether coming to f is an entry of its own: neither the second half of a
// wrapper and its function, nor the second attempt of a function that first had to call
// morestack for a larger stack.
func (s *entries) begins(t *thread, f, from image.Function, kind Kind) bool {
	last := t.last
	t.last = f
	switch {
	case from.Name == f.Name && from.Linker != f.Linker:
		return false
	case from.Linker == f.Linker && kind == Jump, t.growing == f.Linker && last.Name == gogo:
		if t.growing == f.Linker {
			t.growing = ""
		}
		return false
	case (f.Name == morestack || f.Name == morestackNoctxt) && from.Name != morestackNoctxt:
		t.growing = from.Linker
	}
	return true
}
