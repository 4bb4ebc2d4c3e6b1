package extractor

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"net/url"
	"slices"
	"time"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
)

// DownloadsFile lists the files of the book that a release has: PDFs, e-books, bundles.
// The release's workflow writes it. Without it no page offers any.
const DownloadsFile = "site/downloads.json"

func readDownloads(root fs.FS) ([]content.Download, diag.List) {
	var problems diag.List
	text, err := readFile(root, DownloadsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []content.Download
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	for i := 0; i < len(list) && err == nil; i++ {
		err = checkDownload(list[i])
	}
	if err != nil {
		problems.Errorf(token.Position{Filename: DownloadsFile, Line: 1, Column: 1}, "N109", "%v", err).Relate("fix: correct the file")
		return nil, problems
	}
	return list, nil
}

// checkDownload refuses what a page could not offer.
func checkDownload(d content.Download) error {
	switch u, err := url.Parse(d.URL); {
	case err != nil || u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("the url %q of a file does not begin with https://", d.URL)
	case !slices.Contains([]string{"pdf", "epub", "zip"}, d.Kind):
		return fmt.Errorf("the kind %q of %s is none of pdf, epub and zip", d.Kind, d.URL)
	case d.Bytes <= 0:
		return fmt.Errorf("%s has %d bytes", d.URL, d.Bytes)
	}
	if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
		return fmt.Errorf("the date of %s: %w", d.URL, err)
	}
	return nil
}
