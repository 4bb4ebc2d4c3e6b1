package source

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
)

// commitPath stands in a line of the lock where a file's path would, and before the
// object id of the commit that the remote's tag points to.
const commitPath = "commit"

// maxLines is how many files a lock may name; this book's names 5,000.
const maxLines = 1 << 18

// Lock is the git object id of every file that the book reads, and of the commits of
// its tags where they were seen upstream. As text it is one line each, sorted:
// the tag, the path (or "commit") and the object id, with a space between.
type Lock struct {
	tags map[string]map[string]lockEntry // by tag, then by path

	order  sync.Once
	sorted []string // lines, for the place of an entry that is not there
}

type lockEntry struct {
	oid  string
	line int
}

// LockError is a file, or a tag, that is not what the lock says. Path is "commit" if the
// tag itself is another commit. Want is empty if the lock does not name the file, and
// Got if the tree does not hold it. Line is the entry's line in the lock, or the one
// where it belongs.
type LockError struct {
	Tag, Path, Want, Got string
	Line                 int
}

// Error says what differs, without the name of the lock's file.
func (e *LockError) Error() string {
	switch {
	case e.Path == commitPath:
		return fmt.Sprintf("tag %s has moved: got commit %s, expected %s as the lock says", e.Tag, e.Got, e.Want)
	case e.Want == "":
		return fmt.Sprintf("%s at %s is not in the lock (got blob %s)", e.Path, e.Tag, e.Got)
	case e.Got == "":
		return fmt.Sprintf("%s at %s is missing, expected blob %s as the lock says", e.Path, e.Tag, e.Want)
	}
	return fmt.Sprintf("%s at %s differs from the lock: got blob %s, expected %s", e.Path, e.Tag, e.Got, e.Want)
}

// ReadLock reads a lock. Its errors name the file and, where one is wrong, the line.
func ReadLock(fsys fs.FS, name string) (*Lock, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	l := &Lock{}
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		if line > maxLines {
			return nil, fmt.Errorf("%s:%d: a lock has at most %d lines", name, line, maxLines)
		}
		if err := l.parse(s.Text(), line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

func (l *Lock) parse(text string, line int) error {
	tag, rest, _ := strings.Cut(text, " ")
	i := strings.LastIndexByte(rest, ' ')
	if tag == "" || i <= 0 {
		return fmt.Errorf("%.80q is not a tag, a path and an object id", text)
	}
	path, oid := rest[:i], rest[i+1:]
	if !plumbing.IsHash(oid) || oid != strings.ToLower(oid) || len(oid) != 40 {
		return fmt.Errorf("%.80q is not an object id", oid)
	}
	if e, ok := l.tags[tag][path]; ok {
		return fmt.Errorf("%s %s stands at line %d already", tag, path, e.line)
	}
	l.set(tag, path, lockEntry{oid, line})
	return nil
}

// Files returns how many files of a tag the lock names. A nil lock names none.
func (l *Lock) Files(tag string) int {
	if l == nil {
		return 0
	}
	n := len(l.tags[tag])
	if _, ok := l.tags[tag][commitPath]; ok {
		n--
	}
	return n
}

func (l *Lock) set(tag, path string, e lockEntry) {
	if l.tags == nil {
		l.tags = map[string]map[string]lockEntry{}
	}
	if l.tags[tag] == nil {
		l.tags[tag] = map[string]lockEntry{}
	}
	l.tags[tag][path] = e
}

// Keep takes over what old says of tags that l does not name, and the commits that old
// has seen upstream of tags whose files are the same in both.
func (l *Lock) Keep(old *Lock) {
	for tag, files := range old.tags {
		now, ok := l.tags[tag]
		if !ok {
			for path, e := range files {
				l.set(tag, path, e)
			}
			continue
		}
		c, seen := files[commitPath]
		if _, ok := now[commitPath]; seen && !ok && sameFiles(now, files) {
			l.set(tag, commitPath, c)
		}
	}
}

// sameFiles reports whether no file is in both with different object ids.
func sameFiles(a, b map[string]lockEntry) bool {
	for path, e := range a {
		if other, ok := b[path]; ok && other.oid != e.oid {
			return false
		}
	}
	return true
}

// WriteTo writes the lock as text.
func (l *Lock) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, strings.Join(l.lines(), ""))
	return int64(n), err
}

func (l *Lock) lines() []string {
	var lines []string
	for tag, files := range l.tags {
		for path, e := range files {
			lines = append(lines, tag+" "+path+" "+e.oid+"\n")
		}
	}
	slices.Sort(lines)
	return lines
}

// files returns the paths that the lock names at a tag, sorted; none of a nil lock.
func (l *Lock) files(tag string) []string {
	if l == nil {
		return nil
	}
	paths := slices.Sorted(maps.Keys(l.tags[tag]))
	return slices.DeleteFunc(paths, func(p string) bool { return p == commitPath })
}

// check compares what was got with what the lock says. A nil lock says nothing.
func (l *Lock) check(tag, path, got string) error {
	if l == nil {
		return nil
	}
	e, ok := l.tags[tag][path]
	switch {
	case e.oid == got, !ok && (got == "" || path == commitPath):
		return nil
	case !ok:
		l.order.Do(func() { l.sorted = l.lines() })
		i, _ := slices.BinarySearch(l.sorted, tag+" "+path+" "+got+"\n")
		return &LockError{Tag: tag, Path: path, Got: got, Line: i + 1}
	}
	return &LockError{Tag: tag, Path: path, Want: e.oid, Got: got, Line: e.line}
}
