package toolchain

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The go command that runs this test is a toolchain too, so that Installed is tested
// where no other is.
func TestInstalledLocal(t *testing.T) {
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	tag := strings.TrimSpace(string(out))
	// The user's settings must not reach a toolchain.
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, []byte("GOFLAGS=-nonsense\nGOPRIVATE=example.com\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", file)
	t.Setenv("GOFLAGS", "-nonsense")
	tc, err := Installed(t.Context(), tag)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tc.program()); err != nil {
		t.Error(err)
	}
	env := "\n" + strings.Join(tc.env, "\n") + "\n"
	for _, want := range []string{"\nGOPRIVATE=example.com\n", "\nGOENV=off\n", "\nGOFLAGS=\n", "\nGOROOT=" + tc.Root + "\n"} {
		if !strings.Contains(env, want) {
			t.Errorf("the environment lacks %q", want)
		}
	}
	if strings.Contains(env, "-nonsense") {
		t.Error("the user's GOFLAGS reached the toolchain")
	}
}

func TestMissing(t *testing.T) {
	tests := []struct{ name, tag, want string }{
		{"absent", "go1.17.99", "the toolchain go1.17.99 is not installed: `GOTOOLCHAIN=go1.17.99 go version` does that"},
		{"not a tag", "1.17", `toolchain "1.17": not a tag`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tc, err := Installed(t.Context(), tt.tag)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v; want an error with %q", tc, err, tt.want)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	for tag, want := range map[string]string{"go1.17.13": "1.17", "go1.27.4": "1.27", "go1.21": "1.21"} {
		if got := (&Toolchain{Tag: tag}).Language(); got != want {
			t.Errorf("%s: got %s, want %s", tag, got, want)
		}
	}
}

// TestFindSaysWhatToDo: without a go command, and where nothing brings the toolchain.
func TestFindSaysWhatToDo(t *testing.T) {
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOFLAGS", "-modcacherw")
	for _, c := range []struct{ name, variable, value, want string }{
		{"no network", "GOPROXY", "http://127.0.0.1:9", "the module proxy http://127.0.0.1:9 cannot be reached: connect to the network"},
		{"forbidden", "GOPROXY", "off", "GOPROXY=off forbids to download the toolchain go1.17.13"},
		{"no go command", "PATH", t.TempDir(), "no go command in PATH: install Go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(c.variable, c.value)
			if tc, err := Find(t.Context(), "go1.17.13"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, %v; want an error that begins with %q", tc, err, c.want)
			}
		})
	}
}
