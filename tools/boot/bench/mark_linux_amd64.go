package bench

import "beforemain/tools/boot/probe"

// system is what linux/amd64 can measure.
func system() meter { return meter{wall: wall, mark: mark, memory: memory, faults: true} }

// mark times a program from its exec to the first instruction at offset behind the
// entry. A hit costs about 13 µs in a virtual machine, so there is one a run. All marks
// are reached by the first thread.
func mark(b Binary, offset uint64) (ns int64, hit bool, err error) {
	r, err := probe.Once(b.Path, b.Env, int64(offset))
	if err != nil {
		return 0, false, err
	}
	return r.After.Nanoseconds(), r.Hit, failure(b.Path, r.Status)
}
