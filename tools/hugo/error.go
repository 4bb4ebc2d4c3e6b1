package hugo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gohugoio/hugo/common/herrors"
)

// explain says where a template or a setting is wrong, once and as diagnostics do. Hugo
// tells the way to it too: every page that it was met on, and every template in between.
func (s Site) explain(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	if errors.As(err, &path) || errors.As(err, &link) {
		return err // of the system, and whoever calls can say the rest
	}
	files := herrors.UnwrapFileErrors(err)
	if len(files) == 0 {
		return fmt.Errorf("hugo stopped (%w): mend what it says above", err)
	}
	inner := files[len(files)-1]
	at := inner.Position()
	name, err := filepath.Rel(s.Root, at.Filename)
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
