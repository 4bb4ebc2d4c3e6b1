package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestStoreShared: several programs may put and get at once, and nobody gets half a value.
func TestStoreShared(t *testing.T) {
	dir := t.TempDir()
	value := bytes.Repeat([]byte("index"), 100_000)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			s := New(dir)
			for range 20 {
				s.Put("key", value)
				if got, ok := s.Get("key"); ok && !bytes.Equal(got, value) {
					t.Errorf("got %d bytes of %d", len(got), len(value))
				}
			}
		})
	}
	wait.Wait()
	if _, ok := New(dir).Get("key"); !ok {
		t.Error("the value is not there")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left: %q", left)
	}
}

// TestStoreDamaged: what was cut off or changed, or cannot be written, is as if it were not there.
func TestStoreDamaged(t *testing.T) {
	dir := t.TempDir()
	s := New(dir)
	for name, damage := range map[string]func(whole []byte) []byte{
		"empty":   func([]byte) []byte { return nil },
		"cut":     func(b []byte) []byte { return b[:len(b)-1] },
		"flipped": func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"longer":  func(b []byte) []byte { return append(b, 0) },
	} {
		s.Put("key", []byte("a value of some length, so that its middle is in it and not in its sum"))
		whole, err := os.ReadFile(s.name("key"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.name("key"), damage(whole), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, ok := s.Get("key"); ok {
			t.Errorf("%s: got %q", name, got)
		}
	}
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	full := New(blocked) // no folder can be made below a file
	full.Put("key", []byte("value"))
	if _, ok := full.Get("key"); ok {
		t.Error("a value came from nowhere")
	}
}

// TestStoreDrops: of a slot those stay that were used last, and other slots are not touched.
func TestStoreDrops(t *testing.T) {
	s := New(t.TempDir())
	s.Put("go1.2~0", []byte("of another slot"))
	for i := range kept + 2 {
		s.Put(fmt.Sprintf("go1.27~%d", i), []byte("value"))
		past := time.Now().Add(time.Duration(i-100) * time.Minute)
		if err := os.Chtimes(s.name(fmt.Sprintf("go1.27~%d", i)), past, past); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.Get("go1.27~0"); !ok { // used each time
			t.Errorf("after %d the first is gone", i)
		}
	}
	if _, ok := s.Get("go1.27~1"); ok {
		t.Error("what was used first is still there")
	}
	if _, ok := s.Get("go1.2~0"); !ok {
		t.Error("another slot lost its value")
	}
	if names, _ := filepath.Glob(filepath.Join(s.dir, "go1.27~*")); len(names) != kept {
		t.Errorf("%d values are kept, want %d", len(names), kept)
	}
}
