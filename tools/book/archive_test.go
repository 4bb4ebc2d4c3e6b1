package main

import (
	"archive/zip"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// badName finds what some system takes for something else than a name, or takes not at
// all: the rest of a path, a device of Windows, and what OCF forbids in an EPUB.
var badName = regexp.MustCompile(`[\\:*?"<>|\x00-\x1f\x7f]|[. ]$|(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// checkArchives fails the test for each file of a bundle or an e-book below dir that is not
// unpacked safely, and alike, everywhere.
func checkArchives(t *testing.T, dir string) {
	t.Helper()
	for _, pattern := range []string{"*.zip", "*.epub"} {
		archives, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(archives) == 0 {
			t.Errorf("no %s in %s (%v)", pattern, dir, err)
		}
		for _, name := range archives {
			z, err := zip.OpenReader(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range unsafeFiles(z.File) {
				t.Errorf("%s: %s", filepath.Base(name), problem)
			}
			z.Close()
		}
	}
}

func unsafeFiles(files []*zip.File) (problems []string) {
	seen := map[string]string{}
	for _, f := range files {
		say := func(what string) { problems = append(problems, f.Name+" "+what) }
		if !fs.ValidPath(f.Name) {
			say("is not below the folder that it is unpacked to")
		}
		if !f.Mode().IsRegular() {
			say("is no file")
		}
		if len(f.Name) > 200 {
			say("is too long for Windows")
		}
		for _, part := range strings.Split(f.Name, "/") {
			if badName.MatchString(part) {
				say("has a part that is no name everywhere")
			}
		}
		if other, ok := seen[strings.ToLower(f.Name)]; ok {
			say("is " + other + " where capitals do not count")
		}
		seen[strings.ToLower(f.Name)] = f.Name
	}
	return problems
}

func TestUnsafeFiles(t *testing.T) {
	for _, name := range []string{"../x", "/x", "a/../b", `a\b`, "C:x", "a/con", "a/NUL.txt", "a/b.", "a/b /c", "a//b", "dir/", "a<>b", strings.Repeat("a", 201)} {
		if len(unsafeFiles([]*zip.File{{FileHeader: zip.FileHeader{Name: name}}})) == 0 {
			t.Errorf("%q is taken for safe", name)
		}
	}
	two := []*zip.File{{FileHeader: zip.FileHeader{Name: "a/B.html"}}, {FileHeader: zip.FileHeader{Name: "A/b.html"}}}
	if len(unsafeFiles(two)) != 1 {
		t.Errorf("names that differ by capitals: %v", unsafeFiles(two))
	}
	if got := unsafeFiles([]*zip.File{{FileHeader: zip.FileHeader{Name: "zh/symbols/runtime.console/书~.html"}}}); len(got) > 0 {
		t.Errorf("safe names: %v", got)
	}
}
