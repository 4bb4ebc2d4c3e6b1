package source

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/go-git/go-git/v5/plumbing/transport"
)

// unreachable says why a remote did not answer and what to do about it; "" where that is
// not known.
func unreachable(err error) string {
	var name *net.DNSError
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the HTTP proxy on the way to it does not answer: look at HTTPS_PROXY and HTTP_PROXY"
	case errors.As(err, &name):
		return "its name is not known here: connect to the network"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "it refused the connection: look whether the network lets git through"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no network leads there: connect to one"
	case errors.As(err, &certificate):
		return "its certificate is not to be trusted: somebody stands between, or the clock is wrong"
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		return "it wants to know who asks (authorization failed), and a book's source has to be public"
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return `it has no such repository (repository not found): look at "remote" in book.toml`
	}
	return ""
}

// Refusal makes one sentence of what the go command says when it does not bring a module,
// or a toolchain, from the proxies of GOPROXY.
func Refusal(module, proxies, text string) error {
	text = oneLine(text)
	has := func(marks ...string) bool {
		for _, m := range marks {
			if strings.Contains(text, m) {
				return true
			}
		}
		return false
	}
	reason := strings.TrimPrefix(text[strings.LastIndex(text, `": `)+1:], ": ") // behind the address
	switch {
	case has("GOPROXY=off"), proxies == "off":
		return fmt.Errorf("GOPROXY=off forbids to download %s: set it to a module proxy, such as https://proxy.golang.org or https://goproxy.cn", module)
	case has("SECURITY ERROR", "checksum mismatch"):
		return fmt.Errorf("%s is not what the checksum database vouches for: do not use it, and set GOPROXY to a proxy that you trust", module)
	case has("verifying ") && has("dial tcp", "proxyconnect", "Client.Timeout", "i/o timeout"):
		return fmt.Errorf("the checksum database cannot be asked about %s: set GOSUMDB to one that you can reach, such as sum.golang.google.cn (%s)", module, reason)
	case has("proxyconnect"):
		return fmt.Errorf("the HTTP proxy on the way to %s does not answer: look at HTTPS_PROXY and HTTP_PROXY (%s)", proxies, reason)
	case has("dial tcp", "Client.Timeout", "i/o timeout", "TLS handshake", "x509:", "unexpected EOF", "connection reset"):
		return fmt.Errorf("the module proxy %s cannot be reached: connect to the network, or set GOPROXY to another, such as https://goproxy.cn (%s)", proxies, reason)
	case has("no space left", "not enough space"):
		return fmt.Errorf("no room on the disk for %s: free some, or name another folder with --cache", module)
	case has("404 Not Found", "410 Gone", "unknown revision", "invalid version", "no such file or directory", "cannot find", "toolchain not available"):
		return fmt.Errorf("the module proxy %s has no %s: look at the tag in book.toml", proxies, module)
	}
	return fmt.Errorf("the go command does not bring %s: %s", module, text)
}
