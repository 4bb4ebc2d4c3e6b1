package golang

import (
	"bytes"
	"errors"
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// selection chooses the files of a package that belong to one platform of one version.
type selection struct {
	ctx         build.Context
	experiments []string
	minor       int // 17 for go1.17; 0 for a version that is not named so
}

// selection makes the build context of a platform: everything in it is of the
// version that is read, nothing of the Go that reads it.
func (r *Reader) selection(goos, goarch string) (*selection, error) {
	s := &selection{minor: goMinor(r.version)}
	src, err := r.tree.ReadText(experimentsFile)
	switch {
	case err == nil:
		if s.experiments, err = experiments(src, goos, goarch); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	s.ctx = build.Context{
		GOOS: goos, GOARCH: goarch, GOROOT: "/", Compiler: "gc",
		JoinPath:      path.Join,
		SplitPathList: func(list string) []string { return strings.Split(list, ":") },
		IsAbsPath:     path.IsAbs,
		IsDir:         func(dir string) bool { return r.tree.IsDir(rooted(dir)) },
		HasSubdir:     hasSubdir,
		ReadDir:       func(dir string) ([]fs.FileInfo, error) { return r.tree.ReadDir(rooted(dir)) },
		OpenFile: func(name string) (io.ReadCloser, error) {
			text, err := r.tree.ReadText(rooted(name))
			return io.NopCloser(bytes.NewReader(text)), err
		},
	}
	s.ctx.ToolTags = s.toolTags()
	for n := 1; n <= s.minor; n++ {
		s.ctx.ReleaseTags = append(s.ctx.ReleaseTags, "go1."+strconv.Itoa(n))
	}
	return s, nil
}

// toolTags returns the tags that the go command of the version would set: the
// experiments, and from 1.21 (amd64) and 1.23 (arm64) the architecture's level.
func (s *selection) toolTags() []string {
	var tags []string
	for _, x := range s.experiments {
		tags = append(tags, "goexperiment."+x)
	}
	switch {
	case s.ctx.GOARCH == "amd64" && s.minor >= 21:
		tags = append(tags, "amd64.v1")
	case s.ctx.GOARCH == "arm64" && s.minor >= 23:
		tags = append(tags, "arm64.v8.0")
	}
	return tags
}

// defines returns the macros that cmd/go and cmd/asm of the version set. The
// assembler sets those of the experiments for the runtime's packages alone, but no
// other package asks for them.
func (s *selection) defines() []string {
	list := []string{"GOOS_" + s.ctx.GOOS, "GOARCH_" + s.ctx.GOARCH}
	if s.ctx.GOARCH == "amd64" && s.minor >= 18 {
		list = append(list, "GOAMD64_v1")
	}
	for _, x := range s.experiments {
		list = append(list, "GOEXPERIMENT_"+x)
	}
	return list
}

// list returns what the build takes of a package, or nil where the platform has no file of it.
func (s *selection) list(pkg string) (*build.Package, error) {
	p, err := s.ctx.ImportDir("/"+folder(pkg), 0)
	if _, none := errors.AsType[*build.NoGoError](err); none {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("select the files of %s for %s/%s: %w", pkg, s.ctx.GOOS, s.ctx.GOARCH, err)
	}
	return p, nil
}

// folder returns where the files of a package lie.
func folder(pkg string) string { return path.Join("src", pkg) }

// rooted turns a path of the build context, which is absolute, into one below the repository's root.
func rooted(name string) string { return strings.TrimPrefix(name, "/") }

func hasSubdir(root, dir string) (string, bool) {
	return strings.CutPrefix(dir, strings.TrimSuffix(root, "/")+"/")
}

// goMinor returns N of a version named go1.N, otherwise 0.
func goMinor(name string) int {
	s, ok := strings.CutPrefix(name, "go1.")
	n, err := strconv.Atoi(s)
	if !ok || err != nil || n < 0 {
		return 0
	}
	return n
}
