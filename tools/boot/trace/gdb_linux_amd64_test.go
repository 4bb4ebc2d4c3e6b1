package trace

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/tools/boot/image"
	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/need"
)

// gdbScript says which functions thread 1 enters, each once.
const gdbScript = `set pagination off
set confirm off
set exec-wrapper env -i
starti
python
import gdb, re
class Entry(gdb.Breakpoint):
    def stop(self):
        if gdb.selected_thread().num == 1:
            self.enabled = False
            print("ENTRY " + self.location)
        return self.location == "*%#x"
for at in [%s]:
    Entry("*" + hex(at))
# The same random bytes as ours, and so the same heap.
at = int(re.search(r"AT_RANDOM.*?(0x[0-9a-f]+)", gdb.execute("info auxv", to_string=True)).group(1), 16)
gdb.selected_inferior().write_memory(at, b"0123456789abcdef")
# It already stands before the first instruction, where a breakpoint would not be seen.
print("ENTRY *" + hex(gdb.selected_frame().pc()))
end
continue
kill
quit
`

// gdb sees the same functions in the same order, on the thread that the program begins
// on, up to runtime.main. Later other threads run, and what they do delays this one.
func TestGDB(t *testing.T) {
	_, err := exec.LookPath("gdb")
	need.That(t, "gdb", err)
	for _, tag := range append(fixture.Tags(), "") {
		t.Run(tag, func(t *testing.T) {
			m := open(t, fixture.Println(t, tag, "amd64"))
			r, err := Run(t.Context(), m, Config{Fixed: true})
			fixture.Ptrace(t, err)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range OnThread(r.First(), 0) {
				if e.Kind != Inlined {
					got = append(got, e.Symbol)
				}
			}
			if diff := cmp.Diff(common(askGDB(t, m)), common(got)); diff != "" {
				t.Errorf("(-gdb +ours): %s", diff)
			}
		})
	}
}

// common cuts a list behind runtime.main.
func common(list []string) []string {
	if i := slices.Index(list, "runtime.main"); i >= 0 {
		list = list[:i+1]
	}
	return list
}

func askGDB(t *testing.T, m *image.Image) []string {
	t.Helper()
	var at []string
	for _, f := range m.Functions {
		at = append(at, fmt.Sprintf("%#x", f.Addr))
	}
	end, ok := m.Lookup("runtime.main")
	if !ok {
		t.Fatal("no runtime.main")
	}
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, fmt.Appendf(nil, gdbScript, end.Addr, strings.Join(at, ",")), 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "gdb", "-nx", "-batch", "-x", script, m.Path).CombinedOutput()
	if err != nil {
		t.Fatalf("gdb: %v: %s", err, out)
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		var addr uint64
		if _, err := fmt.Sscanf(line, "ENTRY *%v", &addr); err != nil {
			continue
		}
		if f, ok := m.At(addr); ok && !slices.Contains(list, f.Name) {
			list = append(list, f.Name)
		}
	}
	if len(list) < len(way)/2 {
		t.Fatalf("gdb saw %d functions: %s", len(list), out[max(0, len(out)-1000):])
	}
	return list
}
