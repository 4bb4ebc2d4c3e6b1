package scratch

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// What a run that is no more has left goes, what belongs to one that goes on stays, in a
// folder of any name.
func TestMake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "odd[name")
	ended := exec.Command(os.Args[0], "-test.run=^$")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	own := "build-" + strconv.Itoa(os.Getpid()) + "-1"
	for _, name := range []string{own, "build-" + strconv.Itoa(ended.Process.Pid) + "-1", "other-" + strconv.Itoa(ended.Process.Pid) + "-1", "build-x"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "folder"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	made, err := Make(dir, "build-")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, own), made, filepath.Join(dir, "build-x")}
	got := Find(dir, "build-*")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if left := Find(dir, "other-*"); len(left) != 1 {
		t.Errorf("of another kind: %q", left)
	}
}
