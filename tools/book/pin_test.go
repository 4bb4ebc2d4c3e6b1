package main

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor"
	"beforemain/extractor/source"
)

const pinHead = "title = { en = \"A\" }\nbase_url = \"https://a.example/\"\nlanguages = [\"en\"]\n"

func TestPin(t *testing.T) {
	const tail = "\n[platforms]\nall = [\"linux/amd64\"] # tag = \"x\"\n[[part]]\ntitle = { en = \"A\" }\n[[part.chapter]]\nslug = \"a\"\n"
	for _, tt := range []struct {
		name, in, want string
		version        source.Version
	}{
		{
			"newest, with empty lines",
			"# Pins.\n[[version]]\nname = \"v1\" # one\ntag  = \"v1.0\"\n\n  [[ version ]] # two\n  tag='v2.0'\n  name = \"v2\"\n  # the end\n",
			"# Pins.\n[[version]]\nname = \"v1\" # one\ntag  = \"v1.0\"\n\n  [[ version ]] # two\n  tag='v2.0'\n  name = \"v2\"\n\n  [[ version ]] # two\n  tag=\"v3.0\"\n  name = \"v3\"\n  # the end\n",
			source.Version{Name: "v3", Tag: "v3.0"},
		},
		{
			"between",
			"[[version]]\nname = \"v1\"\ntag = \"v1.0\"\n[[version]]\nname = \"v10\"\ntag = \"v10.0\"\n",
			"[[version]]\nname = \"v1\"\ntag = \"v1.0\"\n[[version]]\nname = \"v2\"\ntag = \"v2.0\"\n[[version]]\nname = \"v10\"\ntag = \"v10.0\"\n",
			source.Version{Name: "v2", Tag: "v2.0"},
		},
		{
			"oldest",
			"# Pins.\n[[version]]\r\nname = \"v1\"\r\ntag = \"v1.0\"\r\n",
			"# Pins.\n[[version]]\r\nname = \"v0.9\"\r\ntag = \"v0.9.1\"\r\n[[version]]\r\nname = \"v1\"\r\ntag = \"v1.0\"\r\n",
			source.Version{Name: "v0.9", Tag: "v0.9.1"},
		},
		{
			"newest, behind one with a date and a story",
			"[[version]]\nname = \"v1\"\ntag = \"v1.0\"\n\n[[version]]\nname = \"v2\"\ntag = \"v2.0\"\ndate = \"2026-01-02\"\nstory = \"a#b\"\n",
			"[[version]]\nname = \"v1\"\ntag = \"v1.0\"\n\n[[version]]\nname = \"v2\"\ntag = \"v2.0\"\ndate = \"2026-01-02\"\nstory = \"a#b\"\n\n[[version]]\nname = \"v3\"\ntag = \"v3.0\"\n",
			source.Version{Name: "v3", Tag: "v3.0"},
		},
		{
			"moved, with a date and a story",
			"[[version]]\nname = \"v1\"\ndate = \"2026-01-02\"\ntag = \"v1.0\"\nstory = \"a#b\"\n",
			"[[version]]\nname = \"v1\"\ntag = \"v1.0.1\"\nstory = \"a#b\"\n",
			source.Version{Name: "v1", Tag: "v1.0.1"},
		},
		{
			"moved",
			"[[version]]\nname = \"v1\"\n# Held back.\ntag = \"v1.0\" # no 1.0.1\n",
			"[[version]]\nname = \"v1\"\n# Held back.\ntag = \"v1.0.1\" # no 1.0.1\n",
			source.Version{Name: "v1", Tag: "v1.0.1"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, order := range []string{pinHead + "%" + tail, pinHead + tail + "%"} {
				in := strings.Replace(order, "%", tt.in, 1)
				book, err := extractor.ReadBook(fstest.MapFS{extractor.BookFile: {Data: []byte(in)}})
				if err != nil {
					t.Fatal(err)
				}
				got, err := pin([]byte(in), book, tt.version)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(strings.Replace(order, "%", tt.want, 1), string(got)); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func TestPinRefuses(t *testing.T) {
	in := pinHead + "version = [{ name = \"v1\", tag = \"v1.0\" }]\n[platforms]\nall = [\"linux/amd64\"]\n"
	book, err := extractor.ReadBook(fstest.MapFS{extractor.BookFile: {Data: []byte(in)}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := pin([]byte(in), book, source.Version{Name: "v2", Tag: "v2.0"}); err == nil || !strings.Contains(err.Error(), "yourself") {
		t.Errorf("pin = %q, %v, want an error", got, err)
	}
}

func TestNeighbour(t *testing.T) {
	book := &extractor.Book{Versions: []extractor.Version{{Name: "v1.9", Tag: "v1.9.1"}, {Name: "v1.10", Tag: "v1.10.2"}}}
	for _, tt := range []struct{ name, tag, want string }{
		{"v1.11", "v1.11.0", "v1.10"},
		{"v1.8", "v1.8.3", "v1.9"},
		{"v1.10", "v1.10.3", "v1.10"},
		{"v1.9.5", "v1.9.5", "v1.9"},
		{"v1.10", "v1.10.2", ""},
		{"v1.11", "v1.10.2", ""},
		{"v1.11", "v1.12.0", ""},
		{"tip", "tip.1", ""},
	} {
		got, err := neighbour(book, source.Version{Name: tt.name, Tag: tt.tag})
		var usage usageError
		if err == nil && got.Name != tt.want || err != nil && (tt.want != "" || !errors.As(err, &usage)) {
			t.Errorf("neighbour(%s, %s) = %v, %v, want %q", tt.name, tt.tag, got, err, tt.want)
		}
	}
}
