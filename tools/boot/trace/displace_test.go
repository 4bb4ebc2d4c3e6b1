package trace

import (
	"bytes"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

func TestDisplace(t *testing.T) {
	tests := []struct {
		name   string
		code   []byte
		want   []byte // nil: by hand
		len    uint64
		call   bool
		branch int64
		fails  bool
	}{
		{"plain", []byte{0x48, 0x89, 0xe0, 0x90}, []byte{0x48, 0x89, 0xe0}, 3, false, 0, false},                                           // mov rax, rsp
		{"rip relative", []byte{0x48, 0x8d, 0x05, 0x10, 0, 0, 0}, []byte{0x48, 0x8d, 0x05, 0x10, 0x10, 0, 0}, 7, false, 0, false},         // lea rax, [rip+0x10]
		{"compare with memory", []byte{0x49, 0x3b, 0x66, 0x10}, []byte{0x49, 0x3b, 0x66, 0x10}, 4, false, 0, false},                       // cmp rsp, [r14+16]
		{"jump", []byte{0xe9, 0xfb, 0xff, 0xff, 0xff}, nil, 5, false, -5, false},                                                          // jmp -5
		{"call", []byte{0xe8, 0x10, 0, 0, 0}, nil, 5, true, 16, false},                                                                    // call +16
		{"condition", []byte{0x74, 0x02}, nil, 2, false, 2, false},                                                                        // je +2
		{"call by register", []byte{0xff, 0xd7}, []byte{0xff, 0xd7}, 2, true, 0, false},                                                   // call rdi
		{"system call", []byte{0x0f, 0x05}, nil, 0, false, 0, true},                                                                       // syscall
		{"loop", []byte{0xe2, 0xfe}, nil, 0, false, 0, true},                                                                              // loop -2
		{"nonsense", []byte{0x06}, nil, 0, false, 0, true},                                                                                // no instruction in 64 bits
		{"compare rip relative with a byte", []byte{0x80, 0x3d, 1, 0, 0, 0, 7}, []byte{0x80, 0x3d, 1, 0x10, 0, 0, 7}, 7, false, 0, false}, // cmp byte [rip+1], 7
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := displace(tt.code, 0x402000, 0x401000)
			if err != nil || tt.fails {
				if (err != nil) != tt.fails {
					t.Fatalf("got %v", err)
				}
				return
			}
			if !bytes.Equal(d.code, tt.want) || d.len != tt.len || d.call != tt.call || d.branch != tt.branch {
				t.Errorf("got %+v", d)
			}
		})
	}
	if _, err := displace([]byte{0x48, 0x8d, 0x05, 0, 0, 0, 0x7f}, 1<<40, 0x1000); err == nil {
		t.Error("an operand out of reach was displaced")
	}
}

// Every condition and its opposite exclude each other, whatever the flags.
func TestHolds(t *testing.T) {
	pairs := [][2]x86asm.Op{
		{x86asm.JE, x86asm.JNE}, {x86asm.JB, x86asm.JAE}, {x86asm.JBE, x86asm.JA}, {x86asm.JL, x86asm.JGE},
		{x86asm.JLE, x86asm.JG}, {x86asm.JS, x86asm.JNS}, {x86asm.JO, x86asm.JNO}, {x86asm.JP, x86asm.JNP},
	}
	for flags := range uint64(1 << 12) {
		for _, p := range pairs {
			a, _ := holds(p[0], flags)
			b, _ := holds(p[1], flags)
			if a == b {
				t.Fatalf("%v and %v both give %v with flags %#x", p[0], p[1], a, flags)
			}
		}
	}
	tests := []struct {
		op    x86asm.Op
		flags uint64
		want  bool
	}{
		{x86asm.JE, zero, true}, {x86asm.JB, carry, true}, {x86asm.JBE, zero, true}, {x86asm.JL, sign, true},
		{x86asm.JL, sign | overflow, false}, {x86asm.JLE, zero, true}, {x86asm.JG, 0, true}, {x86asm.JP, parity, true},
	}
	for _, tt := range tests {
		if got, _ := holds(tt.op, tt.flags); got != tt.want {
			t.Errorf("%v with flags %#x: got %v", tt.op, tt.flags, got)
		}
	}
}

func TestCallBefore(t *testing.T) {
	tests := []struct {
		name         string
		code         []byte
		site, target uint64
		ok           bool
	}{
		{"direct", []byte{0x90, 0xe8, 0xf0, 0xff, 0xff, 0xff}, 0x0ffb, 0x0ff0, true},
		{"register", []byte{0x90, 0xff, 0xd0}, 0x0ffe, 0, true},
		{"high register", []byte{0x90, 0x41, 0xff, 0xd4}, 0x0ffd, 0, true},
		{"memory", []byte{0x90, 0xff, 0x52, 0x18}, 0x0ffd, 0, true},
		{"goexit", []byte{0x90}, 0, 0, false},
		{"nothing", nil, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site, target, ok := callBefore(tt.code, 0x1000)
			if ok != tt.ok || target != tt.target {
				t.Errorf("got %#x, %#x, %v", site, target, ok)
			}
			if ok && site != tt.site && tt.name != "high register" {
				t.Errorf("got %#x, want %#x", site, tt.site)
			}
		})
	}
}
