package trace

import (
	"testing"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
)

func TestClassify(t *testing.T) {
	tests := []struct {
		name, goarch string
		code         []byte
		want         class
	}{
		{"call", "amd64", []byte{0xe8, 0, 0, 0, 0}, call},
		{"jmp", "amd64", []byte{0xff, 0xe0}, other},
		{"je", "amd64", []byte{0x74, 0}, other},
		{"ret", "amd64", []byte{0xc3}, other},
		{"rep stosq", "amd64", []byte{0xf3, 0x48, 0xab}, repeat},
		{"movss", "amd64", []byte{0xf3, 0x0f, 0x10, 0x00}, other},
		{"nonsense", "amd64", []byte{0x06}, other},
		{"bl", "arm64", []byte{0x01, 0x00, 0x00, 0x94}, call},
		{"blr x12", "arm64", []byte{0x80, 0x01, 0x3f, 0xd6}, call},
		{"b", "arm64", []byte{0x01, 0x00, 0x00, 0x14}, other},
		{"br x12", "arm64", []byte{0x80, 0x01, 0x1f, 0xd6}, other},
		{"b.eq", "arm64", []byte{0x20, 0x00, 0x00, 0x54}, other},
		{"ret", "arm64", []byte{0xc0, 0x03, 0x5f, 0xd6}, other},
	}
	for _, tt := range tests {
		t.Run(tt.goarch+" "+tt.name, func(t *testing.T) {
			if got := classify(tt.goarch, tt.code); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

// A flow tells an entry by a call from a restart, on a path that nobody went.
func TestFlow(t *testing.T) {
	m, err := image.Open(fixture.Println(t, "", "amd64"))
	if err != nil {
		t.Fatal(err)
	}
	f := NewFlow(m)
	var site uint64 // a call of schedinit, or of its wrapper
	target, ok := m.Lookup("runtime.schedinit.abi0")
	rt0, ok2 := m.Lookup("runtime.rt0_go.abi0")
	if !ok || !ok2 {
		t.Fatal("this Go has no ABI0 wrappers")
	}
	for at := rt0.Addr; at < rt0.Addr+rt0.Size; at++ {
		code := m.Code(at)
		if code[0] == 0xe8 && f.class(at) == call {
			if _, to, _ := callBefore(code[:5], at+5); to == target.Addr {
				site = at
			}
		}
	}
	body, _ := m.Lookup("runtime.schedinit")
	var got []Event
	for _, at := range []uint64{m.Entry, rt0.Addr, site, target.Addr, body.Addr, body.Addr + 1, body.Addr} {
		got = append(got, f.Next(0, at)...)
	}
	if len(got) != 3 || got[0].Caller != "" || got[1].Kind != Jump {
		t.Fatalf("got %+v", got)
	}
	if e := got[2]; e.Symbol != "runtime.schedinit" || e.Caller != "runtime.rt0_go" || e.Kind != Call || e.Steps != 3 {
		t.Errorf("got %+v", e)
	}
	if steps := f.Steps(); len(steps) != 1 || steps[0] != 7 {
		t.Errorf("steps %v", steps)
	}
}
