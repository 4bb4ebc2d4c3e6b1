// Package web answers requests of this computer's browsers out of a site in memory, with
// the mistakes above its pages, and tells the open ones when they are old.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/afero"
)

//go:embed pages
var pages embed.FS

var templates = template.Must(template.ParseFS(pages, "pages/*.html"))

// Headers are those of netlify.toml that hold for any host: what breaks under them
// breaks here too, before it is published.
func Headers() map[string]string {
	return map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; " +
			"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "strict-origin-when-cross-origin",
		"Permissions-Policy":         "camera=(), geolocation=(), microphone=(), interest-cohort=()",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Cache-Control":              "no-store",
	}
}

var headers = Headers()

// contentTypes are stated, since what a system knows about names differs.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
	".xml":  "application/xml",
	".png":  "image/png",
	".webp": "image/webp",
	".woff": "font/woff", ".woff2": "font/woff2",
	".pdf": "application/pdf",
}

// Server answers requests out of a site in memory: there is no file of the disk that a
// path could lead to.
type Server struct {
	hosts []string // names that the server answers to, with the port
	run   string   // tells this run of the server from others

	mu       sync.RWMutex
	files    afero.Fs // nil until the book is made for the first time
	absent   []string // versions of the book that are not made
	mistakes []string
	renewed  chan struct{} // closed when a page or the mistakes change
	count    int           // of renewals
}

// New makes a server that listens on a port of the loopback.
func New(port int) *Server {
	w := &Server{run: strconv.FormatInt(time.Now().UnixNano(), 36), renewed: make(chan struct{})}
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]"} {
		w.hosts = append(w.hosts, name+":"+strconv.Itoa(port))
		if port == 80 {
			w.hosts = append(w.hosts, name)
		}
	}
	return w
}

// Open shows another site, of which versions of the book are absent.
func (w *Server) Open(files afero.Fs, absent []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files, w.absent, w.mistakes = files, absent, nil
	w.tell()
}

// Publish lets f change the site while nobody reads it, and tells the open pages. What
// is published has no mistakes.
func (w *Server) Publish(f func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := f(); err != nil {
		return err
	}
	w.mistakes = nil
	w.tell()
	return nil
}

// Amend lets f change what no page shows of itself.
func (w *Server) Amend(f func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return f()
}

// Show sets the mistakes that every page shows; without any, the pages are clean.
func (w *Server) Show(mistakes []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.mistakes, mistakes) {
		w.mistakes = mistakes
		w.tell()
	}
}

// Wrong says whether the pages show mistakes.
func (w *Server) Wrong() bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.mistakes) > 0
}

// tell wakes the open pages. The caller holds the lock.
func (w *Server) tell() {
	w.count++
	close(w.renewed)
	w.renewed = make(chan struct{})
}

// at names the state that a page shows. The caller holds the lock.
func (w *Server) at() string { return w.run + "-" + strconv.Itoa(w.count) }

// ServeHTTP refuses what a page of a foreign host could ask for: DNS may give any name
// this address, and a browser says when a page of another site asks, unless a reader
// followed a link.
func (w *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	for name, value := range headers {
		rw.Header().Set(name, value)
	}
	switch {
	case !slices.Contains(w.hosts, strings.ToLower(r.Host)):
		http.Error(rw, "book serve answers only to "+strings.Join(w.hosts, ", "), http.StatusForbidden)
	case w.foreign(r):
		http.Error(rw, "book serve answers only its own pages", http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		rw.Header().Set("Allow", "GET, HEAD")
		http.Error(rw, "only GET and HEAD", http.StatusMethodNotAllowed)
	case r.URL.Path == "/_serve/news":
		w.news(rw, r)
	default:
		w.answer(r.URL.Path).send(rw, r)
	}
}

// foreign reports whether a page of another site asks.
func (w *Server) foreign(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return r.Header.Get("Sec-Fetch-Mode") != "navigate"
	}
	origin := r.Header.Get("Origin")
	return origin != "" && !slices.Contains(w.hosts, strings.ToLower(strings.TrimPrefix(origin, "http://")))
}

// news tells a page that it is old, at once or as soon as it is. The page says with
// "at" what it shows, so that nothing is missed between two connections.
func (w *Server) news(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	out := http.NewResponseController(rw)
	say := func(text string) bool {
		_, err := fmt.Fprint(rw, text)
		return err == nil && out.Flush() == nil
	}
	alive := time.NewTicker(30 * time.Second)
	defer alive.Stop()
	for ok := say("retry: 500\n\n"); ok; {
		w.mu.RLock()
		now, renewed := w.at(), w.renewed
		w.mu.RUnlock()
		if now != r.URL.Query().Get("at") {
			say("data: renewed\n\n")
			return
		}
		select {
		case <-renewed:
		case <-alive.C:
			ok = say(": alive\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

// answer is what a request is answered with. It is made while the site is held still,
// and sent when others may change it: a reader may be slow.
type answer struct {
	status   int
	kind     string // its content type
	location string // of a redirection
	text     []byte
}

func (a answer) send(rw http.ResponseWriter, r *http.Request) {
	if a.location != "" {
		http.Redirect(rw, r, a.location, a.status)
		return
	}
	rw.Header().Set("Content-Type", a.kind)
	if a.status == http.StatusOK {
		http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(a.text))
		return
	}
	rw.WriteHeader(a.status)
	_, _ = rw.Write(a.text) // what fails is only the connection; for HEAD package http drops it
}

func (w *Server) answer(name string) answer {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if name == "/_serve/reload.js" || name == "/_serve/serve.css" {
		text, _ := pages.ReadFile("pages/" + path.Base(name)) // embedded
		return answer{status: http.StatusOK, kind: contentTypes[path.Ext(name)], text: text}
	}
	if w.files == nil {
		return w.notice(http.StatusServiceUnavailable, "The book is not made yet", "This page renews itself when it is.")
	}
	if clean := path.Clean("/" + name); clean != name && clean+"/" != name {
		return w.missing("/")
	}
	info, err := w.files.Stat(path.Clean(name))
	if err == nil && info.IsDir() {
		index := path.Join(name, "index.html")
		if _, err := w.files.Stat(index); err != nil {
			return w.missing(name)
		}
		if !strings.HasSuffix(name, "/") {
			return answer{status: http.StatusMovedPermanently, location: (&url.URL{Path: name + "/"}).String()}
		}
		name = index
	}
	text, err := afero.ReadFile(w.files, name)
	if err != nil || strings.HasSuffix(name, "/") {
		return w.missing(name)
	}
	kind := contentTypes[path.Ext(name)]
	switch kind {
	case contentTypes[".html"]:
		return w.page(http.StatusOK, text)
	case "":
		kind = "application/octet-stream"
	}
	return answer{status: http.StatusOK, kind: kind, text: text}
}

// missing answers with the nearest 404.html upward, as the published site does. The
// caller of this and of what follows holds the lock.
func (w *Server) missing(name string) answer {
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if slices.Contains(w.absent, first) {
		return w.notice(http.StatusNotFound, first+" is not made", "This server makes other versions. End it, and start it with --versions "+first+" to see this one.")
	}
	for name != "/" && name != "." {
		name = path.Dir(name)
		if text, err := afero.ReadFile(w.files, path.Join(name, "404.html")); err == nil {
			return w.page(http.StatusNotFound, text)
		}
	}
	return w.notice(http.StatusNotFound, "Not found", "The book has no such page.")
}

// notice is a page of the server's own.
func (w *Server) notice(status int, title, text string) answer {
	return w.page(status, execute("page.html", map[string]string{"Title": title, "Text": text}))
}

// page adds to a page the script that renews it, and the mistakes above its text.
func (w *Server) page(status int, text []byte) answer {
	text = insert(text, "</head>", 0, bytes.TrimSpace(execute("head.html", map[string]string{"At": w.at()})))
	if len(w.mistakes) > 0 {
		shown := w.mistakes[:min(len(w.mistakes), 20)]
		text = insert(text, "<body>", len("<body>"), execute("mistakes.html", map[string]any{
			"Count": len(w.mistakes), "Mistakes": shown, "More": len(w.mistakes) - len(shown)}))
	}
	return answer{status: status, kind: contentTypes[".html"], text: text}
}

// insert puts added into text, off bytes behind the start of mark; at its end if text lacks mark.
func insert(text []byte, mark string, off int, added []byte) []byte {
	at := bytes.Index(text, []byte(mark))
	if at < 0 {
		return slices.Concat(text, added)
	}
	return slices.Concat(text[:at+off], added, text[at+off:])
}

func execute(name string, data any) []byte {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // the template and the type of data are this package's own
	}
	return b.Bytes()
}
