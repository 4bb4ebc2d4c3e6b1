package main

import "fmt"

// A build of many pages takes memory for the index of every version and, while Hugo has
// it, for a version: measured by BenchmarkBig, about this much for each page of a version.
const bytesPerPage = 160 << 10

// largeFrom is how many bytes are worth a word.
const largeFrom = 2 << 30

// largeBook says what a book needs whose versions have so many symbols in so many
// languages, if that is much; else "".
func largeBook(symbols, languages int) string {
	pages := symbols * languages
	if bytes := float64(pages) * bytesPerPage; bytes >= largeFrom {
		return fmt.Sprintf("a large book: %d pages a version take about %.0f GB of memory; README.md says how to split it over machines", pages, bytes/1e9)
	}
	return ""
}
