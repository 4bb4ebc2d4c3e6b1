package golang

import (
	"go/build/constraint"
	"go/scanner"
	"go/token"
	"path"
	"slices"
	"strings"
)

// Constraint returns for which builds a Go or assembly file is, as an expression of
// tags such as "linux && amd64" or "!race": what the end of its name says, and what
// its //go:build line, or its // +build lines, say. It is "" for a file that always is.
func Constraint(name string, text []byte) string {
	all := suffixes(name)
	if x := headerConstraint(text); x != nil {
		s := x.String()
		all = slices.DeleteFunc(all, func(tag string) bool { return demands(x, tag) }) // once is enough
		if _, or := x.(*constraint.OrExpr); or && len(all) > 0 {
			s = "(" + s + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, " && ")
}

// demands reports whether a tag is one of the terms that an expression joins by "&&".
func demands(x constraint.Expr, tag string) bool {
	switch x := x.(type) {
	case *constraint.AndExpr:
		return demands(x.X, tag) || demands(x.Y, tag)
	case *constraint.TagExpr:
		return x.Tag == tag
	}
	return false
}

// suffixes returns the operating system and the architecture that a file's name ends in.
func suffixes(name string) []string {
	name, _, _ = strings.Cut(path.Base(name), ".")
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

// headerConstraint reads the constraint above the package clause or the first
// instruction, as go/build does: a // +build line is one only with nothing but other
// such comments above it and a blank line below them.
func headerConstraint(text []byte) constraint.Expr {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, nil, scanner.ScanComments)
	var plus, parted constraint.Expr // the // +build lines so far; those that a blank line follows
	block := false                   // a /* */ stands above
	last := 0                        // line that the comment before ends on
	for {
		pos, tok, lit := s.Scan()
		line := file.PositionFor(pos, false).Line
		if line > last+1 && !block {
			parted = plus
		}
		if tok != token.COMMENT {
			return parted
		}
		begins := line > last
		last = line + strings.Count(lit, "\n")
		block = block || strings.HasPrefix(lit, "/*")
		if !begins || !constraint.IsGoBuild(lit) && (block || !constraint.IsPlusBuild(lit)) {
			continue
		}
		x, err := constraint.Parse(lit)
		switch {
		case err != nil:
		case constraint.IsGoBuild(lit):
			return x
		case plus == nil:
			plus = x
		default:
			plus = &constraint.AndExpr{X: plus, Y: x}
		}
	}
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
