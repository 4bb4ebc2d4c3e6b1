package search_test

import (
	"strings"
	"testing"

	"beforemain/extractor/search"
	"beforemain/tools/need/reader"
	"github.com/google/go-cmp/cmp"
)

const scripts = "../../themes/margin/assets/js/search"

func words(s string) []string {
	var list []string
	search.Words(s, func(t string) { list = append(list, t) })
	return list
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"调", "调"},
		{"调度器", "调度 度器 器"},
		{"先 schedinit，再调度", "先 schedinit 再调 调度 度"},
		{"schedinit里", "schedinit 里"},
		{"procResize", "procresize proc resize"},
		{"runtime·rt0_go(SB)", "runtime rt0_go rt0 rt go sb"},
		{"_rt0_amd64_linux", "rt0_amd64_linux rt0 rt amd64 amd linux"},
		{"newproc1", "newproc1 newproc"},
		{"GOMAXPROCS", "gomaxprocs"},
		{"parseGODEBUGVars", "parsegodebugvars parse godebug vars"},
		{"gcStart g0 m", "gcstart gc start g0"},
		{"0x7fff_ffff", "0x7fff_ffff 0x7fff ffff"},
		{"__ _ ,", ""},
		{"größer", "größer"},
	} {
		if diff := cmp.Diff(strings.Fields(c.want), words(c.text)); diff != "" && len(words(c.text))+len(c.want) > 0 {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"runtime·rt0_go", "runtime.rt0_go"},
		{"_rt0_amd64_linux", "rt0_amd64_linux"},
		{"runtime.(*mheap).init", "runtime.mheap.init"},
		{"proc resize", "procresize"},
		{"线程局部存储 TLS", "线程局部存储tls"},
		{"…", ""},
	} {
		if got := search.Fold(c.name); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzWords: a reader who types a word of a text looks up a term of it, and the script
// folds names as the index does.
func FuzzWords(f *testing.F) {
	page, err := reader.New(scripts, nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"调度器 of runtime·rt0_go", "_x__Y 9a9A9", "ÀÉ×é", "the", "a𠀀b", "\xff", "İstanbul"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		typed, fold, err := page.Terms(s)
		if err != nil {
			t.Fatal(err)
		}
		if want := search.Fold(s); fold != want {
			t.Errorf("%q: the script folds it to %q, the index to %q", s, fold, want)
		}
		has := map[string]bool{}
		for _, w := range words(s) {
			has[w] = true
		}
		for _, w := range typed {
			if len([]rune(w)) > 1 && !has[w] {
				t.Errorf("%q: the script looks up %q, the index has %q", s, w, words(s))
			}
		}
	})
}
