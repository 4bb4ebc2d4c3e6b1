package trace

import (
	"slices"

	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/arch/x86/x86asm"

	"beforemain/tools/boot/image"
)

// A Flow makes events of every single instruction that threads run.
type Flow struct {
	*entries
	probe   []bool // by offset in the text: something begins here
	classes []class
	prev    map[int]uint64 // thread → its last instruction
	steps   map[int]int64
}

// class is what an instruction does to the flow; 0 is not decoded yet.
type class byte

const (
	other class = iota + 1
	call
	repeat // a string instruction, which traps once for each repetition
)

// NewFlow returns the flow of a program that has not begun.
func NewFlow(m *image.Image) *Flow {
	f := &Flow{
		entries: newEntries(m),
		probe:   make([]bool, len(m.Text)),
		classes: make([]class, len(m.Text)),
		prev:    map[int]uint64{},
		steps:   map[int]int64{},
	}
	for _, addr := range m.Probes() {
		f.probe[addr-m.TextAddr] = true
	}
	return f
}

// Next takes the address of the next instruction that a thread is about to run, and
// returns what it begins. The addresses are the file's; those outside of the text are
// counted only.
func (f *Flow) Next(no int, addr uint64) []Event {
	prev := f.prev[no]
	f.prev[no] = addr
	if addr == prev && f.class(prev) == repeat {
		return nil
	}
	before := f.steps[no]
	f.steps[no]++
	if off := addr - f.m.TextAddr; off >= uint64(len(f.probe)) || !f.probe[off] {
		return nil
	}
	from, known := f.m.Find(prev)
	to, _ := f.m.At(addr)
	site, kind := prev, Jump
	switch {
	case !known || to.Name == "runtime.sigtramp": // from the kernel
		from, site = image.Function{}, 0
	case f.class(prev) == call:
		kind = Call
	}
	events := f.arrived(no, addr, from, site, kind)
	for i := range events {
		events[i].Steps = before
	}
	return events
}

// Steps returns how many instructions each thread has run.
func (f *Flow) Steps() []int64 {
	list := make([]int64, len(f.steps))
	for no, n := range f.steps {
		for no >= len(list) {
			list = append(list, 0)
		}
		list[no] = n
	}
	return list
}

func (f *Flow) class(addr uint64) class {
	off := addr - f.m.TextAddr
	if off >= uint64(len(f.classes)) {
		return other
	}
	if f.classes[off] == 0 {
		f.classes[off] = classify(f.m.GOARCH, f.m.Text[off:])
	}
	return f.classes[off]
}

func classify(goarch string, code []byte) class {
	if goarch == "arm64" {
		if in, err := arm64asm.Decode(code); err == nil && (in.Op == arm64asm.BL || in.Op == arm64asm.BLR) {
			return call
		}
		return other
	}
	in, err := x86asm.Decode(code[:min(len(code), 15)], 64)
	if err != nil {
		return other
	}
	if in.Op == x86asm.CALL {
		return call
	}
	if slices.ContainsFunc(in.Prefix[:], func(p x86asm.Prefix) bool { return p == x86asm.PrefixREP || p == x86asm.PrefixREPN }) {
		return repeat
	}
	return other
}
