package index

import (
	"bytes"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
)

// shelf is a store in memory that counts what it is asked.
type shelf struct {
	mu         sync.Mutex
	values     map[string][]byte
	hits, puts int
}

func (s *shelf) Get(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.values[key]
	if ok {
		s.hits++
	}
	return v, ok
}

func (s *shelf) Put(key string, value []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
	s.puts++
}

// TestStore: an index out of a store says what it said when it went in.
func TestStore(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			store := &shelf{values: map[string][]byte{}}
			want := dump(sound(t, a))
			for i := range 3 {
				x, problems, err := openStored(t, a, store)
				if err != nil || len(problems) > 0 {
					t.Fatal(err, problems)
				}
				if !bytes.Equal(want, dump(x)) {
					t.Errorf("time %d: the index says something else", i+1)
				}
			}
			if n := len(sound(t, a).Versions()); store.puts != n || store.hits != 2*n {
				t.Errorf("put %d times and found %d times, with %d versions", store.puts, store.hits, n)
			}
		})
	}
}

// TestStoreForgets: a change of anything that an index was made of is seen.
func TestStoreForgets(t *testing.T) {
	const head, file = "packages: p\nplatforms: linux/amd64\n", "-- v1/src/p/a.go --\npackage p\n\nfunc f() {}\n"
	const asm = "-- v1/src/p/a_amd64.s --\n#include \"h.h\"\nTEXT ·g(SB), 0, $0\n\tRET\n-- v1/src/runtime/h.h --\n#define A 1\n"
	for name, changed := range map[string]string{
		"text":             head + "-- v1/src/p/a.go --\npackage p\n\nfunc f() { f() }\n" + asm,
		"a file more":      head + file + asm + "-- v1/src/p/b.go --\npackage p\n\nfunc h() {}\n",
		"a file less":      head + asm + "-- v1/src/p/b.go --\npackage p\n",
		"a header nearer":  head + file + asm + "-- v1/src/p/h.h --\n#define B 1\n",
		"platforms":        "packages: p\nplatforms: linux/amd64 windows/amd64\n" + file + asm,
		"functions to run": head + "runs: p.f\n" + file + asm,
	} {
		t.Run(name, func(t *testing.T) {
			store := &shelf{values: map[string][]byte{}}
			if _, problems, err := openStored(t, txtar.Parse([]byte(head+file+asm)), store); err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			a := txtar.Parse([]byte(changed))
			x, problems, err := openStored(t, a, store)
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			if want := dump(sound(t, a)); !bytes.Equal(want, dump(x)) {
				t.Errorf("got:\n%s\nwant:\n%s", dump(x), want)
			}
			if store.puts != 2 {
				t.Errorf("it was indexed %d times, want twice", store.puts)
			}
		})
	}
}

// TestStoreOfProblems: what is not understood is told each time.
func TestStoreOfProblems(t *testing.T) {
	store := &shelf{values: map[string][]byte{}}
	a := txtar.Parse([]byte("packages: p\nplatforms: linux/amd64\n-- v1/src/p/a.go --\npackage p\n\nvar x = y\n"))
	for range 2 {
		if _, problems, err := openStored(t, a, store); err != nil || len(problems) != 1 {
			t.Error(err, problems)
		}
	}
}

// always is a store that has one value for all keys.
type always []byte

func (s always) Get(string) ([]byte, bool) { return s, true }
func (s always) Put(string, []byte)        {}

// TestStoreDamaged: an entry with any byte changed is refused, or read without a panic.
func TestStoreDamaged(t *testing.T) {
	a := txtar.Parse([]byte("packages: p\nplatforms: linux/amd64\n-- v1/src/p/a.go --\npackage p\n\nfunc f() { f() }\n-- v1/src/p/a_amd64.s --\nTEXT ·g(SB), 0, $0\n\tCALL ·f(SB)\n"))
	store := &shelf{values: map[string][]byte{}}
	if _, _, err := openStored(t, a, store); err != nil {
		t.Fatal(err)
	}
	for _, value := range store.values {
		for i := range value {
			for _, b := range []byte{0, 1, 0x7f, 0xff, value[i] + 1} {
				damaged := bytes.Clone(value)
				damaged[i] = b
				x, _, err := openStored(t, a, always(damaged[:len(damaged)-i%3]))
				if err != nil {
					t.Fatal(i, b, err)
				}
				dump(x)
			}
		}
	}
}
