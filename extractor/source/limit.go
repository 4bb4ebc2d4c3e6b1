package source

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"golang.org/x/mod/module"
)

// Limits bound what others may send, and what that may cost. A field that is zero is the
// default's, which is several times what the upstream of this book takes.
type Limits struct {
	References int64         // bytes of a remote's list of references
	Pack       int64         // bytes of an answer that holds a pack
	Objects    int           // in a pack
	Object     int64         // bytes of one, once it is unpacked
	Work       int64         // bytes of all that unpacking makes, each delta below a delta anew
	Files      int           // files and folders of a version
	Time       time.Duration // of all that a route does
	Stall      time.Duration // how long a module proxy may bring nothing
}

func (l Limits) orDefault() Limits {
	return Limits{
		References: cmp.Or(l.References, 32<<20),
		Pack:       cmp.Or(l.Pack, 512<<20),
		Objects:    cmp.Or(l.Objects, 1<<20),
		Object:     cmp.Or(l.Object, 64<<20),
		Work:       cmp.Or(l.Work, 64<<30),
		Files:      cmp.Or(l.Files, 1<<18),
		Time:       cmp.Or(l.Time, time.Hour),
		Stall:      cmp.Or(l.Stall, 2*time.Minute),
	}
}

// limitError is something that a remote sent too much of.
type limitError struct{ what, most string }

func (e *limitError) Error() string { return fmt.Sprintf("%s; at most %s", e.what, e.most) }

// megabytes writes a limit for people.
func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// check reads a pack up to its end, without keeping any of it, and returns an error as
// soon as it is damaged or exceeds a limit. go-git takes what a pack claims: of a few
// bytes it makes a text of terabytes.
func (l Limits) check(pack io.Reader) error {
	s := packfile.NewScanner(pack)
	_, objects, err := s.Header()
	if err != nil {
		return err
	}
	if int64(objects) > int64(l.Objects) {
		return &limitError{fmt.Sprintf("the pack has %d objects", objects), fmt.Sprint(l.Objects)}
	}
	depths := map[int64]int64{} // of deltas, by where they are in the pack
	deepest, work := int64(0), int64(0)
	for range objects {
		h, err := s.NextObjectHeader()
		if err != nil {
			return err
		}
		if base := h.Type >= plumbing.CommitObject && h.Type <= plumbing.TagObject; !base && !h.Type.IsDelta() {
			return fmt.Errorf("an object of the type %d", h.Type)
		}
		made := h.Length
		if made > l.Object {
			return &limitError{fmt.Sprintf("the pack has an object of %d bytes", made), megabytes(l.Object)}
		}
		var head deltaHead
		n, _, err := s.NextObject(&head)
		if err != nil {
			return err
		}
		if n != h.Length {
			return fmt.Errorf("an object of %d bytes is said to have %d", n, h.Length)
		}
		if h.Type.IsDelta() {
			depth := deepest + 1 // whose base is named by its id may stand anywhere
			if h.Type == plumbing.OFSDeltaObject {
				depth = depths[h.OffsetReference] + 1
			}
			depths[h.Offset], deepest = depth, max(deepest, depth)
			if made = head.target(); made > l.Object || made < 0 {
				return &limitError{"the pack has a delta of which more bytes are made than an object may have", megabytes(l.Object)}
			}
			made *= depth
		}
		if work += made; work > l.Work {
			return &limitError{"the pack takes more work to unpack than any that holds sources", megabytes(l.Work)}
		}
	}
	_, err = s.Checksum()
	return err
}

// deltaHead keeps the first bytes of what is written: in a delta, the sizes of its base
// and of what it makes.
type deltaHead struct {
	bytes [20]byte
	n     int
}

func (d *deltaHead) Write(b []byte) (int, error) {
	d.n += copy(d.bytes[d.n:], b)
	return len(b), nil
}

// target returns the second size; −1 for one that no delta has.
func (d *deltaHead) target() int64 {
	n, at := int64(0), 0
	for range 2 {
		n = 0
		for shift := 0; ; shift += 7 {
			if at == d.n || shift > 56 {
				return -1
			}
			b := d.bytes[at]
			at++
			n |= int64(b&0x7f) << shift
			if b < 0x80 {
				break
			}
		}
	}
	return n
}

// holdBack passes on all that is written but for the last 64 KiB or more, until it is
// released.
type holdBack struct {
	w    io.Writer
	held []byte
}

const heldBytes = 64 << 10

func (h *holdBack) Write(b []byte) (int, error) {
	h.held = append(h.held, b...)
	if more := len(h.held) - heldBytes; more > 3*heldBytes {
		if _, err := h.w.Write(h.held[:more]); err != nil {
			return 0, err
		}
		h.held = append(h.held[:0], h.held[more:]...)
	}
	return len(b), nil
}

func (h *holdBack) release() error {
	_, err := h.w.Write(h.held)
	h.held = nil
	return err
}

// bounded is an HTTP transport whose answers end with an error behind their limit.
type bounded struct {
	http.RoundTripper
	limits Limits
}

// mostOfError is how many bytes are read of an answer that says what is wrong.
const mostOfError = 64 << 10

func (t bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err != nil {
		return resp, err
	}
	body := &boundedBody{ReadCloser: resp.Body}
	switch {
	case resp.StatusCode >= http.StatusMultipleChoices:
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, mostOfError), resp.Body}
		return resp, nil
	case req.Method == http.MethodPost:
		body.left, body.over = t.limits.Pack, &limitError{"the pack has more bytes than any that holds sources", megabytes(t.limits.Pack)}
	default:
		body.left, body.over = t.limits.References, &limitError{"the list of references has too many bytes", megabytes(t.limits.References)}
	}
	resp.Body = body
	return resp, nil
}

type boundedBody struct {
	io.ReadCloser
	left int64
	over error
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.over
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return n - 1, b.over
	}
	return n, err
}

// patience returns a context that ends when a module proxy has brought nothing for as long
// as stall, before the module is there and unpacked. The go command would wait for ever.
func (g *goCommand) patience(ctx context.Context, m module.Version, stall time.Duration) (patient context.Context, done func()) {
	patient, cancel := context.WithCancelCause(ctx)
	go func() {
		tick := time.NewTicker(stall / 8)
		defer tick.Stop()
		last, since := int64(-1), time.Now()
		for {
			select {
			case <-patient.Done():
				return
			case <-tick.C:
			}
			dir, err := unpackedAt(g.mine, m)
			if _, missing := os.Stat(dir); err == nil && missing == nil {
				return // the rest needs no proxy
			}
			if n := g.downloaded(); n != last {
				last, since = n, time.Now()
			} else if time.Since(since) > stall {
				cancel(fmt.Errorf("nothing of %s came for %s: set GOPROXY to another module proxy, or try again", m, stall))
				return
			}
		}
	}()
	return patient, func() { cancel(nil) }
}
