package index

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

// selection makes the build context of a version and platform: everything in it is
// of the version that is read, nothing of the Go that reads it.
func (t *tree) selection(p Platform) (*selection, error) {
	s := &selection{minor: goMinor(t.version.Name)}
	src, err := t.file(experimentsFile)
	switch {
	case err == nil:
		if s.experiments, err = experiments(src.Text, p); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	s.ctx = build.Context{
		GOOS: p.OS, GOARCH: p.Arch, GOROOT: "/", Compiler: "gc",
		ToolTags:      s.toolTags(p),
		JoinPath:      path.Join,
		SplitPathList: func(list string) []string { return strings.Split(list, ":") },
		IsAbsPath:     path.IsAbs,
		IsDir:         func(dir string) bool { return t.snapshot.IsDir(rooted(dir)) },
		HasSubdir:     hasSubdir,
		ReadDir:       func(dir string) ([]fs.FileInfo, error) { return t.snapshot.ReadDir(rooted(dir)) },
		OpenFile: func(name string) (io.ReadCloser, error) {
			f, err := t.file(rooted(name))
			if err != nil {
				return nil, err
			}
			return io.NopCloser(bytes.NewReader(f.Text)), nil
		},
	}
	for n := 1; n <= s.minor; n++ {
		s.ctx.ReleaseTags = append(s.ctx.ReleaseTags, "go1."+strconv.Itoa(n))
	}
	return s, nil
}

// toolTags returns the tags that the go command of the version would set: the
// experiments, and from 1.21 (amd64) and 1.23 (arm64) the architecture's level.
func (s *selection) toolTags(p Platform) []string {
	var tags []string
	for _, x := range s.experiments {
		tags = append(tags, "goexperiment."+x)
	}
	switch {
	case p.Arch == "amd64" && s.minor >= 21:
		tags = append(tags, "amd64.v1")
	case p.Arch == "arm64" && s.minor >= 23:
		tags = append(tags, "arm64.v8.0")
	}
	return tags
}

// defines returns the macros that cmd/go and cmd/asm of the version set. The
// assembler sets those of the experiments for the runtime's packages alone, but no
// other package asks for them.
func (s *selection) defines(p Platform) []string {
	list := []string{"GOOS_" + p.OS, "GOARCH_" + p.Arch}
	if p.Arch == "amd64" && s.minor >= 18 {
		list = append(list, "GOAMD64_v1")
	}
	for _, x := range s.experiments {
		list = append(list, "GOEXPERIMENT_"+x)
	}
	return list
}

// files returns the paths of the Go and assembly files of a package, both empty if it has none on the platform.
func (s *selection) files(pkg string) (goFiles, asmFiles []string, err error) {
	dir := path.Join("src", pkg)
	p, err := s.ctx.ImportDir("/"+dir, 0)
	if _, none := errors.AsType[*build.NoGoError](err); none {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("select the files of %s for %s/%s: %w", pkg, s.ctx.GOOS, s.ctx.GOARCH, err)
	}
	for _, name := range p.GoFiles {
		goFiles = append(goFiles, path.Join(dir, name))
	}
	for _, name := range p.SFiles {
		asmFiles = append(asmFiles, path.Join(dir, name))
	}
	return goFiles, asmFiles, nil
}

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
