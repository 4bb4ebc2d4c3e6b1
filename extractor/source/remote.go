package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// remote is a git server that speaks upload-pack over HTTP. go-git's own fetch knows no
// filters, and waits for ever.
type remote struct {
	url     string
	timeout time.Duration
	limits  Limits
	session transport.UploadPackSession
	refs    *packp.AdvRefs
	arrived func(n int64) // told how many bytes of packs have come; nil: nobody is
}

// request is what is asked of a remote: objects, with depth 1 commits without their
// parents, less what the filter keeps back.
type request struct {
	wants  []plumbing.Hash
	depth  int
	filter packp.Filter
}

// dial asks a server for its references. Neither now nor later may it keep silent for
// longer than the timeout, or send more than the limits allow.
func dial(ctx context.Context, url string, timeout time.Duration, limits Limits) (*remote, error) {
	r := &remote{url: url, timeout: timeout, limits: limits}
	ep, err := transport.NewEndpoint(url)
	if err != nil {
		return nil, fmt.Errorf("remote %s: %w", url, err)
	}
	if ep.Protocol != "http" && ep.Protocol != "https" {
		return nil, fmt.Errorf("remote %s: its scheme is neither http nor https", url)
	}
	client := githttp.NewClient(&http.Client{Transport: bounded{impatient(timeout), limits}})
	if r.session, err = client.NewUploadPackSession(ep, nil); err != nil {
		return nil, fmt.Errorf("remote %s: %w", url, err)
	}
	if r.refs, err = r.session.AdvertisedReferencesContext(ctx); err != nil {
		return nil, r.explain(ctx, err)
	}
	return r, nil
}

// fetch writes what is wanted into a storage, and returns the commits whose parents did
// not come.
func (r *remote) fetch(ctx context.Context, st *filesystem.Storage, q request) (shallow []plumbing.Hash, err error) {
	req := packp.NewUploadPackRequestFromCapabilities(r.refs.Capabilities)
	req.Wants = q.wants
	if q.depth > 0 {
		req.Depth = packp.DepthCommits(q.depth)
		if err := req.Capabilities.Set(capability.Shallow); err != nil {
			return nil, err
		}
	}
	if q.filter != "" {
		req.Filter = q.filter
		if err := req.Capabilities.Set(capability.Filter); err != nil {
			return nil, err
		}
	}
	resp, err := r.session.UploadPack(ctx, req)
	if err != nil {
		return nil, r.explain(ctx, err)
	}
	defer resp.Close()
	var pack io.Reader = resp
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		pack = sideband.NewDemuxer(sideband.Sideband64k, resp)
	case req.Capabilities.Supports(capability.Sideband):
		pack = sideband.NewDemuxer(sideband.Sideband, resp)
	}
	if len(resp.Shallows) > len(q.wants) {
		return nil, r.explain(ctx, fmt.Errorf("%d commits without parents for %d tags", len(resp.Shallows), len(q.wants)))
	}
	if err := receive(st, &counter{r: pack, arrived: r.arrived}, r.limits); err != nil {
		return nil, r.explain(ctx, err)
	}
	return resp.Shallows, nil
}

// receive writes a pack into a storage. go-git makes the index of it beside, but sees the
// end only when the whole of it is in the limits: until then it makes no text of a delta.
func receive(st *filesystem.Storage, pack io.Reader, limits Limits) error {
	w, err := st.PackfileWriter()
	if err != nil {
		return err
	}
	tail := &holdBack{w: w}
	err = limits.check(io.TeeReader(pack, tail))
	if err == nil {
		err = tail.release()
	}
	if closing := w.Close(); err == nil {
		err = closing
	}
	var over *limitError
	if err == nil || errors.As(err, &over) {
		return err
	}
	return fmt.Errorf("the pack is cut short or damaged: %w", err)
}

// explain makes one sentence of what went wrong.
func (r *remote) explain(ctx context.Context, err error) error {
	// go-git's wrapper says only "unexpected client error", and does not unwrap.
	if unexpected, ok := err.(*plumbing.UnexpectedError); ok {
		err = unexpected.Err
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isTimeout(err):
		return fmt.Errorf("remote %s kept silent for %s: %w", r.url, r.timeout, errSilent)
	case errors.Is(err, transport.ErrEmptyUploadPackRequest):
		// go-git says this of an answer without a body.
		return fmt.Errorf("remote %s sent nothing", r.url)
	}
	if why := unreachable(err); why != "" {
		return fmt.Errorf("remote %s cannot be read: %s", r.url, why)
	}
	return fmt.Errorf("remote %s: %w", r.url, &shortError{err})
}

// errSilent is how a timeout is told from other failures of a remote.
var errSilent = errors.New("gave up waiting")

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, errSilent) || errors.As(err, &timeout) && timeout.Timeout()
}

// shortError is an error in one line of some length: servers answer with whole pages.
type shortError struct{ error }

func (e *shortError) Unwrap() error { return e.error }

func (e *shortError) Error() string {
	const most = 300
	text := oneLine(e.error.Error())
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// impatient is an HTTP transport that gives up when nothing moves for the timeout. It
// keeps no connection alive: one that idles while a pack is being written would time out.
func impatient(timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: timeout}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &impatientConn{c, timeout}, nil
		},
		TLSHandshakeTimeout: timeout,
		DisableKeepAlives:   true,
	}
}

// impatientConn gives every read and every write the same time.
type impatientConn struct {
	net.Conn
	timeout time.Duration
}

func (c *impatientConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *impatientConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// counter reports what is read through it, some 256 KiB at a time.
type counter struct {
	r       io.Reader
	n       int64
	arrived func(n int64)
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	if c.arrived != nil && (c.n >= 256<<10 || err != nil) {
		c.arrived(c.n)
		c.n = 0
	}
	return n, err
}
