package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"beforemain/tools/scratch"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

func TestPublish(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	fill := func(text string) error {
		return publish(context.Background(), out, func(dir string) error {
			write(t, filepath.Join(dir, "page"), text)
			if text == "broken" {
				return errors.New("no room")
			}
			return nil
		})
	}
	for _, step := range []struct {
		text, want string
		fails      bool
	}{{"one", "one", false}, {"two", "two", false}, {"broken", "two", true}, {"three", "three", false}} {
		if err := fill(step.text); (err != nil) != step.fails {
			t.Fatalf("%s: %v", step.text, err)
		}
		if got := readText(t, filepath.Join(out, "page")); got != step.want {
			t.Errorf("after %s the site is %q, want %q", step.text, got, step.want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), publishPrefix+"*")); len(left) > 0 {
		t.Errorf("builds leave %v", left)
	}
}

// TestReplace: where two folders cannot change places, two renames do; one that fails has
// the old site back, and one between whose renames another build publishes comes after it.
func TestReplace(t *testing.T) {
	unsupported := func(string, string) error { return errors.ErrUnsupported }
	for _, c := range []struct {
		name, was, fresh, want string
		exchange               func(out, fresh string) error
		fails                  bool
	}{
		{"first", "", "new", "new", unsupported, false},
		{"next", "old", "new", "new", unsupported, false},
		{"nothing to put there", "old", "", "old", unsupported, true},
		{"exchange", "old", "new", "new", exchange, false},
		{"first of an exchange", "", "new", "new", exchange, false},
	} {
		dir := t.TempDir()
		out, fresh := filepath.Join(dir, "public"), filepath.Join(dir, "new")
		for folder, text := range map[string]string{out: c.was, fresh: c.fresh} {
			if text != "" {
				write(t, filepath.Join(folder, "page"), text)
			}
		}
		if err := replace(out, fresh, filepath.Join(dir, oldName(out)), c.exchange); (err != nil) != c.fails {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := readText(t, filepath.Join(out, "page")); got != c.want {
			t.Errorf("%s: the site is %q, want %q", c.name, got, c.want)
		}
	}
}

// TestReplaceTogether: many builds at once, without an exchange, and others that start and
// look whether a site has to be recovered; each succeeds, and the last site is whole.
func TestReplaceTogether(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "public")
	write(t, filepath.Join(out, "page"), "first")
	var builds sync.WaitGroup
	for i := range 8 {
		builds.Go(func() {
			own := filepath.Join(dir, publishPrefix+strconv.Itoa(i))
			for n := range 20 {
				fresh := filepath.Join(own, "new"+strconv.Itoa(n))
				write(t, filepath.Join(fresh, "page"), "whole")
				err := replace(out, fresh, filepath.Join(own, oldName(out)), func(string, string) error { return errors.ErrUnsupported })
				if err == nil {
					err = os.RemoveAll(own)
				}
				if rerr := recoverSite(out); err != nil || rerr != nil {
					t.Errorf("build %d of %d: %v, %v", n, i, err, rerr)
				}
			}
		})
	}
	builds.Wait()
	if got := readText(t, filepath.Join(out, "page")); got != "whole" {
		t.Errorf("the site is %q", got)
	}
}

// TestRecover: a build that was killed between two renames took the site away; the next
// one has it back, and removes what the killed one left.
func TestRecover(t *testing.T) {
	for _, name := range []string{"public", "odd[b]", "odd["} {
		t.Run(name, func(t *testing.T) { checkRecover(t, filepath.Join(t.TempDir(), name)) })
	}
}

func checkRecover(t *testing.T, out string) {
	t.Helper()
	dir := filepath.Dir(out)
	killed := filepath.Join(dir, publishPrefix+strconv.Itoa(1<<22+1)+"-x") // no such process
	write(t, filepath.Join(killed, oldName(out), "page"), "old")
	write(t, filepath.Join(killed, "new", "page"), "half")
	mine := filepath.Join(dir, publishPrefix+strconv.Itoa(os.Getpid())+"-y")
	write(t, filepath.Join(mine, "new", "page"), "of a build that runs")
	if err := recoverSite(out); err != nil {
		t.Fatal(err)
	}
	if got := readText(t, filepath.Join(out, "page")); got != "old" {
		t.Errorf("the site is %q", got)
	}
	if _, err := scratch.Make(dir, publishPrefix); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(killed); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a killed build left is still there: %v", err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Errorf("the folder of a build that runs is gone: %v", err)
	}
}

var baseURL = regexp.MustCompile(`https://(\w+)\.example/`)

// wholeSite fails the script unless every page below dir is of one build, and returns
// the host of its base URL.
func wholeSite(ts *testscript.TestScript, dir string, pages int) string {
	hosts := map[string]bool{}
	n := 0
	ts.Check(filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		text, err := os.ReadFile(name)
		n++
		for _, m := range baseURL.FindAllStringSubmatch(string(text), -1) {
			hosts[m[1]] = true
		}
		return err
	}))
	host := ""
	for h := range hosts {
		host = h
	}
	if len(hosts) != 1 || pages > 0 && n != pages {
		ts.Fatalf("%s has %d pages, want %d, of %v", dir, n, pages, hosts)
	}
	return host
}

func countPages(ts *testscript.TestScript, dir string) int {
	n := 0
	ts.Check(filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".html") {
			n++
		}
		return err
	}))
	return n
}

// killBuilds is the script command "killing N": N builds, each killed at a random moment,
// and after each the site is whole.
func killBuilds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: killing N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	site := ts.MkAbs("site/public")
	pages := countPages(ts, site)
	program := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "book")); err == nil && program == "" {
			program = filepath.Join(dir, "book")
		}
	}
	build := func(host string) *exec.Cmd {
		cmd := exec.Command(program, "build", "--source", "cache", "--base-url", "https://"+host+".example/")
		cmd.Dir, cmd.Env = ts.MkAbs("."), []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "XDG_CACHE_HOME=" + ts.Getenv("XDG_CACHE_HOME")}
		return cmd
	}
	start := time.Now()
	text, err := build("first").CombinedOutput()
	if err != nil {
		ts.Fatalf("%v\n%s", err, text)
	}
	whole := time.Since(start)
	seed := uint64(start.UnixNano())
	ts.Logf("seed %d, a build takes %s", seed, whole)
	random := rand.New(rand.NewPCG(seed, 0))
	published := map[string]bool{}
	for i := range n {
		cmd := build("host" + strconv.Itoa(i))
		ts.Check(cmd.Start())
		if i%2 == 1 { // near the moment that counts, however busy the machine is
			for n := 0; n < 1000 && !underWay(ts); n++ {
				time.Sleep(10 * time.Millisecond)
			}
		}
		time.Sleep(time.Duration(random.Int64N(int64(whole))))
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		published[wholeSite(ts, site, pages)] = true
	}
	if text, err := build("last").CombinedOutput(); err != nil {
		ts.Fatalf("the build after %d killed ones: %v\n%s", n, err, text)
	}
	if got := wholeSite(ts, site, pages); got != "last" {
		ts.Fatalf("the site is that of %s", got)
	}
	if left, _ := filepath.Glob(ts.MkAbs("site/" + publishPrefix + "*")); len(left) > 0 {
		ts.Fatalf("left behind: %v", left)
	}
	ts.Logf("%d sites were seen after %d kills", len(published), n)
}

// underWay reports whether a build fills the folder that it will publish.
func underWay(ts *testscript.TestScript) bool {
	made, err := filepath.Glob(ts.MkAbs("site/" + publishPrefix + "*"))
	return err == nil && len(made) > 0
}

// checkWhole is the script command "whole HOST…": the site is of one build, for one of
// these hosts.
func checkWhole(ts *testscript.TestScript, neg bool, args []string) {
	got := wholeSite(ts, ts.MkAbs("site/public"), 0)
	for _, host := range args {
		if host == got {
			return
		}
	}
	ts.Fatalf("the site is that of %s, want one of %v", got, args)
}

// TestCreate: a file that a killed run began goes when the next one writes beside it, and
// one that fails leaves what was there.
func TestCreate(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "book.epub")
	write(t, filepath.Join(dir, ".new-"+strconv.Itoa(1<<22+1)+"-x"), "half") // no such process
	for _, text := range []string{"one", "broken", "two"} {
		_, err := create(name, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			if text == "broken" {
				err = errors.New("no room")
			}
			return err
		})
		if (err != nil) != (text == "broken") {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if got := readText(t, name); got != "two" {
		t.Errorf("the file holds %q", got)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}
