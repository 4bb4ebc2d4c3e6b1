package golang

import (
	"go/build/constraint"
	"path"
	"strings"
)

// Constraint returns for which builds a Go or assembly file is, as an expression of
// tags such as "linux && amd64" or "!race": what the end of its name says, and what
// its //go:build line, or its // +build lines, say. It is "" for a file that always is.
func Constraint(name string, text []byte) string {
	var all []string
	all = append(all, suffixes(name)...)
	if x := headerConstraint(text); x != nil {
		s := x.String()
		if _, or := x.(*constraint.OrExpr); or && len(all) > 0 {
			s = "(" + s + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, " && ")
}

// suffixes returns the operating system and the architecture that a file's name ends in.
func suffixes(name string) []string {
	name = strings.TrimSuffix(path.Base(name), path.Ext(name))
	_, name, ok := strings.Cut(name, "_") // linux.go alone is for everyone
	if !ok {
		return nil
	}
	words := strings.Split(name, "_")
	switch last := words[len(words)-1]; {
	case knownArch[last] && len(words) > 1 && knownOS[words[len(words)-2]]:
		return []string{words[len(words)-2], last}
	case knownArch[last] || knownOS[last]:
		return []string{last}
	}
	return nil
}

// headerConstraint reads the constraint above the package clause or the first instruction.
func headerConstraint(text []byte) constraint.Expr {
	var plus constraint.Expr
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case !strings.HasPrefix(line, "//"):
			return plus
		case constraint.IsGoBuild(line):
			if x, err := constraint.Parse(line); err == nil {
				return x
			}
		case constraint.IsPlusBuild(line):
			x, err := constraint.Parse(line)
			switch {
			case err != nil:
			case plus == nil:
				plus = x
			default:
				plus = &constraint.AndExpr{X: plus, Y: x}
			}
		}
	}
	return plus
}

// knownOS and knownArch are the names that mean something at the end of a file's name
// (go/build/syslist.go), past ones included.
var (
	knownOS   = set("aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos")
	knownArch = set("386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
