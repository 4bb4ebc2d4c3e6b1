// Package netlify serves a built site as Netlify does by its netlify.toml: the headers,
// the redirects and the compression that readers get, for tests on this machine.
//
// The rules are those of https://docs.netlify.com/manage/routing/ that the file uses:
// every block of headers whose path matches counts, the first redirect that matches
// counts, and a file that exists goes before a redirect without force.
package netlify

import (
	"compress/gzip"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/language"
)

// Deploy is what netlify.toml says.
type Deploy struct {
	Build struct {
		Command, Publish string
		Environment      map[string]string
	}
	Headers   []Headers
	Redirects []Redirect
}

// Headers are sent with the paths that For matches.
type Headers struct {
	For    string
	Values map[string]string
}

// Redirect answers the paths that From matches with the page To.
type Redirect struct {
	From, To   string
	Status     int
	Force      bool
	Conditions struct{ Language []string }
}

// Read reads a netlify.toml.
func Read(name string) (*Deploy, error) {
	d := &Deploy{}
	_, err := toml.DecodeFile(name, d)
	return d, err
}

// Handler serves the site.
func (d *Deploy) Handler(site fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, exists := file(site, r.URL.Path)
		for _, rule := range d.Redirects {
			to, ok := rule.match(r)
			if !ok || exists && !rule.Force {
				continue
			}
			if rule.Status >= 300 && rule.Status < 400 {
				d.setHeaders(w.Header(), r.URL.Path)
				http.Redirect(w, r, to, rule.Status)
				return
			}
			d.send(w, r, site, strings.TrimPrefix(to, "/"), rule.Status)
			return
		}
		if !exists {
			http.NotFound(w, r)
			return
		}
		d.send(w, r, site, name, http.StatusOK)
	})
}

// file finds the file for a path: itself, or the index.html of a folder.
func file(site fs.FS, p string) (string, bool) {
	clean := strings.TrimPrefix(path.Clean(p), "/")
	for _, name := range []string{clean, path.Join(clean, "index.html")} {
		if info, err := fs.Stat(site, name); err == nil && !info.IsDir() {
			return name, true
		}
	}
	return "", false
}

func (d *Deploy) send(w http.ResponseWriter, r *http.Request, site fs.FS, name string, status int) {
	text, err := fs.ReadFile(site, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := mime.TypeByExtension(path.Ext(name))
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public,max-age=0,must-revalidate")
	d.setHeaders(w.Header(), r.URL.Path)
	compressed := strings.HasPrefix(kind, "text/") || slices.Contains([]string{".js", ".json", ".svg", ".xml"}, path.Ext(name))
	var out io.Writer = w
	if compressed && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "Accept-Encoding")
		z := gzip.NewWriter(w)
		defer z.Close()
		out = z
	}
	w.WriteHeader(status)
	_, _ = out.Write(text) // what fails is only the connection
}

func (d *Deploy) setHeaders(h http.Header, p string) {
	for _, block := range d.Headers {
		if _, ok := match(block.For, p); !ok {
			continue
		}
		for key, value := range block.Values {
			h.Set(key, value)
		}
	}
}

// match says where the redirect leads for a request, if it is for that request.
func (rule Redirect) match(r *http.Request) (to string, ok bool) {
	values, ok := match(rule.From, r.URL.Path)
	if !ok || len(rule.Conditions.Language) > 0 && !slices.Contains(rule.Conditions.Language, preferred(r)) {
		return "", false
	}
	to = rule.To
	for name, value := range values {
		to = strings.ReplaceAll(to, ":"+name, value)
	}
	return to, true
}

// preferred is the language that the reader wants most, without its region.
func preferred(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return ""
	}
	base, _ := tags[0].Base()
	return base.String()
}

// match compares a path with a pattern, in which a part ":name" stands for one part of
// the path and a last "*" for the rest, called splat.
func match(pattern, p string) (map[string]string, bool) {
	values := map[string]string{}
	want, got := parts(pattern), parts(p)
	for i, part := range want {
		switch {
		case part == "*":
			values["splat"] = strings.Join(got[min(i, len(got)):], "/")
			if strings.HasSuffix(p, "/") && values["splat"] != "" {
				values["splat"] += "/"
			}
			return values, true
		case i >= len(got):
			return nil, false
		case strings.HasPrefix(part, ":"):
			values[part[1:]] = got[i]
		case part != got[i]:
			return nil, false
		}
	}
	return values, len(want) == len(got)
}

func parts(p string) []string {
	return strings.FieldsFunc(p, func(r rune) bool { return r == '/' })
}
