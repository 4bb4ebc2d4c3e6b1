package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// page is what the checks need of one HTML file.
type page struct {
	path     string // from the root of the site: zh/boot/check/index.html
	size     int
	lang     string
	h1       int
	ids      map[string]bool
	doubled  []string          // ids that stand twice
	refs     []string          // targets of links and resources
	hreflang map[string]string // language → absolute URL
	base     string            // the canonical URL
	refused  []string          // what the content security policy refuses
	title    string
	about    string   // its description
	loads    []string // scripts and style sheets
	scripts  []string // of those
	noAlt    int      // images that say nothing to who does not see them
	packed   int      // bytes when compressed; 0 where size is small enough not to ask
	redirect bool     // a page that only sends the reader on
	hidden   bool     // from search engines
}

// site is a built site: its pages by path, and the names of all its files.
type site struct {
	pages   map[string]*page
	files   map[string]bool
	sizes   map[string]int // of scripts and style sheets when compressed, by path
	root    string         // the path that the pages' own URLs begin with; "" if none says
	links   int
	largest *page
}

// readSite parses every HTML file below the root, two at a time: parsing is
// nearly all of the work (4,000 pages took 24 s with one reader, 13 s with two).
func readSite(root fs.FS) (*site, error) {
	s := &site{pages: map[string]*page{}, files: map[string]bool{}, sizes: map[string]int{}, largest: &page{}}
	var names []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		s.files[name] = true
		switch path.Ext(name) {
		case ".html":
			names = append(names, name)
		case ".css", ".js":
			text, err := fs.ReadFile(root, name)
			s.sizes[name] = packed(text)
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no HTML files there")
	}
	const readers = 2
	pages := make([]*page, len(names))
	errs := make([]error, readers)
	var wg sync.WaitGroup
	for r := range readers {
		wg.Go(func() {
			for i := r; i < len(names); i += readers {
				if pages[i], errs[r] = readPage(root, names[i]); errs[r] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for _, p := range pages {
		s.pages[p.path] = p
		s.links += len(p.refs)
		if s.root == "" {
			s.root = p.root()
		}
		if p.size > s.largest.size {
			s.largest = p
		}
	}
	return s, nil
}

// root is what the path of a page's own URL, which it states beside those of the other
// languages, has before the page's name.
func (p *page) root() string {
	u, err := url.Parse(p.hreflang[p.lang])
	if err != nil {
		return ""
	}
	root, ok := strings.CutSuffix(u.Path, strings.TrimSuffix(p.path, "index.html"))
	if !ok {
		return ""
	}
	return root
}

func readPage(root fs.FS, name string) (*page, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &page{path: name, size: len(text), ids: map[string]bool{}, hreflang: map[string]string{}}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			p.element(n)
		}
	}
	if p.size > maxLoad/2 {
		p.packed = packed(text)
	}
	return p, nil
}

// packed is how many bytes a server sends of a text.
func packed(text []byte) int {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(text) // a buffer takes everything
	_ = z.Close()
	return out.Len()
}

func (p *page) element(n *html.Node) {
	attrs := map[string]string{}
	for _, a := range n.Attr {
		attrs[a.Key] = a.Val
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			p.refused = append(p.refused, fmt.Sprintf("<%s %s=…>", n.Data, a.Key))
		}
	}
	if id, ok := attrs["id"]; ok {
		if p.ids[id] && !slices.Contains(p.doubled, id) {
			p.doubled = append(p.doubled, id)
		}
		p.ids[id] = true
	}
	for _, key := range []string{"href", "src"} {
		if v, ok := attrs[key]; ok && n.Data != "link" {
			p.refs = append(p.refs, v)
		}
	}
	switch n.Data {
	case "html":
		p.lang = attrs["lang"]
	case "h1":
		p.h1++
	case "style":
		p.refused = append(p.refused, "<style>")
	case "title":
		if p.title == "" && n.FirstChild != nil { // an SVG has titles too, after it
			p.title = n.FirstChild.Data
		}
	case "img":
		if _, ok := attrs["alt"]; !ok {
			p.noAlt++
		}
	case "script":
		p.loads = append(p.loads, attrs["src"])
		p.scripts = append(p.scripts, attrs["src"])
		if _, ok := attrs["src"]; !ok {
			p.refused = append(p.refused, "an inline <script>")
		}
	case "meta":
		switch attrs["name"] {
		case "description":
			p.about = attrs["content"]
		case "robots":
			p.hidden = strings.Contains(attrs["content"], "noindex")
		}
		if strings.EqualFold(attrs["http-equiv"], "refresh") {
			p.redirect = true
		}
	case "link":
		switch attrs["rel"] {
		case "alternate":
			if attrs["hreflang"] != "" {
				p.hreflang[attrs["hreflang"]] = attrs["href"]
			}
		case "canonical":
			p.base = attrs["href"]
		case "stylesheet":
			p.loads = append(p.loads, attrs["href"])
			p.refs = append(p.refs, attrs["href"])
		default:
			p.refs = append(p.refs, attrs["href"])
		}
	}
}
