package machine

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFields(t *testing.T) {
	got := fields("processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu hypervisor\n\nprocessor\t: 1\nno colon\n")
	want := map[string]string{"processor": "0", "model name": "AMD EPYC", "flags": "fpu hypervisor"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDescribe(t *testing.T) {
	m := Describe()
	if m.OS != runtime.GOOS || m.Arch != runtime.GOARCH || m.Cores < 1 {
		t.Errorf("Describe() = %+v", m)
	}
	if runtime.GOOS == "linux" && (m.CPU == "" || m.Memory == 0 || m.Kernel == "") {
		t.Errorf("Describe() = %+v: processor, memory or kernel is missing", m)
	}
}
