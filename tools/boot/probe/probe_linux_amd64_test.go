package probe

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
)

func TestTimes(t *testing.T) {
	m, err := image.Open(fixture.Println(t, "", "amd64"))
	if err != nil {
		t.Fatal(err)
	}
	var places []int64
	for _, name := range []string{"runtime.schedinit", "runtime.main", "main.main"} {
		f, ok := m.Lookup(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		places = append(places, int64(f.Addr)-int64(m.Entry))
	}
	never, ok := m.Lookup("runtime.fatalpanic")
	if !ok {
		t.Fatal("no fatalpanic")
	}
	places = append(places, int64(never.Addr)-int64(m.Entry))
	times, err := Times(t.Context(), Config{Path: m.Path, Rounds: 5}, places)
	fixture.Ptrace(t, err)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EOPNOTSUPP) {
		t.Skipf("this test needs a processor with debug registers for perf events: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range times[:3] {
		if d <= 0 || d > 5*time.Second || i > 0 && d < times[i-1] {
			t.Errorf("%v", times)
		}
	}
	if times[3] != 0 {
		t.Errorf("fatalpanic after %v", times[3])
	}
}

func TestSample(t *testing.T) {
	note := func(kind uint32, size uint16, value uint64) []byte {
		b := binary.LittleEndian.AppendUint32(nil, kind)
		b = binary.LittleEndian.AppendUint16(b, 0)
		b = binary.LittleEndian.AppendUint16(b, size)
		return binary.LittleEndian.AppendUint64(b, value)
	}
	tests := []struct {
		name  string
		notes []byte
		want  int64
		hit   bool
	}{
		{"empty", nil, 0, false},
		{"one", note(unix.PERF_RECORD_SAMPLE, 16, 42), 42, true},
		{"second", append(note(unix.PERF_RECORD_THROTTLE, 16, 1), note(unix.PERF_RECORD_SAMPLE, 16, 43)...), 43, true},
		{"damaged", note(unix.PERF_RECORD_THROTTLE, 0, 1), 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, hit := sample(tt.notes, uint64(len(tt.notes))); got != tt.want || hit != tt.hit {
				t.Errorf("got %d, %v", got, hit)
			}
		})
	}
}
