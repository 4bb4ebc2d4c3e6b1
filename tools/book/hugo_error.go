package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gohugoio/hugo/common/herrors"
)

// explain says where a template or a setting is wrong, once and as diagnostics do. Hugo
// tells the way to it too: every page that it was met on, and every template in between.
func (s hugoSite) explain(err error) error {
	if _, ok := refused(err); ok {
		return err // by the system, and the command says the rest
	}
	files := herrors.UnwrapFileErrors(err)
	if len(files) == 0 {
		return fmt.Errorf("hugo stopped (%w): mend what it says above", err)
	}
	inner := files[len(files)-1]
	at := inner.Position()
	name, err := filepath.Rel(s.root, at.Filename)
	if err != nil || !filepath.IsLocal(name) {
		name = at.Filename
	}
	what := herrors.Cause(inner).Error()
	if i := strings.LastIndex(what, ">: "); i >= 0 {
		what = what[i+len(">: "):] // behind the expression that html/template was at
	}
	what, _, _ = strings.Cut(what, "\n")
	what = strings.TrimSuffix(what, "; the current security configuration is:")
	return fmt.Errorf("%s:%d:%d: %s", filepath.ToSlash(name), at.LineNumber, at.ColumnNumber, what)
}
