package content

import "fmt"

// Download is a file of the book that a release has. Lang is empty if it holds every language.
type Download struct {
	Version string `json:"version"`
	Lang    string `json:"lang,omitempty"`
	Kind    string `json:"kind"` // pdf, epub, zip
	URL     string `json:"url"`
	Bytes   int64  `json:"bytes"`
	Date    string `json:"date"`
}

// DownloadLink offers one of them.
type DownloadLink struct {
	Kind string `json:"kind"`
	URL  string `json:"url"`
	Size string `json:"size"`
	Date string `json:"date"`
}

// downloads returns the files of this edition.
func (e edition) downloads() []DownloadLink {
	var links []DownloadLink
	for _, d := range e.Downloads {
		if d.Version == e.version.Name && (d.Lang == "" || d.Lang == e.lang) {
			links = append(links, DownloadLink{d.Kind, d.URL, fmt.Sprintf("%.1f MB", float64(d.Bytes)/1e6), d.Date})
		}
	}
	return links
}
