package image

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"beforemain/tools/boot/program"
	"beforemain/tools/boot/toolchain"
)

// built is the println program by the Go that runs this test.
func built(t testing.TB, goarch string, flags ...string) *Image {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	tc, err := toolchain.Installed(t.Context(), strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	path, err := program.Build(t.Context(), tc, program.Program{Name: "println"}, "linux", goarch, t.TempDir(), flags...)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOpen(t *testing.T) {
	for _, goarch := range []string{"amd64", "arm64"} {
		t.Run(goarch, func(t *testing.T) {
			m := built(t, goarch)
			if m.GOARCH != goarch {
				t.Errorf("read as %s", m.GOARCH)
			}
			if f, ok := m.At(m.Entry); !ok || f.Name != "_rt0_"+goarch+"_linux" {
				t.Errorf("the entry is %v", f)
			}
			for linker, name := range map[string]string{
				"main.main":             "main.main",
				"runtime.(*mheap).init": "runtime.mheap.init",
				"runtime.check.abi0":    "runtime.check",
				"gogo":                  "runtime.gogo<>",
			} {
				if f, ok := m.Lookup(linker); !ok || f.Name != name || f.Size == 0 {
					t.Errorf("%s is %+v, want %s", linker, f, name)
				}
			}
			if _, ok := m.Lookup("runtime.text"); ok {
				t.Error("runtime.text is read as a function")
			}
			if m.Offsets.GM == 0 || m.Offsets.GID == 0 || m.Offsets.MSignal == 0 || m.G0() == 0 {
				t.Errorf("offsets %+v, g0 at %#x", m.Offsets, m.G0())
			}
			if !slices.IsSorted(m.Probes()) {
				t.Error("the probes are not sorted")
			}
		})
	}
}

// In every release that the book covers schedinit takes goenvs in, which only calls
// goenvs_unix.
func TestInlined(t *testing.T) {
	m := built(t, "amd64")
	found := 0
	for _, in := range m.Inlined {
		if in.Name != "runtime.goenvs" {
			continue
		}
		found++
		at := in.Ranges[0][0]
		if in.Caller != "runtime.schedinit" || m.Caller(at) != "runtime.goenvs" {
			t.Errorf("%+v; the caller at its start is %s", in, m.Caller(at))
		}
		if f, ok := m.Find(at); !ok || f.Name != "runtime.schedinit" {
			t.Errorf("it is inside of %v", f)
		}
		if list := m.Begins(at); len(list) != 1 || list[0].Name != "runtime.goenvs" {
			t.Errorf("%#x begins %v", at, list)
		}
	}
	if found == 0 {
		t.Error("no instance of goenvs")
	}
	for _, in := range m.Inlined {
		if f, ok := m.Find(in.Ranges[0][0]); !ok || in.Ranges[0][1] > f.Addr+f.Size {
			t.Fatalf("%+v is not inside of %+v", in, f)
		}
	}
}

func TestOutside(t *testing.T) {
	m := built(t, "amd64")
	for _, addr := range []uint64{0, m.TextAddr - 1, m.TextAddr + uint64(len(m.Text)), ^uint64(0)} {
		if f, ok := m.Find(addr); ok || m.Caller(addr) != "" || m.Code(addr) != nil {
			t.Errorf("%#x is part of %v", addr, f)
		}
	}
}

func TestUnreadable(t *testing.T) {
	for _, name := range []string{"image.go", "nowhere"} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := built(b, "amd64").Path
	for b.Loop() {
		if _, err := Open(path); err != nil {
			b.Fatal(err)
		}
	}
}
