package content

import (
	"strings"
	"testing"
)

// TestReasons: newest first; a letter is a version that has the page, "-" one that lacks it.
func TestReasons(t *testing.T) {
	for there, want := range map[string]string{
		"abc":   "   ",
		"-bc":   "until b    ",
		"ab-":   "    since b",
		"--c-":  "until c until c   since c",
		"a-c":   "    ", // the book says only that it is not there
		"---":   "    ",
		"-b-d-": "until b       since d",
	} {
		var links []VersionLink
		for _, r := range there {
			links = append(links, VersionLink{Name: string(r), Absent: r == '-'})
		}
		reasons(links)
		var got []string
		for _, l := range links {
			switch {
			case l.Until != "":
				got = append(got, "until "+l.Until)
			case l.Since != "":
				got = append(got, "since "+l.Since)
			}
		}
		if strings.Join(got, " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%s: %v, want %v", there, got, strings.Fields(want))
		}
	}
}
