package program

import (
	"bytes"
	"debug/elf"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"beforemain/tools/boot/toolchain"
)

func local(t *testing.T) *toolchain.Toolchain {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	tc, err := toolchain.Installed(t.Context(), strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	return tc
}

// Every program builds with the Go that runs this test, and says hello.
func TestBuild(t *testing.T) {
	tc := local(t)
	for _, p := range List() {
		t.Run(p.Name, func(t *testing.T) {
			path, err := Build(t.Context(), tc, p, runtime.GOOS, runtime.GOARCH, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(path)
			cmd.Env = p.Env
			said, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			if !bytes.HasSuffix(said, []byte("hello\n")) {
				t.Errorf("it said %q", said)
			}
			if traced := bytes.Contains(said, []byte("init runtime @")); traced != (p.Name == "inits") {
				t.Errorf("inittrace: %v: %s", traced, said)
			}
		})
	}
}

func TestFind(t *testing.T) {
	if p, err := Find("inits"); err != nil || len(p.Env) != 1 {
		t.Errorf("got %v, %v", p, err)
	}
	if _, err := Find("nothing"); err == nil {
		t.Error("found a program that is not there")
	}
}

func TestFloor(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			text, err := Floor(arch)
			if err != nil {
				t.Fatal(err)
			}
			f, err := elf.NewFile(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Progs) != 1 || f.Progs[0].Vaddr+f.Progs[0].Filesz != floorBase+uint64(len(text)) {
				t.Errorf("segments %v, of a file of %d bytes", f.Progs, len(text))
			}
			if got := f.Entry - floorBase; !bytes.HasSuffix(text[got:], exits[arch].code) || len(text[got:]) != len(exits[arch].code) {
				t.Errorf("the entry is at %#x", got)
			}
			if runtime.GOOS != "linux" || runtime.GOARCH != arch {
				return
			}
			path, err := WriteFloor(arch, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(path).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("it ended with %v and said %q", err, out)
			}
		})
	}
	if _, err := Floor("mips"); err == nil {
		t.Error("a floor for mips")
	}
}
