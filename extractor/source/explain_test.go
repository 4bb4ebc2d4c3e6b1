package source

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/transport"
)

// TestRefusal: what the go command says, as it said it, becomes one sentence with what to do.
func TestRefusal(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"off", `example.com/a@v1: module lookup disabled by GOPROXY=off`,
			"GOPROXY=off forbids to download example.com/a@v1: set it to a module proxy, such as https://proxy.golang.org or https://goproxy.cn"},
		{"name", `example.com/a@v1: Get "https://p.example/example.com/a/@v/v1.info": dial tcp: lookup p.example on 10.0.0.1:53: no such host`,
			"the module proxy https://p.example cannot be reached: connect to the network, or set GOPROXY to another, such as https://goproxy.cn (dial tcp: lookup p.example on 10.0.0.1:53: no such host)"},
		{"proxy", `example.com/a@v1: Get "https://p.example/example.com/a/@v/v1.info": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused`,
			"the HTTP proxy on the way to https://p.example does not answer: look at HTTPS_PROXY and HTTP_PROXY (proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused)"},
		{"none", `example.com/a@v1: reading https://p.example/example.com/a/@v/v1.info: 404 Not Found`,
			"the module proxy https://p.example has no example.com/a@v1: look at the tag in book.toml"},
		{"changed", "example.com/a@v1: verifying module: checksum mismatch\n\tdownloaded: h1:x\n\tsum.golang.org: h1:y\n\nSECURITY ERROR\nThis download does NOT match",
			"example.com/a@v1 is not what the checksum database vouches for: do not use it, and set GOPROXY to a proxy that you trust"},
		{"database", `example.com/a@v1: verifying module: example.com/a@v1: Get "https://sum.golang.org/lookup/example.com/a@v1": dial tcp: lookup sum.golang.org: no such host`,
			"the checksum database cannot be asked about example.com/a@v1: set GOSUMDB to one that you can reach, such as sum.golang.google.cn (dial tcp: lookup sum.golang.org: no such host)"},
		{"full", `example.com/a@v1: write /tmp/x.zip: no space left on device`,
			"no room on the disk for example.com/a@v1: free some, or name another folder with --cache"},
		{"other", "example.com/a@v1:\n\tzip: not a valid zip file", "the go command does not bring example.com/a@v1: example.com/a@v1: zip: not a valid zip file"},
	} {
		if got := Refusal("example.com/a@v1", "https://p.example", c.text).Error(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestUnreachable: TestGitFailures meets the others in earnest.
func TestUnreachable(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "git.example"}}, "its name is not known here"},
		{&net.OpError{Op: "proxyconnect", Err: errors.New("refused")}, "HTTPS_PROXY"},
		{transport.ErrRepositoryNotFound, "book.toml"},
		{errors.New("something else"), ""},
	} {
		if got := unreachable(c.err); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%v: %q, want … %s …", c.err, got, c.want)
		}
	}
}
