package measure

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// FuzzRead: what a machine wrote is read or reported, never both, and what was read
// reads the same when it is written again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"steps":[{"thread":-1}],"threads":[{"creator":9}]}`))
	f.Add([]byte(`{"series":[{"program":"p","wall":{"median":1e308},"repeats":[5e-324,-1],"ratio":{},"memory":{"size":9223372036854775807}}]}`))
	f.Add([]byte(`{"machine":null,"missing":["\ud800"],"steps":null} {}`))
	for _, name := range []string{"data/trace/linux-amd64/v1.json", "data/bench/x.json"} {
		f.Add(files[name].Data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var head Trace
		_ = json.Unmarshal(text, &head)
		name := "d/trace/" + head.GOOS + "-" + head.GOARCH + "/" + head.Version + ".json"
		if !fs.ValidPath(name) {
			name = "d/trace/linux-amd64/v1.json"
		}
		set, problems := Read(fstest.MapFS{name: {Data: text}, "d/bench/a.json": {Data: text}}, "d")
		if len(set.Traces)+len(set.Benches)+len(problems) != 2 {
			t.Fatalf("%d traces, %d benches and %v", len(set.Traces), len(set.Benches), problems)
		}
		for _, p := range problems {
			if len(p.Message) > 200+2*len(text) {
				t.Errorf("a message of %d bytes", len(p.Message))
			}
		}
		for _, tr := range set.Traces {
			n := 0
			for i := range tr.Steps {
				if at := tr.OnThread(tr.Steps[i].Thread); len(at) == 0 {
					t.Errorf("no steps on thread %d", tr.Steps[i].Thread)
				}
				if n++; n > 100 {
					break
				}
			}
			written, err := json.Marshal(tr)
			if err != nil {
				t.Fatal(err)
			}
			again, problems := Read(fstest.MapFS{name: {Data: written}}, "d")
			if d := cmp.Diff([]*Trace{tr}, again.Traces); d != "" || len(problems) > 0 {
				t.Errorf("%s %v", d, problems)
			}
		}
		for _, b := range set.Benches {
			n := 0
			for _, p := range b.Programs() {
				n += len(b.Of(p))
			}
			if n != len(b.Series) {
				t.Errorf("%d series of programs, %d in all", n, len(b.Series))
			}
		}
	})
}

// What no machine measures would be drawn without an end, or take for ever to look at.
func TestHostile(t *testing.T) {
	many := func(key, one string, n int) string {
		return `{"` + key + `":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`
	}
	for _, test := range []struct{ name, text, want string }{
		{"a time without an end", `{"steps":[{"us":1.7e308}]}`, "cannot be drawn: Steps: US: the number 1.7e+308"},
		{"a time of nothing", `{"steps":[{"us":5e-324}]}`, "cannot be drawn: Steps: US: the number 5e-324"},
		{"a count", `{"instructions":-9223372036854775808}`, "cannot be drawn: Instructions: the number -9223372036854775808"},
		{"threads", many("threads", `{"thread":1}`, 1001), "cannot be drawn: Threads: 1001 times Thread"},
		{"edges", many("edges", `{}`, 20001), "cannot be drawn: Edges: 20001 times Edge"},
		{"depth", `{"steps":` + strings.Repeat("[", 1<<20), "cannot be read: "},
		{"size", strings.Repeat(" ", maxFile) + "{}", "cannot be read: it has more than 16 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			set, problems := Read(fstest.MapFS{"d/trace/a.json": {Data: []byte(test.text)}}, "d")
			if len(set.Traces) > 0 || len(problems) != 1 || !strings.HasPrefix(problems[0].Message, test.want) || len(problems[0].Related) != 1 {
				t.Errorf("got %d traces, %.300v; want %s", len(set.Traces), problems, test.want)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it takes %s", took)
			}
		})
	}
	set, problems := Read(fstest.MapFS{"d/bench/a.json": {Data: []byte(`{"series":[{"wall":{"median":1e300}}]}`)}}, "d")
	if want := "cannot be drawn: Series: Wall: Median: the number 1e+300"; len(set.Benches) > 0 || len(problems) != 1 || problems[0].Message != want || len(problems[0].Related) != 1 {
		t.Error(fmt.Sprint(set.Benches, problems), want)
	}
}
