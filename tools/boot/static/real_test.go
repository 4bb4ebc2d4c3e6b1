package static

import (
	"bufio"
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/tools/boot/program"
	"beforemain/tools/boot/toolchain"
	"beforemain/tools/need"
)

// spine is what every program's boot goes through, in this order.
var spine = []string{
	"runtime.rt0_go", "runtime.check", "runtime.args", "runtime.osinit", "runtime.schedinit", "runtime.mallocinit",
	"runtime.mcommoninit", "runtime.gcinit", "runtime.procresize", "runtime.newproc", "runtime.newproc1",
	"runtime.mstart", "runtime.mstart0", "runtime.mstart1", "runtime.schedule", "runtime.execute", "runtime.gogo",
	"runtime.gogo<>", "runtime.main", "runtime.gcenable", "main.main",
}

// built compiles the least program for a platform with the Go that runs the test.
func built(t testing.TB, goos, goarch string) string {
	t.Helper()
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() { println(\"hello\") }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-o", out, source)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOFLAGS=", "GO111MODULE=off")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build for %s/%s: %v\n%s", goos, goarch, err, msg)
	}
	return out
}

// checkSpine reports what a program's boot has in another order than spine.
func checkSpine(t *testing.T, path, goos, goarch string) {
	t.Helper()
	order, err := Boot(path, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "_rt0_" + goarch + "_" + goos; order.Steps[0].Symbol != want {
		t.Errorf("the boot begins with %s, want %s", order.Steps[0].Symbol, want)
	}
	var got []string
	for _, s := range order.Steps {
		if slices.Contains(spine, s.Symbol) {
			got = append(got, s.Symbol)
		}
		if fatal(s.Symbol) {
			t.Errorf("%s is a step of the boot, from %s", s.Symbol, s.Caller)
		}
	}
	if diff := cmp.Diff(spine, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRealBoot(t *testing.T) {
	for _, p := range []struct {
		goos, goarch string
		slow         bool
	}{
		{"linux", "amd64", false}, {"darwin", "arm64", false}, {"windows", "amd64", false},
		{"linux", "arm64", true}, {"darwin", "amd64", true}, {"windows", "arm64", true},
	} {
		t.Run(p.goos+"-"+p.goarch, func(t *testing.T) {
			if p.slow && !need.Required("slow") {
				t.Skip("compiling the runtime for all platforms takes long: set BOOK_REQUIRE=slow")
			}
			path := built(t, p.goos, p.goarch)
			checkSpine(t, path, p.goos, p.goarch)
			checkObjdump(t, path)
		})
	}
}

// objdumpCall is a call of a function by name, as go tool objdump writes it.
var objdumpCall = regexp.MustCompile(`\sCALL (\S+)\(SB\)`)

// checkObjdump compares the calls of schedinit and procresize with the ones that
// Go's own disassembler finds there.
func checkObjdump(t *testing.T, path string) {
	t.Helper()
	im, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	all := im.allEdges()
	for _, from := range []string{"runtime.schedinit", "runtime.procresize"} {
		out, err := exec.Command("go", "tool", "objdump", "-s", "^"+regexp.QuoteMeta(from)+"$", path).Output()
		if err != nil {
			t.Fatalf("go tool objdump: %v", err)
		}
		want := map[string]int{}
		for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
			if m := objdumpCall.FindStringSubmatch(lines.Text()); m != nil {
				want[bookName(m[1], nil, 0)]++
			}
		}
		got := map[string]int{}
		for _, e := range all {
			if e.From == from {
				got[e.To] = e.Count
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("calls of %s, objdump's against ours (-want +got)\n%s", from, diff)
		}
	}
}

// Every pinned toolchain that is installed, for every platform.
func TestPinnedBoot(t *testing.T) {
	if !need.Required("slow") || !need.Required("toolchains") {
		t.Skip("it builds for six platforms with every pinned toolchain: set BOOK_REQUIRE=slow,toolchains")
	}
	ctx := context.Background()
	least, err := program.Find("println")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"go1.17.13", "go1.18.10", "go1.19.13", "go1.20.14", "go1.21.13", "go1.22.12", "go1.23.12", "go1.24.13", "go1.25.14", "go1.26.11", "go1.27.4"} {
		for _, platform := range []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"} {
			t.Run(tag+"/"+strings.Replace(platform, "/", "-", 1), func(t *testing.T) {
				chain, err := toolchain.Installed(ctx, tag)
				if err != nil {
					t.Fatal(err)
				}
				goos, goarch, _ := strings.Cut(platform, "/")
				path, err := program.Build(ctx, chain, least, goos, goarch, t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				checkSpine(t, path, goos, goarch)
			})
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "text": "package main", "a cut ELF": "\x7fELF\x02\x01\x01", "a cut PE": "MZ\x00\x00", "a cut Mach-O": "\xcf\xfa\xed\xfe\x07\x00\x00\x01",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s was read as a program", name)
		}
	}
}

// No file makes Read panic, nor what it accepts Boot and Edges.
func FuzzRead(f *testing.F) {
	for _, magic := range []string{"\x7fELF\x02\x01\x01", "MZ", "\xcf\xfa\xed\xfe\x07\x00\x00\x01"} {
		f.Add([]byte(magic + strings.Repeat("\x00", 256)))
	}
	f.Add(tinyELF())
	f.Fuzz(func(t *testing.T, file []byte) {
		im, err := Read(bytes.NewReader(file))
		if err != nil {
			return
		}
		im.allEdges()
		im.Boot(Config{})
	})
}

// tinyELF is a whole ELF program of one function, a return, with its symbol.
func tinyELF() []byte {
	const base, code = 0x400000, 0x78 // code stands behind the two headers
	names := "\x00.symtab\x00.strtab\x00_rt0\x00"
	symbols := uint64(code + 8)
	strs := symbols + 2*elf.Sym64Size
	sections := strs + 32
	var out bytes.Buffer
	write := func(v any) { binary.Write(&out, binary.LittleEndian, v) }
	write(elf.Header64{Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: 1,
		Entry: base + code, Phoff: 0x40, Shoff: sections, Ehsize: 0x40, Phentsize: 0x38, Phnum: 1, Shentsize: 0x40, Shnum: 3, Shstrndx: 2})
	write(elf.Prog64{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X), Vaddr: base, Filesz: symbols, Memsz: symbols})
	out.Write([]byte{0xc3, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc})
	write(elf.Sym64{})
	write(elf.Sym64{Name: 17, Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC), Shndx: 1, Value: base + code, Size: 1})
	out.WriteString(names + strings.Repeat("\x00", 32-len(names)))
	write(elf.Section64{})
	write(elf.Section64{Name: 1, Type: uint32(elf.SHT_SYMTAB), Off: symbols, Size: 2 * elf.Sym64Size, Link: 2, Entsize: elf.Sym64Size})
	write(elf.Section64{Name: 9, Type: uint32(elf.SHT_STRTAB), Off: strs, Size: 32})
	return out.Bytes()
}

func TestReadTiny(t *testing.T) {
	im, err := Read(bytes.NewReader(tinyELF()))
	if err != nil {
		t.Fatal(err)
	}
	want := Symbol{Name: "_rt0", Linker: "_rt0", Start: 0x400078, End: 0x400079}
	if got, ok := im.Find("_rt0"); !ok || got != want {
		t.Errorf("Find: %+v, %v, want %+v", got, ok, want)
	}
}

func BenchmarkRead(b *testing.B) {
	path := built(b, runtime.GOOS, runtime.GOARCH)
	for b.Loop() {
		if _, err := Open(path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEdges(b *testing.B) {
	for _, arch := range []string{"amd64", "arm64"} {
		b.Run(arch, func(b *testing.B) {
			im, err := Open(built(b, "linux", arch))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				im.allEdges()
			}
		})
	}
}

func BenchmarkBoot(b *testing.B) {
	im, err := Open(built(b, "linux", "amd64"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := im.Boot(Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
