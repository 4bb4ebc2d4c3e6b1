package margin_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// TestDeploy holds netlify.toml to what it must agree with.
func TestDeploy(t *testing.T) {
	var deploy struct {
		Build struct {
			Publish     string
			Environment map[string]string
		}
		Headers []struct {
			For    string
			Values map[string]string
		}
		Redirects []struct {
			From, To string
			Status   int
			Force    bool
		}
	}
	decode(t, "../../netlify.toml", &deploy)
	var book struct {
		Version []struct{ Name string }
	}
	decode(t, "../../annotations/book.toml", &book)
	newest := book.Version[len(book.Version)-1].Name

	found := false
	for _, r := range deploy.Redirects {
		if r.From == "/" && !r.Force {
			t.Error(`a redirect of "/" without force never fires: there is an index.html`)
		}
		if r.To == "/:splat" {
			found = r.From == "/"+newest+"/*"
		}
	}
	if !found {
		t.Errorf("no redirect from the newest version, %s, to its address without a prefix", newest)
	}

	gomod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	minor := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(gomod)
	if got := deploy.Build.Environment["GO_VERSION"]; minor == nil || !strings.HasPrefix(got, string(minor[1])+".") {
		t.Errorf("GO_VERSION is %q, want a release of the go line in go.mod", got)
	}

	policies := 0
	for _, h := range deploy.Headers {
		policy, ok := h.Values["Content-Security-Policy"]
		if !ok {
			continue
		}
		policies++
		if h.For != "/*" || !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
			t.Errorf("the policy for %s is not strict: %s", h.For, policy)
		}
	}
	if policies != 1 {
		t.Errorf("%d content security policies, want 1", policies)
	}
}

func decode(t *testing.T, name string, into any) {
	t.Helper()
	if _, err := toml.DecodeFile(name, into); err != nil {
		t.Fatal(err)
	}
}
