package static

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// room is what each function of a hand-made image has, from 0x1000 on.
const room = 32

// function is one of a hand-made amd64 image.
type function struct {
	linker string
	code   []byte
}

// made lays out an image whose first function is the entry.
func made(functions ...function) *Image {
	im := &Image{Arch: "amd64", Entry: 0x1000}
	var text []byte
	for i, f := range functions {
		start := uint64(0x1000 + i*room)
		im.symbols = append(im.symbols, Symbol{Name: bookName(f.linker, nil, start), Linker: f.linker, Start: start, End: start + room})
		text = append(text, f.code...)
		for len(text) < (i+1)*room {
			text = append(text, 0xcc)
		}
	}
	im.segments = []segment{{0x1000, text, true}}
	return im
}

// An instruction at offset off of the i-th function that names the k-th one.
func call(i, off, k int) []byte { return relative32([]byte{0xe8}, i, off, k) }
func jump(i, off, k int) []byte { return relative32([]byte{0xe9}, i, off, k) }
func lea(i, off, k int) []byte  { return relative32([]byte{0x48, 0x8d, 0x05}, i, off, k) }

func relative32(code []byte, i, off, k int) []byte {
	return binary.LittleEndian.AppendUint32(code, uint32((k-i)*room-off-len(code)-4))
}

var (
	ret       = []byte{0xc3}
	je8       = []byte{0x74, 0x06} // from offset 0 to 8
	loopFrom5 = []byte{0xeb, 0xf9} // from offset 5 to 0
)

func TestBoot(t *testing.T) {
	entry := Step{Symbol: "_rt0", Kind: KindEntry}
	tests := map[string]struct {
		image *Image
		want  Order
	}{
		"a tail jump is followed and a call is not": {
			made(function{"_rt0", jump(0, 0, 1)}, function{"runtime.a", slices.Concat(call(1, 0, 2), ret)},
				function{"runtime.b", slices.Concat(call(2, 0, 3), ret)}, function{"runtime.c", ret}),
			Order{[]Step{entry, {"runtime.a", "_rt0", 1, KindJump}, {"runtime.b", "runtime.a", 2, KindCall}},
				[]Edge{{"_rt0", "runtime.a", 1}, {"runtime.a", "runtime.b", 1}}},
		},
		"the entry for assembly is one with the body": {
			made(function{"_rt0", slices.Concat(call(0, 0, 1), ret)}, function{"runtime.schedinit.abi0", slices.Concat(call(1, 0, 2), ret)},
				function{"runtime.schedinit", slices.Concat(call(2, 0, 3), call(2, 5, 3), ret)}, function{"runtime.args", ret}),
			Order{[]Step{entry, {"runtime.schedinit", "_rt0", 1, KindCall}, {"runtime.args", "runtime.schedinit", 2, KindCall}},
				[]Edge{{"_rt0", "runtime.schedinit", 1}, {"runtime.schedinit", "runtime.args", 2}}},
		},
		"what leads to a fatal error alone is left out": {
			made(function{"_rt0", slices.Concat(je8, call(0, 2, 1), ret, call(0, 8, 2), call(0, 13, 3))},
				function{"runtime.a", ret}, function{"runtime.b", ret}, function{"runtime.throw", ret}),
			Order{[]Step{entry, {"runtime.a", "_rt0", 1, KindCall}}, []Edge{{"_rt0", "runtime.a", 1}}},
		},
		"a loop without an end is no error": {
			made(function{"_rt0", slices.Concat(call(0, 0, 1), loopFrom5)}, function{"runtime.a", ret}),
			Order{[]Step{entry, {"runtime.a", "_rt0", 1, KindCall}}, []Edge{{"_rt0", "runtime.a", 1}}},
		},
		"mstart does not return": {
			made(function{"_rt0", slices.Concat(call(0, 0, 1), call(0, 5, 2))}, function{"runtime.mstart.abi0", ret}, function{"runtime.abort.abi0", ret}),
			Order{[]Step{entry, {"runtime.mstart", "_rt0", 1, KindCall}}, []Edge{{"_rt0", "runtime.mstart", 1}}},
		},
		"systemstack calls its function and newproc's starts last": {
			made(function{"_rt0", slices.Concat(lea(0, 0, 2), call(0, 7, 1), call(0, 12, 3), ret)}, function{"runtime.newproc", slices.Concat(lea(1, 0, 4), call(1, 7, 5), ret)},
				function{"runtime.main", ret}, function{"runtime.b", ret}, function{"runtime.newproc.func1", slices.Concat(call(4, 0, 3), ret)}, function{"runtime.systemstack.abi0", ret}),
			Order{[]Step{entry, {"runtime.newproc", "_rt0", 1, KindCall}, {"runtime.systemstack", "runtime.newproc", 2, KindCall},
				{"runtime.newproc.func1", "runtime.newproc", 2, KindValue}, {"runtime.b", "runtime.newproc.func1", 3, KindCall}, {"runtime.main", "_rt0", 1, KindGo}},
				[]Edge{{"_rt0", "runtime.b", 1}, {"_rt0", "runtime.newproc", 1}, {"runtime.newproc", "runtime.systemstack", 1}, {"runtime.newproc.func1", "runtime.b", 1}}},
		},
		"what the compiler adds is left out": {
			made(function{"_rt0", slices.Concat(je8, call(0, 2, 1), ret, call(0, 8, 2), []byte{0xeb, 0xf1})}, function{"runtime.a", ret}, function{"runtime.morestack_noctxt.abi0", ret}),
			Order{[]Step{entry, {"runtime.a", "_rt0", 1, KindCall}}, []Edge{{"_rt0", "runtime.a", 1}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := test.image.Boot(Config{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestBootFollows(t *testing.T) {
	im := made(function{"_rt0", jump(0, 0, 1)}, function{"runtime.a", slices.Concat(call(1, 0, 2), ret)},
		function{"runtime.b", slices.Concat(call(2, 0, 3), ret)}, function{"runtime.c", ret})
	got, err := im.Boot(Config{Follow: []string{"runtime.b"}})
	if err != nil {
		t.Fatal(err)
	}
	want := Step{"runtime.c", "runtime.b", 3, KindCall}
	if last := got.Steps[len(got.Steps)-1]; last != want {
		t.Errorf("the last step is %v, want %v", last, want)
	}
}

func TestBootWithoutEntry(t *testing.T) {
	im := made(function{"_rt0", ret})
	im.Entry = 0x9000
	if _, err := im.Boot(Config{}); err == nil {
		t.Error("an entry that no symbol holds gave no error")
	}
}

func TestEdges(t *testing.T) {
	im := made(function{"_rt0", jump(0, 0, 2)}, function{"runtime.args.abi0", slices.Concat(call(1, 0, 2), ret)},
		function{"runtime.args", slices.Concat(call(2, 0, 3), call(2, 5, 2), ret)}, function{"runtime.morestack.abi0", ret})
	want := []Edge{{"_rt0", "runtime.args", 1}, {"runtime.args", "runtime.args", 1}, {"runtime.args", "runtime.morestack", 1}}
	if diff := cmp.Diff(want, im.allEdges()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestExplain(t *testing.T) {
	im := made(function{"_rt0", slices.Concat(call(0, 0, 1), lea(0, 5, 4), ret)}, function{"runtime.memequal", jump(1, 0, 2)},
		function{"memeqbody", slices.Concat(call(2, 0, 3), ret)}, function{"runtime.b", ret}, function{"runtime.main.func1", ret}, function{"runtime.gogo", ret}, function{"runtime.free", ret})
	im.segments = append(im.segments, segment{0x9000, binary.LittleEndian.AppendUint64(nil, 0x1000+5*room), false})
	graph := im.Graph(nil)
	for _, test := range []struct {
		from, to string
		want     Reason
	}{
		{"_rt0", "runtime.memequal", ReasonCall},
		{"runtime.memequal", "runtime.memeqbody<>", ReasonCall},
		{"_rt0", "runtime.memeqbody<>", ReasonJump},
		{"_rt0", "runtime.b", ReasonNone}, // behind a jump and a call
		{"runtime.b", "runtime.main.func1", ReasonValue},
		{"runtime.b", "runtime.gogo", ReasonValue},
		{"_rt0", "runtime.free", ReasonNone},
		{"nowhere", "runtime.memequal", ReasonNone},
	} {
		if got := graph.Explain(test.from, test.to); got != test.want {
			t.Errorf("%s to %s: %q, want %q", test.from, test.to, got, test.want)
		}
	}
	inlined := im.Graph(func(pc uint64) string { return "runtime.inlined" })
	if got := inlined.Explain("runtime.inlined", "runtime.b"); got != ReasonCall {
		t.Errorf("a call in an inlined instance: %q", got)
	}
}

func TestBookName(t *testing.T) {
	for linker, want := range map[string]string{
		"_rt0_amd64_linux":              "_rt0_amd64_linux",
		"main":                          "main",
		"gogo":                          "runtime.gogo<>",
		"runtime.rt0_go.abi0":           "runtime.rt0_go",
		"runtime.(*mheap).init":         "runtime.mheap.init",
		"runtime.(*mheap).alloc.func1":  "runtime.mheap.alloc.func1",
		"internal/runtime/maps.AlgInit": "internal/runtime/maps.AlgInit",
		"type:.eq.runtime.mOS":          "type:.eq.runtime.mOS",
	} {
		if got := bookName(linker, nil, 0); got != want {
			t.Errorf("bookName(%q) = %q, want %q", linker, got, want)
		}
	}
}
