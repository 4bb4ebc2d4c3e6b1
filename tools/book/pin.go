package main

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"beforemain/extractor"
	"beforemain/extractor/scope"
	"beforemain/extractor/source"
)

var (
	versionTable = regexp.MustCompile(`^\s*\[\[\s*version\s*\]\]\s*(#.*)?$`)
	anyTable     = regexp.MustCompile(`^\s*\[`)
	anyKey       = regexp.MustCompile(`^\s*[\w-]+\s*=`)
	dateLine     = regexp.MustCompile(`^\s*date\s*=`)
	pinLine      = regexp.MustCompile(`^(\s*(name|tag)\s*=\s*)("[^"\\]*"|'[^']*')(.*)$`)
)

// neighbour checks a version that the book takes in and returns the one whose notes
// it is compared with: its own old pin, or else the version before it, or the oldest.
func neighbour(book *extractor.Book, v source.Version) (source.Version, error) {
	versions := book.SourceVersions()
	whole := true // the tag of each version begins with its name
	for _, old := range versions {
		switch {
		case old == v:
			return old, usagef("%s is %s already", v.Name, v.Tag)
		case old.Tag == v.Tag:
			return old, usagef("%s is the tag of %s", v.Tag, old.Name)
		}
		whole = whole && ofName(old)
	}
	if whole && !ofName(v) {
		return source.Version{}, usagef("%s is no tag of %s", v.Tag, v.Name)
	}
	if i := slices.IndexFunc(versions, func(old source.Version) bool { return old.Name == v.Name }); i >= 0 {
		return versions[i], nil
	}
	at, err := slot(versions, v.Name)
	if err != nil {
		return source.Version{}, err
	}
	return versions[max(at-1, 0)], nil
}

// ofName reports whether a tag is one of the version's name: go1.28 or go1.28.3.
func ofName(v source.Version) bool {
	return v.Tag == v.Name || strings.HasPrefix(v.Tag, v.Name+".")
}

// slot returns where a version goes by its number.
func slot(versions []source.Version, name string) (int, error) {
	newer, err := scope.ParseRange(name + "+")
	if err != nil {
		return 0, usagef("%q is no version: it has no number", name)
	}
	i := slices.IndexFunc(versions, func(v source.Version) bool { return newer.Contains(v.Name) })
	if i < 0 {
		i = len(versions)
	}
	return i, nil
}

// pin returns book.toml with a version in it: a new table in its place, or another tag,
// without the date of the one before. Everything else stays as it is, to the byte.
func pin(text []byte, book *extractor.Book, v source.Version) ([]byte, error) {
	lines := strings.SplitAfter(string(text), "\n")
	tables := versionTables(lines)
	want := slices.Clone(book.Versions)
	i := slices.IndexFunc(want, func(old extractor.Version) bool { return old.Name == v.Name })
	switch {
	case len(tables) != len(want):
		return nil, fmt.Errorf("%s: the versions are not written as [[version]] tables; write %s and %s there yourself", extractor.BookFile, v.Name, v.Tag)
	case i >= 0:
		want[i].Tag, want[i].Date = v.Tag, ""
		setPin(lines, tables[i], "tag", v.Tag)
		for n := tables[i][0]; n < tables[i][1]; n++ {
			if dateLine.MatchString(lines[n]) {
				lines[n] = ""
			}
		}
	default:
		var err error
		if i, err = slot(book.SourceVersions(), v.Name); err != nil {
			return nil, err
		}
		want = slices.Insert(want, i, extractor.Version{Name: v.Name, Tag: v.Tag})
		model := tables[max(i-1, 0)]
		table := slices.DeleteFunc(slices.Clone(lines[model[0]:model[1]]), func(line string) bool {
			return anyKey.MatchString(line) && !pinLine.MatchString(strings.TrimRight(line, "\r\n")) // its date and its story are the other's
		})
		for k, line := range table {
			if m := pinLine.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
				table[k] = m[1] + m[3] + line[len(strings.TrimRight(line, "\r\n")):] // no remark of the other
			}
		}
		if last := table[len(table)-1]; !strings.HasSuffix(last, "\n") {
			table[len(table)-1] += "\n"
		}
		whole := [2]int{0, len(table)}
		setPin(table, whole, "name", v.Name)
		setPin(table, whole, "tag", v.Tag)
		var gap []string
		if len(tables) > 1 && strings.TrimSpace(lines[tables[1][0]-1]) == "" {
			gap = []string{"\n"}
		}
		at := tables[0][0]
		if i > 0 {
			at = model[1]
			table = append(gap, table...)
			if !strings.HasSuffix(lines[at-1], "\n") {
				lines[at-1] += "\n"
			}
		} else {
			table = append(table, gap...)
		}
		lines = slices.Insert(lines, at, table...)
	}
	edited := []byte(strings.Join(lines, ""))
	got, err := extractor.ReadBook(overlay{files: map[string][]byte{extractor.BookFile: edited}})
	if err != nil {
		return nil, err
	}
	expected := *book
	expected.Versions = want
	if !reflect.DeepEqual(got, &expected) {
		return nil, fmt.Errorf("%s: the tables cannot be edited; write %s and %s there yourself", extractor.BookFile, v.Name, v.Tag)
	}
	return edited, nil
}

// versionTables returns the lines of each [[version]] table, from its header to
// behind its last key.
func versionTables(lines []string) [][2]int {
	var tables [][2]int
	inside := false
	for i, line := range lines {
		bare := strings.TrimRight(line, "\r\n")
		switch {
		case versionTable.MatchString(bare):
			tables = append(tables, [2]int{i, i + 1})
			inside = true
		case anyTable.MatchString(bare):
			inside = false
		case inside && anyKey.MatchString(bare):
			tables[len(tables)-1][1] = i + 1
		}
	}
	return tables
}

// setPin writes the value of a key in a table.
func setPin(lines []string, table [2]int, key, value string) {
	for i := table[0]; i < table[1]; i++ {
		end := lines[i][len(strings.TrimRight(lines[i], "\r\n")):]
		if m := pinLine.FindStringSubmatch(strings.TrimRight(lines[i], "\r\n")); m != nil && m[2] == key {
			lines[i] = m[1] + strconv.Quote(value) + m[4] + end
		}
	}
}
