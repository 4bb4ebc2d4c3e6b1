package index

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"beforemain/extractor/index/plan9"
	"beforemain/extractor/source"
)

// assembled is a file of assembly with what it is on one platform.
type assembled struct {
	version  source.Version
	platform Platform
	file     *file
	view     plan9.View
}

// readAssembly assembles every file of the programs.
func (r *real) readAssembly(programs []program) ([]assembled, error) {
	var list []assembled
	for _, p := range programs {
		for _, pkg := range p.Packages {
			macros := map[string]string{}
			for _, m := range pkg.Header {
				macros[m.Name] = m.Value
			}
			for _, name := range pkg.AsmFiles {
				f, err := p.tree.file(name)
				if err != nil {
					return nil, err
				}
				var lost error
				view := f.asm().Assemble(plan9.Config{Package: pkg.Path, Defines: p.Defines, GoAsm: macros, Include: func(dir, name string) *plan9.File {
					h, err := p.tree.include(dir, name)
					lost = errors.Join(lost, err)
					return h
				}})
				if lost != nil {
					return nil, lost
				}
				list = append(list, assembled{p.tree.Version(), p.platform, f, view})
			}
		}
	}
	return list, nil
}

func realAssembly(t testing.TB) []assembled {
	t.Helper()
	r := sources(t)
	list, err := r.assembly()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestRealAssemblyReferences checks that all assembly of the book's platforms is
// understood, and that each jump finds its label.
func TestRealAssemblyReferences(t *testing.T) {
	labels := 0
	for _, a := range realAssembly(t) {
		for _, p := range a.view.Problems {
			t.Errorf("%s on %s: %v", a.version.Tag, a.platform, p)
		}
		end := 0
		for _, m := range a.view.Refs {
			if m.Offset < end || m.End <= m.Offset || m.End > len(a.file.Text) {
				t.Errorf("%s on %s: %s: %+v is out of order", a.version.Tag, a.platform, a.file.Path, m)
			}
			end = m.End
			if m.Kind != plan9.LabelRef {
				continue
			}
			labels++
			if m.Def.Path == "" {
				t.Errorf("%s on %s: %s has no label %s", a.version.Tag, a.platform, a.file.Path, m.Name)
			}
		}
	}
	if labels < 20000 {
		t.Errorf("%d labels", labels)
	}
}

// TestRealSymbolOperands compares with a count by hand: in what is assembled of the
// file stand 154 times (SB), and 4 times in the bodies of its macros with a name that is
// no parameter; the macros that take a symbol are used 27 times (DISPATCH, CALLFN) and
// 12 times (those of debugCall).
func TestRealSymbolOperands(t *testing.T) {
	want := map[string]int{"(SB)": 154 + 4, "macro": 2*27 + 2*12}
	found := false
	for _, a := range realAssembly(t) {
		if a.version.Name != "go1.27" || a.platform.String() != "linux/amd64" || a.file.Path != "src/runtime/asm_amd64.s" {
			continue
		}
		found = true
		got := map[string]int{}
		for _, m := range a.view.Refs {
			if m.Kind != plan9.SymbolRef {
				continue
			}
			operand, _, _ := strings.Cut(string(a.file.Text[m.End:]), "\n")
			operand, _, _ = strings.Cut(operand, ",")
			if strings.Contains(operand, "(SB)") {
				got["(SB)"]++
			} else {
				got["macro"]++
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	if !found {
		t.Error("asm_amd64.s of go1.27 was not read")
	}
}

// unreached is what no processor executes, each checked by eye: by file, first and
// last line the platforms with the first and the last version.
var unreached = map[string]string{
	// Its jumps are for darwin alone.
	"internal/runtime/sys/dit_arm64.s: sbFallback: … RET": "linux/arm64 go1.27..go1.27, windows/arm64 go1.27..go1.27",
	// settls and its check: darwin jumps over them.
	"runtime/asm_amd64.s: LEAQ runtime·m0+m_tls(SB), DI … CALL runtime·abort(SB)": "darwin/amd64 go1.17..go1.27",
	// GOAMD64=v1 needs no feature that a processor could lack.
	"runtime/asm_amd64.s: bad_cpu: // show that the program requires a certain microarchitecture level. … RET": "darwin/amd64 go1.18..go1.27, linux/amd64 go1.18..go1.27, windows/amd64 go1.18..go1.27",
	// Windows returns above.
	"runtime/asm_amd64.s: MOVQ BX, DI // DI = first argument in AMD64 ABI … JMP AX": "windows/amd64 go1.22..go1.27",
	// Only with GOEXPERIMENT=simd.
	"runtime/preempt_amd64.s: saveAVX2: … JMP preempt":       "darwin/amd64 go1.26..go1.27, linux/amd64 go1.26..go1.27, windows/amd64 go1.26..go1.27",
	"runtime/preempt_amd64.s: restoreAVX2: … JMP restoreGPs": "darwin/amd64 go1.26..go1.27, linux/amd64 go1.26..go1.27, windows/amd64 go1.26..go1.27",
	// To keep debugCallV2 in the program; behind a RET.
	"runtime/asm_amd64.s: MOVQ $runtime·debugCallV2<ABIInternal>(SB), AX … RET": "darwin/amd64 go1.17..go1.17, linux/amd64 go1.17..go1.17, windows/amd64 go1.17..go1.17",
	// Likewise, behind UNDEF.
	"runtime/asm_arm64.s: MOVD $runtime·debugPinnerV1<ABIInternal>(SB), R0 … UNDEF": "darwin/arm64 go1.25..go1.27, linux/arm64 go1.25..go1.27, windows/arm64 go1.25..go1.27",
	// systemstack_switch behind its UNDEF.
	"runtime/asm_amd64.s: CALL runtime·abort(SB) … RET":                         "darwin/amd64 go1.21..go1.27, linux/amd64 go1.21..go1.27, windows/amd64 go1.21..go1.27",
	"runtime/asm_arm64.s: BL (LR) // make sure this function is not leaf … RET": "darwin/arm64 go1.17..go1.27, linux/arm64 go1.17..go1.27, windows/arm64 go1.17..go1.27",
	// A RET behind a jump to another function: mcall, nanotime1, badsignal2, time.now.
	"runtime/asm_amd64.s: RET … RET":          "darwin/amd64 go1.17..go1.27, linux/amd64 go1.17..go1.27, windows/amd64 go1.17..go1.27",
	"runtime/sys_windows_amd64.s: RET … RET":  "windows/amd64 go1.17..go1.21",
	"runtime/sys_windows_arm64.s: RET … RET":  "windows/arm64 go1.17..go1.20",
	"runtime/time_windows_amd64.s: RET … RET": "windows/amd64 go1.17..go1.21",
}

func TestRealUnreached(t *testing.T) {
	places := map[string]map[string][]string{} // by text, by platform: versions
	for _, a := range realAssembly(t) {
		if !slices.Contains(sources(t).cfg.Platforms, a.platform) {
			continue
		}
		lines := strings.Split(string(a.file.Text), "\n")
		for _, u := range a.view.Unreached {
			key := fmt.Sprintf("%s: %s … %s", strings.TrimPrefix(a.file.Path, "src/"), words(lines[u.First-1]), words(lines[u.Last-1]))
			if places[key] == nil {
				places[key] = map[string][]string{}
			}
			p := a.platform.String()
			places[key][p] = append(places[key][p], a.version.Name)
		}
	}
	got := map[string]string{}
	for key, on := range places {
		var list []string
		for p, versions := range on {
			list = append(list, fmt.Sprintf("%s %s..%s", p, versions[0], versions[len(versions)-1]))
		}
		slices.Sort(list)
		got[key] = strings.Join(list, ", ")
	}
	if d := cmp.Diff(unreached, got); d != "" {
		t.Error(d)
	}
}

func words(line string) string { return strings.Join(strings.Fields(line), " ") }

// TestRealEdges looks for edges at the start of a program, and for one that is not there.
func TestRealEdges(t *testing.T) {
	got := map[string]bool{}
	for _, a := range realAssembly(t) {
		for _, e := range a.view.Edges {
			got[fmt.Sprintf("%s %s %s %s %s", a.version.Name, a.platform, e.Kind, e.From, e.To)] = true
		}
	}
	for _, v := range []string{"go1.17", "go1.22", "go1.27"} {
		for edge, want := range map[string]bool{
			"linux/amd64 jump _rt0_amd64_linux _rt0_amd64":        true,
			"linux/amd64 jump _rt0_amd64 runtime.rt0_go":          true,
			"linux/amd64 call runtime.rt0_go runtime.settls":      true,
			"darwin/amd64 call runtime.rt0_go runtime.settls":     false,
			"windows/amd64 call runtime.rt0_go runtime.settls":    true,
			"windows/amd64 call runtime.rt0_go runtime.wintls":    v != "go1.17",
			"linux/amd64 data runtime.mainPC runtime.main":        true,
			"linux/amd64 address runtime.rt0_go runtime.mainPC":   true,
			"darwin/arm64 call runtime.rt0_go runtime.schedinit":  true,
			"linux/amd64 jump runtime.reflectcall runtime.call32": true,
		} {
			if name := v + " " + edge; got[name] != want {
				t.Errorf("%s: %t, want %t", name, got[name], want)
			}
		}
	}
	for _, name := range []string{
		"go1.17 darwin/arm64 call _rt0_arm64_darwin runtime.rt0_go",
		"go1.17 linux/arm64 call main runtime.rt0_go",
		"go1.27 linux/arm64 jump _rt0_arm64 runtime.rt0_go",
	} {
		if !got[name] {
			t.Errorf("%s is missing", name)
		}
	}
}
