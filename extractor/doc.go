// Package extractor makes a versioned, annotated book out of a git repository.
//
// It knows nothing about what the book is about. A book is a folder with
// annotations/book.toml; this one, on how a Go program starts, is the one that
// stands beside it, and another book needs no change here.
//
// # The way of the data
//
//	book.toml ─┐
//	           ▼
//	 git tags ─► source ─► syntax ────────────────────┐
//	             │                                    ├─► render ─► content ─► Hugo tree ─► Hugo ─► site/public
//	             └─────► index ───────────┬─► anchor ─┤
//	 annotations/*.md ──┬─► annotation ───┘           │
//	 site/content/*.md ─┘                             │
//	 annotations/pictures/*.toml ─► picture ──────────┤
//	 site/data/*.json ─► measure ─────────────────────┘
//
// One direction, no way back. A stage is a function: data in, data and
// diagnostics out. [Run] in extract.go is the table of contents.
//
//	diag        what is wrong: file, line, column, code
//	source      versioned text out of git
//	syntax      lexing, for colours
//	index       symbols, slices, variants, references, and what leads where;
//	            index/golang reads Go, index/plan9 assembly
//	change      what differs between two texts of a symbol
//	measure     what a harness recorded of real programs
//	scan        files that people write, line by line
//	scope       the versions and platforms that something holds in
//	markdown    prose, its headings and its links
//	annotation  the form of notes, chapters, the glossary and told edges
//	picture     the form of drawings, and what their numbers are worth
//	anchor      the places that notes are about, in each version
//	check       what people wrote, held against the index and the measurements
//	copyedit    punctuation, spaces and words of all prose
//	writing     changes of the files that people write; writing/po is what
//	            translators' programs edit
//	layout      where the boxes and arrows of a graph are
//	render      text and layers of spans → HTML; graphs and charts → SVG
//	search      the index that a reader's browser searches
//	poster      the picture that a link to the book is shown with
//	content     URLs; the pages of the book; the tree that Hugo reads
//
// What people write passes scan, markdown, annotation and picture, then anchor, then
// check; writing goes the other way, for the commands that edit.
//
// Each giant dependency has one door: go-git is imported by source, chroma by
// syntax, Graphviz by layout, Hugo by tools/hugo, pdfcpu by tools/pdf. TestImports
// holds that, and the direction, true.
//
// # Glossary
//
//	Version     an edition of the source: a name (go1.17) pinned to a tag (go1.17.13)
//	Snapshot    the files of one version
//	Platform    an operating system and an architecture (linux/amd64)
//	Symbol      a name as the linker has it, "." for "·" (runtime.rt0_go)
//	Slice       the lines of a file that define a symbol, doc comment included
//	Variant     a slice that some platforms of a version share
//	Spine       the symbols that have a page of their own (book.toml)
//	Occurrence  a place where a symbol is named: a definition or a reference
//	Edge        one symbol leads to another: a call, a jump, an address that is taken
//	Told        an edge that no source shows (edges.toml)
//	Card        a small page for a function outside of the spine that it leads to
//	Annotation  a note: permanent id, blocks that say where, a text a language
//	Anchor      a block resolved to lines of one slice
//	Orphan      a block that resolves to none, or to several: always an error
//	Range       versions as a writer states them (1.17..1.21); a set is what came of it
//	Window      the code around an anchor that a review compares
//	Scaffold    a note that only lacks its words
//	Stamp       the hash of the text that a translation was made of
//	Edit        a change of a file that people write
//	Chapter     prose that pulls slices in
//	Picture     a drawing of what the sources say, at a version, in the words of a language
//	Passage     the lines of a listing from one note to the next; in a chapter, what
//	            stands between {{< go >}} or {{< on >}} and its end
//	Pair        two versions that are compared: neighbours, or the first and the last
//	Basis       the index and what else stays while notes and chapters are edited
//	Document    what readers can find: a section, a symbol, a note, a term
//	Shard       a file of the search index; also a site of some versions, made to be
//	            laid over others (build --shard)
//	Store       where the index of a version is kept from one run to the next; its
//	            finished pages have one too
//	Lock        the git object id of every file that the book reads
package extractor
