package index

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

const numbersArchive = `packages: p
platforms: linux/amd64 linux/arm64 windows/386
-- v1/src/p/a.go --
package p

import "q/sys"

const (
	small  = 1 << 4
	minus  = -small
	big    = 1 << 63
	name   = "a"
	yes    = true
	half   = 0.5
	under_ = 3
)

type node struct {
	tag  byte
	_    byte
	next *node
	list [small]uintptr
	a_b  int32
}

func f(n *node) uintptr {
	total := uintptr(4*sys.Size + small) // total := uintptr(9)
	return total
}
-- v1/src/q/sys/a.go --
package sys

const Size = 8
-- v1/src/p/a_amd64.s --
TEXT ·g(SB), 0, $0
	SUBQ	$(4*8+7), SP // SUBQ $(1), SP
	ANDQ	$~15, SP
	LEAQ	(-64*1024+104)(SP), BX
	MOVQ	AX, node_next(DI)
	MOVQ	(node_list+8)(DI), CX
	MOVL	16(SP), AX
	MOVQ	24(SP), AX
	ADDQ	$const_small, BX
#ifdef GOOS_windows
	MOVL	99(SP), AX
#endif
	RET
`

// TestNumber asks an index that was made, and the one that was stored of it.
func TestNumber(t *testing.T) {
	store := &shelf{values: map[string][]byte{}}
	for _, name := range []string{"made", "stored"} {
		x, problems, err := openStored(t, txtar.Parse([]byte(numbersArchive)), store)
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		t.Run(name, func(t *testing.T) { testNumber(t, x) })
	}
	if store.hits != 1 {
		t.Errorf("the store was of use %d times, want once", store.hits)
	}
}

func testNumber(t *testing.T, x *Index) {
	for name, c := range map[string]struct {
		platform Platform
		symbol   string
		want     string
	}{
		"constant":         {Platform{"linux", "amd64"}, "p.small", "16"},
		"negative":         {Platform{"linux", "amd64"}, "p.minus", "-16"},
		"out of range":     {Platform{"linux", "amd64"}, "p.big", "none"},
		"string":           {Platform{"linux", "amd64"}, "p.name", "none"},
		"truth":            {Platform{"linux", "amd64"}, "p.yes", "none"},
		"fraction":         {Platform{"linux", "amd64"}, "p.half", "none"},
		"offset":           {Platform{"linux", "amd64"}, "p.node.list", "16"},
		"size":             {Platform{"linux", "amd64"}, "p.node", "152"},
		"no assembly":      {Platform{"linux", "arm64"}, "p.node.list", "none"},
		"function":         {Platform{"linux", "amd64"}, "p.f", "none"},
		"unknown":          {Platform{"linux", "amd64"}, "p.nothing", "none"},
		"unknown platform": {Platform{"plan9", "amd64"}, "p.small", "none"},
		"another package":  {Platform{"windows", "386"}, "q/sys.Size", "8"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(x.Number("v1", c.platform, c.symbol)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if _, ok := x.Number("v2", c.platform, c.symbol); ok {
				t.Error("a version that is not there has the number")
			}
		})
	}
}

func told(n int64, ok bool) string {
	if !ok {
		return "none"
	}
	return fmt.Sprint(n)
}

func TestEvaluate(t *testing.T) {
	x := sound(t, txtar.Parse([]byte(numbersArchive)))
	for expression, want := range map[string]string{
		"-64*1024+104":           "-65432",
		"~15":                    "-16",
		"7/2 + 7%2":              "4",
		"1<<10 | 1":              "1025",
		"sys.Size*2":             "16",
		"node.list - node.next":  "8",
		"p.small":                "16",
		"node_list+8":            "24",
		"node__size":             "152",
		"node_a_b":               "144",
		"const_small":            "16",
		"const_under_":           "3",
		"1/0":                    `"1/0": a division by zero`,
		"1<<65":                  `"1<<65": a shift out of range`,
		"small*small<<60":        `"small*small<<60" is out of range`,
		"nothing":                `"nothing": nothing has no value`,
		"f(1)":                   `"f(1)": not a sum of integers`,
		"1 <":                    `"1 <" is no expression`,
		"1.5":                    `"1.5": not a sum of integers`,
		"0..small":               `"0..small": not a sum of integers`,
		"a && b":                 `"a && b": a has no value`,
		"1 < 2":                  `"1 < 2": not a sum of integers`,
		"node_list[0] + (small)": `"node_list[0] + (small)": not a sum of integers`,
	} {
		t.Run(expression, func(t *testing.T) {
			n, err := x.Evaluate("v1", Platform{"linux", "amd64"}, "p", expression)
			got := fmt.Sprint(n)
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestOperand(t *testing.T) {
	x := sound(t, txtar.Parse([]byte(numbersArchive)))
	for _, c := range []struct{ symbol, pattern, want string }{
		{"p.g", "SUBQ $(?), SP", "4 * 8 + 7"},
		{"p.g", "SUBQ $?, SP", "( 4 * 8 + 7 )"},
		{"p.g", "ANDQ $?", "~ 15 , SP"},
		{"p.g", "LEAQ (?)(SP), BX", "- 64 * 1024 + 104"},
		{"p.g", "MOVQ AX, ?(DI)", "node_next"},
		{"p.g", "MOVQ (?)(DI), CX", "node_list + 8"},
		{"p.g", "MOVL ?(SP), AX", "16"},
		{"p.g", "ADDQ $?, BX", "const_small"},
		{"p.f", "total := uintptr(?)", "4 * sys . Size + small"},
		{"p.node", "list [?]uintptr", "small"},
		{"p.g", "MOVQ ?", `"MOVQ ?" matches 3 lines of p.g, want one`},
		{"p.g", "POPQ ?", `"POPQ ?" matches 0 lines of p.g, want one`},
		{"p.g", "? SP", `"? SP" needs one ? behind a word`},
		{"p.g", "RET", `"RET" needs one ? behind a word`},
		{"p.g", "MOVQ ?, ?", `"MOVQ ?, ?" needs one ? behind a word`},
	} {
		t.Run(c.symbol+" "+c.pattern, func(t *testing.T) {
			got, err := x.Slices("v1", c.symbol)[0].Operand(Platform{"linux", "amd64"}, c.pattern)
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestRealNumbers compares numbers of the real sources with what was counted by hand
// in the declarations, at versions that differ.
func TestRealNumbers(t *testing.T) {
	_, x := realIndex(t)
	linux := Platform{"linux", "amd64"}
	for _, c := range []struct {
		symbol string
		want   map[string]int64
	}{
		// g begins with stack, two words; then the guards.
		{"runtime.g.stackguard0", map[string]int64{"go1.17": 16, "go1.22": 16, "go1.27": 16}},
		{"runtime.g.stackguard1", map[string]int64{"go1.17": 24, "go1.27": 24}},
		{"runtime.stack", map[string]int64{"go1.17": 16, "go1.27": 16}},
		// Behind the guards: _panic and _defer.
		{"runtime.g.m", map[string]int64{"go1.17": 48, "go1.27": 48}},
		// sp pc g ctxt ret lr bp; ret went in 1.25.
		{"runtime.gobuf", map[string]int64{"go1.17": 56, "go1.24": 56, "go1.25": 48, "go1.27": 48}},
		// The guard is 928, a constant whose name changed.
		{"runtime._StackGuard", map[string]int64{"go1.17": 928, "go1.20": 928}},
		{"runtime.stackGuard", map[string]int64{"go1.21": 928, "go1.27": 928}},
		{"runtime._StackMin", map[string]int64{"go1.17": 2048}},
		{"runtime.stackMin", map[string]int64{"go1.27": 2048}},
	} {
		for version, want := range c.want {
			if got, ok := x.Number(version, linux, c.symbol); !ok || got != want {
				t.Errorf("%s %s = %d, %v, want %d", version, c.symbol, got, ok, want)
			}
		}
	}
	// m.tls stands behind g0, morebuf, divmod or nothing, procid, gsignal, goSigStack and sigmask.
	for _, v := range x.Versions() {
		s := func(name string) int64 {
			n, ok := x.Number(v.Name, linux, "runtime."+name)
			if !ok {
				t.Errorf("%s has no %s", v.Name, name)
			}
			return n
		}
		if got, want := s("m.tls"), s("m.sigmask")+8; got != want {
			t.Errorf("%s: m.tls = %d, want %d", v.Name, got, want)
		}
		if got, want := s("p.runnext")-s("p.runq"), int64(256*8); got != want {
			t.Errorf("%s: runq takes %d bytes, want %d", v.Name, got, want)
		}
	}
}

// TestRealOperands reads numbers out of assembly that changed.
func TestRealOperands(t *testing.T) {
	_, x := realIndex(t)
	linux := Platform{"linux", "amd64"}
	for _, v := range x.Versions() {
		n := minor(v.Name)
		frame, argc, lo := int64(5*8), int64(24), int64(-64*1024)
		if n == 17 {
			frame, argc = 4*8+7, 16
		}
		if n <= 20 {
			lo += 104
		}
		for pattern, want := range map[string]int64{
			"SUBQ $(?), SP": frame, "ANDQ $?, SP": -16, "LEAQ (?)(SP), BX": lo,
			"MOVL ?(SP), AX": argc, "MOVQ ?(SP), AX": argc + 8, "MOVQ AX, ?(CX)": -1, "ADDQ $?, AX": 928,
			"MOVQ SP, (?)(DI)": 8,
		} {
			text, err := x.Slices(v.Name, "runtime.rt0_go")[0].Operand(linux, pattern)
			if want == -1 {
				if err == nil || !strings.Contains(err.Error(), "lines of") {
					t.Errorf("%s %s: %q, %v, want several lines", v.Name, pattern, text, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", v.Name, err)
				continue
			}
			got, err := x.Evaluate(v.Name, linux, "runtime", text)
			if err != nil || got != want {
				t.Errorf("%s %s: %d, %v, want %d", v.Name, pattern, got, err, want)
			}
		}
	}
}

// TestLongExpression: what would take long to work out is not begun.
func TestLongExpression(t *testing.T) {
	start := time.Now()
	_, err := Calculate("1"+strings.Repeat("<<64", 50000), nil)
	if want := "an expression has 200001 bytes; at most 1000"; fmt.Sprint(err) != want {
		t.Errorf("got the error %.100v, want %s", err, want)
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("it took %s", d)
	}
}
