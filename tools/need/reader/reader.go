// Package reader searches an index with the theme's own scripts, for tests: what a
// browser would find, without one.
package reader

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"

	"beforemain/extractor/search"
)

// Reader is a page's script with the files of an index.
type Reader struct {
	vm *goja.Runtime

	// Loaded counts the bytes of the files that were asked for since it was set to 0, and
	// Files names them.
	Loaded int
	Files  []string
}

// New reads rank.js and words.js in the folder of the theme's scripts.
func New(scripts string, files []search.File) (*Reader, error) {
	dir, err := filepath.Abs(scripts)
	if err != nil {
		return nil, err
	}
	built := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: `export * from "./rank.js"; export * from "./words.js"`, ResolveDir: dir},
		Bundle: true, Format: api.FormatIIFE, GlobalName: "script", Target: api.ES2017,
	})
	if len(built.Errors) > 0 {
		return nil, errors.New(built.Errors[0].Text)
	}
	r := &Reader{vm: goja.New()}
	byName := map[string][]byte{}
	for _, f := range files {
		byName[f.Name] = f.Data
	}
	// Parsed once, as in a page that stays open.
	parsed := map[string]goja.Value{}
	var handed goja.Value
	r.vm.Set("bookSearch", func(_ string, data goja.Value) { handed = data })
	r.vm.Set("load", func(name string) goja.Value {
		if parsed[name] == nil {
			data, ok := byName[name+".js"]
			if !ok {
				panic(r.vm.NewGoError(fmt.Errorf("no file %s.js", name)))
			}
			r.Loaded += len(data)
			r.Files = append(r.Files, name)
			if _, err := r.vm.RunString(string(data)); err != nil {
				panic(r.vm.NewGoError(err))
			}
			parsed[name] = handed
		}
		return parsed[name]
	})
	_, err = r.vm.RunString(string(built.OutputFiles[0].Contents))
	return r, err
}

// Hit is a document as a reader sees it.
type Hit struct {
	Kind                      search.Kind
	URL, Title, Context, Text string
}

// Find returns the best hits of a query, at most most, and how many there are in all.
func (r *Reader) Find(lang, version, query string, most int) (hits []Hit, all int, err error) {
	var answer struct {
		All   int
		Hits  []Hit
		Error string
	}
	answered := false
	r.vm.SetFieldNameMapper(goja.UncapFieldNameMapper())
	r.vm.Set("answer", func(v goja.Value) error {
		answered = true
		return r.vm.ExportTo(v, &answer)
	})
	call := fmt.Sprintf(`script.find(load, %s, %s, %s).then(async ids => answer({all: ids.length, hits: (await script.read(load, %[1]s, ids.slice(0, %[4]d))).map(d =>
		({kind: d.kind, uRL: d.url, title: d.title, context: d.context, text: d.text}))})).catch(e => answer({error: String(e)}))`, quote(lang), quote(version), quote(query), most)
	if _, err := r.vm.RunString(call); err != nil {
		return nil, 0, err
	}
	if answer.Error != "" || !answered {
		return nil, 0, fmt.Errorf("%s: %s", query, answer.Error)
	}
	return answer.Hits, answer.All, nil
}

// Terms returns what the script looks up for a query, and the whole of it folded.
func (r *Reader) Terms(query string) (words []string, fold string, err error) {
	v, err := r.vm.RunString(fmt.Sprintf(`[script.terms(%s).map(t => t.word).join(" "), script.fold(%[1]s)]`, quote(query)))
	if err != nil {
		return nil, "", err
	}
	var both [2]string
	if err := r.vm.ExportTo(v, &both); err != nil {
		return nil, "", err
	}
	return strings.Fields(both[0]), both[1], nil
}

// quote writes a text as JavaScript.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string has JSON
	}
	return string(text)
}
