package margin_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// workflow is what the test looks at in a file of .github/workflows. The key "on" may
// be a word, a list or a map.
type workflow struct {
	On          any               `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]job    `yaml:"jobs"`
}

type job struct {
	Permissions map[string]string `yaml:"permissions"`
	Timeout     int               `yaml:"timeout-minutes"`
	Steps       []struct {
		Uses string         `yaml:"uses"`
		Run  string         `yaml:"run"`
		With map[string]any `yaml:"with"`
	} `yaml:"steps"`
}

// mayWrite says what a workflow may do beyond reading the code.
var mayWrite = map[string]map[string]string{"release.yml": {"issues": "write"}, "offline.yml": {"contents": "write"}}

var pinned = regexp.MustCompile(`(?m)^\s*- uses: [\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

// TestWorkflows: a pull request runs code of strangers, so no workflow has a secret or
// writes where it need not, and the actions that it runs are those that somebody read.
func TestWorkflows(t *testing.T) {
	files := os.DirFS("../../.github/workflows")
	names, err := fs.Glob(files, "*")
	if err != nil || !slices.Contains(names, "check.yml") {
		t.Fatal(err, names)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, word := range []string{"secrets", "pull_request_target", "workflow_run", "${{ github.head_ref", "${{ github.event.pull_request.title"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s has %s", name, word)
			}
		}
		if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
			t.Errorf("%s: the permissions are %v, want contents: read", name, w.Permissions)
		}
		if len(w.Jobs) == 0 || w.On == nil {
			t.Errorf("%s: nothing runs", name)
		}
		uses := 0
		for id, j := range w.Jobs {
			if j.Timeout == 0 {
				t.Errorf("%s: %s may hang for six hours; state timeout-minutes", name, id)
			}
			for what, how := range j.Permissions {
				if how != "read" && mayWrite[name][what] != how {
					t.Errorf("%s: %s may %s %s", name, id, how, what)
				}
			}
			for _, s := range j.Steps {
				if s.Uses != "" {
					uses++
				}
				if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false {
					t.Errorf("%s: %s leaves the token in the folder of the code", name, id)
				}
				if strings.Contains(s.Run, "${{") {
					t.Errorf("%s: %s puts an expression into a command; hand it over in env", name, id)
				}
				if script := strings.Fields(s.Run); len(script) > 0 && strings.HasPrefix(script[0], ".") {
					if info, err := os.Stat(path.Join("../..", script[0])); err != nil || info.Mode()&0o100 == 0 {
						t.Errorf("%s: %s cannot be run: %v", name, script[0], err)
					}
				}
			}
		}
		if n := len(pinned.FindAllString(string(text), -1)); n != uses {
			t.Errorf("%s: %d of %d actions are pinned by a full hash, with the version behind it", name, n, uses)
		}
	}
}

// TestHolesAreLookedFor: by a tool that go.mod pins, whenever a module moves and each week,
// and in CI, which goes on without the database but not with a hole.
func TestHolesAreLookedFor(t *testing.T) {
	files := os.DirFS("../..")
	for name, parts := range map[string][]string{
		"go.mod":                           {"golang.org/x/vuln/cmd/govulncheck"},
		".github/workflows/vulnerable.yml": {"\n  schedule:\n", "\n  pull_request:\n    paths: [go.mod, go.sum]\n", "run: go tool govulncheck ./...\n"},
		".ci/run":                          {"go tool govulncheck ./... || holes=$?\n", "3) exit 1 ;;\n"},
	} {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Error(err)
		}
		for _, part := range parts {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s lacks %q", name, part)
			}
		}
	}
}

// TestForms: GitHub shows a form only if it has these parts; each speaks both languages.
func TestForms(t *testing.T) {
	files := os.DirFS("../../.github")
	names, err := fs.Glob(files, "ISSUE_TEMPLATE/[0-9]*.yml")
	if err != nil || len(names) != 3 {
		t.Fatal(err, names)
	}
	both := regexp.MustCompile(`\p{Han}.* · .*[A-Za-z]`)
	for _, name := range names {
		var form struct {
			Name        string `yaml:"name"`
			Description string `yaml:"description"`
			Body        []struct {
				Type       string `yaml:"type"`
				ID         string `yaml:"id"`
				Attributes struct {
					Label       string `yaml:"label"`
					Description string `yaml:"description"`
				} `yaml:"attributes"`
			} `yaml:"body"`
		}
		decodeYAML(t, files, name, &form)
		words := []string{form.Name, form.Description}
		ids := map[string]bool{}
		for _, b := range form.Body {
			if !slices.Contains([]string{"input", "textarea"}, b.Type) || b.ID == "" || ids[b.ID] {
				t.Errorf("%s: a field of type %q with the id %q", name, b.Type, b.ID)
			}
			ids[b.ID] = true
			words = append(words, b.Attributes.Label)
			if b.Attributes.Description != "" {
				words = append(words, b.Attributes.Description)
			}
		}
		for _, w := range words {
			if !both.MatchString(w) {
				t.Errorf("%s: %q is not in both languages", name, w)
			}
		}
	}
	var bot struct {
		Version int `yaml:"version"`
		Updates []struct {
			Ecosystem string            `yaml:"package-ecosystem"`
			Schedule  map[string]string `yaml:"schedule"`
		} `yaml:"updates"`
	}
	decodeYAML(t, files, "dependabot.yml", &bot)
	var ecosystems []string
	for _, u := range bot.Updates {
		ecosystems = append(ecosystems, u.Ecosystem+" "+u.Schedule["interval"])
	}
	if got := strings.Join(ecosystems, ", "); bot.Version != 2 || got != "github-actions weekly, gomod weekly" {
		t.Errorf("dependabot looks after %s", got)
	}
}

func decodeYAML(t *testing.T, files fs.FS, name string, into any) {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestCodeOwners: each line names a path that is there and owners as GitHub writes them.
func TestCodeOwners(t *testing.T) {
	text, err := os.ReadFile("../../.github/CODEOWNERS")
	if err != nil {
		t.Fatal(err)
	}
	owner := regexp.MustCompile(`^@[\w-]+/[\w-]+$`)
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		for _, o := range fields[1:] {
			if !owner.MatchString(o) {
				t.Errorf("%s is no team", o)
			}
		}
		if len(fields) < 2 {
			t.Errorf("nobody owns %s", fields[0])
		}
		fixed, _, _ := strings.Cut(strings.TrimPrefix(fields[0], "/"), "*")
		if _, err := os.Stat(path.Join("../..", fixed)); err != nil {
			t.Error(err)
		}
	}
}

// TestContributingNamesCommands: what a newcomer is told to type exists.
func TestContributingNamesCommands(t *testing.T) {
	sources, err := fs.Glob(os.DirFS("../../tools/book"), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	use := regexp.MustCompile(`Use:\s+"([\w-]+)`)
	for _, name := range sources {
		text, err := os.ReadFile("../../tools/book/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range use.FindAllSubmatch(text, -1) {
			there[string(m[1])] = true
		}
	}
	for _, name := range []string{"CONTRIBUTING.md", "README.md", ".github/workflows/check.yml"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		commands := regexp.MustCompile(`go run \./tools/book (\w+)`).FindAllSubmatch(text, -1)
		if len(commands) == 0 {
			t.Errorf("%s names no command", name)
		}
		for _, m := range commands {
			if !there[string(m[1])] {
				t.Errorf("%s: there is no command %q", name, m[1])
			}
		}
	}
}
