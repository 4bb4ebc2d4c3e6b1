package probe

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/program"
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
	need(t, err)
	for i, d := range times[:3] {
		if d <= 0 || d > 5*time.Second || i > 0 && d < times[i-1] {
			t.Errorf("%v", times)
		}
	}
	if times[3] != 0 {
		t.Errorf("fatalpanic after %v", times[3])
	}
}

// Where nothing is ever hit, that is no time.
func TestTimesOfNothing(t *testing.T) {
	path, err := program.WriteFloor("amd64", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Once(path, nil, 0)
	need(t, err)
	if times, err := Times(t.Context(), Config{Path: path, Rounds: 2}, []int64{6}); err == nil {
		t.Errorf("times %v of what is never executed", times)
	}
}

// The floor program's three instructions are 5, 2 and 2 bytes long.
func TestOnce(t *testing.T) {
	path, err := program.WriteFloor("amd64", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[int64]bool{0: true, 5: true, 6: false, 7: true, 9: false} {
		run, err := Once(path, nil, place)
		need(t, err)
		if run.Hit != want || run.Hit && run.After <= 0 || !run.Status.Exited() || run.Status.ExitStatus() != 0 {
			t.Errorf("at %d: %+v, want %v", place, run, want)
		}
	}
}

// need skips the test if err says that there are no probes here.
func need(t *testing.T, err error) {
	t.Helper()
	fixture.Ptrace(t, err)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EOPNOTSUPP) {
		t.Skipf("this test needs a processor with debug registers for perf events: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSample(t *testing.T) {
	note := func(kind uint32, body ...uint64) []byte {
		b := binary.LittleEndian.AppendUint32(nil, kind)
		b = binary.LittleEndian.AppendUint16(b, 0)
		b = binary.LittleEndian.AppendUint16(b, uint16(8+8*len(body)))
		for _, v := range body {
			b = binary.LittleEndian.AppendUint64(b, v)
		}
		return b
	}
	hit, other, lost := note(unix.PERF_RECORD_SAMPLE, 42), note(unix.PERF_RECORD_THROTTLE, 1), note(unix.PERF_RECORD_LOST, 1, 2)
	tests := []struct {
		name  string
		notes []byte
		head  int // behind the notes: the rest of the page is zero
		want  int64
		hit   bool
	}{
		{"none", nil, 0, 0, false},
		{"one", hit, 16, 42, true},
		{"behind another", slices.Concat(other, hit), 32, 42, true},
		{"behind a longer one", slices.Concat(lost, hit), 40, 42, true},
		{"two", slices.Concat(hit, note(unix.PERF_RECORD_SAMPLE, 43)), 32, 42, true},
		{"another only", lost, 24, 0, false},
		{"a size of zero", nil, 16, 0, false},
		{"longer than written", hit, 12, 0, false},
		{"another longer than written", lost, 16, 0, false},
		{"overrun", nil, page + 8, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			notes := make([]byte, page)
			copy(notes, tt.notes)
			if got, hit := sample(notes, uint64(tt.head)); got != tt.want || hit != tt.hit {
				t.Errorf("got %d, %v, want %d, %v", got, hit, tt.want, tt.hit)
			}
		})
	}
}
