package record

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"beforemain/tools/boot/machine"
)

func sample() *Record {
	return &Record{
		Schema: Schema, Version: "go1.27", Tag: "go1.27.4", GOOS: "linux", GOARCH: "amd64", Program: "println",
		Machine: machine.Machine{CPU: "a processor", Cores: 2, Memory: 1 << 20, Kernel: "Linux 6.18", OS: "linux", Arch: "amd64"},
		Date:    "2026-11-26", Runs: 10, Instructions: 264907,
		Missing: []string{"times: perf events are forbidden here"},
		Threads: []Thread{{Creator: -1}, {Thread: 1, After: 2}},
		Steps: []Step{
			{Seq: 1, Symbol: "_rt0_amd64_linux", Evidence: Run, US: 62.5},
			{Seq: 2, Symbol: "runtime.goenvs", G: "g0", Caller: "runtime.schedinit", Inlined: true, Evidence: Run, Insn: 17},
			{Seq: 3, Symbol: "runtime.gogo<>", Thread: 1, G: "gsignal", Caller: "runtime.gogo", Varies: true, Evidence: Emulated},
		},
		Edges: []Edge{{From: "runtime.gogo", To: "runtime.gogo<>", Count: 3}},
	}
}

func TestRoundTrip(t *testing.T) {
	for name, want := range map[string]*Record{"sample": sample(), "empty": {Schema: Schema}} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if _, err := want.WriteTo(&out); err != nil {
				t.Fatal(err)
			}
			got, err := Read(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatalf("%v: %s", err, out.String())
			}
			want.Threads, want.Steps, want.Edges = append([]Thread{}, want.Threads...), append([]Step{}, want.Steps...), append([]Edge{}, want.Edges...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got): %s", diff)
			}
		})
	}
}

func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema":2}`:                        "record: schema 2, not 1",
		`{"schema":`:                          "record: unexpected EOF",
		`{"schema":1,"steps":[]}{"schema":9}`: "record: something follows it",
		`{"schema":1,"steps":[{"symbol":"a"},{"seq":2}]}`: "record: step 2 of 2 has no symbol",

		`{"schema":1,"program":"` + strings.Repeat("x", maxSize) + `"}`: "record: more than 16 MB",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%.100s: got %v, want %s", text, err, want)
		}
	}
}

// Valid checks a written record against the schema.
func valid(t *testing.T, r *Record) error {
	t.Helper()
	var out bytes.Buffer
	if _, err := r.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("schema.json").Validate(value)
}

func TestSchema(t *testing.T) {
	if err := valid(t, sample()); err != nil {
		t.Error(err)
	}
	spoil := map[string]func(r *Record){
		"schema":   func(r *Record) { r.Schema = 7 },
		"version":  func(r *Record) { r.Version = "1.27" },
		"date":     func(r *Record) { r.Date = "today" },
		"symbol":   func(r *Record) { r.Steps[0].Symbol = "" },
		"g":        func(r *Record) { r.Steps[0].G = "main" },
		"evidence": func(r *Record) { r.Steps[0].Evidence = "hearsay" },
		"count":    func(r *Record) { r.Edges[0].Count = 0 },
	}
	for name, f := range spoil {
		t.Run(name, func(t *testing.T) {
			r := sample()
			f(r)
			if valid(t, r) == nil {
				t.Error("it is valid")
			}
		})
	}
}

func TestCommon(t *testing.T) {
	tests := []struct {
		name  string
		lists []string
		want  string
	}{
		{"none", nil, ""},
		{"one", []string{"a b c"}, "a b c"},
		{"equal", []string{"a b c", "a b c"}, "a b c"},
		{"moved", []string{"a b c d", "a c d b"}, "a c d"},
		{"neighbours changed places", []string{"a b c d", "a c b d"}, "a c d"},
		{"missing in one of three", []string{"a b c", "a b c", "a c"}, "a c"},
		{"new", []string{"a c", "a b c"}, "a c"},
		{"nothing", []string{"a", "b"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var lists [][]string
			for _, l := range tt.lists {
				lists = append(lists, strings.Fields(l))
			}
			if got := strings.Join(Common(lists...), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func order(symbols string, varies ...string) *Record {
	r := &Record{}
	for i, s := range strings.Fields(symbols) {
		r.Steps = append(r.Steps, Step{Seq: i + 1, Symbol: s, Varies: slices.Contains(varies, s)})
	}
	return r
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name    string
		was, is *Record
		symbols []string
		want    string
	}{
		{"same", order("a b c"), order("a b c"), nil, ""},
		{"gone", order("a b c"), order("a c"), nil, "b: it followed a, and is not entered now\n"},
		{"new", order("a c"), order("a b c"), nil, "b: it is new, and follows a\n"},
		{"moved", order("a b c d"), order("a c d b"), nil, "b: it followed a, and follows d now\n"},
		{"first", order("a b"), order("b"), nil, "a: it followed the begin, and is not entered now\n"},
		{"varies in the record", order("a b c", "b"), order("a c b"), nil, ""},
		{"varies now", order("a b c"), order("a c b", "b"), nil, ""},
		{"of interest", order("a b c d"), order("d a c"), []string{"a", "b", "c"}, "b: it followed a, and is not entered now\n"},
	}
	was, is := order("a b c"), order("a b d c")
	was.Threads, is.Threads = []Thread{{}, {After: 2}}, []Thread{{}, {After: 2}}
	if list := Compare(was, is); len(list) > 0 {
		t.Errorf("behind the second thread's begin: %v", list)
	}
	if list := Compare(was, is, "a", "d"); len(list) != 1 {
		t.Errorf("behind the second thread's begin, but asked for: %v", list)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Report(Compare(tt.was, tt.is, tt.symbols...)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func BenchmarkCommon(b *testing.B) {
	var x, y []string
	for i := range 650 {
		x, y = append(x, fmt.Sprint(i)), append(y, fmt.Sprint(i/7*7+(i+3)%7))
	}
	for b.Loop() {
		Common(x, y)
	}
}

// FuzzRead: a record that was read is written so that it reads the same again, does not
// differ from itself, and each difference from another is one.
func FuzzRead(f *testing.F) {
	var out bytes.Buffer
	if _, err := sample().WriteTo(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.String(), `{"schema":1,"steps":[{"seq":1,"symbol":"a"},{"seq":2,"symbol":"b"},{"seq":3,"symbol":"a","varies":true}]}`)
	f.Add(`{"schema":1,"threads":[{},{"after":2}],"steps":[{"seq":1,"symbol":"b"},{"seq":2,"symbol":"a"},{"seq":3,"symbol":"c"}]}`, `{"schema":1,"steps":[{"symbol":""}],"program":"\u2028<,\"threads\":"}`)
	f.Fuzz(func(t *testing.T, was, is string) {
		a, err := Read(strings.NewReader(was))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if _, err := a.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatalf("%v: %s", err, out.String())
		}
		if d := cmp.Diff(a, again, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
		if list := Compare(a, again); len(list) > 0 {
			t.Errorf("it differs from itself: %v", list)
		}
		b, err := Read(strings.NewReader(is))
		if err != nil {
			return
		}
		for _, d := range Compare(a, b) {
			if d.Was == d.Is && (d.Was == "" || len(a.Steps) == len(b.Steps) && cmp.Equal(a.Steps, b.Steps)) {
				t.Errorf("%+v", d)
			}
		}
	})
}
