// Package search makes the index that readers' browsers search the book with: small
// files, of which a query loads the few that it needs.
//
// There is one index a language for all versions: a document that reads the same in
// several versions is in it once, with the versions that it stands in. A file calls
// bookSearch with its name and its data, so that a page of a folder on disk may load it
// too: browsers refuse to fetch from there, but run scripts.
//
//	zh.js            the manifest: where everything is
//	zh-<hash>/t7.js  terms, sorted, with the documents that each is in
//	zh-<hash>/d7.js  documents: address, title, context and text
//
// themes/margin/assets/js/search reads them.
package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a document is. The numbers are those of the files.
type Kind int

// A chapter is found by what stands before its first section. A card is a symbol that
// the book does not read.
const (
	Chapter Kind = iota
	Section
	Symbol
	Card
	Note
	Term
)

// Document is something that can be found, in one language.
type Document struct {
	Kind     Kind
	URL      string   // below the root of an edition
	Title    string   // of a symbol its name
	Also     []string // other names
	Context  string   // what it is a part of, or where it is
	Text     string   // a line a paragraph
	Versions []string // that have it as it is here
}

// File is a file of the index; its name is relative and has slashes.
type File struct {
	Name string
	Data []byte
}

// shardSize is about how many bytes a file of terms or of documents has: a query loads
// some five files of terms, and a file of documents for each hit.
const (
	termShard     = 6 << 10
	documentShard = 3 << 10
)

// manifest is what a browser has to know before it can search. Documents are numbered
// from 0 on.
type manifest struct {
	Folder    string   `json:"folder"` // of the other files
	Versions  []string `json:"versions"`
	Runs      [][3]int `json:"runs"`      // how many documents in a row are of a kind and in versions (bit i for Versions[i])
	Terms     []string `json:"terms"`     // the first term of each file of terms
	Documents []int    `json:"documents"` // the first document of each file of documents
}

// MaxVersions is how many versions an index may have: the bits of a number that a browser
// shifts.
const MaxVersions = 32

// Files makes the index of a language. The documents keep their order among those of
// one kind that stand in the same versions.
func Files(lang string, versions []string, documents []Document) ([]File, error) {
	if len(versions) > MaxVersions {
		return nil, fmt.Errorf("search: %d versions, and a browser's masks hold %d", len(versions), MaxVersions)
	}
	docs := slices.Clone(documents)
	bits := make(map[string]int, len(versions))
	for i, v := range versions {
		bits[v] = 1 << i
	}
	in := func(d Document) (mask int) {
		for _, v := range d.Versions {
			mask |= bits[v]
		}
		return mask
	}
	// What stands in the most versions, or the newest, comes first.
	slices.SortStableFunc(docs, func(a, b Document) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(in(b), in(a)))
	})
	m := manifest{Versions: versions}
	for _, d := range docs {
		if last := len(m.Runs) - 1; last >= 0 && m.Runs[last][1] == int(d.Kind) && m.Runs[last][2] == in(d) {
			m.Runs[last][0]++
			continue
		}
		m.Runs = append(m.Runs, [3]int{1, int(d.Kind), in(d)})
	}
	var shards []shard
	terms, first := termShards(docs)
	m.Terms = first
	for i, data := range terms {
		shards = append(shards, shard{"t" + strconv.Itoa(i), data})
	}
	records, starts, err := documentShards(docs)
	if err != nil {
		return nil, err
	}
	m.Documents = starts
	for i, data := range records {
		shards = append(shards, shard{"d" + strconv.Itoa(i), data})
	}
	m.Folder = lang + "-" + hash(shards)
	files := []File{}
	for _, s := range shards {
		files = append(files, call(m.Folder+"/"+s.name, s.data))
	}
	text, err := encode(m)
	if err != nil {
		return nil, err
	}
	return append(files, call(lang, text)), nil
}

type shard struct {
	name string
	data []byte
}

// hash names the content of all shards: a browser that has a file of this name has
// this file.
func hash(shards []shard) string {
	h := sha256.New()
	for _, s := range shards {
		fmt.Fprintf(h, "%s %d\n%s", s.name, len(s.data), s.data)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// call writes a file that hands data, which is JSON, to the page's script.
func call(name string, data []byte) File {
	return File{name + ".js", fmt.Appendf(nil, "bookSearch(%q,%s)\n", name, data)}
}

// documentShards cuts the documents into files, and says with which each begins.
func documentShards(docs []Document) (shards [][]byte, starts []int, err error) {
	var records []string
	size := 0
	flush := func() {
		if len(records) > 0 {
			shards = append(shards, []byte("["+strings.Join(records, ",\n")+"]"))
		}
		records, size = nil, 0
	}
	for i, d := range docs {
		record, err := encode([]string{d.URL, d.Title, d.Context, d.Text})
		if err != nil {
			return nil, nil, err
		}
		if size+len(record) > documentShard {
			flush()
		}
		if len(records) == 0 {
			starts = append(starts, i)
		}
		records = append(records, string(record))
		size += len(record)
	}
	flush()
	return shards, starts, nil
}

// encode writes JSON that is also JavaScript, and as short as it may be.
func encode(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSpace(b.String())), nil
}
