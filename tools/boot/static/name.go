package static

import (
	"debug/gosym"
	"path"
	"strings"

	"beforemain/tools/boot/image"
)

// bookName returns the book's form of a linker's symbol; a function of one assembly
// file is named after its package (runtime.gogo<>).
func bookName(linker string, files *gosym.Table, addr uint64) string {
	if name := strings.TrimSuffix(linker, ".abi0"); fileLocal(name) {
		return packageOf(files, addr) + "." + name + "<>"
	}
	return image.Name(linker)
}

// fileLocal reports whether a symbol is one assembly file's own (gogo<>): such a name
// has no package, and of the others without one all begin with "_", but for "main" and
// the linker's own, which have a colon. Mach-O tables have no other mark of it.
func fileLocal(name string) bool {
	return name != "" && name != "main" && name[0] != '_' && !strings.ContainsAny(name, ".:")
}

// packageOf returns the import path of the package in whose source addr lies:
// runtime, where most such functions are, if the program does not say.
func packageOf(files *gosym.Table, addr uint64) string {
	if files == nil {
		return "runtime"
	}
	file, _, fn := files.PCToLine(addr)
	if fn == nil {
		return "runtime"
	}
	if i := strings.LastIndex(file, "/src/"); i >= 0 {
		file = file[i+len("/src/"):]
	}
	return path.Dir(file)
}

// lowered reports whether calls of a function come from the compiler and stand in no
// source: the growth of stacks, write barriers, and the checks that panic.
func lowered(symbol string) bool {
	name, ok := strings.CutPrefix(symbol, "runtime.")
	if !ok {
		return false
	}
	for _, prefix := range []string{"morestack", "gcWriteBarrier", "wbZero", "wbMove", "duffzero", "duffcopy", "panic", "goPanic", "deferreturn"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// fatal reports whether a function ends the program because something is wrong: code
// from which every way leads to one is no part of a boot that succeeds.
func fatal(symbol string) bool {
	switch symbol {
	case "runtime.abort", "runtime.throw", "runtime.fatal", "runtime.fatalthrow", "runtime.fatalpanic",
		"runtime.gopanic", "runtime.badsystemstack", "runtime.badmcall", "runtime.badmcall2":
		return true
	}
	return strings.HasPrefix(symbol, "runtime.panic") || strings.HasPrefix(symbol, "runtime.goPanic")
}

// endless reports whether a function never returns to its caller and all is well.
func endless(symbol string) bool { return symbol == "runtime.mstart" }
