package extractor

import (
	"encoding/json"
	"errors"
	"go/token"
	"io/fs"

	"beforemain/extractor/content"
	"beforemain/extractor/diag"
)

// DownloadsFile lists the files of the book that a release has: PDFs, e-books, bundles.
// The release's workflow writes it. Without it no page offers any.
const DownloadsFile = "site/downloads.json"

func readDownloads(root fs.FS) ([]content.Download, diag.List) {
	var problems diag.List
	text, err := fs.ReadFile(root, DownloadsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []content.Download
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		problems.Errorf(token.Position{Filename: DownloadsFile, Line: 1, Column: 1}, "N109", "%v", err)
	}
	return list, problems
}
